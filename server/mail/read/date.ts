// When something was written: the Date field (RFC 5322 section 3.3), and dates as mail programs put them into a text.

/** A date before mail was, or far ahead, is a mistake of the sender's clock. */
const EARLIEST = Date.UTC(1970, 0, 2)
const LATEST = Date.UTC(2100, 0, 1)

/** The names of months begin so, from January on, in the languages of Europe. */
export const MONTHS = [
  'jan|gen|ene|sty|led|янв|січ|oca|ian|tammi',
  'feb|fév|fev|lut|úno|фев|лют|şub|helmi',
  'mar|mär|mrz|maa|brez|bře|мар|бер|març|már',
  'apr|avr|abr|kwi|dub|апр|кві|nis|ápr|huhti',
  'may|mai|maj|mei|mag|мая|май|тра|máj|kvě|touko',
  'jun|juin|giu|cze|июн|чер|haz|jún|čvn|červn|kesä',
  'jul|juil|lug|lip|июл|лип|tem|júl|čvc|července|heinä',
  'aug|aoû|aou|ago|sie|srp|авг|сер|ağu|elo',
  'sep|set|wrz|zář|сен|вер|eyl|szept|syys',
  'oct|okt|out|ott|paź|říj|окт|жов|eki|loka',
  'nov|lis|ноя|kas|marras',
  'dec|dez|dic|déc|gru|pro|дек|гру|ara|joulu',
].map((names) => new RegExp(`^(?:${names})`, 'iu'))

/** The value of a Date field as ms since the epoch; null when it is missing or means nothing. */
export function dateOf(field: string): number | null {
  const value = field
    .slice(0, 200)
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\b(\d{1,2})\.(\d{2})\.(\d{2})\b/, '$1:$2:$3')
    .replace(/\bUT\b/, 'UTC')
    .trim()
  if (value === '') return null
  const spellings = [value, value.replace(/^\p{L}+\.?,?\s+/u, ''), value.replace(/\s+[A-Z]{3,5}$/, ' +0000')]
  for (const spelling of spellings) {
    const at = within(Date.parse(spelling))
    if (at !== null) return at
  }
  return null
}

/** The zone that a Date field names, in minutes east of UTC. */
export function zoneOf(field: string): number {
  const zone = /([+-])(\d{2}):?(\d{2})(?!\d)/.exec(field.replace(/^.*\d:\d{2}/, ''))
  return zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0
}

/**
 * A date as mail programs write it above a mail they pass on, such as "Montag, 2. März 2026 10:15"; null when it can't
 * be told. @param offset the zone of whoever passed it on, in minutes, which counts where the date names none
 */
export function writtenDate(text: string, offset = 0): number | null {
  const line = text.slice(0, 200)
  if (/(?:[+-]\d{2}:?\d{2}|GMT|UTC|Z)\)?\s*$/.test(line)) {
    const exact = dateOf(line.replace(/\bat\b|\bum\b|,/g, ' '))
    if (exact !== null) return exact
  }
  const clock = /(\d{1,2})[:.h時点시]\s?(\d{2})(?:[:.]\d{2})?\s*([ap])?\.?(?:m\b)?/iu.exec(
    line.replace(/\d{1,2}\.\d{1,2}\.\d{2,4}/, '-'),
  )
  const day = dayIn(line)
  if (day === null) return null
  const hour = clock ? (Number(clock[1]) % (clock[3] ? 12 : 24)) + (clock[3]?.toLowerCase() === 'p' ? 12 : 0) : 0
  const zone = /(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?\s*\)?\s*$/.exec(line.slice(clock?.index ?? 0))
  const east = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) : offset
  return within(day + (hour * 60 + Number(clock?.[2] ?? 0) - east) * 60_000)
}

/** The start of the day that a text names, in UTC. */
function dayIn(line: string): number | null {
  const iso = /((?:19|20)\d{2})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})/.exec(line)
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]))
  const digits = /(?<!\d)(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?((?:19|20)?\d{2})(?!\d)/.exec(line)
  if (digits) {
    const [, first, separator, second, year] = digits
    const [a, b, y] = [Number(first), Number(second), Number(year!.length === 2 ? `20${year}` : year)]
    // 3/2/2026 is month first, as is all that can't be otherwise; with dots and dashes the day is first.
    return (separator === '/' && a <= 12) || b > 12 ? dayOf(y, a - 1, b) : dayOf(y, b - 1, a)
  }
  const year = /(?<!\d)(?:19|20)\d{2}(?!\d)/.exec(line)?.[0]
  const number = /(?<![\d:.])(\d{1,2})(?![\d:])/.exec(line)?.[1]
  if (!year || !number) return null
  for (const [word] of line.matchAll(/\p{L}{3,}/gu)) {
    const month = MONTHS.findIndex((pattern) => pattern.test(word))
    // Names of days begin like months too: "mar." in French, "mar" of March.
    if (month >= 0 && line.indexOf(word) > 0) return dayOf(Number(year), month, Number(number))
  }
  const [first] = line.match(/\p{L}{3,}/u) ?? []
  const month = first ? MONTHS.findIndex((pattern) => pattern.test(first)) : -1
  return month >= 0 ? dayOf(Number(year), month, Number(number)) : null
}

function dayOf(year: number, month: number, day: number): number | null {
  const at = Date.UTC(year, month, day)
  return new Date(at).getUTCMonth() === month ? at : null
}

const within = (at: number): number | null => (at >= EARLIEST && at < LATEST ? at : null)
