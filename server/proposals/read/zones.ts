import { Temporal } from 'temporal-polyfill'
import { CITY, zoneOfCity } from './cities.ts'
import type { Language } from './language.ts'
import { anyOf, exactly } from './pattern.ts'

/** A time zone that a sentence names. */
export type FoundZone = {
  from: number
  to: number
  /** As the sentence writes it. */
  written: string
  /** IANA zone. */
  zone: string
  /** Minutes before or after UTC that the name stands for, where it is the name of one: EST is -300 all year. */
  offset?: number
  /** The name means other zones too, or another place. */
  doubts: string[]
}

const CENTRAL_EUROPE: Record<Language, string> = {
  en: 'Europe/Brussels',
  de: 'Europe/Berlin',
  fr: 'Europe/Paris',
  es: 'Europe/Madrid',
}
/** Short names: zone, minutes from UTC (none: both halves of the year), and what else the letters mean. */
const SHORT: Record<string, [zone: string, offset?: number, otherwise?: string]> = {
  UTC: ['UTC', 0],
  GMT: ['UTC', 0],
  ET: ['America/New_York'],
  EST: ['America/New_York', -300],
  EDT: ['America/New_York', -240],
  CT: ['America/Chicago'],
  CST: ['America/Chicago', -360, 'China or Cuba'],
  CDT: ['America/Chicago', -300],
  MT: ['America/Denver'],
  MST: ['America/Denver', -420],
  MDT: ['America/Denver', -360],
  PT: ['America/Los_Angeles'],
  PST: ['America/Los_Angeles', -480],
  PDT: ['America/Los_Angeles', -420],
  AKST: ['America/Anchorage', -540],
  AKDT: ['America/Anchorage', -480],
  HST: ['Pacific/Honolulu', -600],
  AST: ['America/Halifax', -240, 'Arabia'],
  ADT: ['America/Halifax', -180],
  BST: ['Europe/London', 60, 'Bangladesh'],
  IST: ['Asia/Kolkata', 330, 'Ireland or Israel'],
  WET: ['Europe/Lisbon', 0],
  WEST: ['Europe/Lisbon', 60],
  EET: ['Europe/Helsinki', 120],
  EEST: ['Europe/Helsinki', 180],
  JST: ['Asia/Tokyo', 540],
  SGT: ['Asia/Singapore', 480],
  AEST: ['Australia/Sydney', 600],
  AEDT: ['Australia/Sydney', 660],
  AWST: ['Australia/Perth', 480],
  NZST: ['Pacific/Auckland', 720],
  NZDT: ['Pacific/Auckland', 780],
  SAST: ['Africa/Johannesburg', 120],
}
/** Names of Central European time; the zone follows the language of the mail. */
const CENTRAL: Record<string, number | undefined> = { CET: 60, CEST: 120, MEZ: 60, MESZ: 120, HNEC: 60, HAEC: 120 }
const SHORT_NAMES = exactly([...Object.keys(SHORT), ...Object.keys(CENTRAL)].join('|'))
const OFFSET = /(?<![\p{L}\p{N}])(?:UTC|GMT) ?([+-]) ?(\d{1,2})(?::?(\d{2}))?(?![\p{L}\p{N}])/gu
const ISO_UTC = /(?<=T\d\d:\d\d(?::\d\d)?)Z(?![\p{L}\p{N}])/gu

