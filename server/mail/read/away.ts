// Until when somebody is away, from what an automatic answer says.

import { MONTHS } from './date.ts'

const UNTIL =
  "until|till|through|back (?:on|in the office on)|return(?:ing)?(?: to the office)? on|bis(?: einschließlich| einschl\\.| zum)?|ab dem|jusqu[’']au|de retour le|hasta el|regreso el|até(?: o dia)?|fino al|al|tot(?: en met)?|t\\.?/?m\\.?|till och med|t\\.o\\.m\\.|til og med|indtil|asti|do|powrót|po|до"
const DAY_MS = 86_400_000
/** A date further off is a misreading. */
const MAX_AWAY_MS = 370 * DAY_MS

const DATE = new RegExp(
  `(?<!\\p{L})(?:${UNTIL})[\\s:]+(?:\\p{L}+,\\s*|(?:den|the|le|el|il|o|dia)\\s+)*(?:` +
    '(?<iso>\\d{4})-(?<isoMonth>\\d{1,2})-(?<isoDay>\\d{1,2})|' +
    '(?<day>\\d{1,2})(?<separator>[./-])\\s?(?<month>\\d{1,2})(?:[./-]\\s?(?<year>\\d{4}|\\d{2}))?|' +
    "(?<dayFirst>\\d{1,2})(?:\\.|st|nd|rd|th|er|º)?\\s+(?:of |de |d')?(?<nameAfter>\\p{L}{3,12})\\.?,?(?:\\s+(?:de )?(?<yearAfter>\\d{4}))?|" +
    '(?<nameBefore>\\p{L}{3,12})\\.?\\s+(?<dayLast>\\d{1,2})(?:st|nd|rd|th)?,?(?:\\s+(?<yearLast>\\d{4}))?)',
  'giu',
)

/** The start (UTC) of the last date that the text names after "until" and the like; null when it names none after `sentAt`. */
export function awayUntil(text: string, sentAt: number): number | null {
  const sentYear = new Date(sentAt).getUTCFullYear()
  let latest: number | null = null
  for (const { groups } of text.slice(0, 5000).matchAll(DATE)) {
    const g = groups!
    const name = g.nameAfter ?? g.nameBefore
    let month = name ? MONTHS.findIndex((pattern) => pattern.test(name)) : Number(g.isoMonth ?? g.month) - 1
    let day = Number(g.isoDay ?? g.day ?? g.dayFirst ?? g.dayLast)
    // 8/12 with slashes is month first where day first makes no date; else day first, as most of the world writes.
    if (month > 11 && day <= 12) [month, day] = [day - 1, month + 1]
    const written = g.iso ?? g.year ?? g.yearAfter ?? g.yearLast
    const year = written ? Number(written.length === 2 ? `20${written}` : written) : sentYear
    let until = Date.UTC(year, month, day)
    if (month < 0 || month > 11 || day < 1 || day > 31 || new Date(until).getUTCMonth() !== month) continue
    if (!written && until < sentAt - DAY_MS) until = Date.UTC(year + 1, month, day)
    if (until < sentAt - DAY_MS || until > sentAt + MAX_AWAY_MS) continue
    latest = Math.max(latest ?? until, until)
  }
  return latest
}
