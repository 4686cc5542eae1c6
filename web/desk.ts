import { createSignal } from 'solid-js'
import type { WorkingHours } from '../time/working-hours.ts'
import { workingDayMs, workingMs } from '../time/working-hours.ts'
import type { Hours, ListedIssue, SavedView, Tag } from './api.ts'
import { plural } from './format.ts'

// What every row needs to know and is read once, by the shell: tags, working hours and saved views.

const [tags, setTags] = createSignal<readonly Tag[]>([])
const [hours, setHours] = createSignal<Hours>()
const [views, setViews] = createSignal<readonly SavedView[]>([])

export { setHours, setTags, setViews, tags, views }

/** The tags of an issue, by name; those that are gone are left out. */
export function tagsOf({ tagIds }: Pick<ListedIssue, 'tagIds'>): Tag[] {
  return tagIds.length === 0 ? [] : tags().filter(({ id }) => tagIds.includes(id))
}

export type Wait = { words: string; tone: '' | 'warn' | 'bad' }

/** From how many working days on somebody should look, and hurry. */
const WARN_DAYS = 2
const BAD_DAYS = 5
const HOUR_MS = 3_600_000

/** How long an issue is ours to move, in working time: "2 days", "3 h". None while it is not ours. */
export function waitOf(issue: Pick<ListedIssue, 'waitingSince' | 'mailboxId'>, now: number): Wait | null {
  const known = hours()
  if (issue.waitingSince === null || !known) return null
  return waitWords(issue.waitingSince, now, known.mailboxes[issue.mailboxId] ?? known.everybody)
}

/** The same from when it began, by these hours. */
export function waitWords(since: number, now: number, by: WorkingHours): Wait {
  const ms = workingMs(by, since, now)
  const dayMs = workingDayMs(by)
  const days = dayMs === 0 ? 0 : Math.floor(ms / dayMs)
  if (days >= 1) return { words: plural(days, 'day'), tone: days >= BAD_DAYS ? 'bad' : days >= WARN_DAYS ? 'warn' : '' }
  return { words: ms >= HOUR_MS ? `${Math.floor(ms / HOUR_MS)} h` : 'under 1 h', tone: '' }
}
