import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { asc } from 'drizzle-orm'
import { pino } from 'pino'
import { openBlobs } from '../../db/blobs.ts'
import { type Db, openDb } from '../../db/index.ts'
import { folders, type Member, messages } from '../../db/schema.ts'
import { createAdmin } from '../../server/access/member.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { suggestionsFor } from '../../server/issues/candidates.ts'
import { findIssue } from '../../server/issues/issue.ts'
import { merge } from '../../server/issues/merge.ts'
import { issueOfThread } from '../../server/issues/message.ts'
import { indexBatch } from '../../server/issues/search/index-messages.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { storeFound } from '../../server/mail/place/deliver.ts'
import { understand } from '../../server/mail/place/ingest.ts'
import { openParsers } from '../../server/mail/read/parsers.ts'
import { corpus } from '../corpus/folder.ts'
import { type Benchmark, type Figure, quantile } from './figures.ts'
import { mailboxOn } from './installation.ts'

const BATCH = 200
const ARCHIVE = path.join(corpus, 'bulk/linux-mips.tar.gz')
const THREADS = path.join(corpus, 'expect/linux_mips_threads.jsonl')
/** Header fields that tie mails together. */
const TIES = /^(in-reply-to|references|thread-index|thread-topic|original-message-id)$/i

