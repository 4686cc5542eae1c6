import type { InfiniteData, Query } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { type ChosenStatus, type DoneReason, NO_DATE } from '../db/vocabulary.ts'
import { ApiError, api, call, type IssueList, type IssuePage, type ListedIssue, wordsOf } from './api.ts'
import { type Place, withIssue } from './lists.ts'
import { issueKey, me } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'
import { STATUS_WORDS } from './words.ts'

// Changes of an issue: shown at once, sent, and taken back if the server refuses. Each can be undone by its inverse, as
// long as nobody else changed the same since.

const [underWay, setUnderWay] = createSignal(0)

/** How many changes have not been answered yet; live events wait for them, so that nothing jumps back. */
export { setUnderWay, underWay }

/** Puts an issue as it is now into every list and page that shows it. */
export function show(issue: ListedIssue): void {
  showAll([issue])
}

/** The same for many, in one go. */
export function showAll(issues: readonly ListedIssue[]): void {
  if (issues.length === 0) return
  const meId = me()?.member.id ?? ''
  for (const [key, data] of client.getQueriesData<InfiniteData<IssueList>>({ queryKey: ['issues'] })) {
    if (!data) continue
    // The cast: keys of lists are made by listKey alone.
    const [, view, teamId, order] = key as readonly [string, Place['view'], string, Place['order']]
    const place = { view, teamId, order }
    const pages = issues.reduce<readonly IssueList[]>(
      (pages, issue) => withIssue(pages, place, issue, meId),
      data.pages,
    )
    const isBehind = client.getQueryState(key)?.isInvalidated
    client.setQueryData(key, { ...data, pages })
    // What else changed in a list is not in it by that.
    if (isBehind) void client.invalidateQueries({ queryKey: key, exact: true, refetchType: 'none' })
  }
  for (const issue of issues)
    client.setQueryData<InfiniteData<IssuePage>>(issueKey(issue.id), (data) =>
      data ? { ...data, pages: data.pages.map((page) => ({ ...page, issue: { ...page.issue, ...issue } })) } : data,
    )
}

/** The issue as the page knows it. */
export function known(id: string): ListedIssue | undefined {
  const page = client.getQueryData<InfiniteData<IssuePage>>(issueKey(id))?.pages[0]?.issue
  if (page) return page
  for (const [, data] of client.getQueriesData<InfiniteData<IssueList>>({ queryKey: ['issues'] }))
    for (const { issues } of data?.pages ?? []) for (const issue of issues) if (issue.id === id) return issue
  return undefined
}

/** What this page changed itself, and when the server answered; that is shown already. */
const own = new Map<string, number>()
/** The event of a change comes within this after its answer. */
const OWN_FOR_MS = 2_000

/** Whether an issue stands in the lists as this page was just told by the server: they need not be read again for it. */
export const isShownAsAnswered = (id: string): boolean => (own.get(id) ?? 0) > Date.now() - OWN_FOR_MS

/** A change of our own is answered: lists that were to be read anew when it came are read now. */
export function settled(): void {
  setUnderWay((n) => n - 1)
  if (underWay() > 0) return
  const isBehind = ({ state }: Query) => state.isInvalidated
  void client.refetchQueries({ queryKey: ['issues'], type: 'active', predicate: isBehind })
}

/** Gives whether the server took it. */
export async function change(
  id: string,
  to: Partial<ListedIssue>,
  send: () => Promise<ListedIssue>,
  /** What is said of it, and how it is undone; nothing where it undoes something itself. */
  words: { done: string; undo: () => void } | null,
): Promise<boolean> {
  const before = known(id)
  setUnderWay((n) => n + 1)
  own.set(id, Number.POSITIVE_INFINITY)
  await client.cancelQueries({ queryKey: ['issues'] })
  if (before) show({ ...before, ...to })
  if (words) say(words.done, words.undo)
  try {
    const answer = await send()
    show(answer)
    own.set(id, Date.now())
    return true
  } catch (error) {
    own.delete(id)
    if (error instanceof ApiError && error.issue) show(error.issue)
    else if (before) show(before)
    complain(wordsOf(error))
    // What was there before may be old by now.
    void client.invalidateQueries({ queryKey: ['issues'] })
    return false
  } finally {
    settled()
    void client.invalidateQueries({ queryKey: ['counts'] })
    void client.invalidateQueries({ queryKey: issueKey(id) })
  }
}

/** Undoes a change that is `made`, unless somebody else, or new mail, changed the same since: that is not overwritten. */
export async function undoUnlessChanged(
  id: string,
  made: () => Promise<boolean>,
  isAsMade: (now: ListedIssue) => boolean,
  /** Given the issue as it is now: what comes between this look and the inverse, the server refuses. */
  inverse: (now: ListedIssue) => Promise<boolean>,
  /** What it becomes again: shown at once where nothing else is known yet. */
  before?: Partial<ListedIssue>,
): Promise<void> {
  const shown = known(id)
  setUnderWay((n) => n + 1)
  try {
    if (before && shown && isAsMade(shown)) show({ ...shown, ...before })
    if (!(await made())) return
    const { issue } = await call(api.issues[':id'].$get({ param: { id }, query: {} }))
    if (!isAsMade(issue)) {
      show(issue)
      complain('This was changed again since, so it is not undone.')
      void client.invalidateQueries({ queryKey: ['issues'] })
      return
    }
    if (await inverse(issue)) say('Undone.')
  } catch (error) {
    complain(wordsOf(error))
    void client.invalidateQueries({ queryKey: ['issues'] })
  } finally {
    settled()
  }
}

