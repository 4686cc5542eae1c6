import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { insertInto, placeholdersOf, prepared, UNNAMED } from '../../db/prepared.ts'
import { type HistoryRow, type Member, type Proposal, proposalHistory, proposals, type Stage } from '../../db/schema.ts'
import type { Action, HistoryCause } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { record } from '../issues/event.ts'
import { type Said, withChange } from './history.ts'
import { stagesById } from './stages.ts'

/** Nothing happened before this: a date further back is a slip of the pen. */
const EARLIEST_AT = Date.UTC(1990, 0, 1)

/** What a proposal is beside its state, which `said` changes. */
export type Rest = Partial<
  Omit<Proposal, keyof HistoryRow | 'id' | 'number' | 'createdAt' | 'updatedAt' | 'version' | 'touchedAt'>
>
export type ProposalChange = {
  said?: Partial<Said>
  rest?: Rest
  /** When it happened, where that was not now. */
  at?: number | undefined
}
export type Cause = {
  action: Action
  by: Pick<Member, 'id'> | null
  cause?: HistoryCause
  note?: string | undefined
  detail?: Record<string, unknown>
}

const insertRow = insertInto(proposalHistory)
const insertProposal = insertInto(proposals)
const updateRow = prepared((tx: Tx) =>
  tx
    .update(proposalHistory)
    .set(placeholdersOf(proposalHistory))
    .where(eq(proposalHistory.id, sql.placeholder('id')))
    .prepare(UNNAMED),
)
const updateProposal = prepared((tx: Tx) =>
  tx
    .update(proposals)
    .set(placeholdersOf(proposals))
    .where(and(eq(proposals.id, sql.placeholder('id')), eq(proposals.version, sql.placeholder('knownVersion'))))
    .returning({ id: proposals.id })
    .prepare(UNNAMED),
)

/** Each state that a proposal was in, in order. */
export async function historyOf(read: Reader, proposalId: string): Promise<HistoryRow[]> {
  return await historyQuery(read).execute({ proposalId })
}
const historyQuery = prepared((read) =>
  read
    .select()
    .from(proposalHistory)
    .where(eq(proposalHistory.proposalId, sql.placeholder('proposalId')))
    .orderBy(asc(proposalHistory.validFrom))
    .prepare(UNNAMED),
)

/**
 * Changes a proposal: its history, its row and the event, together. Everything that changes one goes through here: pages,
 * API, rules, imports. What reports count is in `said`, and can be said of an earlier moment.
 */
export async function changeProposal(
  tx: Tx,
  proposal: Proposal,
  { said = {}, rest = {}, at }: ProposalChange,
  { action, by, cause = 'user', note, detail = {} }: Cause,
  now: number,
): Promise<Proposal> {
  const when = checkedAt(at ?? now, now)
  const differs = Object.entries(said).some(([key, value]) => proposal[key as keyof Said] !== value)
  let changed: Proposal = { ...proposal, ...rest }
  const names: string[] = Object.keys(rest).filter((key) => rest[key as keyof Rest] !== proposal[key as keyof Rest])
  if (differs || (at !== undefined && Object.keys(said).length > 0)) {
    const rows = await historyOf(tx, proposal.id)
    const because = { byId: by?.id ?? null, cause, note, recordedAt: now }
    // Two changes within a millisecond are told apart, so that each state held for a while.
    const newest = rows.at(-1)?.validFrom ?? 0
    const moment = at === undefined ? Math.max(when, newest + 1) : when
    const history = withChange(proposal.id, rows, moment, said, because, await stagesById(tx))
    await writeRows(tx, rows, history)
    changed = { ...changed, ...stateOf(history), createdAt: history[0]?.validFrom ?? proposal.createdAt }
    names.push(...Object.keys(said).filter((key) => proposal[key as keyof Said] !== changed[key as keyof Said]))
  }
  changed = {
    ...changed,
    touchedAt: Math.max(proposal.touchedAt, changed.changedAt),
    updatedAt: now,
    version: proposal.version + 1,
  }
  const written = await updateProposal(tx).execute({ ...changed, knownVersion: proposal.version })
  if (written.length === 0) throw new Error(`proposal ${proposal.id} changed under a transaction`)
  await recordOf(
    tx,
    changed,
    { action, by, detail: { ...detail, changed: names, ...(at === undefined ? {} : { at }) } },
    now,
  )
  return changed
}

