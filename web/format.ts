import { NO_DATE } from '../db/vocabulary.ts'

// Times are integers everywhere; here they become readable. The language of the page is English, so are its dates.

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** 9:41, on a clock of 24 hours. */
export function clock(at: number): string {
  const date = new Date(at)
  return `${date.getHours()}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** As short as it can be understood: 9:41 today, Thu this week, 12 Nov this year, 12 Nov 2025. */
export function shortTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return clock(at)
  if (days > 0 && days < 7) return weekday.format(at)
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonth.format(at) : dayMonthYear.format(at)
}

/** A day and a time: Today 9:41, Thu 9:41, 12 Nov 9:41. */
export function dayAndTime(at: number, now: number): string {
  const days = daysBetween(at, now)
  if (days === 0) return `Today ${clock(at)}`
  if (days === 1) return `Yesterday ${clock(at)}`
  return `${shortTime(at, now)} ${clock(at)}`
}

/** In full, for whoever asks: Thursday 12 November 2026 at 9:41. */
export function fullTime(at: number): string {
  return `${whole.format(at).replace(',', '')} at ${clock(at)}`
}

/** A day: 12 Nov 2026. */
export function day(at: number): string {
  return dayMonthYear.format(at)
}

/** How long ago: just now, 4 s ago, 2 min ago, 3 h ago, 5 days ago. */
export function ago(at: number, now: number): string {
  const passed = now - at
  if (passed < 1_000) return 'just now'
  return `${span(passed)} ago`
}

/** When something is due: now, in 40 s, in 2 min. */
export function until(at: number, now: number): string {
  return at <= now ? 'now' : `in ${span(at - now)}`
}

function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.floor(ms / 1000))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  return plural(Math.floor(ms / DAY), 'day')
}

/** Midnights between two times, in the zone of who looks. */
function daysBetween(at: number, now: number): number {
  return Math.round((midnight(now) - midnight(at)) / DAY)
}
const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)

/** 1 email, 2 emails, 1,200 emails. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

const grouped = new Intl.NumberFormat('en-GB')
/** 1,200. */
export const count = (n: number): string => grouped.format(n)

const UNITS = ['bytes', 'KB', 'MB', 'GB'] as const

/** 812 bytes, 184 KB, 3.2 MB: of 1,000, as file managers count. */
export function bytes(n: number): string {
  let value = n
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit > 1 && value < 10 ? value.toFixed(1) : String(Math.round(value))
  return `${digits} ${UNITS[unit]}`
}

/** Two letters for a name or an address: DW, P. */
export function initials(name: string): string {
  const words = name.replace(/@.*/, '').match(/[\p{L}\p{N}]+/gu) ?? []
  const [first = '?', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return [first, last]
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}

export const COLOURS = 8

/** The colour of a person or team: the same for the same key, whatever else is on the page. FNV-1a. */
export function colourOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0
  return ((hash ^ (hash >>> 15)) >>> 0) % COLOURS
}

/** One or more names as a sentence has them: Ada, Ben and Cleo. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** A day to come or gone, as one says it: today, tomorrow, Mon 23 Nov, 3 Mar 2027. */
export function dayName(at: number, now: number): string {
  const ahead = -daysBetween(at, now)
  if (ahead === 0) return 'today'
  if (ahead === 1) return 'tomorrow'
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return isThisYear || ahead < 60 ? `${weekday.format(at)} ${dayMonth.format(at)}` : dayMonthYear.format(at)
}

/** Until when something is put off: a time in ms, until they write, or whichever comes first. */
export type Until = { at: number | null; onReply: boolean }

/** "until Mon 23 Nov 9:00", "until they reply", or both. */
export function untilWords({ at, onReply }: Until, now: number): string {
  const reply = 'until they reply'
  if (at === null || at === NO_DATE) return reply
  return `until ${dayName(at, now)} ${clock(at)}${onReply ? ', or they reply' : ''}`
}
