import { stat } from 'node:fs/promises'
import { readMails } from '../mail/fetch/files.ts'
import { importMails } from '../mail/fetch/import.ts'
import { findMailbox } from '../mail/mailbox.ts'
import { understand } from '../mail/place/ingest.ts'
import { openParsers } from '../mail/read/parsers.ts'
import { BadUsage, command } from './command.ts'
import { openMails, withDb } from './open.ts'
import { address, check } from './words.ts'

const SHOWN_SKIPPED = 10

export const importFiles = command({
  usage: 'FILE.mbox|DIR… --mailbox ADDRESS',
  about: `
Each mail goes the way of mail that comes in by IMAP, and ends in an issue of that mailbox. Importing the same files
again changes nothing. A server may be running.`,
  takes: [1, 1_000],
  options: { mailbox: { type: 'string', value: 'ADDRESS', help: 'The mailbox that the mail belongs to.' } },
  async run(terminal, places, values) {
    if (!values.mailbox) throw new BadUsage('Say where the mail belongs: --mailbox ADDRESS.')
    const mailboxAddress = check(address, '--mailbox', values.mailbox)
    for (const place of places) await stat(place) // before anything is stored
    const line = (text: string) => terminal.err(terminal.isTTY ? `\r${text}\u001b[K` : `${text}\n`)
    await withDb(terminal, async ({ config, db, secrets, log }) => {
      const mailbox = await findMailbox(db.read, mailboxAddress)
      const blobs = await openMails(config)
      const parsers = openParsers()
      try {
        const all = { read: 0, added: 0, skipped: [] as string[] }
        for (const place of places) {
          const { read, added, skipped } = await importMails({ db, blobs }, mailbox, readMails(place), (soFar) =>
            line(`Reading: ${all.read + soFar.read} mails, ${all.added + soFar.added} of them new.`),
          )
          all.read += read
          all.added += added
          all.skipped.push(...skipped)
        }
        if (all.added > 0) line(`Understanding ${all.added} new mails.`)
        await understand({ db, blobs, parsers, secrets, log }, mailbox.id)
        line(`${all.read} mails read, ${all.added} of them new, ${all.read - all.added} known before.`)
        if (terminal.isTTY) terminal.err('\n')
        if (all.skipped.length > 0) {
          const more = all.skipped.length - SHOWN_SKIPPED
          terminal.err(`Passed over, since they hold no mail: ${all.skipped.slice(0, SHOWN_SKIPPED).join('; ')}`)
          terminal.err(more > 0 ? `; and ${more} more.\n` : '.\n')
        }
      } finally {
        await parsers.close()
      }
    })
  },
})
