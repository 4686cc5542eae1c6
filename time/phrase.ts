import { DAY_MS, dayNumber, isZone, MINUTE_MS, timeAt, type WallTime, wallTime, weekdayOf } from './zone.ts'

/** What a time in words means: a moment in ms, until they write, or both; or a sentence about what is wrong. */
export type Understood = { at: number | null; onReply: boolean } | { problem: string }

/** Where and when it is said. `morning`: when a day begins, in minutes after midnight. */
export type Saying = { now: number; zone: string; morning?: number }

const MORNING = 9 * 60
const MAX_YEARS = 5
const HINT = 'Try tomorrow 9, monday, in 2 weeks, 27 Nov or until they reply.'

/** What is read so far. A span of hours or minutes counts from now, everything else is a day with a time. */
type Found = { day?: number; minutes?: number; span?: number; onReply?: boolean; passed?: boolean }
type Today = { year: number; month: number; day: number; number: number; minutes: number; weekday: number }
type Reading = (match: RegExpExecArray, today: Today) => Found | { problem: string }

/** Words that add nothing. */
const FILLER =
  /^(?:until|till|til|bis|on|at|by|to|for|the|a[mn]|um|gegen|ab|der|den|dem|die|das|vom|zum|oder|or|and|und|of|after|nach|wieder|again|remind me|erinnere mich|[,;.])(?=\s|$|[,;])\s*/
const NUMBERS = [
  ['a', 'an', 'one', 'ein', 'eine', 'einem', 'einer', 'einen', 'eins'],
  ['two', 'zwei', 'a couple of', 'ein paar'],
  ['three', 'drei'],
  ['four', 'vier'],
  ['five', 'fünf', 'fuenf'],
  ['six', 'sechs'],
  ['seven', 'sieben'],
  ['eight', 'acht'],
  ['nine', 'neun'],
  ['ten', 'zehn'],
  ['eleven', 'elf'],
  ['twelve', 'zwölf', 'zwoelf'],
]
const NUMBER = `(\\d{1,4}|(?:${NUMBERS.flat()
  .sort((a, b) => b.length - a.length)
  .join('|')})(?=\\s))`
const WEEKDAYS = [
  'mon|monday|mo|montag',
  'tue|tues|tuesday|di|dienstag',
  'wed|wednesday|mi|mittwoch',
  'thu|thur|thurs|thursday|do|donnerstag',
  'fri|friday|fr|freitag',
  'sat|saturday|sa|samstag|sonnabend',
  'sun|sunday|so|sonntag',
]
const MONTHS = [
  'january|january|jan|januar|jänner',
  'february|feb|februar|feber',
  'march|mar|märz|maerz|mär|mrz',
  'april|apr',
  'may|mai',
  'june|jun|juni',
  'july|jul|juli',
  'august|aug',
  'september|sept|sep',
  'october|oct|oktober|okt',
  'november|nov',
  'december|dec|dezember|dez',
]
const MONTH = `(${MONTHS.join('|')})`
const NEXT = '(?:next|this|coming|kommende[nrsm]?|nächste[nrsm]?|naechste[nrsm]?|diese[nrsm]?)'
/** A word ends here. */
const END = '(?=[\\s,;]|$)'

/** Times of the day that have names. */
const NAMED: [string, number][] = [
  ['noon|midday|mittags?', 12 * 60],
  ['afternoon|nachmittags?', 14 * 60],
  ['evening|abends?', 18 * 60],
  ['midnight|mitternacht', 24 * 60],
]

