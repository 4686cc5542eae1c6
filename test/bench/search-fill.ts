import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { uuidv7 } from '../../db/ids.ts'
import type { Status } from '../../db/vocabulary.ts'
import { words } from '../../server/issues/search/words.ts'
import { eachMail } from './mails.ts'

/** In how many mails a word is, and pairs of neighbours that occurred. */
export type Vocabulary = { mails: Map<string, number>; pairs: string[]; senders: string[] }

const BATCH = 2_000
const FILES_A_FOLDER = 5_000
const KEPT_PAIRS_EVERY = 97
/** All of it came in so many years, up to the end of November 2026. */
const YEARS = 5
const YEAR_MS = 365 * 86_400_000
const BEGINNING = Date.UTC(2026, 10, 30) - YEARS * YEAR_MS

/** In which status an issue is by its number: of a thousand, each list has a full page. */
function statusOf(n: number): Status {
  const share = (n * 37) % 100
  return SHARES.find(([below]) => share < below)?.[1] ?? 'done'
}

const SHARES: [below: number, Status][] = [
  [6, 'new'],
  [16, 'open'],
  [23, 'waiting'],
  [29, 'snoozed'],
  [35, 'spam'],
  [41, 'trash'],
]

/**
 * Puts mails into the database in a few statements, past the product: what is measured is indexing and searching. The same
 * mails as files are for notmuch.
 * @param issues so many matters they are about
 * @param folder where the files go; none where nobody reads them
 */
export function fill(
  file: string,
  count: number,
  issues: number,
  folder: string | null,
  tell: (text: string) => void,
): Vocabulary {
  const db = new Database(file)
  db.pragma('synchronous = off')
  db.pragma('cache_size = -200000')
  const mailboxIds = db.prepare('select id from mailboxes order by address desc').pluck().all() as string[]
  const insert = {
    issue: db.prepare(
      `insert into issues (id, mailbox_id, number, subject, status, done_reason, assignee_id, team_id, contact_name, contact_address,
         last_from, snippet, last_direction, message_count, last_message_at, listed_at, waiting_since, snoozed_until, discarded_at,
         tag_ids, created_at, updated_at)
         values (@id, @mailboxId, @number, @subject, @status, @reason, @assigneeId, @teamId, @name, @address, @name, @snippet, 'in', 1,
         @at, @at, @waitingSince, @snoozedUntil, @discardedAt, @tagIds, @at, @at)`,
    ),
    tag: db.prepare('insert into issue_tags (issue_id, tag_id, status, listed_at) values (?, ?, ?, ?)'),
    thread: db.prepare('insert into threads (id, mailbox_id, issue_id, subject, created_at) values (?, ?, ?, ?, ?)'),
    message: db.prepare(
      `insert into messages (id, mailbox_id, thread_id, direction, writer, internet_message_id, content_hash, size, subject,
         from_name, from_address, "to", cc, bcc, reply_to, "references", at, snippet, flaws, extras, created_at)
       values (?, ?, ?, 'in', 'person', ?, ?, ?, ?, ?, ?, '[]', '[]', '[]', '[]', '[]', ?, ?, '{}', '{}', ?)`,
    ),
    body: db.prepare('insert into bodies (message_id, text, quoted_from, has_html, rich) values (?, ?, ?, 0, 0)'),
    last: db.prepare(
      'update issues set last_message_at = @at, listed_at = @at, snippet = @snippet, message_count = message_count + 1 where id = @id',
    ),
    lastTag: db.prepare('update issue_tags set listed_at = ? where issue_id = ?'),
  }
  const vocabulary: Vocabulary = { mails: new Map(), pairs: [], senders: [] }
  /** Thread and issue by Message-ID: those that a later mail may answer. */
  const known = new Map<string, Place>()
  /** The issues that were begun last: what begins a thread may be about one of them. */
  const recent: Place[] = []
  let n = 0
  let made = 0
  const begin = (mail: Mail): Place => {
    const place = { threadId: uuidv7(), issueId: uuidv7(), mailboxId: mailboxIds[made % mailboxIds.length]! }
    const status = statusOf(made)
    const { subject, name, address, at, text } = mail
    const tagIds = made % 3 === 0 ? [`tag-${made % 12}`] : []
    const isOurs = status === 'new' || status === 'open'
    insert.issue.run({
      id: place.issueId,
      mailboxId: place.mailboxId,
      number: made + 1,
      subject,
      status,
      reason: status === 'done' ? 'answered' : null,
      assigneeId: status !== 'new' && made % 3 === 1 ? `member-${made % 20}` : null,
      teamId: status !== 'new' && made % 3 === 2 ? `team-${made % 4 === 3 ? 0 : made % 4}` : null,
      name,
      address,
      snippet: text.slice(0, 100),
      at,
      waitingSince: isOurs ? at : null,
      snoozedUntil: status === 'snoozed' ? at + YEAR_MS : null,
      discardedAt: status === 'spam' || status === 'trash' ? at : null,
      tagIds: JSON.stringify(tagIds),
    })
    for (const tagId of tagIds) insert.tag.run(place.issueId, tagId, status, at)
    made++
    recent.push(place)
    if (recent.length > RECENT) recent.shift()
    return place
  }
  db.exec('begin')
  for (const raw of eachMail(count, 7, 'text', { from: BEGINNING, everyMs: (YEARS * YEAR_MS) / count })) {
    const mail = read(raw)
    if (folder) {
      const within = path.join(folder, `${Math.floor(n / FILES_A_FOLDER)}`, 'cur')
      if (n % FILES_A_FOLDER === 0) mkdirSync(within, { recursive: true })
      writeFileSync(path.join(within, `${n}.eml`), raw)
    }
    let place = mail.inReplyTo === null ? undefined : known.get(mail.inReplyTo)
    if (!place) {
      // Issues grow in number as mails do; the rest of the threads belong to issues that are there.
      const isNew = made === 0 || made * count < issues * (n + 1)
      place = isNew ? begin(mail) : { ...recent[(n * 31) % recent.length]!, threadId: uuidv7() }
      insert.thread.run(place.threadId, place.mailboxId, place.issueId, mail.subject, mail.at)
    }
    insert.last.run({ at: mail.at, snippet: mail.text.slice(0, 100), id: place.issueId })
    insert.lastTag.run(mail.at, place.issueId)
    known.set(mail.id, place)
    if (mail.inReplyTo) known.delete(mail.inReplyTo)
    const id = uuidv7()
    const { subject, name, address, at, text } = mail
    insert.message.run(
      id,
      place.mailboxId,
      place.threadId,
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
  db.exec(`commit;
    update issues set message_count = message_count - 1;
    update issues set waiting_since = listed_at where waiting_since is not null;
    insert into counts (mailbox_id, status, assignee, n)
      select mailbox_id, status, coalesce('m:' || assignee_id, 't:' || team_id, ''), count(*) from issues group by 1, 2, 3;
    insert into seen (member_id, issue_id, at) select m.id, i.id, i.listed_at from issues i join members m on m.role = 'admin'
      where i.number % 2 = 0;
    update mailboxes set last_number = ${made};
    analyze`)
  db.close()
  return vocabulary
}

type Place = { threadId: string; issueId: string; mailboxId: string }
/** So many issues are talked about at a time. */
const RECENT = 500

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
