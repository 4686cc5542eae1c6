import { type Order, type Status, VIEW_GROUPS, type View } from '../db/vocabulary.ts'
import type { IssueList, ListedIssue } from './api.ts'

/** Which list it is; a search is one, by what is searched for. */
export type Place = {
  view: View | 'search'
  teamId?: string | undefined
  q?: string | undefined
  /** The saved view whose search it is. */
  viewId?: string | undefined
  order?: Order | undefined
}

/** Whether the list shows an issue like this one. */
export function belongs(place: Place, issue: ListedIssue, meId: string): boolean {
  // What was found stays, until it is searched for again.
  if (place.view === 'search') return true
  if (!VIEW_GROUPS[place.view].includes(issue.status)) return false
  if (place.view === 'mine') return issue.assigneeId === meId
  if (place.view === 'team') return issue.teamId === place.teamId
  if (place.view === 'unassigned') return !issue.assigneeId && !issue.teamId
  return true
}

/** Whether `a` stands before `b`, as the server sorts (issues/list.ts): by group, then in the order of the list. */
function isBefore({ view, order }: { view: View; order: Order | undefined }, a: ListedIssue, b: ListedIssue): boolean {
  const groups = VIEW_GROUPS[view]
  const byGroup = groups.indexOf(a.status) - groups.indexOf(b.status)
  if (byGroup !== 0) return byGroup < 0
  if (a.status === 'snoozed') return isLower(a.snoozedUntil, b.snoozedUntil, a, b)
  if (order === 'oldest') {
    const isOurs = a.status === 'new' || a.status === 'open'
    return isOurs ? isLower(a.waitingSince, b.waitingSince, a, b) : isLower(a.listedAt, b.listedAt, a, b)
  }
  if (a.listedAt !== b.listedAt) return a.listedAt > b.listedAt
  return a.id > b.id
}

const isLower = (a: number | null, b: number | null, one: ListedIssue, other: ListedIssue): boolean =>
  a === b ? one.id < other.id : (a ?? 0) < (b ?? 0)

/** The pages of a list with a changed issue where it stands now, or without it. */
export function withIssue(pages: readonly IssueList[], place: Place, issue: ListedIssue, meId: string): IssueList[] {
  const { view, order } = place
  if (view === 'search') {
    const renew = (found: ListedIssue) =>
      found.id === issue.id ? { ...found, ...issue, hit: found.hit ?? null } : found
    return pages.map((page) => ({ ...page, issues: page.issues.map(renew) }))
  }
  const without = pages.map((page) => ({ ...page, issues: page.issues.filter(({ id }) => id !== issue.id) }))
  if (!belongs(place, issue, meId)) return without
  for (const page of without) {
    const at = page.issues.findIndex((other) => isBefore({ view, order }, issue, other))
    if (at >= 0) {
      page.issues = page.issues.toSpliced(at, 0, issue)
      return without
    }
  }
  // Behind all that is loaded: shown only if there is nothing more to load.
  const last = without.at(-1)
  if (last && last.next === null) last.issues = [...last.issues, issue]
  return without
}

/** A line of the list: the head of a group, or an issue. Keys are stable, so that rows stay while data changes. */
export type Line = `group:${Status}` | `issue:${string}`

/** The lines of a list: a head before each group, if the view has more than one. What was found goes by time. */
export function linesOf(issues: readonly ListedIssue[], view: Place['view']): Line[] {
  const heads = view !== 'search' && VIEW_GROUPS[view].length > 1
  const lines: Line[] = []
  let group: Status | undefined
  for (const { id, status } of issues) {
    if (heads && status !== group) lines.push(`group:${status}`)
    group = status
    lines.push(`issue:${id}`)
  }
  return lines
}

/** The issue to open when this one leaves the list: the next, or the one before at the end. */
export function neighbour(ids: readonly string[], id: string): string | undefined {
  const at = ids.indexOf(id)
  if (at < 0) return ids[0]
  return ids[at + 1] ?? ids[at - 1]
}

/** The issue so many steps away, or none where the list ends. Without a start, the first. */
export function stepFrom(ids: readonly string[], id: string | undefined, by: 1 | -1): string | undefined {
  const at = id === undefined ? -1 : ids.indexOf(id)
  if (at < 0) return by === 1 || ids.length === 0 ? ids[0] : ids.at(-1)
  return ids[at + by]
}

/** Where a list has its address. */
export function hrefOf(place: Place, issueId?: string): string {
  if (place.viewId) return `/views/${place.viewId}${issueId ? `/${issueId}` : ''}`
  const base = place.view === 'team' ? `/team/${place.teamId}` : place.view === 'all' ? '/issues' : `/${place.view}`
  const asked = [
    ...(place.view === 'search' && place.q ? [`q=${encodeURIComponent(place.q)}`] : []),
    ...(place.order === 'oldest' ? ['order=oldest'] : []),
  ]
  const query = asked.length > 0 ? `?${asked.join('&')}` : ''
  return (issueId ? `${base}/${issueId}` : base) + query
}
