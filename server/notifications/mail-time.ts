import { timeAt, wallTime } from '../../time/zone.ts'
import type { Chosen } from './settings.ts'

/** Who reads it in the app meanwhile needs no mail; what follows shortly goes into the same mail. */
const AT_ONCE_AFTER_MS = 60_000
const HOUR_MINUTES = 60

/**
 * When a mail about what happens now is to go out, in ms since the epoch: soon, at the next full hour, or at the next
 * daily time, as the clocks of the member's zone have it; and never within quiet hours, but when they end.
 */
export function mailTime(
  { pace, dailyAt, quiet, zone }: Pick<Chosen, 'pace' | 'dailyAt' | 'quiet' | 'zone'>,
  now: number,
) {
  let at = now + AT_ONCE_AFTER_MS
  const wall = wallTime(now, zone)
  if (pace === 'hourly')
    at = timeAt({ ...wall, minutes: (Math.floor(wall.minutes / HOUR_MINUTES) + 1) * HOUR_MINUTES }, zone)
  if (pace === 'daily') {
    at = timeAt({ ...wall, minutes: dailyAt }, zone)
    if (at <= now) at = timeAt({ ...wall, day: wall.day + 1, minutes: dailyAt }, zone)
  }
  return outOfQuiet(at, quiet, zone)
}

/** The end of the quiet hours that a time lies in, or the time itself; in ms since the epoch. */
export function outOfQuiet(at: number, quiet: Chosen['quiet'], zone: string): number {
  if (!quiet) return at
  const { from, to } = quiet
  const wall = wallTime(at, zone)
  const overnight = from > to
  const within = overnight ? wall.minutes >= from || wall.minutes < to : wall.minutes >= from && wall.minutes < to
  if (!within) return at
  const tomorrow = overnight && wall.minutes >= from
  return timeAt({ ...wall, day: wall.day + (tomorrow ? 1 : 0), minutes: to }, zone)
}
