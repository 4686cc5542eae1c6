import { Temporal } from 'temporal-polyfill'
import type { DueChoice, DuePrecision } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'

/** A deadline as people say it: what clocks show, and where. The instant follows from it, never the other way round. */
export type WallTime = {
  /** YYYY-MM-DDTHH:MM, or YYYY-MM-DD where no hour is named. */
  local: string
  /** An IANA zone, such as America/Denver. */
  zone: string
  /** Of the two instants that a wall time has when clocks go back; the earlier one is the safer. */
  choice?: DueChoice | undefined
}

export type Instant = {
  /** Ms since the epoch. */
  at: number
  precision: DuePrecision
  /** Clocks show this wall time twice: both instants, and which is meant. */
  twice?: { earlier: number; later: number; chosen: DueChoice; explained: string }
}

const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/
/** The hour that US federal solicitations mean when they name none: FAR 52.215-1(c)(3), 15.208(a). */
export const US_FEDERAL_HOUR = '16:30'

/**
 * The instant of a deadline. A day without an hour ends with its last minute in that zone.
 * @param field how the field is called, for errors
 * @throws Invalid where the zone is unknown, the time is none, or clocks skip it; the sentence says what to do
 */
export function instantOf({ local, zone, choice = 'earlier' }: WallTime, field = 'due'): Instant {
  const refuse = (part: string, message: string) => new Invalid([{ field: `${field}.${part}`, message }])
  if (!isZone(zone))
    throw refuse('zone', `${field}.zone must be a time zone such as America/Denver or Europe/Berlin, not "${zone}".`)
  const plain = readPlain(local)
  if (!plain)
    throw refuse('local', `${field}.local must be a time such as 2026-07-15T14:00, or a day such as 2026-07-15.`)
  const precision = local.length === 10 ? 'date' : 'time'
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { at: earlier.epochMilliseconds, precision }
  if (!later.toPlainDateTime().equals(plain)) {
    const [before, after] = [clock(earlier), clock(later)]
    throw refuse(
      'local',
      `${clock(plain)} does not exist in ${zone} on ${plain.toPlainDate()}: clocks go forward over it. Did you mean ${before} or ${after}?`,
    )
  }
  const chosen = choice === 'later' ? later : earlier
  const explained = `Clocks in ${zone} go back on ${plain.toPlainDate()} and show ${clock(plain)} twice. The ${choice} one counts (UTC${chosen.offset}); the other would be UTC${choice === 'later' ? earlier.offset : later.offset}.`
  return {
    at: chosen.epochMilliseconds,
    precision,
    twice: { earlier: earlier.epochMilliseconds, later: later.epochMilliseconds, chosen: choice, explained },
  }
}

/** Whether it names a time zone of the IANA database. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return !/^[+-]/.test(zone)
  } catch {
    return false
  }
}

/** What a day is offered as where an hour is missing: for US federal customers 16:30, else nothing. */
export const offeredHour = (organization: { usFederal: boolean } | null): string | null =>
  organization?.usFederal ? US_FEDERAL_HOUR : null

/** The day, YYYY-MM-DD, that it is in a zone at a moment. */
export function dayIn(zone: string, at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** The moment at which a day begins in a zone. */
export function startOfDay(zone: string, day: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
}

/** How many days it is from one day to another; both YYYY-MM-DD. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

function readPlain(local: string): Temporal.PlainDateTime | undefined {
  if (!FORM.test(local)) return undefined
  try {
    return Temporal.PlainDateTime.from(local.length === 10 ? `${local}T23:59` : local)
  } catch {
    return undefined
  }
}

const clock = (time: { hour: number; minute: number }): string =>
  `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`
