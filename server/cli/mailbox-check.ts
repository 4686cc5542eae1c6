import { connectionOf } from '../mail/connection.ts'
import { checkMailbox } from '../mail/fetch/check.ts'
import type { Checked } from '../mail/fetch/look.ts'
import { uidSet } from '../mail/fetch/uid-set.ts'
import { findMailbox } from '../mail/mailbox.ts'
import { understand } from '../mail/place/ingest.ts'
import { openParsers } from '../mail/read/parsers.ts'
import { diagnose } from '../mail/trouble.ts'
import { describeTrouble } from '../mail/trouble-words.ts'
import { command } from './command.ts'
import { openMails, withDb } from './open.ts'
import { address, check } from './words.ts'

const MAX_SET_CHARACTERS = 200
const number = new Intl.NumberFormat('en')

export const mailboxCheck = command({
  usage: 'ADDRESS',
  about: `
Compares each folder on the server with what is stored of it, mail by mail. What is missing here is fetched, what is gone
from the server is marked so; its message stays. A server may be running.`,
  takes: [1, 1],
  async run(terminal, [given]) {
    return await withDb(terminal, async ({ config, db, secrets, log }) => {
      const mailbox = await findMailbox(db.read, check(address, 'ADDRESS', given))
      const blobs = await openMails(config)
      const parsers = openParsers()
      try {
        const checked = await checkMailbox({ db, blobs, secrets, log }, mailbox)
        for (const folder of checked) terminal.out(`${wordsFor(folder)}\n`)
        await understand({ db, blobs, parsers, secrets, log }, mailbox.id)
        return checked.every(isEqual) ? 0 : 1
      } catch (error) {
        const { trouble, detail } = diagnose(error, 'IMAP')
        if (trouble === 'other') throw error
        const { host, port, user } = connectionOf(mailbox, { db, secrets }).imap
        const words = describeTrouble(trouble, { host, port, user, auth: mailbox.auth, kind: 'IMAP', detail })
        terminal.err(`${words.summary} ${words.whatToDo}\n`)
        return 1
      } finally {
        await parsers.close()
      }
    })
  },
})

function wordsFor(folder: Checked): string {
  const { path, server, here, missing, gone, leftAlone, toCome } = folder
  const parts = [`${path}: server ${number.format(server)}, here ${number.format(here)}`]
  if (leftAlone > 0) parts.push(`${number.format(leftAlone)} older ones left alone`)
  if (toCome > 0) parts.push(`${number.format(toCome)} older ones still to come`)
  const lines = [`${parts.join(', ')}.`]
  if (missing.length > 0) lines.push(`  Missing here, fetched now: ${named(missing)}.`)
  if (gone.length > 0) lines.push(`  Gone from the server, marked now: ${named(gone)}.`)
  if (!isEqual(folder)) lines.push('  They differ still. Check again; if that does not help, look into the log.')
  return lines.join('\n')
}

function isEqual({ server, here, leftAlone, toCome }: Checked): boolean {
  return server === here + leftAlone + toCome
}

function named(uids: number[]): string {
  const set = uidSet(uids)
  const shown = set.length > MAX_SET_CHARACTERS ? `${set.slice(0, MAX_SET_CHARACTERS)}…` : set
  return `${number.format(uids.length)} ${uids.length === 1 ? 'mail' : 'mails'} (UID ${shown})`
}
