import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type CustomField,
  customFields,
  type Member,
  type OutcomeReason,
  outcomeReasons,
  type Proposal,
  proposalFields,
} from '../../db/schema.ts'
import type { ClosedOutcome, FieldKind } from '../../db/vocabulary.ts'
import { Invalid, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { changeProposal } from './change.ts'

// The team's own words: reasons to choose from, and fields of their own.

const MAX_FIELDS = 50
const MAX_TEXT = 2_000

export async function listReasons(read: Reader): Promise<OutcomeReason[]> {
  return await read.select().from(outcomeReasons).orderBy(asc(outcomeReasons.outcome), asc(outcomeReasons.position))
}

export type ReasonInput = { id: string; label: string; needsNote: boolean }

/** Writes the reasons of an outcome in their order. One that is left out can no longer be chosen, and stays where it was. */
export async function saveReasons(
  tx: Tx,
  outcome: ClosedOutcome,
  reasons: ReasonInput[],
  by: Member,
  now: number,
): Promise<void> {
  const known = await tx.select().from(outcomeReasons).where(eq(outcomeReasons.outcome, outcome))
  for (const reason of known)
    if (!reasons.some(({ id }) => id === reason.id))
      await tx.update(outcomeReasons).set({ archivedAt: now }).where(eq(outcomeReasons.id, reason.id))
  for (const [position, { id, label, needsNote }] of reasons.entries()) {
    if (
      known.some((reason) => reason.label === label && reason.id !== id && reasons.every((one) => one.id !== reason.id))
    )
      throw new Refused(`There was a reason named ${label}. Take it back into use, or name this one otherwise.`)
    const row = { id, outcome, label, needsNote, position, archivedAt: null }
    if (known.some((reason) => reason.id === id))
      await tx.update(outcomeReasons).set(row).where(eq(outcomeReasons.id, id))
    else await tx.insert(outcomeReasons).values(row)
  }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'reasons', outcome } })
}

export async function listFields(read: Reader): Promise<CustomField[]> {
  return await read.select().from(customFields).orderBy(asc(customFields.position))
}

export type FieldInput = { id: string; label: string; kind: FieldKind; choices: string[] }

/** Writes the fields in their order. One that is left out is no longer shown, and keeps its values. Its kind stays. */
export async function saveFields(tx: Tx, fields: FieldInput[], by: Member, now: number): Promise<void> {
  if (fields.length > MAX_FIELDS) throw new Refused(`There can be at most ${MAX_FIELDS} fields.`)
  const known = await listFields(tx)
  for (const field of known)
    if (!fields.some(({ id }) => id === field.id))
      await tx.update(customFields).set({ archivedAt: now }).where(eq(customFields.id, field.id))
  for (const [position, { id, label, kind, choices }] of fields.entries()) {
    const before = known.find((field) => field.id === id)
    if (before && before.kind !== kind)
      throw new Refused(`${label} has values as ${before.kind}. Make a new field instead.`)
    const row = { id, label, kind, choices: kind === 'choice' ? choices : [], position, archivedAt: null }
    if (before) await tx.update(customFields).set(row).where(eq(customFields.id, id))
    else await tx.insert(customFields).values(row)
  }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'fields' } })
}

/** Sets fields of a proposal; null empties one. Each value must be as its field is. */
export async function setFields(
  tx: Tx,
  proposal: Proposal,
  values: Record<string, string | null>,
  by: Member,
  now: number,
): Promise<void> {
  const ids = Object.keys(values)
  if (ids.length === 0) return
  const fields = new Map(
    (await tx.select().from(customFields).where(inArray(customFields.id, ids))).map((field) => [field.id, field]),
  )
  for (const [fieldId, value] of Object.entries(values)) {
    const field = fields.get(fieldId)
    if (!field) throw new Invalid([{ field: `fields.${fieldId}`, message: `fields.${fieldId} names no field.` }])
    const ofProposal = and(eq(proposalFields.proposalId, proposal.id), eq(proposalFields.fieldId, fieldId))
    await tx.delete(proposalFields).where(ofProposal)
    if (value === null || value === '') continue
    const wrong = complaint(field, value)
    if (wrong) throw new Invalid([{ field: `fields.${fieldId}`, message: `${field.label} ${wrong}` }])
    await tx.insert(proposalFields).values({ proposalId: proposal.id, fieldId, value })
  }
  await changeProposal(tx, proposal, {}, { action: 'proposal_changed', by, detail: { fields: ids } }, now)
}

/** What is wrong with a value, as it goes on after the name of the field; undefined where nothing is. */
function complaint({ kind, choices }: CustomField, value: string): string | undefined {
  if (kind === 'number' && !/^-?\d{1,15}(\.\d{1,10})?$/.test(value)) return 'must be a number such as 12.5.'
  if (kind === 'date' && !(/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))))
    return 'must be a day such as 2026-03-01.'
  if (kind === 'choice' && !choices.includes(value)) return `must be one of ${choices.join(', ')}.`
  if (value.length > MAX_TEXT) return `must have at most ${MAX_TEXT} characters.`
  return undefined
}
