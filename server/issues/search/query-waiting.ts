import { type WorkingHours, workingAgo, workingDayMs } from '../../../time/working-hours.ts'
import type { Hours } from '../hours.ts'

/** How long something is ours to move: longer or shorter than so much working time. */
export type Waiting = { kind: 'waiting'; than: 'longer' | 'shorter'; n: number; unit: 'h' | 'd' | 'w' }

const FORM = /^(>=?|<=?)?\s*(\d{1,4})\s*(h|d|w)$/i
const HOUR_MS = 3_600_000
const DAYS_A_WEEK = 5

/** `>2d`, `2d` and `<4h` as a condition; null where it is no such thing. A day and a week are those of work. */
export function readWaiting(text: string): Waiting | null {
  const [, sign = '>', n, unit] = FORM.exec(text.trim()) ?? []
  if (!n || !unit) return null
  // The cast: the form has these letters alone.
  return {
    kind: 'waiting',
    than: sign.startsWith('<') ? 'shorter' : 'longer',
    n: Number(n),
    unit: unit.toLowerCase() as 'h',
  }
}

/** The moments that a wait must have begun before, for each mailbox with hours of its own and for all others. */
export type WaitingSince = { kind: 'waiting'; than: 'longer' | 'shorter'; others: number; of: Record<string, number> }

/** What a wait means now, by the working hours. */
export function resolveWaiting({ than, n, unit }: Waiting, hours: Hours, now: number): WaitingSince {
  const since = (of: WorkingHours) => {
    const days = unit === 'w' ? n * daysAWeek(of) : n
    const ms = unit === 'h' ? n * HOUR_MS : days * workingDayMs(of)
    // Where nobody ever works, nothing waits so long.
    return workingDayMs(of) === 0 ? 0 : (workingAgo(of, now, ms) ?? 0)
  }
  const of = Object.fromEntries(Object.entries(hours.mailboxes).map(([id, own]) => [id, since(own)]))
  return { kind: 'waiting', than, others: since(hours.everybody), of }
}

const daysAWeek = ({ days }: WorkingHours) => days.filter((range) => range !== null).length || DAYS_A_WEEK
