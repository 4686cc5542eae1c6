import type { Language } from './people.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * When a mail was written, as the conversations say it: "12 09:30" is half past nine, in the writer's zone, twelve
 * working days before today; "45m" is 45 minutes ago.
 */
export function instantOf(when: string, now: number, zone: string): number {
  const minutes = /^(\d+)m$/.exec(when)
  if (minutes) return now - Number(minutes[1]) * MINUTE
  const [, days, hour, minute] = /^(\d+) (\d\d):(\d\d)$/.exec(when) ?? []
  if (!days) throw new Error(`"${when}" is neither like "12 09:30" nor like "45m".`)
  const date = workingDay(now, -Number(days))
  return atLocalTime(date + (Number(hour) * 60 + Number(minute)) * MINUTE, zone)
}

/** Midnight UTC of the day `days` working days after (or, negative, before) the day of `now`. */
export function workingDay(now: number, days: number): number {
  const weekend = (at: number) => [0, 6].includes(new Date(at).getUTCDay())
  let date = Math.floor(now / DAY) * DAY
  for (let left = Math.abs(days); left > 0; ) {
    date += Math.sign(days) * DAY
    if (!weekend(date)) left--
  }
  while (days === 0 && weekend(date)) date -= DAY
  return date
}

/** How far `zone` is ahead of UTC at that instant, in minutes. */
function offsetMinutes(at: number, zone: string): number {
  const name = dateFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).format(at)
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0
}

function atLocalTime(local: number, zone: string) {
  return local - offsetMinutes(local - offsetMinutes(local, zone) * MINUTE, zone) * MINUTE
}

/** A Date header: "Thu, 05 Nov 2026 09:41:07 -0800" (RFC 5322 section 3.3). */
export function dateHeader(at: number, zone: string): string {
  const offset = offsetMinutes(at, zone)
  const local = new Date(at + offset * MINUTE).toUTCString().replace(' GMT', '')
  const two = (number: number) => String(number).padStart(2, '0')
  const away = Math.abs(offset)
  return `${local} ${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}${two(away % 60)}`
}

export const LOCALES: Record<Language, string> = {
  en: 'en-US',
  de: 'de-DE',
  fr: 'fr-FR',
  es: 'es-ES',
  nl: 'nl-NL',
  pt: 'pt-PT',
  ja: 'ja-JP',
}

/**
 * Writes the dates that a text names: {+6} is the day six working days from today ("Friday, November 27"), {+6y} the
 * same with its year, {+6s} the short form ("Nov 27"), {+6w} only the weekday, {-3} three working days ago.
 */
export function fillDates(text: string, now: number, language: Language): string {
  return text.replace(/\{([+-]\d+)([ysw]?)\}/g, (_, days: string, form: string) => {
    const format = dateFormat(LOCALES[language], { timeZone: 'UTC', ...FORMS[form === '' ? 'd' : form] })
    return format.format(workingDay(now, Number(days)))
  })
}

const FORMS: Record<string, Intl.DateTimeFormatOptions> = {
  d: { weekday: 'long', day: 'numeric', month: 'long' },
  y: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  s: { day: 'numeric', month: 'short' },
  w: { weekday: 'long' },
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Intl's formatters are slow to make and the sample needs the same few a thousand times. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formats.set(key, format)
  return format
}
