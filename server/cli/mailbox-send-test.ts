import { uuidv7 } from '../../db/ids.ts'
import { findMailbox } from '../mail/mailbox.ts'
import { beginSendTest, lastSendTest } from '../mail/send/send-test.ts'
import { sendTestLines } from '../mail/send/send-test-words.ts'
import { command } from './command.ts'
import { withDb } from './open.ts'
import { address, check } from './words.ts'

const MARKS = { true: 'ok  ', false: 'bad ', null: '?   ' } as const

export const mailboxSendTest = command({
  usage: 'ADDRESS',
  about: `
The mailbox sends a mail to itself and waits until it is back, for three minutes at most. Then it says how long that took,
and what the server found out about the sender: SPF, DKIM and DMARC. A server may be running; the mail becomes no issue.`,
  takes: [1, 1],
  async run(terminal, [given]) {
    return await withDb(terminal, async ({ db, secrets }) => {
      const mailbox = await findMailbox(db.read, check(address, 'ADDRESS', given))
      const stop = new AbortController()
      const { done } = await beginSendTest({ db, secrets }, mailbox, uuidv7(), stop.signal)
      await done
      const test = await lastSendTest(db.read, mailbox.id, Date.now())
      const lines = test ? sendTestLines(test, mailbox) : []
      for (const { ok, title, summary, whatToDo, detail } of lines) {
        terminal.out(`${MARKS[`${ok}`]} ${title}. ${summary}${whatToDo ? ` ${whatToDo}` : ''}\n`)
        if (detail) terminal.out(`     ${detail}\n`)
      }
      return lines.some(({ ok }) => ok === false) ? 1 : 0
    })
  },
})
