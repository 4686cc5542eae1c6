import { and, asc, desc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Job, type JobAct, type JobItem, jobItems, jobs, type Member } from '../../db/schema.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { MAX_JOB_ISSUES, type Seen } from './over.ts'

/** What is over can be taken back for so long; then it is forgotten. The timelines of the issues stay. */
const KEPT_MS = 30 * 86_400_000
const MAX_PRUNED_A_ROUND = 20
/** Values of one statement stay below what either engine takes. */
const ROWS_AT_ONCE = 500
/** So many jobs of one member may be under way. */
const MAX_UNDER_WAY = 20

/**
 * Writes down a job; the worker does it. Its id is chosen by the page, so that asking again is the same job.
 * @throws Refused where there are too many issues, or too many jobs under way
 */
export async function startJob(tx: Tx, id: string, act: JobAct, over: Seen[], by: Member, now: number): Promise<Job> {
  const known = await sameJob(tx, id, by)
  if (known) return known
  if (over.length > MAX_JOB_ISSUES)
    throw new Refused(`A job takes at most ${MAX_JOB_ISSUES.toLocaleString('en')} issues. Choose fewer.`)
  const items = over.map(({ id: issueId, version }, position): JobItem => {
    const undo = version === null ? null : { before: {}, version }
    return { jobId: id, position, issueId, state: 'waiting', undo }
  })
  return await insertJob(tx, id, act, items, by, now)
}

/**
 * Takes a job back by another one, which restores each issue that nobody else changed since. What of it is not done yet
 * is not done any more.
 * @returns the job that takes it back; asked again, the same
 */
export async function startUndo(tx: Tx, id: string, ofId: string, by: Member, now: number): Promise<Job> {
  const known = await sameJob(tx, id, by)
  if (known) return known
  const job = await jobOf(tx, ofId, by)
  if (job.undoneById) return await jobOf(tx, job.undoneById, by)
  if (job.act.do === 'undo') throw new Refused('What took something back can not be taken back. Do it again instead.')
  if (job.state === 'running') {
    await tx
      .update(jobItems)
      .set({ state: 'skipped' })
      .where(and(eq(jobItems.jobId, job.id), eq(jobItems.state, 'waiting')))
    await tx.update(jobs).set({ state: 'done', finishedAt: now }).where(eq(jobs.id, job.id))
  }
  await tx.update(jobs).set({ undoneById: id }).where(eq(jobs.id, job.id))
  const done = await tx
    .select()
    .from(jobItems)
    .where(and(eq(jobItems.jobId, job.id), eq(jobItems.state, 'done')))
    .orderBy(desc(jobItems.position))
  const items = done.map((item, position): JobItem => ({ ...item, jobId: id, position, state: 'waiting' }))
  return await insertJob(tx, id, { do: 'undo', jobId: job.id }, items, by, now)
}

/**
 * A job of this member.
 * @throws NotFound
 */
export async function jobOf(read: Reader, id: string, by: Pick<Member, 'id'>): Promise<Job> {
  const [job] = await read
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.memberId, by.id)))
  if (!job) throw new NotFound('There is no such job.')
  return job
}

/** The jobs of a member that are under way, the oldest first. */
export async function jobsUnderWay(read: Reader, by: Pick<Member, 'id'>): Promise<Job[]> {
  return await read
    .select()
    .from(jobs)
    .where(and(eq(jobs.state, 'running'), eq(jobs.memberId, by.id)))
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
}

/** Says how far a job has come, to who asked for it. */
export async function tellOf(tx: Tx, { id, memberId }: Job, now: number): Promise<void> {
  await record(tx, { action: 'job_changed', at: now, memberId, detail: { jobId: id } })
}

/** Forgets jobs that are over for long. */
export async function pruneJobs(tx: Tx, now: number): Promise<void> {
  const old = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(ne(jobs.state, 'running'), lt(jobs.createdAt, now - KEPT_MS)))
    .limit(MAX_PRUNED_A_ROUND)
  const ids = old.map(({ id }) => id)
  if (ids.length > 0) await tx.delete(jobs).where(inArray(jobs.id, ids))
}

/** The job of that id, where it is theirs; an id that somebody else's job has can not be used. */
async function sameJob(tx: Tx, id: string, by: Member): Promise<Job | undefined> {
  const [known] = await tx.select().from(jobs).where(eq(jobs.id, id))
  if (known && known.memberId !== by.id) throw new Invalid([{ field: 'id', message: 'id must be a new one.' }])
  return known
}

async function insertJob(tx: Tx, id: string, act: JobAct, items: JobItem[], by: Member, now: number): Promise<Job> {
  if ((await jobsUnderWay(tx, by)).length >= MAX_UNDER_WAY)
    throw new Refused('Too many changes are still under way. Wait until one of them is done.')
  const isOver = items.length === 0
  const job: Job = {
    id,
    memberId: by.id,
    act,
    state: isOver ? 'done' : 'running',
    total: items.length,
    done: 0,
    skipped: 0,
    undoneById: null,
    error: null,
    createdAt: now,
    finishedAt: isOver ? now : null,
  }
  await tx.insert(jobs).values(job)
  for (let i = 0; i < items.length; i += ROWS_AT_ONCE)
    await tx.insert(jobItems).values(items.slice(i, i + ROWS_AT_ONCE))
  return job
}
