import { desc, eq, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Issue, type Message, messages, threads } from '../../db/schema.ts'
import type { Status } from '../../db/vocabulary.ts'

/** What lies further back changes nothing any more. */
const MAX_MAILS = 50

type Mail = Pick<Message, 'direction' | 'writer' | 'at'>

const newestOf = prepared((read) =>
  read
    .select({ direction: messages.direction, writer: messages.writer, at: messages.at })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, sql.placeholder('issueId')))
    .orderBy(desc(messages.at))
    .limit(MAX_MAILS)
    .prepare(UNNAMED),
)

/**
 * Where an issue stands that needs triage, or is ours to move, when an old mail of it comes late: as if its mails had
 * come in their order. What members decided about it stays.
 */
export async function afterLateMail(
  read: Reader,
  issue: Issue,
  after: (status: Status, mail: Mail) => Status,
): Promise<{ status: Status; waitingSince: number | null }> {
  const { status, waitingSince } = issue
  if (status !== 'new' && status !== 'open') return { status, waitingSince }
  const newestFirst = await newestOf(read).execute({ issueId: issue.id })
  return standing(issue, newestFirst.reverse(), after)
}

/** The same from the mails of the issue, oldest first. */
export function standing(
  { status, waitingSince }: Pick<Issue, 'status' | 'waitingSince'>,
  mails: Mail[],
  after: (status: Status, mail: Mail) => Status,
): { status: Status; waitingSince: number | null } {
  const replayed = mails.reduce<Status>((before, mail) => after(before, mail), 'new')
  const next = status === 'new' ? replayed : status
  if (next !== 'new' && next !== 'open') return { status: next, waitingSince: null }
  const lastOut = mails.findLastIndex(({ direction }) => direction === 'out')
  const waits = mails.slice(lastOut + 1).find(({ writer }) => writer === 'person') ?? mails[lastOut + 1]
  // Where no mail began the wait, a member did, by opening the issue again.
  const isByMail = waitingSince === null || mails.some(({ at }) => at === waitingSince)
  return { status: next, waitingSince: isByMail && waits ? waits.at : waitingSince }
}
