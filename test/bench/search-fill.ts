import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { uuidv7 } from '../../db/ids.ts'
import { words } from '../../server/issues/search/words.ts'
import { eachMail } from './mails.ts'

/** In how many mails a word is, and pairs of neighbours that occurred. */
export type Vocabulary = { mails: Map<string, number>; pairs: string[]; senders: string[] }

const BATCH = 2_000
const FILES_A_FOLDER = 5_000
const KEPT_PAIRS_EVERY = 97

/**
 * Puts mails into the database in a few statements, past the product: what is measured is indexing and searching. The same
 * mails as files are for notmuch.
 * @param folder where the files go; none where nobody reads them
 */
export function fill(file: string, count: number, folder: string | null, tell: (text: string) => void): Vocabulary {
  const db = new Database(file)
  db.pragma('synchronous = off')
  const mailboxId = db.prepare('select id from mailboxes').pluck().get() as string
  const insert = {
    issue: db.prepare(
      `insert into issues (id, mailbox_id, number, subject, status, done_reason, contact_name, contact_address, last_from, snippet,
         last_direction, message_count, last_message_at, listed_at, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'in', 1, ?, ?, ?, ?)`,
    ),
    thread: db.prepare('insert into threads (id, mailbox_id, issue_id, subject, created_at) values (?, ?, ?, ?, ?)'),
    message: db.prepare(
      `insert into messages (id, mailbox_id, thread_id, direction, writer, internet_message_id, content_hash, size, subject,
         from_name, from_address, "to", cc, bcc, reply_to, "references", at, snippet, flaws, extras, created_at)
       values (?, ?, ?, 'in', 'person', ?, ?, ?, ?, ?, ?, '[]', '[]', '[]', '[]', '[]', ?, ?, '{}', '{}', ?)`,
    ),
    body: db.prepare('insert into bodies (message_id, text, quoted_from, has_html, rich) values (?, ?, ?, 0, 0)'),
    last: db.prepare(
      'update issues set last_message_at = ?, listed_at = ?, message_count = message_count + 1 where id = ?',
    ),
  }
  const vocabulary: Vocabulary = { mails: new Map(), pairs: [], senders: [] }
  /** Thread and issue by Message-ID: those that a later mail may answer. */
  const known = new Map<string, [threadId: string, issueId: string]>()
  let n = 0
  let issues = 0
  db.exec('begin')
  for (const raw of eachMail(count, 7, 'text')) {
    const mail = read(raw)
    if (folder) {
      const within = path.join(folder, `${Math.floor(n / FILES_A_FOLDER)}`, 'cur')
      if (n % FILES_A_FOLDER === 0) mkdirSync(within, { recursive: true })
      writeFileSync(path.join(within, `${n}.eml`), raw)
    }
    let place = mail.inReplyTo === null ? undefined : known.get(mail.inReplyTo)
    if (place) insert.last.run(mail.at, mail.at, place[1])
    else {
      place = [uuidv7(), uuidv7()]
      const share = issues++ % 100
      const status = share < 2 ? 'new' : share < 6 ? 'open' : share < 9 ? 'waiting' : 'done'
      const reason = status === 'done' ? 'answered' : null
      const at = mail.at
      insert.issue.run(
        place[1],
        mailboxId,
        issues,
        mail.subject,
        status,
        reason,
        mail.name,
        mail.address,
        mail.name,
        '',
        at,
        at,
        at,
        at,
      )
      insert.thread.run(place[0], mailboxId, place[1], mail.subject, at)
    }
    known.set(mail.id, place)
    const id = uuidv7()
    const { subject, name, address, at, text } = mail
    insert.message.run(
      id,
      mailboxId,
      place[0],
      mail.id,
      `${n}`,
      raw.length,
      subject,
      name,
      address,
      at,
      text.slice(0, 100),
      at,
    )
    insert.body.run(id, text, mail.quotedFrom)
    learn(vocabulary, mail, n)
    if (++n % BATCH === 0) db.exec('commit; begin')
    if (n % 100_000 === 0) tell(`${n} mails are stored.\n`)
  }
  db.exec(`commit; update mailboxes set last_number = ${issues}; analyze`)
  db.close()
  return vocabulary
}

type Mail = ReturnType<typeof read>

function learn({ mails, pairs, senders }: Vocabulary, { text, quotedFrom, address }: Mail, n: number): void {
  const own = words(text.slice(0, quotedFrom ?? undefined))
  for (const word of new Set(own)) mails.set(word, (mails.get(word) ?? 0) + 1)
  if (n % KEPT_PAIRS_EVERY !== 0) return
  senders.push(address)
  for (let i = 4; i + 1 < own.length && i < 12; i += 3) pairs.push(`${own[i]} ${own[i + 1]}`)
}

/** What stands in a mail of our own making: plain text in UTF-8. */
function read(raw: string) {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, end).replace(/\r\n(?=\s)/g, '')
  const text = raw.slice(end + 4).replaceAll('\r\n', '\n')
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const from = /^"(.*)" <(.*)>$/.exec(field('From'))
  const subject = field('Subject')
    .replace(/\?= +=\?/g, '?==?')
    .replace(/=\?utf-8\?B\?([^?]*)\?=/g, (_, base64: string) => Buffer.from(base64, 'base64').toString())
  const quoted = /\n\nOn [^\n]* wrote:\n>/.exec(text)
  return {
    id: field('Message-ID').slice(1, -1),
    inReplyTo: field('In-Reply-To').slice(1, -1) || null,
    subject,
    name: from?.[1] ?? '',
    address: from?.[2] ?? '',
    at: Date.parse(field('Date')),
    text,
    quotedFrom: quoted ? quoted.index : null,
  }
}
