// A calendar part (RFC 5545, RFC 5546) as what a reader wants to know of it: what, when, where, and who asks whom.

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
  /** The IANA zone that the event was planned in; null when it names none. */
  timeZone: string | null
  location: string
  organizer: Participant | null
  attendees: Participant[]
  /** In lower case: confirmed, tentative, cancelled. */
  status: string | null
  sequence: number
  /** The RRULE as it came, such as FREQ=WEEKLY;COUNT=10; null when the event happens once. */
  recurrence: string | null
}
