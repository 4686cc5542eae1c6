import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type Proposal, pipelines, proposals, sequences, stages } from '../../db/schema.ts'
import type { DueChoice, Priority, SolicitationKind, ValueBasis } from '../../db/vocabulary.ts'
import { Changed, Invalid, NotFound, Refused } from '../errors.ts'
import { beginProposal, type Cause } from './change.ts'
import { customerOf, tellCustomers } from './customer.ts'
import { instantOf, type WallTime } from './deadline.ts'
import { loadRates } from './fx.ts'
import type { Said } from './history.ts'
import { proposalSettings } from './settings.ts'
import { likelihood, stagesById } from './stages.ts'
import { type Asked, type Ground, saidBy } from './state.ts'

/** The proposal, or NotFound. Whether a member may see it is asked by the caller (server/proposals/visible.ts). */
export async function findProposal(read: Reader, id: string): Promise<Proposal> {
  const [proposal] = await read.select().from(proposals).where(eq(proposals.id, id))
  if (!proposal) throw new NotFound('There is no such proposal.')
  return proposal
}

/** What is said about a proposal beside its state. */
export type About = {
  title: string
  valueBasis?: ValueBasis | undefined
  valueUnits?: number | null | undefined
  organizationId?: string | null | undefined
  source?: string | undefined
  priority?: Priority | undefined
  solicitationNumber?: string | undefined
  solicitationKind?: SolicitationKind | null | undefined
  portalUrl?: string | undefined
  setAside?: string | undefined
  due?: WallTime | null | undefined
  receivedAt?: number | null | undefined
  bidDecidedAt?: number | null | undefined
  nextStep?: string | undefined
  nextStepOn?: string | null | undefined
}

/** Any part of it: what is left out stays. */
export type Partly<T> = { [K in keyof T]?: T[K] | undefined }

/** A later state of a proposal that comes with its past. */
export type Later = Asked & { at: number; note?: string | undefined }

export type NewProposal = About &
  Omit<Asked, 'outcome' | 'awardMinor' | 'dueAt'> & {
    id: string
    pipelineId?: string | undefined
    /** Where it began before now. */
    createdAt?: number | undefined
    issueId?: string | null
    mailboxId?: string | null
    /** What became of it since, in order: for who brings proposals along from elsewhere. */
    history?: Later[] | undefined
  }

/** What states are worked out with, read once for a transaction. */
export async function groundOf(read: Reader): Promise<Ground> {
  const settings = await proposalSettings(read)
  return { settings, stages: await stagesById(read), rates: await loadRates(read, settings.currency) }
}

/**
 * Makes a proposal, in the first stage of the first pipeline where none is named. Sent again, it is there already.
 * @throws Invalid where a stage, deadline or day is wrong
 */
