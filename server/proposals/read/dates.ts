import { Temporal } from 'temporal-polyfill'
import type { Language } from './language.ts'

/** A day found in a sentence. */
export type FoundDay = {
  from: number
  to: number
  /** YYYY-MM-DD: every day that it may mean, the likelier first. */
  days: string[]
  /** Why it can not be read in one way only. */
  doubts: string[]
}

const MONTHS: Record<string, number> = Object.fromEntries(
  [
    'january jan januar jänner janvier janv enero ene',
    'february feb februar febr février fevrier févr fevr febrero',
    'march mar märz maerz mrz mär mars marzo',
    'april apr avril avr abril abr',
    'may mai mayo',
    'june jun juni juin junio',
    'july jul juli juillet juil julio',
    'august aug août aout agosto ago',
    'september sept sep septembre septiembre setiembre',
    'october oct oktober okt octobre octubre',
    'november nov novembre noviembre',
    'december dec dezember dez décembre decembre déc diciembre dic',
  ].flatMap((names, at) => names.split(' ').map((name) => [name, at + 1] as const)),
)
const MONTH = Object.keys(MONTHS)
  .sort((a, b) => b.length - a.length)
  .join('|')
const WEEKDAYS: Record<string, number> = Object.fromEntries(
  [
    'monday mon montag mo lundi lunes',
    'tuesday tue tues dienstag di mardi martes',
    'wednesday wed mittwoch mi mercredi miércoles miercoles',
    'thursday thu thur thurs donnerstag do jeudi jueves',
    'friday fri freitag fr vendredi viernes',
    'saturday sat samstag sonnabend sa samedi sábado sabado',
    'sunday sun sonntag so dimanche domingo',
  ].flatMap((names, at) => names.split(' ').map((name) => [name, at + 1] as const)),
)
const NOT_BEFORE = '(?<![\\p{L}\\p{N}])(?<!\\d[:.,/-])'
const DAY_FIRST = new RegExp(
  `${NOT_BEFORE}(\\d{1,2})(?:st|nd|rd|th|er|\\.|º|°)?[\\s-]{0,2}(?:of |de )?(${MONTH})(?!\\p{L})\\.?(?:(?:,? {1,2}|-)(?:de |del )?(\\d{4})(?!\\d))?`,
  'giu',
)
const MONTH_FIRST = new RegExp(
  `(?<![\\p{L}\\p{N}])(${MONTH})\\.?[\\s-]{1,2}(\\d{1,2})(?:st|nd|rd|th)?(?![\\p{L}\\p{N}]|[:.]\\d| ?[ap]\\.?m)(?:(?:,? {1,2}|,)(\\d{4})(?![\\d:]))?`,
  'giu',
)
const YEAR_FIRST =
  /(?<![\p{L}\p{N}])(?<!\d[-./])(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?=T\d\d:|(?![\p{L}\p{N}])(?![-./]\d))/gu
const NUMERIC = /(?<![\p{L}\p{N}])(?<!\d[-./,:])(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})(?![\p{L}\p{N}])(?![-./:]\d)/gu
const GERMAN_SHORT = /(?<![\p{L}\p{N}])(?<!\d[-./,:])(\d{1,2})\.(\d{1,2})\.(?!\d)/gu
/** 12/1 for either order; 24/7 is another thing. */
const SLASHED = /(?<![\p{L}\p{N}])(?<!\d[-./,:])(?!24\/7)(\d{1,2})\/(\d{1,2})(?![\p{L}\p{N}])(?![-./:]\d)/gu
const NO_YEAR = 'No year is written.'

/**
 * The days that a sentence names in digits, in order. A day without a year is the next one of that name.
 * @param sentence as `plain` gives it
 * @param today YYYY-MM-DD, from where a missing year is counted
 */