export type Assignee = { memberId: string } | { teamId: string } | { memberId: null }

const assigneeOf = ({ assigneeId, teamId }: ListedIssue): Assignee => (teamId ? { teamId } : { memberId: assigneeId })

/** Gives an issue to somebody, a team or nobody. `name` is for the words; null: nothing is said. */
export async function assign(issue: ListedIssue, to: Assignee, name: string | null): Promise<boolean> {
  const before = assigneeOf(issue)
  const statusBefore = issue.status
  const assigneeId = 'memberId' in to ? to.memberId : null
  const teamId = 'teamId' in to ? to.teamId : null
  const somebody = assigneeId !== null || teamId !== null
  const inverse = async ({ version }: ListedIssue) => {
    const given = await assign({ ...issue, assigneeId, teamId, version }, before, null)
    // Assigning moved it from triage; undoing moves it back.
    if (!given || statusBefore !== 'new' || !somebody) return given
    return await move({ ...issue, status: 'open', version }, 'new', undefined, null)
  }
  const isAsMade = (now: ListedIssue) => now.assigneeId === assigneeId && now.teamId === teamId
  const standing = { assigneeId: issue.assigneeId, teamId: issue.teamId, status: statusBefore }
  const undo = () => void undoUnlessChanged(issue.id, () => made, isAsMade, inverse, standing)
  const made = change(
    issue.id,
    { assigneeId, teamId, ...(issue.status === 'new' && somebody ? { status: 'open' as const } : {}) },
    () => call(api.issues[':id'].assignee.$put({ param: { id: issue.id }, json: { ...to, version: issue.version } })),
    name === null ? null : { done: somebody ? `Assigned to ${name}.` : 'Assigned to nobody.', undo },
  )
  return await made
}

const DONE_WORDS: Record<ChosenStatus, string> = {
  new: 'Back to triage.',
  open: `${STATUS_WORDS.open}.`,
  waiting: `${STATUS_WORDS.waiting}.`,
  done: 'Done.',
  spam: 'Marked as spam.',
  trash: 'Moved to the trash.',
}

/** Moves an issue to a status. */
export async function setStatus(issue: ListedIssue, status: ChosenStatus, reason?: DoneReason): Promise<void> {
  const { status: before, doneReason } = issue
  if (before === status || before === 'merged') return
  // What was put off is put off again, as it was.
  const inverse = ({ version }: ListedIssue) =>
    before === 'snoozed'
      ? snoozeAgain(issue)
      : move({ ...issue, status, doneReason: reason ?? null, version }, before, doneReason ?? undefined, null)
  const undo = () =>
    void undoUnlessChanged(
      issue.id,
      () => made,
      (now) => now.status === status,
      inverse,
      { status: before, doneReason, snoozedUntil: issue.snoozedUntil, waitingSince: issue.waitingSince },
    )
  const made = move(issue, status, reason, { done: DONE_WORDS[status], undo })
  await made
}

function move(
  issue: ListedIssue,
  status: ChosenStatus,
  reason: DoneReason | undefined,
  words: Parameters<typeof change>[3],
): Promise<boolean> {
  return change(
    issue.id,
    { status, doneReason: status === 'done' ? (reason ?? 'answered') : null },
    () => {
      const json = { status, version: issue.version, ...(reason && { reason }) }
      return call(api.issues[':id'].status.$put({ param: { id: issue.id }, json }))
    },
    words,
  )
}

export function snoozeAgain(issue: ListedIssue): Promise<boolean> {
  const { id, status, snoozedUntil, wakesOnReply: onReply } = issue
  const until = snoozedUntil === NO_DATE ? null : snoozedUntil
  const send = () => call(api.issues[':id'].snooze.$put({ param: { id }, json: { until, onReply } }))
  return change(id, { status, snoozedUntil, wakesOnReply: onReply }, send, null)
}

/** Makes an issue look new again, for this member. */
export async function markUnread(issue: ListedIssue): Promise<void> {
  show({ ...issue, unread: true })
  say('Unread.', () => void markSeen(issue))
  try {
    await call(api.issues[':id'].seen.$delete({ param: { id: issue.id } }))
  } catch (error) {
    show(issue)
    complain(wordsOf(error))
  }
}

/** Remembers that the member has seen the issue; not worth a word if it fails. */
export async function markSeen(issue: ListedIssue): Promise<void> {
  show({ ...issue, unread: false })
  await call(api.issues[':id'].seen.$put({ param: { id: issue.id } })).catch(() => {})
}
