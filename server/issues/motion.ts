import { and, asc, gte, inArray, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { traffic } from '../../db/schema.ts'

/** A week: motion is mails, movement is issues that somebody moved on. */
export type Week = {
  /** Its Monday, YYYY-MM-DD (UTC). */
  monday: string
  received: number
  sent: number
  moved: number
  closed: number
}

const DAY_MS = 86_400_000

/**
 * The last weeks up to now, oldest first, the current one last and not over. Each is there, also one without mail.
 * @param mailboxIds those that the member sees
 */
export async function readMotion(read: Reader, mailboxIds: string[], weeks: number, now: number): Promise<Week[]> {
  const mondays = Array.from({ length: weeks }, (_, i) => mondayOf(now - (weeks - 1 - i) * 7 * DAY_MS))
  const sum = (column: typeof traffic.received) => sql<number>`sum(${column})`.mapWith(Number)
  const days =
    mailboxIds.length === 0
      ? []
      : await read
          .select({
            day: traffic.day,
            received: sum(traffic.received),
            sent: sum(traffic.sent),
            moved: sum(traffic.moved),
            closed: sum(traffic.closed),
          })
          .from(traffic)
          .where(and(inArray(traffic.mailboxId, mailboxIds), gte(traffic.day, mondays[0]!)))
          .groupBy(traffic.day)
          .orderBy(asc(traffic.day))
  const byWeek = new Map(mondays.map((monday) => [monday, { monday, received: 0, sent: 0, moved: 0, closed: 0 }]))
  for (const { day, ...numbers } of days) {
    const week = byWeek.get(mondayOf(Date.parse(day)))
    // A mail may bear a day that is still to come.
    if (!week) continue
    for (const key of ['received', 'sent', 'moved', 'closed'] as const) week[key] += numbers[key]
  }
  return [...byWeek.values()]
}

/** The Monday of the week (ISO 8601) that a time falls in, in UTC. */
function mondayOf(ms: number): string {
  const weekday = (new Date(ms).getUTCDay() + 6) % 7
  return new Date(ms - weekday * DAY_MS).toISOString().slice(0, 10)
}
