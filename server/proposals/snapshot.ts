import { and, eq, gt, inArray, isNull, lte, max, ne, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { plainRows } from '../../db/plain-rows.ts'
import { organizations, proposalHistory, proposals, proposalTouches } from '../../db/schema.ts'
import type { ForecastCategory, Outcome } from '../../db/vocabulary.ts'
import { nameKey } from '../people/names.ts'
import { type Scope, within } from './visible.ts'

/** Which proposals are meant; what is left out is not asked. */
export type Filter = {
  pipelineId?: string | undefined
  stageId?: string | undefined
  ownerId?: string | undefined
  teamId?: string | undefined
  source?: string | undefined
  category?: ForecastCategory | undefined
  organizationId?: string | undefined
  /** Words of the title, the customer, the number or the solicitation number. */
  q?: string | undefined
  /** `closed`: every outcome but open. */
  outcome?: Outcome | 'closed' | 'all' | undefined
  /** Only these: what a figure of a report was made of. */
  ids?: string[] | undefined
}

const MAX_IDS = 500

/** What stands in a state of a proposal and in its row under one name. */
const stateOf = (table: typeof proposals | typeof proposalHistory) => ({
  pipelineId: table.pipelineId,
  stageId: table.stageId,
  outcome: table.outcome,
  probability: table.probability,
  isOverride: table.isOverride,
  category: table.category,
  valueMinor: table.valueMinor,
  currency: table.currency,
  awardMinor: table.awardMinor,
  fxAtDecision: table.fxAtDecision,
  expectedDecision: table.expectedDecision,
  dueAt: table.dueAt,
  ownerId: table.ownerId,
  teamId: table.teamId,
  stageSince: table.stageSince,
  submittedAt: table.submittedAt,
  bidMinor: table.bidMinor,
  bidCurrency: table.bidCurrency,
  decidedAt: table.decidedAt,
  pushCount: table.pushCount,
  pushDays: table.pushDays,
})

/** What a proposal is whatever its state. */
const SAME = {
  id: proposals.id,
  number: proposals.number,
  title: proposals.title,
  organizationId: proposals.organizationId,
  organizationName: organizations.name,
  source: proposals.source,
  priority: proposals.priority,
  solicitationNumber: proposals.solicitationNumber,
  dueLocal: proposals.dueLocal,
  dueZone: proposals.dueZone,
  duePrecision: proposals.duePrecision,
  nextStep: proposals.nextStep,
  nextStepOn: proposals.nextStepOn,
  issueId: proposals.issueId,
  createdAt: proposals.createdAt,
  updatedAt: proposals.updatedAt,
  version: proposals.version,
}

const NOW = { ...SAME, ...stateOf(proposals), touchedAt: proposals.touchedAt }

export type SnapshotRow = Awaited<ReturnType<typeof readNow>>[number]

/**
 * The proposals as they are, or as they were at a moment: board, table, field, charts and exports are all made of this.
 * Of the past, what is no state (title, customer, next step) is told as it is today.
 * @param at ms since the epoch; null: now
 */
export async function readSnapshot(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number | null,
): Promise<SnapshotRow[]> {
  const rows = at === null ? await readNow(read, scope, filter) : await readPast(read, scope, filter, at)
  return filter.q ? rows.filter(matching(filter.q)) : rows
}

async function readNow(read: Reader, scope: Scope, filter: Filter) {
  const query = read
    .select(NOW)
    .from(proposals)
    .leftJoin(organizations, eq(organizations.id, proposals.organizationId))
    .where(and(isNull(proposals.deletedAt), within(scope), ofRow(filter), ofState(proposals, filter)))
  return await plainRows(query, NOW)
}

async function readPast(read: Reader, scope: Scope, filter: Filter, at: number): Promise<SnapshotRow[]> {
  const later = read
    .select({ at: max(proposalTouches.at) })
    .from(proposalTouches)
    .where(
      and(
        eq(proposalTouches.proposalId, proposalHistory.proposalId),
        lte(proposalTouches.at, at),
        gt(proposalTouches.at, proposalHistory.changedAt),
      ),
    )
  const touchedAt = sql<number>`coalesce((${later}), ${proposalHistory.changedAt})`.as('touched')
  const fields = { ...SAME, ...stateOf(proposalHistory), touchedAt }
  const query = read
    .select(fields)
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .leftJoin(organizations, eq(organizations.id, proposals.organizationId))
    .where(
      and(
        lte(proposalHistory.validFrom, at),
        gt(proposalHistory.validTo, at),
        isNull(proposals.deletedAt),
        within(scope),
        ofRow(filter),
        ofState(proposalHistory, filter),
      ),
    )
  return await plainRows(query, fields)
}

/** The condition on what a proposal is whatever its state. */
export function ofRow({ source, organizationId, ids }: Filter): SQL | undefined {
  return and(
    source === undefined ? undefined : eq(proposals.source, source),
    organizationId === undefined ? undefined : eq(proposals.organizationId, organizationId),
    ids === undefined ? undefined : inArray(proposals.id, ids.slice(0, MAX_IDS)),
  )
}

/** The condition on a state, of now or of then. */
export function ofState(table: typeof proposals | typeof proposalHistory, filter: Filter): SQL | undefined {
  const { pipelineId, stageId, ownerId, teamId, category, outcome = 'all' } = filter
  const ended = outcome === 'closed' ? ne(table.outcome, 'open') : undefined
  return and(
    outcome === 'all' ? undefined : (ended ?? eq(table.outcome, outcome as Outcome)),
    pipelineId === undefined ? undefined : eq(table.pipelineId, pipelineId),
    stageId === undefined ? undefined : eq(table.stageId, stageId),
    ownerId === undefined ? undefined : eq(table.ownerId, ownerId),
    teamId === undefined ? undefined : eq(table.teamId, teamId),
    category === undefined ? undefined : eq(table.category, category),
  )
}

/** Whether a proposal has all the words that somebody looks for. In the process: an inbox has few proposals, each short. */
function matching(text: string): (row: SnapshotRow) => boolean {
  const words = nameKey(text).split(' ')
  return ({ title, organizationName, number, solicitationNumber }) => {
    const own = nameKey(`${title} ${organizationName ?? ''} prp-${number} ${solicitationNumber}`)
    return words.every((word) => own.includes(word))
  }
}
