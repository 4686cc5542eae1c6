import { readMails } from '../mail/fetch/files.ts'
import { inspect } from '../mail/read/inspect.ts'
import { command } from './command.ts'

type Inspected = Awaited<ReturnType<typeof inspect>>

export const inspectFiles = command({
  usage: 'FILE…',
  about: 'A file is a mail as it was received (.eml), or an mbox with many; a folder is read as a whole.',
  takes: [1, 10_000],
  options: { jsonl: { type: 'boolean', help: 'Prints one line of JSON for each mail, with everything.' } },
  async run({ out }, places, { jsonl }) {
    let first = true
    for (const place of places) {
      for await (const { raw, from } of readMails(place)) {
        const mail = await inspect(raw)
        if (jsonl) {
          out(`${JSON.stringify({ file: from, ...mail })}\n`)
          continue
        }
        out(`${first ? '' : `\n${'-'.repeat(72)}\n\n`}${readable(from, mail)}`)
        first = false
      }
    }
  },
})

function readable(from: string, mail: Inspected): string {
  const people = (all: Inspected['to']) => all.map(named).join(', ')
  const lines: [string, string | null][] = [
    ['File', from],
    ['From', named(mail.sender)],
    ['To', people(mail.to)],
    ['Cc', people(mail.cc)],
    ['Bcc', people(mail.bcc)],
    ['Reply to', people(mail.replyTo)],
    ['Subject', mail.subject],
    ['Date', mail.date],
    ['Message-ID', mail.messageId],
    ['In reply to', mail.inReplyTo],
    ['References', mail.references.join('\n')],
    ['Thread', [mail.threadKey.root, mail.threadKey.subject].filter(Boolean).join('\n')],
    ['Written by', mail.automatic],
    ['Away until', mail.awayUntil],
    ['Bounce', mail.bounce && JSON.stringify(mail.bounce)],
    ['Attachments', mail.attachments.map(attached).join('\n')],
    ['Flaws', Object.values(mail.flaws).join('\n')],
  ]
  const head = lines.flatMap(([name, value]) =>
    value ? [`${`${name}:`.padEnd(13)}${value.replaceAll('\n', `\n${' '.repeat(13)}`)}`] : [],
  )
  const quotes = mail.text.trim() !== mail.replyText.trim()
  const text = `\nText:\n${indented(mail.text)}\n`
  return `${head.join('\n')}\n${quotes ? `\nReply text, without what is quoted:\n${indented(mail.replyText)}\n` : ''}${text}`
}

function named({ name, address }: { name: string; address: string }): string {
  return name ? `${name} <${address}>` : address
}

function attached({ filename, contentType, size, inline }: Inspected['attachments'][number]): string {
  return `${filename} (${contentType}, ${size} bytes${inline ? ', within the text' : ''})`
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '  ')
}
