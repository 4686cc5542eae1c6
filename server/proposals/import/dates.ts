import { isDay } from './day.ts'

/** The order of day and month where both are numbers. */
export type DateOrder = 'dmy' | 'mdy'

/** A date as a file says it: a day, with a clock time or without, and its distance to UTC where it names that. */
export type ReadDate = {
  /** YYYY-MM-DD. */
  day: string
  /** HH:MM:SS.mmm; null: none named. */
  time: string | null
  /** Z or ±HH:MM; null: none named. */
  offset: string | null
}

const MONTHS = [
  ['jan', 'january', 'januar', 'janvier', 'enero', 'ene', 'janv'],
  ['feb', 'february', 'februar', 'fevrier', 'febrero', 'fevr', 'fev'],
  ['mar', 'march', 'marz', 'maerz', 'mars', 'marzo', 'mrz'],
  ['apr', 'april', 'avril', 'abril', 'avr', 'abr'],
  ['may', 'mai', 'mayo'],
  ['jun', 'june', 'juni', 'juin', 'junio'],
  ['jul', 'july', 'juli', 'juillet', 'julio', 'juil'],
  ['aug', 'august', 'aout', 'agosto', 'ago'],
  ['sep', 'sept', 'september', 'septembre', 'septiembre'],
  ['oct', 'october', 'oktober', 'octobre', 'octubre', 'okt'],
  ['nov', 'november', 'novembre', 'noviembre'],
  ['dec', 'december', 'dezember', 'decembre', 'diciembre', 'dez', 'dic'],
]
const MONTH_OF = new Map(MONTHS.flatMap((words, i) => words.map((word): [string, number] => [word, i + 1])))

const TIME =
  /^(?<date>.*?)(?:[T\s,]+(?<h>\d{1,2}):(?<m>\d\d)(?::(?<s>\d\d)(?:[.,](?<ms>\d{1,9}))?)?\s*(?<half>[ap]\.?m\.?)?\s*(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?$/i
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/
const NUMBERS = /^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4}|\d{2})$/
const DAY_MONTH = /^(\d{1,2})\.?[-/.\s]+(\p{L}+)\.?[-/.,\s]+(\d{4}|\d{2})$/u
const MONTH_DAY = /^(\p{L}+)\.?[-/.\s]+(\d{1,2})(?:st|nd|rd|th)?[-/.,\s]+(\d{4}|\d{2})$/u

/**
 * Reads a date.
 * @returns undefined where it is none in that order; `order` where it has to be known and is not
 */
export function readDate(text: string, order: DateOrder | null): ReadDate | 'order' | undefined {
  const found = TIME.exec(text.trim())?.groups
  if (!found?.date) return undefined
  const day = readDay(found.date.trim().replace(/,$/, ''), order)
  if (day === undefined || day === 'order') return day
  if (found.h === undefined) return { day, time: null, offset: null }
  const time = timeOf(found)
  if (!time) return undefined
  const zone = found.zone?.toUpperCase()
  const offset = !zone ? null : zone.startsWith('+') || zone.startsWith('-') ? colon(zone) : 'Z'
  return { day, time, offset }
}

const colon = (zone: string) => `${zone.slice(0, 3)}:${zone.slice(-2)}`

function readDay(text: string, order: DateOrder | null): string | 'order' | undefined {
  const ymd = YEAR_FIRST.exec(text)
  if (ymd) return dayOf(ymd[1], ymd[2], ymd[3])
  const numbers = NUMBERS.exec(text)
  if (numbers) {
    const [, a, b, year] = numbers
    if (order) return order === 'dmy' ? dayOf(year, b, a) : dayOf(year, a, b)
    // Both orders give the same day, or neither gives one.
    const [dmy, mdy] = [dayOf(year, b, a), dayOf(year, a, b)]
    return dmy === mdy ? dmy : 'order'
  }
  const named = DAY_MONTH.exec(text)
  if (named) return dayOf(named[3], monthOf(named[2]), named[1])
  const american = MONTH_DAY.exec(text)
  if (american) return dayOf(american[3], monthOf(american[1]), american[2])
  return undefined
}

const monthOf = (word = ''): string =>
  String(MONTH_OF.get(word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()) ?? 0)

/** Years of two digits are those of 1970 to 2069, as POSIX and spreadsheets nearly have it. */
function dayOf(year = '', month = '', day = ''): string | undefined {
  const whole = year.length === 2 ? (Number(year) < 70 ? `20${year}` : `19${year}`) : year
  const text = `${whole}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(text) ? text : undefined
}

function timeOf({ h = '', m = '', s = '00', ms = '', half }: Record<string, string | undefined>): string | undefined {
  let hour = Number(h)
  if (half) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0)
  }
  if (hour > 23 || Number(m) > 59 || Number(s) > 59) return undefined
  return `${String(hour).padStart(2, '0')}:${m}:${s}.${ms.slice(0, 3).padEnd(3, '0')}`
}

/**
 * The order of day and month that the dates of a file prove: there are some that only one of the two gives, and none
 * that only the other gives.
 * @returns null where it has to be asked; `any` where no date needs it
 */
export function dateOrderOf(texts: Iterable<string>): DateOrder | null | 'any' {
  let [dmy, mdy, both] = [0, 0, 0]
  for (const text of texts) {
    if (readDate(text, null) !== 'order') continue
    const [a, b] = [readDate(text, 'dmy'), readDate(text, 'mdy')]
    if (a && b) both++
    else if (a) dmy++
    else if (b) mdy++
  }
  if (dmy > 0 && mdy > 0) return null
  if (dmy > 0) return 'dmy'
  if (mdy > 0) return 'mdy'
  return both > 0 ? null : 'any'
}
