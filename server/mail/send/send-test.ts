import { setTimeout as sleep } from 'node:timers/promises'
import { and, desc, eq } from 'drizzle-orm'
import type { Db, Reader } from '../../../db/index.ts'
import { type AuthenticationResult, type Mailbox, type SendTest, sendTests } from '../../../db/schema.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { connectImap } from '../fetch/imap.ts'
import { authenticationResults } from '../read/authentication-results.ts'
import { readFields } from '../read/mime-fields.ts'
import { diagnose, type ServerKind } from '../trouble.ts'
import { compose } from './compose.ts'
import { sendByGraph } from './graph.ts'
import { domainOf, testMessageId } from './own-id.ts'
import { sendBySmtp } from './smtp.ts'

const LOOK_EVERY_MS = 2_000
/** A mail that takes longer than this to come back to where it came from is a finding of its own. */
export const SEND_TEST_MS = 3 * 60_000
/** Where providers put what they take for spam. */
const JUNK = /(^|[/.])(junk|spam|bulk mail|junk e-?mail|unerwünscht|courrier indésirable)/i

type TestDeps = Pick<MailDeps, 'secrets'> & { db: Db }
/** How far a test has come; what is not known yet is left out. */
export type Progress = Partial<Omit<SendTest, 'id' | 'mailboxId' | 'startedAt'>>

/**
 * Sends a mail from a mailbox to itself and waits until it is back over IMAP. Never throws: what happened is told step by
 * step. The mail is known by its Message-ID when it comes in, and becomes no issue (place/ingest.ts).
 */
export async function runSendTest(
  deps: TestDeps,
  mailbox: Mailbox,
  id: string,
  tell: (progress: Progress) => Promise<void>,
  { stop, withinMs = SEND_TEST_MS }: { stop: AbortSignal; withinMs?: number },
): Promise<void> {
  const fail = async (kind: ServerKind, error: unknown) => {
    const { trouble, detail } = diagnose(error, kind)
    await tell({ state: 'failed', trouble, detail })
  }
  let settings: ReturnType<typeof connectionOf>
  try {
    settings = connectionOf(mailbox, deps)
  } catch (error) {
    return await fail('SMTP', error)
  }
  const now = Date.now()
  const internetMessageId = testMessageId(deps.secrets, id, domainOf(mailbox.address))
  const self = { name: mailbox.name, address: mailbox.address }
  const raw = await compose(
    {
      internetMessageId,
      inReplyTo: null,
      references: [],
      subject: `Downfield send test ${id.slice(-8)}`,
      fromName: self.name,
      fromAddress: self.address,
      to: [self],
      cc: [],
      at: now,
    },
    'Downfield sent this mail from the mailbox to itself, to see whether the whole way works. It may be deleted.',
    [],
    null,
    { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  )
  const attempt = settings.graph
    ? await sendByGraph(settings.graph, raw)
    : await sendBySmtp(settings.smtp, { from: mailbox.address, to: [mailbox.address] }, raw, withinMs)
  if (attempt.outcome !== 'accepted')
    return await tell({ state: 'failed', trouble: attempt.trouble, detail: attempt.response })
  const sentAt = Date.now()
  await tell({ state: 'waiting', sentAt, detail: attempt.response })
  try {
    const found = await waitFor(settings.imap, internetMessageId, stop, sentAt + withinMs)
    if (!found) return await tell({ state: 'failed', detail: null })
    const results: AuthenticationResult[] = authenticationResults(readFields(found.head, 0).fields)
    await tell({ state: 'arrived', backAfterMs: Date.now() - sentAt, folder: found.folder, results, detail: null })
  } catch (error) {
    await fail('IMAP', error)
  }
}

/** Looks for a mail in the inbox, and where spam goes, until it is there or the time is over. */
async function waitFor(
  settings: Parameters<typeof connectImap>[0],
  internetMessageId: string,
  stop: AbortSignal,
  until: number,
): Promise<{ folder: string; head: Buffer } | null> {
  const imap = await connectImap(settings, stop)
  try {
    const junk = (await imap.folders()).map(({ path }) => path).filter((path) => JUNK.test(path))
    for (;;) {
      for (const folder of ['INBOX', ...junk]) {
        const head = await imap.findHead(folder, internetMessageId)
        if (head) return { folder, head }
      }
      if (stop.aborted || Date.now() >= until) return null
      await sleep(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => {})
    }
  } finally {
    await imap.close()
  }
}

/** Begins a test and writes down how it goes; gives the row, and `done` when it is over. */
export async function beginSendTest(
  deps: TestDeps,
  mailbox: Mailbox,
  id: string,
  stop: AbortSignal,
  withinMs?: number,
): Promise<{ done: Promise<void> }> {
  const startedAt = Date.now()
  const row: SendTest = {
    id,
    mailboxId: mailbox.id,
    state: 'sending',
    startedAt,
    sentAt: null,
    backAfterMs: null,
    folder: null,
    results: [],
    trouble: null,
    detail: null,
  }
  await deps.db.write(async (tx) => {
    // Of a mailbox the last one is kept.
    await tx.delete(sendTests).where(eq(sendTests.mailboxId, mailbox.id))
    await tx.insert(sendTests).values(row)
  })
  const tell = async (progress: Progress) => {
    await deps.db.write(async (tx) => {
      await tx
        .update(sendTests)
        .set(progress)
        .where(and(eq(sendTests.id, id)))
    })
  }
  return { done: runSendTest(deps, mailbox, id, tell, { stop, ...(withinMs ? { withinMs } : {}) }) }
}

/** The last test of a mailbox; one that nothing was heard of for too long was cut short. */
export async function lastSendTest(read: Reader, mailboxId: string, now: number): Promise<SendTest | null> {
  const [row] = await read
    .select()
    .from(sendTests)
    .where(eq(sendTests.mailboxId, mailboxId))
    .orderBy(desc(sendTests.startedAt))
    .limit(1)
  if (!row) return null
  const isOver = row.state === 'arrived' || row.state === 'failed'
  const isLost = !isOver && row.startedAt < now - 2 * SEND_TEST_MS
  return isLost ? { ...row, state: 'failed', detail: 'Downfield was stopped before the mail was back.' } : row
}
