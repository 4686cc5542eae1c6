import type { Stage } from '../../db/schema.ts'
import { dayIn, startOfDay } from './deadline.ts'
import type { SnapshotRow } from './snapshot.ts'

const DAY_MS = 86_400_000

export type Aging = {
  /** Whole days since it was touched; in a stage that waits for the customer, since the decision was expected. */
  idleDays: number
  daysInStage: number
  ageDays: number
  /** Idle for longer than its stage allows. */
  stale: boolean
  /** By how many days; 0 where it is not stale. */
  staleByDays: number
}

/**
 * How long an open proposal has stood still. A next step that lies ahead keeps it from being stale, until it has been
 * idle for twice as long as its stage allows.
 * @param zone the organization's, in which a day ends
 */
export function agingOf(
  row: Pick<SnapshotRow, 'touchedAt' | 'stageSince' | 'createdAt' | 'expectedDecision' | 'nextStepOn'>,
  stage: Pick<Stage, 'idleAfterDays' | 'idleFromExpected'> | undefined,
  at: number,
  zone: string,
): Aging {
  const since = stage?.idleFromExpected
    ? Math.max(row.touchedAt, expectedEnd(row.expectedDecision, zone))
    : row.touchedAt
  const idleDays = days(at - since)
  const allowed = stage?.idleAfterDays ?? null
  const ahead = row.nextStepOn !== null && row.nextStepOn >= dayIn(zone, at)
  const stale = allowed !== null && idleDays > (ahead ? allowed * 2 : allowed)
  return {
    idleDays,
    daysInStage: days(at - row.stageSince),
    ageDays: days(at - row.createdAt),
    stale,
    staleByDays: stale ? idleDays - allowed : 0,
  }
}

const days = (ms: number): number => Math.max(0, Math.floor(ms / DAY_MS))

function expectedEnd(day: string | null, zone: string): number {
  return day ? startOfDay(zone, day) + DAY_MS : 0
}