export async function createProposal(
  tx: Tx,
  asked: NewProposal,
  by: Member,
  now: number,
  cause: Pick<Cause, 'cause' | 'detail'> = {},
  /** Who makes many reads it once. */
  known?: Ground,
): Promise<Proposal> {
  const [made] = await tx.select().from(proposals).where(eq(proposals.id, asked.id))
  if (made) return made
  const ground = known ?? (await groundOf(tx))
  const stage = await firstStage(tx, asked, ground)
  const createdAt = asked.createdAt ?? now
  const due = dueOf(asked.due)
  const begun: Said = {
    pipelineId: stage.pipelineId,
    stageId: stage.id,
    outcome: 'open',
    ...likelihood(stage, asked.override ?? null, asked.categoryOverride ?? null),
    valueMinor: asked.valueMinor ?? null,
    currency: asked.currency ?? ground.settings.currency,
    awardMinor: null,
    fxAtDecision: null,
    expectedDecision: asked.expectedDecision ?? null,
    dueAt: due.dueAt,
    ownerId: asked.ownerId ?? null,
    teamId: asked.ownerId ? null : (asked.teamId ?? null),
  }
  let current = begun
  const later = (asked.history ?? []).map(({ at, note, ...state }) => {
    const said = saidBy(state, current, ground, at)
    current = { ...current, ...said }
    return { at, note, said }
  })
  const organizationId = await customerOf(tx, asked.organizationId ?? null)
  const proposal = await beginProposal(
    tx,
    {
      ...begun,
      ...due,
      id: asked.id,
      number: await nextNumber(tx),
      title: asked.title,
      valueBasis: asked.valueBasis ?? 'total',
      valueUnits: asked.valueUnits ?? null,
      organizationId,
      source: asked.source ?? '',
      priority: asked.priority ?? 'normal',
      solicitationNumber: asked.solicitationNumber ?? '',
      solicitationKind: asked.solicitationKind ?? null,
      portalUrl: asked.portalUrl ?? '',
      setAside: asked.setAside ?? '',
      receivedAt: asked.receivedAt ?? null,
      createdAt,
      bidDecidedAt: asked.bidDecidedAt ?? null,
      reopenedCount: 0,
      nextStep: asked.nextStep ?? '',
      nextStepOn: asked.nextStepOn ?? null,
      issueId: asked.issueId ?? null,
      mailboxId: asked.mailboxId ?? null,
      deletedAt: null,
    },
    later,
    { by, ...(later.length > 0 ? { cause: 'import' } : {}), ...cause },
    ground.stages,
    now,
  )
  await tellCustomers(tx, proposal)
  return proposal
}

/** The columns of a deadline, of which the instant is one. */
export function dueOf(due: WallTime | null | undefined) {
  if (!due)
    return {
      dueAt: null,
      dueLocal: null,
      dueZone: null,
      duePrecision: 'time' as const,
      dueChoice: 'earlier' as DueChoice,
    }
  const { at, precision } = instantOf(due)
  return {
    dueAt: at,
    dueLocal: due.local,
    dueZone: due.zone,
    duePrecision: precision,
    dueChoice: due.choice ?? 'earlier',
  }
}

/**
 * Says that the proposal was changed by somebody else, where it was.
 * @param version the one that the member saw; undefined: not asked
 */
export function checkVersion(proposal: Proposal, version: number | undefined): void {
  if (version === undefined || version === proposal.version) return
  throw new Changed('Somebody changed this proposal in between. Look at it as it is now, then change it again.', {
    version: proposal.version,
  })
}

/** A proposal that ended is reopened before it is moved or weighed. */
export function checkOpen(proposal: Proposal): void {
  if (proposal.outcome !== 'open') throw new Refused('This proposal is closed. Reopen it before you change its stage.')
}

async function firstStage(tx: Tx, { stageId, pipelineId }: NewProposal, { stages: all }: Ground) {
  if (stageId) {
    const stage = all.get(stageId)
    if (stage && stage.archivedAt === null) return stage
    throw new Invalid([{ field: 'stageId', message: 'stageId must name a stage in use. There is none like it.' }])
  }
  const [found] = await tx
    .select({ stage: stages })
    .from(stages)
    .innerJoin(pipelines, eq(pipelines.id, stages.pipelineId))
    .where(pipelineId ? eq(pipelines.id, pipelineId) : isNull(pipelines.archivedAt))
    .orderBy(
      asc(pipelines.position),
      sql`case when ${stages.archivedAt} is null then 0 else 1 end`,
      asc(stages.position),
    )
    .limit(1)
  if (!found) throw new Refused('There is no pipeline with a stage yet. A manager adds one under Settings.')
  return found.stage
}

async function nextNumber(tx: Tx): Promise<number> {
  const [row] = await tx
    .insert(sequences)
    .values({ name: 'proposal', n: 1 })
    .onConflictDoUpdate({ target: sequences.name, set: { n: sql`${sequences.n} + 1` } })
    .returning({ n: sequences.n })
  if (!row) throw new Error('the sequence of proposals gave no number')
  return row.n
}