export const benchmark: Benchmark = {
  about:
    'the suggestions of the same matter on a mailing list without its reply headers: each mail comes in by itself, right suggestions are taken, wrong ones refused',
  async measure(tell, limit, mailsPath) {
    const folder = mkdtempSync(path.join(tmpdir(), 'df-suggest-'))
    try {
      const raws = mailsIn(mailsPath ?? ARCHIVE, folder)
      if (!raws) {
        tell(`There are no mails in ${mailsPath ?? ARCHIVE}, so nothing was judged. Say where with --from PATH.\n`)
        return []
      }
      const chosen = raws.slice(0, limit ?? raws.length)
      const truth = trueThreads(chosen, mailsPath === undefined ? THREADS : undefined)
      return await judge(chosen, truth, folder, tell)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function judge(
  raws: Buffer[],
  truth: Map<string, string>,
  folder: string,
  tell: (text: string) => void,
): Promise<Figure[]> {
  const db = await openDb(path.join(folder, 'suggest.db'))
  try {
    tell(`Reading ${raws.length} mails.\n`)
    const member = await fill(db, raws.map(withoutTies), folder)
    const mails = await db.read
      .select({ id: messages.id, internetId: messages.internetMessageId, threadId: messages.threadId, at: messages.at })
      .from(messages)
      .orderBy(asc(messages.at), asc(messages.id))
    tell('Asking for suggestions, mail by mail.\n')
    const begun = new Set<string>()
    /** The true thread that an issue is of. */
    const threadOf = new Map<string, string>()
    const took: number[] = []
    const reasons = new Map<string, { right: number; wrong: number }>()
    let [suggested, right, could] = [0, 0, 0]
    for (const { internetId, threadId, at } of mails) {
      const { issue } = await issueOfThread(db.read, threadId)
      const thread = truth.get(internetId) ?? internetId
      if (begun.has(thread)) could++
      begun.add(thread)
      threadOf.set(issue.id, thread)
      const began = performance.now()
      const [best] = await suggestionsFor(db.read, issue, at)
      took.push(performance.now() - began)
      if (!best) continue
      suggested++
      const isRight = threadOf.get(best.id) === thread
      if (isRight) right++
      const why = best.reasons.map(({ of }) => of).join('+')
      const seen = reasons.get(why) ?? { right: 0, wrong: 0 }
      reasons.set(why, { right: seen.right + (isRight ? 1 : 0), wrong: seen.wrong + (isRight ? 0 : 1) })
      if (isRight) await accept(db, issue.id, best.id, member)
    }
    for (const [why, { right, wrong }] of [...reasons].sort((a, b) => b[1].wrong - a[1].wrong).slice(0, 12))
      tell(`  ${why}: ${right} right, ${wrong} wrong\n`)
    return [
      { name: 'mails', words: 'mails', value: mails.length },
      { name: 'continuing', words: 'of them, mails that belong to an earlier one', value: could },
      { name: 'suggested', words: 'mails with a suggestion', value: suggested },
      { name: 'precision', words: 'precision', value: suggested === 0 ? 0 : right / suggested },
      { name: 'recall', words: 'recall', value: could === 0 ? 0 : right / could },
      { name: 'p50Ms', words: 'ms for the suggestions of an issue, median', value: quantile(took, 0.5) },
      { name: 'p95Ms', words: 'ms at the 95th percentile', value: quantile(took, 0.95) },
    ]
  } finally {
    await db.close()
  }
}

/** Who triages takes what is right. */
async function accept(db: Db, from: string, into: string, member: Member): Promise<void> {
  const now = Date.now()
  await db.write(async (tx) => merge(tx, await findIssue(tx, from), await findIssue(tx, into), member, now))
}

async function fill(db: Db, raws: Buffer[], folder: string): Promise<Member> {
  const parsers = openParsers()
  const secrets = openSecrets({ key: randomBytes(32).toString('base64'), keyFile: path.join(folder, 'key') })
  const deps = {
    db,
    parsers,
    secrets,
    blobs: await openBlobs(path.join(folder, 'blobs')),
    log: pino({ level: 'warn' }),
  }
  try {
    const now = Date.now()
    const admin = { email: 'ada@northwind.example', name: 'Ada', passwordHash: null }
    const settings = { ...mailboxOn('list@downfield.example', '', 1), paused: true }
    const { member, mailbox } = await db.write(async (tx) => ({
      member: await createAdmin(tx, admin, now),
      mailbox: await addMailbox(tx, secrets, settings, null, now),
    }))
    const inbox = { mailboxId: mailbox.id, path: 'INBOX', role: 'inbox' } as const
    const [opened] = await db.write((tx) => tx.insert(folders).values(inbox).returning())
    for (let from = 0; from < raws.length; from += BATCH) {
      const found = raws.slice(from, from + BATCH).map((raw, at) => ({ uid: from + at + 1, raw, internalAt: now }))
      await storeFound(deps, opened!, found, now, async () => {})
    }
    await understand(deps, mailbox.id)
    while ((await indexBatch(db, () => {})) > 0);
    return member
  } finally {
    await parsers.close()
  }
}

/** The mails of an archive: a tar file, a folder with a file for each mail (as maildir has), or an mbox file. */
function mailsIn(from: string, folder: string): Buffer[] | null {
  if (!existsSync(from)) return null
  if (statSync(from).isDirectory()) return filesIn(from).map((file) => readFileSync(file))
  if (!/\.(tar\.gz|tgz)$/.test(from)) return split(readFileSync(from))
  execFileSync('tar', ['-xzf', from, '-C', folder])
  return filesIn(folder).map((file) => readFileSync(file))
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .sort()
}

/** The mails of an mbox file (RFC 4155). */
function split(mbox: Buffer): Buffer[] {
  return mbox
    .toString('latin1')
    .split(/^From .*\r?\n/m)
    .filter((mail) => mail.trim() !== '')
    .map((mail) => Buffer.from(mail.replace(/^>(>*From )/gm, '$1'), 'latin1'))
}

/** Header fields and the body, without the fields that tie mails together. */
function withoutTies(raw: Buffer): Buffer {
  const text = raw.toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)
  const head = end ? text.slice(0, end.index) : text
  const fields = head.split(/\r?\n(?![ \t])/).filter((field) => !TIES.test(field.slice(0, field.indexOf(':'))))
  return Buffer.from(fields.join('\r\n') + (end ? text.slice(end.index) : ''), 'latin1')
}

/** Which thread each Message-ID belongs to: as somebody wrote down, or as the header fields tie them. */
function trueThreads(raws: Buffer[], expected: string | undefined): Map<string, string> {
  const threads = new Map<string, string>()
  if (expected && existsSync(expected)) {
    for (const line of readFileSync(expected, 'utf8').split('\n').filter(Boolean)) {
      // The cast: the file has a thread in each line.
      const { thread, ids } = JSON.parse(line) as { thread: string; ids: string[] }
      for (const id of ids) threads.set(id, thread)
    }
    return threads
  }
  const root = (id: string): string => {
    const above = threads.get(id)
    return above === undefined || above === id ? id : root(above)
  }
  for (const raw of raws) {
    const head = raw
      .toString('latin1')
      .split(/\r?\n\r?\n/)[0]!
      .replace(/\r?\n[ \t]+/g, ' ')
    const idsOf = (field: string) =>
      [...(new RegExp(`^${field}:(.*)$`, 'im').exec(head)?.[1] ?? '').matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id!)
    const [own] = idsOf('message-id')
    if (!own) continue
    for (const id of [own, ...idsOf('references'), ...idsOf('in-reply-to')]) threads.set(root(id), root(own))
  }
  return new Map([...threads.keys()].map((id) => [id, root(id)]))
}
