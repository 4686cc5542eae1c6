// A calendar part (RFC 5545, RFC 5546) as what a reader wants to know of it: what, when, where, and who asks whom.

import { cleanText } from './charset.ts'
import { type Component, durationMs, momentOf, type Property, propertyOf, readCalendar, textOf } from './ical.ts'

/** A person named in a calendar part; `status` is the PARTSTAT in lower case, such as accepted or declined. */
export type Participant = { name: string; address: string; status: string | null }

export type Invitation = {
  /** In lower case: request, cancel, reply, publish, counter, refresh, add, declinecounter; null when none is named. */
  method: string | null
  uid: string | null
  summary: string
  startAt: number | null
  /** The end as people say it: of an all-day event its last day, at midnight UTC. */
  endAt: number | null
  /** Days without times: `startAt` and `endAt` are at midnight UTC and have no zone. */
  allDay: boolean
  /** The IANA zone that the event was planned in; null when it names none, or one of its own making. */
  timeZone: string | null
  location: string
  organizer: Participant | null
  attendees: Participant[]
  /** In lower case: confirmed, tentative, cancelled. */
  status: string | null
  sequence: number
  /** What the organiser wrote to it. */
  description: string
  /** The RRULE as it came, such as FREQ=WEEKLY;COUNT=10; null when the event happens once. */
  recurrence: string | null
}

/** The most of a calendar part that is read, in characters. */
export const MAX_CALENDAR = 512 * 1024
const MAX_ATTENDEES = 200
const MAX_LINE = 500
const MAX_DESCRIPTION = 20_000
const DAY_MS = 86_400_000

/** The first event of a calendar part, of a series the series; null when there is none. @param method of its Content-Type */
export function readInvitation(text: string, method = ''): Invitation | null {
  const root = readCalendar(cleanText(text.slice(0, MAX_CALENDAR)))
  const calendar = root.children.find(({ name }) => name === 'vcalendar') ?? root
  const events = calendar.children.filter(({ name }) => name === 'vevent')
  const event = events.find((event) => !propertyOf(event, 'recurrence-id')) ?? events[0]
  if (!event) return null
  const start = momentOf(propertyOf(event, 'dtstart'), calendar)
  const organizer = propertyOf(event, 'organizer')
  const sequence = Number.parseInt(textOf(event, 'sequence'), 10)
  return {
    method: word(textOf(calendar, 'method') || method),
    uid: line(textOf(event, 'uid')) || null,
    summary: line(textOf(event, 'summary')),
    startAt: start?.at ?? null,
    endAt: endOf(event, calendar, start),
    allDay: start?.allDay ?? false,
    timeZone: start?.timeZone ?? null,
    location: line(textOf(event, 'location')),
    organizer: organizer ? participant(organizer) : null,
    attendees: event.properties
      .filter(({ name }) => name === 'attendee')
      .slice(0, MAX_ATTENDEES)
      .map(participant),
    status: word(textOf(event, 'status')),
    sequence: Number.isSafeInteger(sequence) && sequence >= 0 ? sequence : 0,
    description: textOf(event, 'description').slice(0, MAX_DESCRIPTION).toWellFormed(),
    recurrence: line(textOf(event, 'rrule')) || null,
  }
}

/** An all-day event ends at the start of the day after (RFC 5545 section 3.6.1); people name its last day. */
function endOf(event: Component, calendar: Component, start: ReturnType<typeof momentOf>): number | null {
  if (!start) return null
  const end = momentOf(propertyOf(event, 'dtend'), calendar)
  const lasts = durationMs(propertyOf(event, 'duration')?.value ?? '')
  const at = end?.at ?? (lasts === null ? null : start.at + lasts)
  if (start.allDay) return at === null ? start.at : Math.max(start.at, at - DAY_MS)
  return at
}

const participant = ({ params, value }: Property): Participant => ({
  name: line(params.cn ?? ''),
  address: line(value)
    .replace(/^mailto:/i, '')
    .toLowerCase(),
  status: word(params.partstat ?? ''),
})

const word = (text: string): string | null => /^[\w-]{1,40}/.exec(text.trim().toLowerCase())?.[0] ?? null
const line = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_LINE).toWellFormed()
