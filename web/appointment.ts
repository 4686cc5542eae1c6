import type { ShownMessage } from './api.ts'
import { clock, day } from './format.ts'

export type Appointment = NonNullable<ShownMessage['extras']['calendar']>

const DAY_MS = 86_400_000
const METHODS: Record<string, string> = {
  request: 'Invitation',
  publish: 'Appointment',
  add: 'Further dates',
  cancel: 'Cancelled',
  reply: 'Answer to an invitation',
  counter: 'Another time is proposed',
  declinecounter: 'The proposed time is declined',
  refresh: 'They ask for the newest state',
}
const ANSWERS: Record<string, string> = {
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'accepted for now',
  delegated: 'sends somebody else',
  'needs-action': 'has not answered',
}

/** What a calendar part is: an invitation, an answer to one, a cancellation. */
export function kindOf({ method, status }: Pick<Appointment, 'method' | 'status'>): string {
  if (status === 'cancelled') return 'Cancelled'
  return METHODS[method ?? 'publish'] ?? 'Appointment'
}

/** When it is, in the zone of who looks; of an all-day event its days. */
export function whenOf({ startAt, endAt, allDay }: Pick<Appointment, 'startAt' | 'endAt' | 'allDay'>): string {
  if (startAt === null) return ''
  if (allDay) {
    const first = calendarDay(startAt)
    return endAt === null || endAt - startAt < DAY_MS ? first : `${first} to ${calendarDay(endAt)}`
  }
  const start = `${day(startAt)}, ${clock(startAt)}`
  if (endAt === null || endAt === startAt) return start
  return day(startAt) === day(endAt) ? `${start} to ${clock(endAt)}` : `${start} to ${day(endAt)}, ${clock(endAt)}`
}

/** Days have no zone: they are given at midnight UTC. */
function calendarDay(at: number): string {
  const date = new Date(at)
  return day(new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()).getTime())
}

/** Who of those asked said what: "Dana accepted". */
export function answerOf({ name, address, status }: Appointment['attendees'][number]): string {
  return `${name || address} ${ANSWERS[status ?? 'needs-action'] ?? 'has not answered'}`
}
