import { timeAt, wallTime } from '../../../time/zone.ts'

const AGO = /^(\d{1,4})([dwmy])$/i
const DATE = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/

/**
 * The beginning of a day, month or year in a time zone, as `2026-11-21`, `2026-11`, `2026`, `today`, `yesterday` or an
 * age such as `7d`, `2w`, `3m`, `1y`.
 * @returns ms since the epoch, or null where it is no such day
 */
export function readDay(text: string, now: number, zone = 'UTC'): number | null {
  const typed = text.trim().toLowerCase()
  const today = wallTime(now, zone)
  if (typed === 'today') return startOf(today.year, today.month, today.day, zone)
  if (typed === 'yesterday') return startOf(today.year, today.month, today.day - 1, zone)
  const ago = AGO.exec(typed)
  if (ago) {
    const n = Number(ago[1])
    if (ago[2] === 'd') return startOf(today.year, today.month, today.day - n, zone)
    if (ago[2] === 'w') return startOf(today.year, today.month, today.day - 7 * n, zone)
    if (ago[2] === 'm') return startOf(today.year, today.month - n, today.day, zone)
    return startOf(today.year - n, today.month, today.day, zone)
  }
  const date = DATE.exec(typed)
  if (!date) return null
  const [year, month, day] = [Number(date[1]), Number(date[2] ?? 1), Number(date[3] ?? 1)]
  // The 31st of February is no day.
  const real = new Date(Date.UTC(year, month - 1, day))
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return null
  return startOf(year, month, day, zone)
}

const startOf = (year: number, month: number, day: number, zone: string): number =>
  timeAt({ year, month, day, minutes: 0 }, zone)
