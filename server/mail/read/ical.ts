// The syntax of iCalendar (RFC 5545 section 3): content lines, components, texts, and times in their zones.

export type Property = { name: string; params: Record<string, string>; value: string }
export type Component = { name: string; properties: Property[]; children: Component[] }

const MAX_LINES = 20_000
const MAX_DEPTH = 10

/** The components of a calendar; broken lines are passed over. */
export function readCalendar(text: string): Component {
  const root: Component = { name: '', properties: [], children: [] }
  const open = [root]
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n', MAX_LINES)
  for (const line of lines) {
    const property = readLine(line)
    if (!property) continue
    if (property.name === 'begin') {
      const component: Component = { name: property.value.toLowerCase().trim(), properties: [], children: [] }
      open.at(-1)!.children.push(component)
      if (open.length < MAX_DEPTH) open.push(component)
    } else if (property.name === 'end') {
      if (open.length > 1 && open.at(-1)!.name === property.value.toLowerCase().trim()) open.pop()
    } else open.at(-1)!.properties.push(property)
  }
  return root
}

/** `NAME;PARAM="a:b":value`: a colon or semicolon in quotes parts nothing. */
function readLine(line: string): Property | null {
  const match = /^([A-Za-z\d-]+)((?:;[A-Za-z\d-]+=(?:"[^"]*"|[^":;]*)(?:,(?:"[^"]*"|[^":;]*))*)*):(.*)$/s.exec(line)
  if (!match) return null
  const params: Record<string, string> = Object.create(null)
  for (const [, name, value] of match[2]!.matchAll(/;([A-Za-z\d-]+)=("[^"]*"|[^":;]*)/g))
    params[name!.toLowerCase()] = value!.replace(/^"|"$/g, '')
  return { name: match[1]!.toLowerCase(), params, value: match[3]! }
}

export const propertyOf = ({ properties }: Component, name: string): Property | undefined =>
  properties.find((property) => property.name === name)

/** A TEXT value (RFC 5545 section 3.3.11). */
export const textOf = (component: Component, name: string): string =>
  (propertyOf(component, name)?.value ?? '')
    .replace(/\\([\\;,nN])/g, (_, char: string) => (/n/i.test(char) ? '\n' : char))
    .trim()

export type Moment = { at: number; allDay: boolean; timeZone: string | null }

/** When a DTSTART, DTEND or the like is; null when it says nothing. A time without a zone is taken for UTC. */
export function momentOf(property: Property | undefined, calendar: Component): Moment | null {
  const match = /^\s*(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?/i.exec(property?.value ?? '')
  if (!property || !match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0))
  const local = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  if (match[4] === undefined) return { at: local, allDay: true, timeZone: null }
  const named = property.params.tzid
  if (match[7] || !named) return { at: local, allDay: false, timeZone: null }
  const zone = ianaName(named, calendar)
  if (zone) return { at: local - offsetIn(zone, local), allDay: false, timeZone: zone }
  return { at: local - definedOffset(named, calendar, local), allDay: false, timeZone: null }
}

/** The IANA name of a zone, where it has one, also as its definition or a path such as /freeassociation.sourceforge.net/ has it. */
function ianaName(named: string, calendar: Component): string | null {
  const definition = definitionOf(named, calendar)
  const candidates = [
    named,
    named.split('/').slice(-2).join('/'),
    definition ? textOf(definition, 'x-lic-location') : '',
  ]
  return candidates.find((name) => /^[A-Za-z_]+\/[A-Za-z_+\-/]+$|^UTC$/.test(name) && isZone(name)) ?? null
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** How far a zone is east of UTC at a local time, in ms. */
function offsetIn(zone: string, local: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const at = (utc: number) => {
    const name = format.formatToParts(utc).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    return offsetMs(/GMT([+-]\d{2}:\d{2})/.exec(name)?.[1] ?? '')
  }
  // The first guess may lie on the other side of a change of the clocks.
  return at(local - at(local))
}

const definitionOf = (named: string, calendar: Component): Component | undefined =>
  calendar.children.find((child) => child.name === 'vtimezone' && textOf(child, 'tzid') === named)

/** The same of a zone that the calendar itself defines (RFC 5545 section 3.6.5), as Outlook does with names of its own. */
function definedOffset(named: string, calendar: Component, local: number): number {
  let latest: { onset: number; offset: number } | null = null
  for (const observance of definitionOf(named, calendar)?.children ?? []) {
    const offset = offsetMs(textOf(observance, 'tzoffsetto'))
    const onset = lastOnset(observance, local)
    if (onset !== null && (latest === null || onset > latest.onset)) latest = { onset, offset }
  }
  return latest?.offset ?? 0
}

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** When an observance last began before a local time: each year on one day, as "last Sunday of October". */
function lastOnset(observance: Component, local: number): number | null {
  const start = momentOf(propertyOf(observance, 'dtstart'), observance)
  if (!start) return null
  const rule = textOf(observance, 'rrule').toUpperCase()
  const month = /BYMONTH=(\d{1,2})/.exec(rule)?.[1]
  const [, ordinal, weekday] = /BYDAY=([+-]?\d)([A-Z]{2})/.exec(rule) ?? []
  if (!month || !ordinal || !weekday) return start.at <= local ? start.at : null
  const year = new Date(local).getUTCFullYear()
  for (const tried of [year, year - 1]) {
    const onset = nthWeekday(tried, Number(month) - 1, Number(ordinal), WEEKDAYS.indexOf(weekday)) + timeOfDay(start.at)
    if (onset <= local) return onset
  }
  return null
}

/** Years before 1970 count backwards. */
const timeOfDay = (at: number): number => ((at % 86_400_000) + 86_400_000) % 86_400_000

function nthWeekday(year: number, month: number, ordinal: number, weekday: number): number {
  if (ordinal < 0) {
    const last = new Date(Date.UTC(year, month + 1, 0))
    return last.getTime() - (((last.getUTCDay() - weekday + 7) % 7) + (-ordinal - 1) * 7) * 86_400_000
  }
  const first = new Date(Date.UTC(year, month, 1))
  return first.getTime() + (((weekday - first.getUTCDay() + 7) % 7) + (ordinal - 1) * 7) * 86_400_000
}

function offsetMs(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})/.exec(text) ?? []
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0
}

/** A DURATION (RFC 5545 section 3.3.6) in ms. */
export function durationMs(value: string): number | null {
  const match = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(value.trim())
  if (!match) return null
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((digits) => Number(digits ?? 0))
  const ms = ((((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000
  return match[1] === '-' ? -ms : ms
}