/** Every way to say it, the longer ones before those that begin them. */
const PHRASES: [RegExp, Reading][] = [
  [
    pattern(
      '(?:(?:if|when|wenn|falls|sobald|until|till|bis|on|bei)\\s+)?(?:(?:they|he|she|somebody|someone|sie|er|jemand|the|a|der|die|zur|einer?)\\s+)?(?:reply|replies|repl(?:y|ies)\\s+to\\s+us|answers?|writes?|responds?|response|antwort(?:en|et)?|schreib(?:en|t)|sich\\s+meldet|sich\\s+melden)',
    ),
    () => ({ onReply: true }),
  ],
  [pattern('(?:now|jetzt|sofort)'), () => ({ problem: 'That is now. Say a time that is still to come.' })],
  [pattern('(?:yesterday|gestern|vorgestern)'), () => ({ problem: 'That is over. Say a time that is still to come.' })],
  [pattern('(?:the\\s+)?day after tomorrow|übermorgen|uebermorgen'), (_, { number }) => ({ day: number + 2 })],
  [pattern('(?:today|heute|this|heut)'), (_, { number }) => ({ day: number })],
  [pattern('(?:tomorrow|tmrw?|tmw|tom)'), (_, { number }) => ({ day: number + 1 })],
  [pattern('(?:tonight|heute\\s*abend)'), (_, { number }) => ({ day: number, minutes: 18 * 60 })],
  [pattern('(?:later|später|spaeter)'), () => ({ span: 3 * 60 })],
  [pattern('(?:half an hour|(?:einer\\s+)?halben? stunde)', 'in'), () => ({ span: 30 })],
  [pattern(`${NUMBER}\\s*(?:minutes?|mins?|minuten?)`, 'in'), ([, n]) => ({ span: numberOf(n!) })],
  [pattern(`${NUMBER}\\s*(?:hours?|hrs?|h|stunden?|std)`, 'in'), ([, n]) => ({ span: numberOf(n!) * 60 })],
  [
    pattern(`${NUMBER}\\s*(?:working\\s*days?|work\\s*days?|business\\s*days?|werktage?n?|arbeitstage?n?|wd|bd)`, 'in'),
    ([, n], { number }) => ({ day: workingDaysOn(number, numberOf(n!)) }),
  ],
  [pattern(`${NUMBER}\\s*(?:days?|d|tage?n?)`, 'in'), ([, n], { number }) => ({ day: number + numberOf(n!) })],
  [
    pattern(`${NUMBER}\\s*(?:weeks?|wks?|w|wochen?)`, 'in'),
    ([, n], { number }) => ({ day: number + 7 * numberOf(n!) }),
  ],
  [
    pattern(`${NUMBER}\\s*(?:months?|mos?|m|monate?n?)`, 'in'),
    ([, n], today) => ({ day: monthsOn(today, numberOf(n!)) }),
  ],
  [
    pattern(`${NUMBER}\\s*(?:years?|y|jahre?n?)`, 'in'),
    ([, n], today) => ({ day: monthsOn(today, 12 * numberOf(n!)) }),
  ],
  [
    pattern(`(?:${NEXT}\\s+)?(?:weekend|wochenende)`),
    (_, { number, weekday }) => ({ day: number + ((5 - weekday + 7) % 7 || 7) }),
  ],
  [
    pattern('(?:(?:the\\s+)?end of (?:the\\s+|this\\s+)?week|eow|(?:zum\\s+)?ende der woche|wochenschluss)'),
    (_, { number, weekday }) => ({ day: number + ((4 - weekday + 7) % 7) }),
  ],
  [
    pattern('(?:(?:the\\s+)?end of (?:the\\s+|this\\s+)?month|eom|(?:zum\\s+)?ende des monats|monatsende)'),
    (_, { year, month }) => ({ day: dayNumber(year, month + 1, 0) }),
  ],
  [
    pattern('(?:next week|(?:nächste|naechste|kommende)[rn]?\\s+woche)'),
    (_, { number, weekday }) => ({ day: number + 7 - weekday }),
  ],
  [
    pattern('(?:next month|(?:nächste|naechste|kommende)[nr]?\\s+monat)'),
    (_, { year, month }) => ({ day: dayNumber(year, month + 1, 1) }),
  ],
  [
    pattern('(?:next year|(?:nächste|naechste|kommende)[sn]?\\s+jahr)'),
    (_, { year }) => ({ day: dayNumber(year + 1, 1, 1) }),
  ],
  ...WEEKDAYS.map((names, weekday): [RegExp, Reading] => [
    pattern(`(?:${NEXT}\\s+)?(?:${names})\\.?`),
    (_, today) => ({ day: today.number + ((weekday - today.weekday + 7) % 7), passed: weekday === today.weekday }),
  ]),
  [pattern('(\\d{4})-(\\d{1,2})-(\\d{1,2})'), ([, y, m, d], today) => dated(today, Number(d), Number(m), y)],
  [
    pattern('(\\d{1,2})\\.\\s?(\\d{1,2})\\.(?:\\s?(\\d{4}|\\d{2}))?'),
    ([, d, m, y], today) => dated(today, Number(d), Number(m), y),
  ],
  [
    pattern(`(\\d{1,2})(?:st|nd|rd|th|\\.)?\\s*(?:of\\s+)?${MONTH}\\.?(?:,?\\s*(\\d{4}))?`),
    ([, d, m, y], today) => dated(today, Number(d), monthOf(m!), y),
  ],
  [
    pattern(`${MONTH}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th|\\.)?(?:,?\\s*(\\d{4}))?`),
    ([, m, d, y], today) => dated(today, Number(d), monthOf(m!), y),
  ],
  [
    pattern('\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?'),
    ([text]) => ({ problem: `${text} could be two days. Write 27 Nov or 2026-11-27.` }),
  ],
  [pattern('(\\d{1,2})(?:st|nd|rd|th)'), ([, d], today) => dayOfMonth(today, Number(d))],
  [
    pattern('(\\d{1,2})(?:[:.h](\\d{2}))?\\s*(am|pm|a\\.m\\.|p\\.m\\.)'),
    ([, h, m, half]) => clock((Number(h) % 12) + (half!.startsWith('p') ? 12 : 0), Number(m ?? 0), Number(h) <= 12),
  ],
  [pattern('(\\d{1,2})[:.](\\d{2})(?:\\s*uhr|h)?'), ([, h, m]) => clock(Number(h), Number(m))],
  [pattern('(\\d{1,2})\\s*uhr(?:\\s*(\\d{2}))?'), ([, h, m]) => clock(Number(h), Number(m ?? 0))],
  [pattern('(\\d{1,2})\\.'), ([, d], today) => dayOfMonth(today, Number(d))],
  [
    // Nobody means three at night.
    pattern('(\\d{1,2})'),
    ([, h]) => clock(Number(h) >= 1 && Number(h) <= 6 ? Number(h) + 12 : Number(h), 0),
  ],
  ...NAMED.map(([names, minutes]): [RegExp, Reading] => [
    pattern(`(?:in\\s+the\\s+)?(?:${names})`),
    () => ({ minutes }),
  ]),
]