/** Begins a proposal and its history. */
export async function beginProposal(
  tx: Tx,
  begun: Omit<Proposal, Exclude<keyof HistoryRow, keyof Said | 'id'> | 'touchedAt' | 'updatedAt' | 'version'>,
  /** What became of it since, where it comes with its past. */
  later: { at: number; said: Partial<Said>; note?: string | undefined }[],
  { by, cause = 'user', detail = {} }: Omit<Cause, 'action'>,
  stages: ReadonlyMap<string, Stage>,
  now: number,
): Promise<Proposal> {
  const when = checkedAt(begun.createdAt, now)
  const because = { byId: by?.id ?? null, cause, recordedAt: now }
  let history = withChange(begun.id, [], when, saidOf(begun), because, stages)
  for (const { at, said, note } of later) {
    if (at < when) throw new Invalid([{ field: 'history', message: 'history must not begin before createdAt.' }])
    history = withChange(begun.id, history, checkedAt(at, now), said, { ...because, note }, stages)
  }
  const state = stateOf(history)
  const proposal: Proposal = { ...begun, ...state, touchedAt: state.changedAt, updatedAt: now, version: 1 }
  await insertProposal(tx, proposal)
  for (const row of history) await insertRow(tx, row)
  await recordOf(tx, proposal, { action: 'proposal_opened', by, detail }, now)
  return proposal
}

/** Writes down what happened to a proposal; of one that was made from an issue, where that issue is seen. */
export async function recordOf(tx: Tx, proposal: Proposal, { action, by, detail = {} }: Cause, now: number) {
  const { mailboxId, id: proposalId, number, title } = proposal
  const named = { ...detail, number, title }
  const issueId = action === 'proposal_opened' ? proposal.issueId : null
  await record(tx, { action, at: now, memberId: by?.id ?? null, mailboxId, issueId, proposalId, detail: named })
}

async function writeRows(tx: Tx, before: HistoryRow[], after: HistoryRow[]): Promise<void> {
  const kept = new Map(after.map((row) => [row.id, row]))
  const gone = before.filter(({ id }) => !kept.has(id)).map(({ id }) => id)
  if (gone.length > 0) await tx.delete(proposalHistory).where(inArray(proposalHistory.id, gone))
  const known = new Map(before.map((row) => [row.id, row]))
  for (const row of after) {
    const old = known.get(row.id)
    if (!old) await insertRow(tx, row)
    else if (JSON.stringify(old) !== JSON.stringify({ ...old, ...row })) await updateRow(tx).execute(row)
  }
}

function saidOf(from: Said): Said {
  const { pipelineId, stageId, outcome, probability, isOverride, category, isCategoryOverride } = from
  const { valueMinor, currency, awardMinor, fxAtDecision, expectedDecision, dueAt, ownerId, teamId } = from
  const stage = { pipelineId, stageId, outcome, probability, isOverride, category, isCategoryOverride }
  return { ...stage, valueMinor, currency, awardMinor, fxAtDecision, expectedDecision, dueAt, ownerId, teamId }
}

/** The newest state, as the row of a proposal has it. */
function stateOf(history: readonly HistoryRow[]) {
  const newest = history.at(-1)
  if (!newest) throw new Error('a proposal without a history')
  const { stageSince, submittedAt, bidMinor, bidCurrency, decidedAt, pushCount, pushDays, changedAt } = newest
  const follows = { stageSince, submittedAt, bidMinor, bidCurrency, decidedAt, pushCount, pushDays, changedAt }
  return { ...saidOf(newest), ...follows }
}

function checkedAt(at: number, now: number): number {
  if (at > now) throw new Invalid([{ field: 'at', message: 'at must not be in the future.' }])
  if (at < EARLIEST_AT) throw new Invalid([{ field: 'at', message: 'at must be later than 1990.' }])
  return at
}
