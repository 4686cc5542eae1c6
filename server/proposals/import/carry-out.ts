import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import {
  type Import,
  type ImportBefore,
  importRows,
  imports,
  type Member,
  type Proposal,
  proposalOrigins,
  proposalReasons,
  proposals,
} from '../../../db/schema.ts'
import { organizationNamed } from '../../people/organization.ts'
import { changeProposal, type Rest } from '../change.ts'
import type { Said } from '../history.ts'
import { addProposalNote } from '../note.ts'
import { createProposal, dueOf, groundOf } from '../proposal.ts'
import { type Asked, type Ground, saidBy } from '../state.ts'
import type { Imported } from './line.ts'
import { withPast } from './past.ts'

/** What became of some rows of an import. */
type Counts = Pick<Import, 'created' | 'updated' | 'same'>

/** Carries some rows of an import out, and writes down what it did to each proposal. */
export async function carryOut(tx: Tx, one: Import, rows: Imported[], by: Member, now: number): Promise<Counts> {
  const ground = await groundOf(tx)
  const organizations = new Map<string, string>()
  const counts: Counts = { created: 0, updated: 0, same: 0 }
  for (const row of rows) {
    const known = await knownAs(tx, one.source, row.externalId)
    if (known && (one.plan.onKnown === 'skip' || known.deletedAt !== null)) {
      counts.same++
      continue
    }
    const organizationId = await organizationIdOf(tx, row.organization, organizations, now)
    if (known) {
      const changed = await update(tx, one, known, row, organizationId, by, ground, now)
      counts[changed ? 'updated' : 'same']++
    } else {
      await create(tx, one, row, organizationId, by, ground, now)
      counts.created++
    }
  }
  return counts
}

async function knownAs(tx: Tx, source: string, externalId: string): Promise<Proposal | undefined> {
  const [found] = await tx
    .select({ proposal: proposals })
    .from(proposalOrigins)
    .innerJoin(proposals, eq(proposals.id, proposalOrigins.proposalId))
    .where(and(eq(proposalOrigins.source, source), eq(proposalOrigins.externalId, externalId)))
  return found?.proposal
}

async function organizationIdOf(tx: Tx, name: string, known: Map<string, string>, now: number): Promise<string | null> {
  if (name === '') return null
  const id = known.get(name) ?? (await organizationNamed(tx, { name }, now)).id
  known.set(name, id)
  return id
}

async function create(
  tx: Tx,
  one: Import,
  row: Imported,
  organizationId: string | null,
  by: Member,
  ground: Ground,
  now: number,
): Promise<void> {
  const asked = withPast(row, uuidv7(), organizationId, ground.stages, now)
  const made = await createProposal(tx, asked, by, now, { cause: 'import', detail: { importId: one.id } }, ground)
  if (row.reasonId)
    await tx.insert(proposalReasons).values({ proposalId: made.id, reasonId: row.reasonId, isPrimary: true, note: '' })
  if (row.description)
    await addProposalNote(tx, made, { id: uuidv7(), text: row.description, at: made.createdAt }, by, now)
  const origin = { source: one.source, externalId: row.externalId, proposalId: made.id, createdAt: now }
  await tx.insert(proposalOrigins).values(origin)
  await tx.insert(importRows).values({
    importId: one.id,
    line: row.line,
    proposalId: made.id,
    act: 'created',
    version: made.version,
    before: null,
    takenBackAt: null,
    keptAt: null,
  })
}

/** @returns whether the file says anything else about it */
async function update(
  tx: Tx,
  one: Import,
  proposal: Proposal,
  row: Imported,
  organizationId: string | null,
  by: Member,
  ground: Ground,
  now: number,
): Promise<boolean> {
  const has = (...fields: string[]) => one.plan.columns.some((field) => field !== null && fields.includes(field))
  const rest: Rest = { title: row.title }
  const asked: Asked = {}
  if (has('organization')) rest.organizationId = organizationId
  if (has('source')) rest.source = row.source
  if (has('solicitation')) rest.solicitationNumber = row.solicitation
  if (has('nextStep')) rest.nextStep = row.nextStep
  if (has('nextStepOn')) rest.nextStepOn = row.nextStepOn
  if (has('due')) {
    const { dueAt, ...due } = dueOf(row.due)
    Object.assign(rest, due)
    asked.dueAt = dueAt
  }
  if (has('value')) Object.assign(asked, { valueMinor: row.valueMinor, currency: row.currency })
  if (has('owner') && row.ownerId !== proposal.ownerId) asked.ownerId = row.ownerId
  if (has('expectedDecision') || (has('closeDate') && row.outcome === 'open'))
    asked.expectedDecision = row.expectedDecision
  if (has('stage') && row.stageId !== proposal.stageId) asked.stageId = row.stageId
  if (has('ownProbability') || (has('probability') && row.outcome === 'open')) asked.override = row.override
  const isClosing = has('stage', 'status') && row.outcome !== proposal.outcome
  if (isClosing) asked.outcome = row.outcome
  if (row.awardMinor !== null) asked.awardMinor = row.awardMinor
  // What was closed since the last import was closed when the file says so, as far as that is after what is known.
  const closedAt = isClosing && row.decidedAt !== null && row.decidedAt > proposal.changedAt ? row.decidedAt : undefined
  const said = differing(saidBy(asked, proposal, ground, closedAt ?? now), proposal)
  const others = differing(rest, proposal)
  if (Object.keys(said).length + Object.keys(others).length === 0) return false
  const before: ImportBefore = {
    said: Object.fromEntries(Object.keys(said).map((key) => [key, proposal[key as keyof Said]])),
    // The cast: what `rest` is made of above is text, numbers or nothing.
    rest: Object.fromEntries(
      Object.keys(others).map((key) => [key, proposal[key as keyof Rest]]),
    ) as ImportBefore['rest'],
  }
  const cause = { action: 'proposal_changed', by, cause: 'import', detail: { importId: one.id } } as const
  const note = isClosing ? row.reason : undefined
  const changed = await changeProposal(tx, proposal, { said, rest: others, at: closedAt }, { ...cause, note }, now)
  await tx.insert(importRows).values({
    importId: one.id,
    line: row.line,
    proposalId: proposal.id,
    act: 'updated',
    version: changed.version,
    before,
    takenBackAt: null,
    keptAt: null,
  })
  return true
}

/** Those of the values that are another in the proposal. */
function differing<T extends Partial<Said> | Rest>(values: T, proposal: Proposal): T {
  // The cast: fewer of the same keys.
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => proposal[key as keyof Proposal] !== value),
  ) as T
}

export async function writeProgress(tx: Tx, one: Import): Promise<void> {
  const { id, state, done, created, updated, same, broken, kept, error, finishedAt } = one
  await tx
    .update(imports)
    .set({ state, done, created, updated, same, broken, kept, error, finishedAt })
    .where(eq(imports.id, id))
}
