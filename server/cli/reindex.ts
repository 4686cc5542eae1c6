import { setTimeout as sleep } from 'node:timers/promises'
import { openIndexing } from '../mail/place/indexer.ts'
import { command } from './command.ts'
import { withDb } from './open.ts'

/** How often it is looked how far a server has come that does the work. */
const LOOK_EVERY_MS = 1_000

export const reindex = command({
  about: `
Reads the text of all messages again and makes it searchable. The search answers meanwhile. It can be broken off: a
server goes on with it. A server may be running; then it may be the one that does the work.`,
  async run(terminal) {
    const line = (text: string) => terminal.err(terminal.isTTY ? `\r${text}\u001b[K` : `${text}\n`)
    await withDb(terminal, async ({ db, log }) => {
      const indexing = openIndexing({ db, log })
      try {
        const all = await indexing.again()
        let toldAt = 0
        for (;;) {
          const done = await indexing.next()
          if (done === 'nothing') break
          if (done === 'busy') await sleep(LOOK_EVERY_MS)
          if (Date.now() - toldAt < LOOK_EVERY_MS) continue
          toldAt = Date.now()
          line(`${all - (await indexing.waiting())} of ${all} are done.`)
        }
        line(`Every message is searchable: ${all} in all.`)
        if (terminal.isTTY) terminal.err('\n')
      } finally {
        await indexing.end()
      }
    })
  },
})
