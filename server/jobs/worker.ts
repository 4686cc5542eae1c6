import { once } from 'node:events'
import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db, Tx } from '../../db/index.ts'
import { nodeName, releaseLease, takeLease } from '../../db/lease.ts'
import {
  type Issue,
  issues,
  type Job,
  type JobItem,
  type JobUndo,
  jobItems,
  jobs,
  type Member,
  members,
} from '../../db/schema.ts'
import { may, visibleMailboxIds } from '../access/may.ts'
import { Changed, Invalid, NotFound, Refused } from '../errors.ts'
import { type Act, apply } from './act.ts'
import { tellOf } from './job.ts'
import { takeBack } from './take-back.ts'

/** So many issues are changed in one transaction: it is over in some 20 ms, and nobody waits for it. */
const ISSUES_AT_ONCE = 50
/** How often it is looked where nothing woke us: another node may have ended. */
const LOOK_EVERY_MS = 5_000
const LOOK_AT_MOST_EVERY_MS = 100
/** Progress is told at most so often. */
const TELL_EVERY_MS = 400
/** Every node asks for this lease; who has it does the jobs. */
const LEASE = 'jobs'

export type JobWorker = { stop(): Promise<void> }
type WorkerDeps = { db: Db; log: Logger; now?: () => number }

/**
 * Does what was asked for many issues at once, and goes on with what a process that is gone left behind. An issue is
 * changed and marked in the same transaction: nothing is done twice, whatever ends in between.
 */
export function runJobs({ db, log, now = Date.now }: WorkerDeps): JobWorker {
  const stop = new AbortController()
  const me = nodeName()
  const working = (async () => {
    while (!stop.signal.aborted) {
      const timeout = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: timeout }).catch(() => {})
      try {
        if ((await underWay(db)).length > 0 && (await takeLease(db, LEASE, me, now()))) {
          await workJobs(db, now, me, stop.signal)
          await releaseLease(db, LEASE, me)
          continue
        }
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'a job over many issues broke off; trying again')
      }
      await woken
      await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
    await releaseLease(db, LEASE, me).catch(() => {})
  })()
  return {
    async stop() {
      stop.abort()
      await working
    },
  }
}

/** Works until no job is under way, in turns, so that a small one does not wait for a large one. */
export async function workJobs(db: Db, now: () => number, me: string, signal?: AbortSignal): Promise<void> {
  const toldAt = new Map<string, number>()
  for (;;) {
    const found = await underWay(db)
    if (found.length === 0) return
    for (const id of found) {
      if (signal?.aborted || !(await takeLease(db, LEASE, me, now()))) return
      const at = now()
      const isTold = at - (toldAt.get(id) ?? 0) >= TELL_EVERY_MS
      if (isTold) toldAt.set(id, at)
      await db.write((tx) => workSome(tx, id, isTold, at))
      await yieldToOthers()
    }
  }
}

async function underWay(db: Db): Promise<string[]> {
  const rows = await db.read
    .select({ id: jobs.id })
    .from(jobs)
    .where(eq(jobs.state, 'running'))
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
  return rows.map(({ id }) => id)
}

/** Does the next issues of a job. */
async function workSome(tx: Tx, id: string, isTold: boolean, now: number): Promise<void> {
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id))
  if (job?.state !== 'running') return
  const [by] = await tx.select().from(members).where(eq(members.id, job.memberId))
  if (!by || by.disabledAt !== null || !may(by, 'triage')) {
    await end(tx, job, { state: 'failed', error: 'Who asked for it may no longer change issues.' }, now)
    return
  }
  const act = await actOf(tx, job)
  const items = await tx
    .select()
    .from(jobItems)
    .where(and(eq(jobItems.jobId, id), eq(jobItems.state, 'waiting')))
    .orderBy(asc(jobItems.position))
    .limit(ISSUES_AT_ONCE)
  const visible = await visibleMailboxIds(tx, by)
  let skipped = 0
  for (const item of items) {
    // Read one by one: what is done to one may change another.
    const [issue] = await tx.select().from(issues).where(eq(issues.id, item.issueId))
    const isSeen = issue !== undefined && (visible === 'all' || visible.includes(issue.mailboxId))
    const undo = isSeen && act ? await doOne(tx, job, act, item, issue, by, now) : null
    if (!undo) skipped++
    await tx
      .update(jobItems)
      .set({ state: undo ? 'done' : 'skipped', undo })
      .where(and(eq(jobItems.jobId, id), eq(jobItems.position, item.position)))
  }
  const come: Job = { ...job, done: job.done + items.length, skipped: job.skipped + skipped }
  await tx.update(jobs).set({ done: come.done, skipped: come.skipped }).where(eq(jobs.id, id))
  if (items.length < ISSUES_AT_ONCE || come.done >= come.total) await end(tx, come, { state: 'done', error: null }, now)
  else if (isTold) await tellOf(tx, come, now)
}

/** What a job does, or takes back; none where that is forgotten. */
async function actOf(tx: Tx, job: Job): Promise<Act | null> {
  if (job.act.do !== 'undo') return job.act
  const [undone] = await tx.select().from(jobs).where(eq(jobs.id, job.act.jobId))
  return undone && undone.act.do !== 'undo' ? undone.act : null
}

async function doOne(
  tx: Tx,
  job: Job,
  act: Act,
  item: JobItem,
  issue: Issue,
  by: Member,
  now: number,
): Promise<JobUndo | null> {
  try {
    if (job.act.do !== 'undo') return await apply(tx, act, issue, item.undo?.version ?? null, by, now)
    return item.undo && (await takeBack(tx, act, issue, item.undo, by, now)) ? item.undo : null
  } catch (error) {
    // What the member could not do to this issue alone, or somebody else did something to meanwhile: it stays as it is.
    const isExpected = [Changed, Invalid, NotFound, Refused].some((expected) => error instanceof expected)
    if (!isExpected) throw error
    return null
  }
}

async function end(tx: Tx, job: Job, to: Pick<Job, 'state' | 'error'>, now: number): Promise<void> {
  await tx
    .update(jobs)
    .set({ ...to, finishedAt: now })
    .where(inArray(jobs.id, [job.id]))
  await tellOf(tx, job, now)
}
