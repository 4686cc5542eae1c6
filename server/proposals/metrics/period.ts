import { startOfDay } from '../deadline.ts'

/** Days, YYYY-MM-DD, from the first to before the last, and the moments at which they begin in the organization's zone. */
export type Period = { start: string; end: string; from: number; to: number }

export function periodOf(start: string, end: string, zone: string): Period {
  return { start, end, from: startOfDay(zone, start), to: startOfDay(zone, end) }
}

export const inDays = (day: string | null, { start, end }: Pick<Period, 'start' | 'end'>): boolean =>
  day !== null && day >= start && day < end

export const inTime = (at: number | null, { from, to }: Pick<Period, 'from' | 'to'>): boolean =>
  at !== null && at >= from && at < to

/** The day that is so many months after another, on the first of its month. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The months that a period touches, as YYYY-MM. */
export function monthsOf({ start, end }: Pick<Period, 'start' | 'end'>): string[] {
  const months: string[] = []
  for (let day = monthsLater(start, 0); day < end; day = monthsLater(day, 1)) months.push(day.slice(0, 7))
  return months
}

/** The quarters, or months, that a period touches, each whole. */
export function partsOf({ start, end }: Pick<Period, 'start' | 'end'>, months: 1 | 3, zone: string): Period[] {
  const parts: Period[] = []
  const first = Number(start.slice(5, 7)) - 1
  for (let day = monthsLater(start, -(first % months)); day < end; day = monthsLater(day, months))
    parts.push(periodOf(day, monthsLater(day, months), zone))
  return parts
}
