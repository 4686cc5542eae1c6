// Clocks on walls: what time it is somewhere, and which moment a time there is. By the zones that Intl knows (IANA).

export const DAY_MS = 86_400_000
export const MINUTE_MS = 60_000

/** A day in the calendar and the minutes since its midnight, as clocks on walls show them. */
export type WallTime = { year: number; month: number; day: number; minutes: number }

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs a hundred times what using it does. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  formats.set(zone, known)
  return known
}

/** Whether this machine knows a time zone. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at a moment, in ms. */
export function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC') return 0
  const name = formatOf(zone)
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name ?? '') ?? []
  if (!sign) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000
}

/** What the clocks of a zone show at a moment (ms since the epoch). */
export function wallTime(time: number, zone: string): WallTime {
  const local = new Date(time + offsetAt(time, zone))
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    minutes: (local.getTime() - Math.floor(local.getTime() / DAY_MS) * DAY_MS) / MINUTE_MS,
  }
}

/**
 * The moment at which the clocks of a zone show a time, in ms since the epoch. Days and months beyond their end go on in
 * the next. A time that is skipped in spring is as far behind the change as it would be; one that comes twice is the first.
 */
export function timeAt({ year, month, day, minutes }: WallTime, zone: string): number {
  const asUtc = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS
  // The offset may change within a day of the moment: that from before the change counts first.
  const before = asUtc - offsetAt(asUtc - DAY_MS, zone)
  if (offsetAt(before, zone) === offsetAt(asUtc - DAY_MS, zone)) return before
  const after = asUtc - offsetAt(asUtc + DAY_MS, zone)
  return offsetAt(after, zone) === offsetAt(asUtc + DAY_MS, zone) ? after : before
}

/** Days since 1 January 1970, in the calendar. */
export const dayNumber = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY_MS

/** 0 for Monday to 6 for Sunday: 1 January 1970 was a Thursday. */
export const weekdayOf = (dayNumber: number): number => (((dayNumber + 3) % 7) + 7) % 7
