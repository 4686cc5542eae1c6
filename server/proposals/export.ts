import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { members, proposalHistory, proposals, teams } from '../../db/schema.ts'
import { cardOf, sorted, viewOf } from './card.ts'
import { type Cell, csvOf } from './csv.ts'
import { decimalOf } from './currency.ts'
import { FOREVER } from './history.ts'
import { groundOf } from './proposal.ts'
import { type Filter, readSnapshot } from './snapshot.ts'
import { type Scope, within } from './visible.ts'

const HEAD = [
  'Number',
  'Title',
  'Customer',
  'Stage',
  'Outcome',
  'Status',
  'Probability',
  'Own probability',
  'Category',
  'Value',
  'Currency',
  'Award',
  'Owner',
  'Team',
  'Source',
  'Solicitation',
  'Due',
  'Due zone',
  'Expected decision',
  'Created',
  'Submitted',
  'Decided',
  'Days in stage',
  'Idle days',
  'Pushed',
  'Next step',
  'Next step on',
]

/**
 * Proposals as CSV: those that the table shows for the same filter, with value and weighted value in the reporting
 * currency, whose sums are those of board and table.
 */
export async function exportProposals(
  read: Reader,
  scope: Scope,
  query: { filter: Filter; asOf: number | null },
  now: number,
): Promise<string> {
  const ground = await groundOf(read)
  const view = viewOf(ground, query.asOf ?? now)
  const rows = await readSnapshot(read, scope, query.filter, query.asOf)
  const names = await namesOf(read)
  const base = ground.settings.currency
  const table = sorted(
    rows.map((row) => cardOf(row, view)),
    'number',
    false,
  ).map(({ card }): Cell[] => [
    `PRP-${card.number}`,
    card.title,
    card.organizationName,
    view.stages.get(card.stageId)?.label ?? '',
    card.outcome,
    card.status,
    card.probability,
    card.isOverride ? card.probability : null,
    card.category,
    amount(card.valueMinor, card.currency),
    card.currency,
    amount(card.awardMinor, card.currency),
    names.get(card.ownerId ?? '') ?? null,
    names.get(card.teamId ?? '') ?? null,
    card.source,
    card.solicitationNumber,
    card.dueLocal,
    card.dueZone,
    card.expectedDecision,
    time(card.createdAt),
    time(card.submittedAt),
    time(card.decidedAt),
    card.daysInStage,
    card.idleDays,
    card.pushCount,
    card.nextStep,
    card.nextStepOn,
    amount(card.worthMinor, base),
    amount(card.weightedMinor, base),
  ])
  return csvOf([...HEAD, `Value (${base})`, `Weighted (${base})`], table)
}

const HISTORY_HEAD = [
  'Number',
  'Title',
  'From',
  'To',
  'Stage',
  'Outcome',
  'Probability',
  'Own probability',
  'Category',
  'Value',
  'Currency',
  'Award',
  'Expected decision',
  'Due',
  'Owner',
  'Changed',
  'By',
  'Cause',
  'Note',
  'Recorded',
]

/** Every state of every proposal as CSV, the oldest first. */
export async function exportHistory(read: Reader, scope: Scope): Promise<string> {
  const { stages } = await groundOf(read)
  const names = await namesOf(read)
  const rows = await read
    .select({ number: proposals.number, title: proposals.title, state: proposalHistory })
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(and(isNull(proposals.deletedAt), within(scope)))
    .orderBy(asc(proposals.number), asc(proposalHistory.validFrom))
  const table = rows.map(({ number, title, state }): Cell[] => [
    `PRP-${number}`,
    title,
    time(state.validFrom),
    state.validTo === FOREVER ? null : time(state.validTo),
    stages.get(state.stageId)?.label ?? '',
    state.outcome,
    state.probability,
    state.isOverride ? state.probability : null,
    state.category,
    amount(state.valueMinor, state.currency),
    state.currency,
    amount(state.awardMinor, state.currency),
    state.expectedDecision,
    time(state.dueAt),
    names.get(state.ownerId ?? '') ?? null,
    state.changed.join(' '),
    names.get(state.byId ?? '') ?? null,
    state.cause,
    state.note,
    time(state.recordedAt),
  ])
  return csvOf(HISTORY_HEAD, table)
}

/** Decimals without a thousands separator, as every spreadsheet reads them; text keeps them exact. */
const amount = (minor: number | null, currency: string): Cell => (minor === null ? null : decimalOf(minor, currency))
/** RFC 3339, in UTC. */
const time = (at: number | null): Cell => (at === null ? null : new Date(at).toISOString())

async function namesOf(read: Reader): Promise<Map<string, string>> {
  const people = await read.select({ id: members.id, name: members.name }).from(members)
  const groups = await read.select({ id: teams.id, name: teams.name }).from(teams)
  return new Map([...people, ...groups].map(({ id, name }) => [id, name]))
}
