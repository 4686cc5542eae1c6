import { DAY_MS, dayNumber, MINUTE_MS, timeAt, wallTime, weekdayOf } from './zone.ts'

/** When people work: what waiting is measured by. */
export type WorkingHours = {
  /** IANA, as Europe/Berlin. */
  zone: string
  /** From Monday to Sunday: from and to in minutes after midnight, or none. */
  days: ([from: number, to: number] | null)[]
  /** Days on which nobody works, as YYYY-MM-DD. */
  holidays: string[]
}

/** Monday to Friday, nine to five. */
export const usualHours = (zone: string): WorkingHours => ({
  zone,
  days: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [9 * 60, 17 * 60] : null)),
  holidays: [],
})

/** Looking further back finds nothing that anybody waits for. */
const MAX_DAYS_BACK = 5 * 366
/** Nobody is away for longer without a working day. */
export const MAX_DAYS_OFF = 31

/**
 * The working time between two moments, in ms. It is measured by the clocks on the wall, so that a working day is as long
 * on the day on which they change as on any other.
 */
export function workingMs(hours: WorkingHours, from: number, to: number): number {
  return to <= from ? 0 : Math.round((workedUntil(hours, to) - workedUntil(hours, from)) * MINUTE_MS)
}

/** The minutes of work from Monday, 5 January 1970 to a moment. */
function workedUntil(hours: WorkingHours, time: number): number {
  const { year, month, day, minutes } = wallTime(time, hours.zone)
  const today = dayNumber(year, month, day)
  const lengths = hours.days.map((range) => (range ? range[1] - range[0] : 0))
  const week = lengths.reduce((sum, length) => sum + length, 0)
  const weekday = weekdayOf(today)
  let worked = ((today - weekday - 4) / 7) * week
  for (let i = 0; i < weekday; i++) worked += lengths[i] ?? 0
  let isHoliday = false
  for (const holiday of new Set(hours.holidays)) {
    const off = numberOf(holiday)
    if (off === today) isHoliday = true
    else if (off >= 4 && off < today) worked -= lengths[weekdayOf(off)] ?? 0
  }
  const range = isHoliday ? null : hours.days[weekday]
  return worked + (range ? Math.min(Math.max(minutes, range[0]), range[1]) - range[0] : 0)
}

/**
 * The latest moment since which so much working time (in ms) has gone by; null where it never does, as without any
 * working hours.
 */
export function workingAgo(hours: WorkingHours, now: number, ms: number): number | null {
  const { year, month, day, minutes } = wallTime(now, hours.zone)
  const off = new Set(hours.holidays)
  let left = ms / MINUTE_MS
  for (let back = 0; back <= MAX_DAYS_BACK; back++) {
    const date = new Date(Date.UTC(year, month - 1, day - back))
    const range = off.has(date.toISOString().slice(0, 10)) ? null : hours.days[weekdayOf(date.getTime() / DAY_MS)]
    if (!range) continue
    const end = back === 0 ? Math.min(Math.max(minutes, range[0]), range[1]) : range[1]
    if (end - range[0] >= left) {
      const at = { year, month, day: day - back, minutes: end - left }
      return Math.min(now, timeAt(at, hours.zone))
    }
    left -= end - range[0]
  }
  return null
}

/**
 * The last day before another on which somebody works, as YYYY-MM-DD; where nobody works for a month, the day before.
 * @param day YYYY-MM-DD
 */
export function workingDayBefore({ days, holidays }: Pick<WorkingHours, 'days' | 'holidays'>, day: string): string {
  const off = new Set(holidays)
  const back = (n: number) => new Date(Date.parse(day) - n * DAY_MS)
  for (let n = 1; n <= MAX_DAYS_OFF; n++) {
    const name = back(n).toISOString().slice(0, 10)
    if (days[weekdayOf(back(n).getTime() / DAY_MS)] && !off.has(name)) return name
  }
  return back(1).toISOString().slice(0, 10)
}

/** How long a working day is on average, in ms; 0 without any. */
export function workingDayMs({ days }: WorkingHours): number {
  const lengths = days.flatMap((range) => (range && range[1] > range[0] ? [range[1] - range[0]] : []))
  if (lengths.length === 0) return 0
  return (lengths.reduce((sum, length) => sum + length, 0) / lengths.length) * MINUTE_MS
}

const numberOf = (holiday: string): number => Date.parse(holiday) / DAY_MS