/** "morgen" is tomorrow, unless a day stands before it: "Montag morgen", "morgen früh". */
const MORGEN = pattern('morgen')
const EARLY = pattern('(?:in\\s+the\\s+)?(?:morning|morgens|früh|frueh|vormittags?)')

/**
 * Understands until when something is put off, said in English or German: "tomorrow 9", "in 3 Tagen", "nächsten Montag",
 * "27 Nov 14:30", "in 2 weeks or until they reply". A day without a time is its morning; a time without a day is the next.
 */
export function readPhrase(text: string, { now, zone, morning = MORNING }: Saying): Understood {
  if (!isZone(zone)) return { problem: 'There is no such time zone.' }
  const wall = wallTime(now, zone)
  const number = dayNumber(wall.year, wall.month, wall.day)
  const today: Today = { ...wall, number, weekday: weekdayOf(number) }
  let rest = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
  if (rest === '') return { problem: `Say until when. ${HINT}` }
  const said: Found = {}
  while (rest !== '') {
    const next = readNext(rest, said, today, morning)
    if (next) {
      if ('problem' in next.found) return { problem: next.found.problem }
      const twice = clash(said, next.found)
      if (twice) return { problem: twice }
      Object.assign(said, next.found)
      rest = rest.slice(next.length).replace(/^[\s,;]+/, '')
      continue
    }
    const filler = FILLER.exec(rest)
    if (!filler) return { problem: `"${rest.split(' ')[0]}" is not understood here. ${HINT}` }
    rest = rest.slice(filler[0].length).trimStart()
  }
  return meant(said, today, { now, zone, morning })
}

function readNext(rest: string, said: Found, today: Today, morning: number) {
  const early = EARLY.exec(rest)
  if (early) return { found: { minutes: morning }, length: early[0].length }
  const morgen = MORGEN.exec(rest)
  if (morgen) {
    const found: Found = said.day === undefined ? { day: today.number + 1 } : { minutes: morning }
    return { found, length: morgen[0].length }
  }
  let longest: { found: ReturnType<Reading>; length: number } | null = null
  for (const [phrase, read] of PHRASES) {
    const match = phrase.exec(rest)
    if (match && match[0].length > (longest?.length ?? 0))
      longest = { found: read(match, today), length: match[0].length }
  }
  return longest
}

