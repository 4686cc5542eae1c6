import { eq } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { type ExchangeMailbox, type FlowStep, type Mailbox, mailboxes, watches } from '../../../db/schema.ts'
import type { Trouble } from '../../../db/vocabulary.ts'
import { lastSendTest } from '../../mail/send/send-test.ts'
import { sendTestLines } from '../../mail/send/send-test-words.ts'
import { describeTrouble } from '../../mail/trouble-words.ts'

/** So long Exchange may take until IMAP and SMTP know of a right or a switch. */
const PATIENCE_MS = 60 * 60_000
/** What Exchange answers to an app that it does not let in, or not yet. */
const NOT_LET_IN: readonly (Trouble | null)[] = ['token_refused', 'disabled']

export const isNotLetIn = (trouble: Trouble | null) => NOT_LET_IN.includes(trouble)

/** The last steps of the way, as the mailbox here tells of them: whether it is watched, and whether mail comes and goes. */
export async function watchSteps(read: Reader, row: ExchangeMailbox | undefined, now: number): Promise<FlowStep[]> {
  const [found] = row?.mailboxId
    ? await read
        .select({ mailbox: mailboxes, watch: watches })
        .from(mailboxes)
        .leftJoin(watches, eq(watches.mailboxId, mailboxes.id))
        .where(eq(mailboxes.id, row.mailboxId))
    : []
  const nothing = { state: 'open' as const, whatToDo: '', at: now }
  if (!row || !found)
    return [
      { ...nothing, step: 'watch', says: 'Downfield does not watch it yet.' },
      { ...nothing, step: 'try', says: 'No mail was sent and received yet.' },
    ]
  return [watched(row, found.mailbox, found.watch, now), await tried(read, found.mailbox, now)]
}

function watched(
  { flow }: ExchangeMailbox,
  mailbox: Mailbox,
  watch: typeof watches.$inferSelect | null,
  now: number,
): FlowStep {
  const step = { step: 'watch' as const, whatToDo: '', at: now }
  if (mailbox.paused)
    return { ...step, state: 'open', says: 'It is paused.', whatToDo: 'Let it go on, on the page of the mailbox.' }
  if (watch?.state === 'live' || watch?.state === 'polling')
    return { ...step, state: 'done', says: 'Its mail comes in here.', at: watch.syncedAt ?? now }
  const { trouble = null } = watch ?? {}
  if (watch?.state !== 'trouble' || !trouble) return { ...step, state: 'waiting', says: 'It is being opened.' }
  if (isNotLetIn(trouble) && now - (flow.admittedAt ?? 0) < PATIENCE_MS)
    return {
      ...step,
      state: 'waiting',
      says: 'Exchange does not let the app in yet. That takes up to an hour, as a rule some minutes.',
      whatToDo: 'Nothing: Downfield tries again by itself.',
    }
  const { imapHost: host, imapPort: port, imapUser: user, auth } = mailbox
  const words = describeTrouble(trouble, { host, port, user, auth, kind: 'IMAP', detail: watch.detail })
  return { ...step, state: 'trouble', says: words.summary, whatToDo: words.whatToDo }
}

async function tried(read: Reader, mailbox: Mailbox, now: number): Promise<FlowStep> {
  const step = { step: 'try' as const, whatToDo: '' }
  const test = await lastSendTest(read, mailbox.id, now)
  if (!test)
    return {
      ...step,
      state: 'open',
      says: 'No mail was sent and received yet.',
      whatToDo: 'Send a test mail.',
      at: now,
    }
  const at = test.startedAt
  if (test.state === 'arrived') return { ...step, state: 'done', says: 'A mail went out and came back.', at }
  if (test.state !== 'failed') return { ...step, state: 'waiting', says: 'A test mail is on its way.', at }
  const bad = sendTestLines(test, mailbox).find(({ ok }) => ok === false)
  return {
    ...step,
    state: 'trouble',
    says: bad?.summary ?? 'The test mail did not come back.',
    whatToDo: bad?.whatToDo ?? '',
    at,
  }
}
