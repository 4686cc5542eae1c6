import { type ChosenStatus, NO_DATE } from '../db/vocabulary.ts'
import type { Act } from '../server/jobs/act.ts'
import { api, call, type ListedIssue, wordsOf } from './api.ts'
import { settled, setUnderWay, showAll } from './changes.ts'
import { tags } from './desk.ts'
import { count, plural, untilWords } from './format.ts'
import { type Job, untilOver } from './jobs.ts'
import type { Place } from './lists.ts'
import { zone } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

// The same done to many issues: rows that are loaded change at once, all of a list by and by. Either is one job on the
// server, with one way back.

/** What is acted on: issues that are loaded, or all that a list holds. */
export type Target = { issues: readonly ListedIssue[]; all: Place | null }

/** Does an act to a target. `name`: of whom, what or where, for the words. */
export async function actOnMany(target: Target, act: Act, name = ''): Promise<void> {
  const before = target.all ? [] : target.issues
  const over = target.all ? overOf(target.all) : { issues: target.issues.map(({ id, version }) => ({ id, version })) }
  const made = before.map((issue) => ({ ...issue, ...patchOf(act, issue) }))
  const words = (n: number) => `${plural(n, 'issue')} ${wordsFor(act, name, n)}.`
  const started = run(made, before, () => call(api.jobs.$post({ json: { id: crypto.randomUUID(), act, over } })))
  const undo = () => void takeBack(started, before, made)
  if (!target.all) say(words(before.length), undo)
  const job = await started
  if (!job) return
  // How many they are is known now; what became of them, at the end.
  if (target.all) say(`Changing ${plural(job.total, 'issue')}.`, undo)
  await finish(job, target.all ? 'Changing' : null, (over) => {
    if (over.undoneById) return
    if (target.all) say(words(over.total - over.skipped))
    else if (over.skipped > 0) complain(leftWords(over, 'so already, or changed by somebody else'))
  })
}

const leftWords = ({ skipped }: Job, why: string) => `${plural(skipped, 'issue')} stayed as before: ${why}.`

async function takeBack(
  started: Promise<Job | undefined>,
  before: readonly ListedIssue[],
  made: readonly ListedIssue[],
): Promise<void> {
  const done = await started
  if (!done) return
  const job = await run(before, made, () =>
    call(api.jobs[':id'].undo.$post({ param: { id: done.id }, json: { id: crypto.randomUUID() } })),
  )
  if (!job) return
  await finish(job, before.length > 0 ? null : 'Undoing', (over) => {
    if (over.skipped > 0) complain(`Undone. ${leftWords(over, 'changed again since')}`)
    else say('Undone.')
  })
}

/** Shows issues as they will be, and sends; shows them as they were where the server refuses. */
async function run(
  as: readonly ListedIssue[],
  was: readonly ListedIssue[],
  send: () => Promise<Job>,
): Promise<Job | undefined> {
  setUnderWay((n) => n + 1)
  try {
    await client.cancelQueries({ queryKey: ['issues'] })
    showAll(as)
    return await send()
  } catch (error) {
    showAll(was)
    complain(wordsOf(error))
    reload()
    return undefined
  } finally {
    settled()
  }
}

/** Waits for the end of a job while what it changes is shown already, then reads the lists as they are. */
async function finish(job: Job, words: string | null, then: (job: Job) => void): Promise<void> {
  if (words === null) setUnderWay((n) => n + 1)
  try {
    const over = await untilOver(job, words)
    if (over.state === 'failed') complain(over.error ?? 'It could not be finished.')
    else then(over)
  } catch (error) {
    complain(wordsOf(error))
  } finally {
    if (words === null) setUnderWay((n) => n - 1)
    reload()
  }
}

function reload(): void {
  for (const key of ['issues', 'counts', 'issue', 'tags']) void client.invalidateQueries({ queryKey: [key] })
}

/** Shows how far jobs have come that another page, or this one before it was loaded again, asked for. */
export async function resumeJobs(): Promise<void> {
  const found = await call(api.jobs.$get()).catch(() => [])
  for (const job of found) void finish(job, job.act.do === 'undo' ? 'Undoing' : 'Changing', () => {})
}

const overOf = ({ view, teamId, q }: Place) =>
  view === 'search' ? { q: q ?? '', zone: zone() } : { view, ...(teamId && { teamId }) }

/** What an act makes of an issue, as far as the page can know. */
export function patchOf(act: Act, issue: ListedIssue): Partial<ListedIssue> {
  switch (act.do) {
    case 'status':
      return { status: act.status, doneReason: act.status === 'done' ? (act.reason ?? 'answered') : null }
    case 'assign': {
      const somebody = act.memberId !== null || act.teamId !== null
      const moved = somebody && issue.status === 'new' ? { status: 'open' as const } : {}
      return issue.status === 'done' ? {} : { assigneeId: act.memberId, teamId: act.teamId, ...moved }
    }
    case 'snooze':
      return { status: 'snoozed', snoozedUntil: act.until ?? NO_DATE, wakesOnReply: act.onReply, waitingSince: null }
    case 'tag': {
      const idsOf = (names: string[]) =>
        tags().flatMap(({ id, name }) => (names.some((one) => one.toLowerCase() === name.toLowerCase()) ? [id] : []))
      const off = idsOf(act.remove)
      return { tagIds: [...new Set([...issue.tagIds.filter((id) => !off.includes(id)), ...idsOf(act.add)])] }
    }
    case 'unread':
      return { unread: act.unread }
    case 'merge':
      return issue.id === act.intoId ? {} : { status: 'merged' }
  }
}

const STATUS_NOW: Record<ChosenStatus, string> = {
  new: 'back to triage',
  open: 'ours to move',
  waiting: 'waiting on them',
  done: 'done',
  spam: 'marked as spam',
  trash: 'in the trash',
}

/** "are done", "is assigned to Mia". */
function wordsFor(act: Act, name: string, n: number): string {
  const are = n === 1 ? 'is' : 'are'
  switch (act.do) {
    case 'status':
      return `${are} ${act.status === 'done' && act.reason === 'no_action' ? 'done without action' : STATUS_NOW[act.status]}`
    case 'assign':
      return `${are} assigned to ${name || 'nobody'}`
    case 'snooze':
      return `${are} snoozed ${untilWords({ at: act.until, onReply: act.onReply }, Date.now())}`
    case 'tag':
      return act.add.length > 0
        ? `${are} tagged ${act.add.join(', ')}`
        : `${are} no longer tagged ${act.remove.join(', ')}`
    case 'unread':
      return `${are} ${act.unread ? 'unread' : 'read'}`
    case 'merge':
      return `${are} part of "${name}" now`
  }
}

/** "3 selected", "All in this list". */
export const selectionWords = (n: number, isAll: boolean): string =>
  isAll ? 'All in this list' : `${count(n)} selected`