export function findDays(sentence: string, language: Language | null, today: string): FoundDay[] {
  const found: FoundDay[] = []
  const add = (match: RegExpMatchArray, days: (string | undefined)[], doubts: string[]) => {
    const [from, valid] = [match.index ?? 0, days.filter((day) => day !== undefined)]
    const to = from + match[0].length
    if (valid.length === 0 || found.some((one) => from < one.to && to > one.from)) return
    const weekday = weekdayBefore(sentence, from)
    const fits = weekday ? valid.filter((day) => Temporal.PlainDate.from(day).dayOfWeek === weekday) : []
    const wrong = weekday && fits.length === 0 ? ['The day of the week that is written is not that of the date.'] : []
    // Of two readings the day of the week decides.
    const decided = fits.length === 1 && valid.length === 2
    found.push({ from, to, days: decided ? fits : valid, doubts: [...(decided ? [] : doubts), ...wrong] })
  }
  const named = (match: RegExpMatchArray, day: string, month: string, year: string | undefined) => {
    const monthNumber = MONTHS[month.toLowerCase()] ?? 0
    if (year) add(match, [date(Number(year), monthNumber, Number(day))], [])
    else add(match, [nextOf(monthNumber, Number(day), today)], [NO_YEAR])
  }
  for (const match of sentence.matchAll(YEAR_FIRST))
    add(match, [date(Number(match[1]), Number(match[3]), Number(match[4]))], [])
  for (const match of sentence.matchAll(DAY_FIRST)) named(match, match[1]!, match[2]!, match[3])
  for (const match of sentence.matchAll(MONTH_FIRST)) named(match, match[2]!, match[1]!, match[3])
  for (const match of sentence.matchAll(NUMERIC)) addNumeric(match, language, add)
  if (language === 'de')
    for (const match of sentence.matchAll(GERMAN_SHORT))
      add(match, [nextOf(Number(match[2]), Number(match[1]), today)], [NO_YEAR])
  if (language === 'en')
    for (const match of sentence.matchAll(SLASHED)) {
      const days = [
        nextOf(Number(match[1]), Number(match[2]), today),
        nextOf(Number(match[2]), Number(match[1]), today),
      ]
      add(match, [...new Set(days)], [NO_YEAR, 'Day and month may stand in either order.'])
    }
  return found.sort((a, b) => a.from - b.from)
}

function addNumeric(
  match: RegExpMatchArray,
  language: Language | null,
  add: (match: RegExpMatchArray, days: (string | undefined)[], doubts: string[]) => void,
): void {
  const [first, second, short] = [Number(match[1]), Number(match[3]), match[4]!.length === 2]
  const year = Number(match[4]) + (short ? 2000 : 0)
  const dayFirst = date(year, second, first)
  const monthFirst = date(year, first, second)
  const dotted = match[2] === '.'
  const doubts = short && !dotted ? ['The year is written with two digits.'] : []
  if (dotted || language === 'de' || language === 'fr' || language === 'es') {
    // "12/15/2026" can only be the American order, whatever the language.
    if (dayFirst) add(match, [dayFirst], doubts)
    else add(match, [monthFirst], [...doubts, 'Day and month stand in another order than is usual in this language.'])
  } else if (!dayFirst || !monthFirst || dayFirst === monthFirst) add(match, [monthFirst ?? dayFirst], doubts)
  else add(match, [monthFirst, dayFirst], [...doubts, `${match[0]} may mean ${monthFirst} or ${dayFirst}.`])
}

function weekdayBefore(sentence: string, from: number): number | undefined {
  const before = /(\p{L}{2,10})[.,]? {1,2}(?:the |den |dem |le |el |día )?$/iu.exec(
    sentence.slice(Math.max(0, from - 20), from),
  )
  const word = before?.[1]
  // "So" and "Do" are other words where they are not written as names of days.
  if (!word || (word.length <= 3 && !/^\p{Lu}/u.test(word))) return undefined
  return WEEKDAYS[word.toLowerCase()]
}

function date(year: number, month: number, day: number): string | undefined {
  if (year < 1990 || year > 2100) return undefined
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString()
  } catch {
    return undefined
  }
}

function nextOf(month: number, day: number, today: string): string | undefined {
  const year = Number(today.slice(0, 4))
  const years = [year, year + 1].map((one) => date(one, month, day))
  return years.find((one) => one !== undefined && one >= today)
}
