import { buildWeb } from '../build.ts'
import { readConfig } from '../config.ts'
import { startServer } from '../main.ts'
import { command } from './command.ts'
import { untilSignalled } from './until-signalled.ts'

export const serve = command({
  about: 'The first start prints a link with which the first admin makes their account.',
  async run(terminal) {
    const config = readConfig(terminal.env)
    await untilSignalled(async () => {
      await buildWeb(terminal.err)
      return (await startServer(config)).stop
    })
  },
})
