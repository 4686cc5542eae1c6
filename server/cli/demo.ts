import { buildWeb } from '../build.ts'
import { startDemo } from '../demo/start.ts'
import { command } from './command.ts'
import { untilSignalled } from './until-signalled.ts'

export const demo = command({
  about: `
Everything is made anew at each start, and mail arrives while you look. Nothing leaves this machine. The port is 3000,
or DOWNFIELD_PORT, or the next one that is free.`,
  async run(terminal) {
    await untilSignalled(async () => {
      await buildWeb(terminal.err)
      return (await startDemo(terminal.env, terminal.err)).stop
    })
  },
})
