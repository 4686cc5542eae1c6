import { once } from 'node:events'
import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Tx } from '../../db/index.ts'
import { deliveries, issues, type Mailbox, type Member, messages, threads } from '../../db/schema.ts'
import { listTeams } from '../access/team.ts'
import { assign, findIssue, setStatus } from '../issues/issue.ts'
import { addNote } from '../issues/note.ts'
import { markSeen } from '../issues/seen.ts'
import type { MailDeps } from '../mail/deps.ts'
import { TRIAGE_TEAM } from './northwind.ts'
import type { SampleMail } from './sample.ts'

const BRING_IN_MS = 60_000
const LOOK_EVERY_MS = 200

/** Waits until the poller has brought in what came to the mailbox, and what colleagues sent from elsewhere. */
export async function bringIn(deps: MailDeps, mailbox: Mailbox, mails: SampleMail[]): Promise<void> {
  const enough = AbortSignal.timeout(BRING_IN_MS)
  while ((await understood(deps.db, mailbox)) < mails.length) {
    enough.throwIfAborted()
    const soon = AbortSignal.any([enough, AbortSignal.timeout(LOOK_EVERY_MS)])
    await once(deps.db.wake, 'wake', { signal: soon }).catch(() => {})
  }
}

async function understood(db: Db, mailbox: Mailbox): Promise<number> {
  return await db.read.$count(deliveries, and(eq(deliveries.mailboxId, mailbox.id), ne(deliveries.state, 'stored')))
}

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
/** What is newer is unread, and waits for triage unless somebody wrote in it before. */
const FRESH_MS = 2 * DAY_MS
/** What nobody wrote in for so long is settled, as a rule. */
const SETTLED_MS = 5 * DAY_MS
/** Of what is older than fresh, one in so many is still ours to move: a desk that keeps up. */
const STILL_OURS = 6
/** How long after the last mail somebody took care. */
const CARED_AFTER_MS = 40 * 60_000

const NOTES = [
  'Called them: the date holds, but they want the price sheet a day earlier. I take the cover letter.',
  '@Mia can you check the unit prices against the last offer before this goes out?',
  'Legal wants to see the liability clause first. I asked for Thursday.',
  'Same questions as last year. The answers in our library fit with small changes.',
]

/**
 * Works through what came in, as a team does in its weeks: given to somebody, settled, spoken about. Every change goes
 * the way of the product, so the timeline shows it.
 */
export async function workThrough(db: Db, members: Member[], now: number): Promise<void> {
  const desk = (await listTeams(db.read)).find(({ name }) => name === TRIAGE_TEAM)
  const all = await db.read
    .select({ id: issues.id })
    .from(issues)
    .orderBy(asc(issues.lastMessageAt), asc(issues.number))
  for (const [i, { id }] of all.entries()) {
    const member = members[i % members.length]!
    const other = members[(i + 1) % members.length]!
    const toTeam = desk !== undefined && i % 6 === 4
    const note = { id: uuidv7(), text: NOTES[(i >> 2) % NOTES.length]! }
    await db.write(async (tx) => {
      const issue = await findIssue(tx, id)
      const age = now - issue.lastMessageAt
      const answered = await tx.$count(
        messages,
        and(eq(messages.direction, 'out'), inArray(messages.threadId, threadsOf(tx, id))),
      )
      if (age < FRESH_MS && answered === 0) return
      const at = Math.min(now, issue.lastMessageAt + CARED_AFTER_MS)
      if (age >= FRESH_MS) for (const member of members) await markSeen(tx, issue, member, at)
      const assigned = await assign(tx, issue, toTeam ? { team: desk } : { member }, other, at)
      if (i % 4 === 1) await addNote(tx, assigned, note, other, at)
      if (age < FRESH_MS || i % STILL_OURS === 0) return
      const settled = age >= SETTLED_MS && i % STILL_OURS > 2
      const reason = settled ? (issue.lastDirection === 'out' ? 'answered' : 'no_action') : null
      const status = settled ? 'done' : 'waiting'
      await setStatus(tx, await findIssue(tx, id), status, reason, member, Math.min(now, at + HOUR_MS))
    })
  }
}

function threadsOf(tx: Tx, issueId: string) {
  return tx.select({ id: threads.id }).from(threads).where(eq(threads.issueId, issueId))
}