function clash(said: Found, next: Found): string | null {
  if (next.day !== undefined && said.day !== undefined) return 'There are two days in this. Say one.'
  if (next.minutes !== undefined && said.minutes !== undefined) return 'There are two times in this. Say one.'
  const isMixed = (a: Found, b: Found) => a.span !== undefined && (b.day ?? b.minutes ?? b.span) !== undefined
  return isMixed(said, next) || isMixed(next, said) ? 'A span and a day do not go together. Say one.' : null
}

function meant(said: Found, today: Today, { now, zone, morning }: Required<Saying>): Understood {
  const onReply = said.onReply ?? false
  if (said.span !== undefined) return within(now + said.span * MINUTE_MS, now, onReply)
  if (said.day === undefined && said.minutes === undefined)
    return onReply ? { at: null, onReply } : { problem: `Say until when. ${HINT}` }
  const minutes = said.minutes ?? morning
  let day = said.day ?? today.number
  // A time alone is the next one; the weekday that is today means the next one unless the time is still ahead.
  const isAhead = said.minutes !== undefined && momentOf(day, minutes, zone) > now
  if (said.day === undefined && !isAhead) day += 1
  if (said.passed && !isAhead) day += 7
  return within(momentOf(day, minutes, zone), now, onReply)
}

function within(at: number, now: number, onReply: boolean): Understood {
  if (!(at > now)) return { problem: 'That is over already. Say a time that is still to come.' }
  if (at > now + MAX_YEARS * 365 * DAY_MS) return { problem: `That is more than ${MAX_YEARS} years away.` }
  return { at, onReply }
}

function momentOf(day: number, minutes: number, zone: string): number {
  return timeAt({ ...dateOf(day), minutes }, zone)
}

function dateOf(day: number): Omit<WallTime, 'minutes'> {
  const date = new Date(day * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** A pattern of words from the beginning to where a word ends, with `in` before it or not. */
function pattern(source: string, before?: 'in'): RegExp {
  return new RegExp(`^(?:${before ? `(?:${before}\\s+)?` : ''}(?:${source}))${END}`, 'u')
}

function numberOf(text: string): number {
  const word = NUMBERS.findIndex((names) => names.includes(text))
  return word >= 0 ? word + 1 : Number(text)
}

const monthOf = (text: string): number => MONTHS.findIndex((names) => names.split('|').includes(text)) + 1

function clock(hours: number, minutes: number, isHour = true): Found | { problem: string } {
  if (isHour && hours <= 24 && minutes < 60 && hours * 60 + minutes <= 24 * 60) return { minutes: hours * 60 + minutes }
  return { problem: `${hours}:${String(minutes).padStart(2, '0')} is no time of the day.` }
}

/** A date with or without its year: without, the next such day. */
function dated(today: Today, day: number, month: number, year: string | undefined): Found | { problem: string } {
  const full = year === undefined ? undefined : Number(year.length === 2 ? `20${year}` : year)
  const first = full ?? today.year
  // 29 February may be years away.
  for (let candidate = first; candidate <= (full ?? first + 8); candidate++) {
    const number = dayNumber(candidate, month, day)
    const { month: m, day: d } = dateOf(number)
    if (m === month && d === day && (full !== undefined || number >= today.number)) return { day: number }
  }
  return { problem: 'There is no such day in the calendar.' }
}

function dayOfMonth(today: Today, day: number): Found | { problem: string } {
  for (let ahead = 0; ahead <= 12; ahead++) {
    const number = dayNumber(today.year, today.month + ahead, day)
    if (dateOf(number).day === day && number > today.number) return { day: number }
  }
  return { problem: 'There is no such day in the calendar.' }
}

/** So many months on; the last of the month where it is shorter. */
function monthsOn({ year, month, day }: Today, n: number): number {
  const last = dateOf(dayNumber(year, month + n + 1, 0)).day
  return dayNumber(year, month + n, Math.min(day, last))
}

function workingDaysOn(from: number, n: number): number {
  let day = from
  for (let left = Math.min(n, 1_500); left > 0; ) if (weekdayOf(++day) < 5) left--
  return day
}