const AMERICAN: Record<string, string> = {
  pacific: 'America/Los_Angeles',
  mountain: 'America/Denver',
  central: 'America/Chicago',
  eastern: 'America/New_York',
  atlantic: 'America/Halifax',
  alaska: 'America/Anchorage',
  hawaii: 'Pacific/Honolulu',
  arizona: 'America/Phoenix',
}
const AMERICAN_NAMES = Object.keys(AMERICAN).join('|')
const STANDARD: Record<string, number> = { pacific: -480, mountain: -420, central: -360, eastern: -300 }
const NAMED_TIME = anyOf(`(${AMERICAN_NAMES}) (?:(standard|daylight|prevailing|local) )?(?:savings? )?time`)
/** "2:00 PM Pacific", "14:00 (Mountain)": without "time" only right behind an hour. */
const BEHIND_TIME =
  /(?<=\d ?(?:[ap]\.?m\.?|hours|hrs)?,? ?\(?|noon,? \(?)(?:U\.?S\.? )?(Pacific|Mountain|Central|Eastern)(?![\p{L}\p{N}]| European)/giu

/** Longer names, each with its zone; `null`: that of the language. */
const NAMES: [pattern: RegExp, zone: string | null, offset?: number][] = [
  [anyOf('central european summer time|mitteleuropäischer? sommerzeit'), null, 120],
  [
    anyOf("central european (?:standard )?time|mitteleuropäischer? zeit|heure d'europe centrale|hora central europea"),
    null,
  ],
  [anyOf('deutscher? zeit|german time'), 'Europe/Berlin'],
  [anyOf('heure française|french time'), 'Europe/Paris'],
  [anyOf('schweizer zeit|heure suisse|swiss time'), 'Europe/Zurich'],
  [anyOf('österreichischer? zeit'), 'Europe/Vienna'],
  [anyOf('heure belge'), 'Europe/Brussels'],
  [
    anyOf('(?:hora )?peninsular(?: española)?|hora (?:oficial )?(?:peninsular )?(?:de españa|española)'),
    'Europe/Madrid',
  ],
  [anyOf('hora (?:insular )?canaria|hora (?:de )?canarias'), 'Atlantic/Canary'],
  [anyOf('uk (?:local )?time|british time|hora británica'), 'Europe/London'],
  [anyOf("heure de l'est"), 'America/Toronto'],
  [anyOf('hora del este'), 'America/New_York'],
  [anyOf('hora (?:legal )?(?:de )?colombia(?:na)?'), 'America/Bogota'],
  [anyOf('hora (?:de(?:l)? )?per(?:ú|uana)'), 'America/Lima'],
  [anyOf('hora (?:de )?argentina'), 'America/Argentina/Buenos_Aires'],
]
const OF_CITY = new RegExp(
  `(?<!\\p{L})(?:(?:heure|hora)(?: locale?| oficial| legal)? (?:de |d'|à |en )|ortszeit (?:in )?|zeit in )(${CITY})(?!\\p{L})`,
  'giu',
)
const CITY_TIME = new RegExp(`(?<!\\p{L})(${CITY})(?:er|n)?,? (?:local |orts)?(?:time|zeit)(?!\\p{L})`, 'giu')
const IANA =
  /(?<![\p{L}\p{N}/])(?:America|Europe|Asia|Africa|Australia|Pacific|Atlantic)\/[A-Z][A-Za-z_]{2,20}(?:\/[A-Z][A-Za-z_]{2,20})?(?![\p{L}\p{N}/])/gu
const KNOWN = new Set(Intl.supportedValuesOf('timeZone'))

/** The time zones that a sentence names, in order. */
export function findZones(sentence: string, language: Language | null): FoundZone[] {
  const found: FoundZone[] = []
  const add = (match: RegExpMatchArray, zone: string, offset?: number, doubts: string[] = []) => {
    const [from, written] = [match.index ?? 0, match[0]]
    const to = from + written.length
    if (found.some((one) => from < one.to && to > one.from)) return
    found.push({ from, to, written, zone, doubts, ...(offset === undefined ? {} : { offset }) })
  }
  const central = CENTRAL_EUROPE[language ?? 'en']
  for (const match of sentence.matchAll(IANA)) if (KNOWN.has(match[0])) add(match, match[0])
  for (const match of sentence.matchAll(OFFSET)) addOffset(match)
  for (const match of sentence.matchAll(ISO_UTC)) add(match, 'UTC', 0)
  for (const [pattern, zone, offset] of NAMES)
    for (const match of sentence.matchAll(pattern)) add(match, zone ?? central, offset)
  for (const match of sentence.matchAll(NAMED_TIME)) {
    const [name, half] = [match[1]!.toLowerCase(), match[2]?.toLowerCase()]
    const standard = STANDARD[name]
    const shift = half === 'standard' ? 0 : half === 'daylight' ? 60 : undefined
    add(match, AMERICAN[name]!, standard === undefined || shift === undefined ? undefined : standard + shift)
  }
  for (const match of sentence.matchAll(OF_CITY)) add(match, zoneOfCity(match[1]!))
  for (const match of sentence.matchAll(CITY_TIME)) add(match, zoneOfCity(match[1]!))
  for (const match of sentence.matchAll(BEHIND_TIME)) add(match, AMERICAN[match[1]!.toLowerCase()]!)
  for (const match of sentence.matchAll(SHORT_NAMES)) addShort(match)
  return found.sort((a, b) => a.from - b.from)

  function addShort(match: RegExpMatchArray) {
    const name = match[0]
    if (name in CENTRAL) return add(match, central, CENTRAL[name])
    // "ET" is "and" in French capitals: two letters count behind an hour, a bracket or a year only.
    if (
      name.length === 2 &&
      !/(?:\d|[ap]\.?m\.?|noon|midnight|COB|EOB|EOD|business|day|\()[ ,(]{0,2}$/iu.test(sentence.slice(0, match.index))
    )
      return
    const [zone, offset, otherwise] = SHORT[name]!
    add(match, zone, offset, otherwise ? [`${name} stands for a zone of ${otherwise} too.`] : [])
  }

  function addOffset(match: RegExpMatchArray) {
    const [hours, minutes] = [Number(match[2]), Number(match[3] ?? '0')]
    // Zones of whole hours have names, whose sign is the other way round (POSIX).
    if (hours > 14 || minutes !== 0) return
    if (hours === 0) return add(match, 'UTC', 0)
    add(match, `Etc/GMT${match[1] === '+' ? '-' : '+'}${hours}`, (match[1] === '+' ? 60 : -60) * hours)
  }
}

/**
 * What speaks against a zone at a time: its name belongs to the other half of the year there.
 * @param local YYYY-MM-DDTHH:MM
 * @param home the zone of who wrote: letters that stand for several zones mean that one
 */
export function zoneDoubts({ written, zone, offset, doubts }: FoundZone, local: string, home: string | null): string[] {
  const all = zone === home ? [] : [...doubts]
  const there = (place: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(place).offsetNanoseconds / 6e10
  if (written === 'GMT' && there('Europe/London') !== 0)
    all.push('GMT is written, while clocks in London show summer time then.')
  else if (offset !== undefined && there(zone) !== offset)
    all.push(`${written} is written, but clocks in ${zone} do not show it at that time of the year.`)
  return all
}
