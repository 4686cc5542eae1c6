import { and, desc, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import type { Blobs } from '../../../db/blobs.ts'
import type { Db, Reader, Tx } from '../../../db/index.ts'
import {
  type Import,
  type ImportPlan,
  importRows,
  imports,
  type Member,
  members,
  proposals,
} from '../../../db/schema.ts'
import { Invalid, NotFound, Refused } from '../../errors.ts'
import { record } from '../../issues/event.ts'
import { isCurrency } from '../currency.ts'
import { stagesById } from '../stages.ts'
import { isImportField } from './fields.ts'
import { type PlanGround, proposePlan, questionsOf, withWords } from './plan.ts'
import type { Table } from './read-table.ts'
import { planGround } from './reading.ts'
import { sourceOf } from './sources.ts'

/** Files are kept so long after the import began; then broken lines can no longer be listed. */
const FILE_KEPT_MS = 30 * 86_400_000
const MAX_LISTED = 20
const MAX_NAMED = 100

/** Begins an import: how its file is most likely to be read. Sent again, it is there already. */
export async function beginImport(
  tx: Tx,
  { id, filename, fileBlobHash, table }: { id: string; filename: string; fileBlobHash: string; table: Table },
  by: Member,
  now: number,
): Promise<Import> {
  const [known] = await tx.select().from(imports).where(eq(imports.id, id))
  if (known) return known
  const source = sourceOf(table, filename)
  const begun: Import = {
    id,
    memberId: by.id,
    filename,
    fileBlobHash,
    source,
    state: 'draft',
    plan: proposePlan(table, source, await planGround(tx)),
    total: table.rows.length,
    done: 0,
    created: 0,
    updated: 0,
    same: 0,
    broken: 0,
    kept: 0,
    error: null,
    createdAt: now,
    finishedAt: null,
  }
  await tx.insert(imports).values(begun)
  return begun
}

export async function findImport(read: Reader, id: string): Promise<Import> {
  const [found] = await read.select().from(imports).where(eq(imports.id, id))
  if (!found) throw new NotFound('There is no such import.')
  return found
}

/** The last imports, the newest first, with who did them. */
export async function listImports(read: Reader) {
  return await read
    .select({
      id: imports.id,
      filename: imports.filename,
      source: imports.source,
      state: imports.state,
      total: imports.total,
      created: imports.created,
      updated: imports.updated,
      createdAt: imports.createdAt,
      memberName: members.name,
    })
    .from(imports)
    .innerJoin(members, eq(members.id, imports.memberId))
    .orderBy(desc(imports.createdAt))
    .limit(MAX_LISTED)
}

/** Says how a file is to be read. */
export async function savePlan(tx: Tx, id: string, table: Table, plan: ImportPlan): Promise<Import> {
  const found = await draftOf(tx, id)
  const ground = await planGround(tx)
  await checkPlan(tx, plan, table, ground)
  const saved: Import = { ...found, plan: withWords(table, plan, ground) }
  await tx.update(imports).set({ plan: saved.plan }).where(eq(imports.id, id))
  return saved
}

/** Begins to carry an import out; the worker does it. Asked again, it is under way already. */
export async function startImport(tx: Tx, id: string, table: Table, by: Member, now: number): Promise<Import> {
  const found = await findImport(tx, id)
  if (found.state === 'running' || found.state === 'done') return found
  if (found.state !== 'draft') throw new Refused('This import is over. Choose the file again to import it once more.')
  const [open] = questionsOf(table, found.plan)
  if (open) throw new Refused('Something about the file is not answered yet. Answer it, then import.')
  await checkPlan(tx, found.plan, table, await planGround(tx))
  const started: Import = { ...found, state: 'running', memberId: by.id }
  await tx.update(imports).set({ state: 'running', memberId: by.id }).where(eq(imports.id, id))
  const detail = { what: 'import', id, filename: found.filename }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail })
  return started
}

/** Begins to take an import back, also one that is under way; the worker does it. */
export async function startTakeBack(tx: Tx, id: string, by: Member, now: number): Promise<Import> {
  const found = await findImport(tx, id)
  if (found.state === 'undoing' || found.state === 'undone') return found
  if (found.state === 'draft') throw new Refused('Nothing was imported yet, so there is nothing to take back.')
  const total = await tx.$count(importRows, eq(importRows.importId, id))
  const change = { state: 'undoing', total, done: 0, memberId: by.id, finishedAt: null, error: null } as const
  await tx.update(imports).set(change).where(eq(imports.id, id))
  const detail = { what: 'import', id, filename: found.filename, takenBack: true }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail })
  return { ...found, ...change }
}

/**
 * Lets go of an import that was not begun.
 * @returns the blob of its file
 */
export async function removeDraft(tx: Tx, id: string): Promise<string | null> {
  const found = await draftOf(tx, id)
  await tx.delete(imports).where(eq(imports.id, id))
  const shared =
    found.fileBlobHash === null ? 0 : await tx.$count(imports, eq(imports.fileBlobHash, found.fileBlobHash))
  return shared > 0 ? null : found.fileBlobHash
}

/** The proposals that stay although their import was taken back: somebody had changed them. */
export async function keptOf(read: Reader, id: string) {
  return await read
    .select({ id: proposals.id, number: proposals.number, title: proposals.title })
    .from(importRows)
    .innerJoin(proposals, eq(proposals.id, importRows.proposalId))
    .where(and(eq(importRows.importId, id), isNotNull(importRows.keptAt)))
    .orderBy(proposals.number)
    .limit(MAX_NAMED)
}

/** Lets go of files that are no longer needed, and of imports that were never begun. */
export async function pruneImports({ db, blobs }: { db: Db; blobs: Blobs }, now: number): Promise<void> {
  const hashes = await db.write(async (tx) => {
    const old = await tx
      .select({ id: imports.id, state: imports.state, hash: imports.fileBlobHash })
      .from(imports)
      .where(
        and(
          inArray(imports.state, ['draft', 'done', 'undone', 'failed']),
          lt(imports.createdAt, now - FILE_KEPT_MS),
          isNotNull(imports.fileBlobHash),
        ),
      )
      .limit(MAX_LISTED)
    for (const { id, state } of old) {
      if (state === 'draft') await tx.delete(imports).where(eq(imports.id, id))
      else await tx.update(imports).set({ fileBlobHash: null }).where(eq(imports.id, id))
    }
    const gone: string[] = []
    for (const { hash } of old)
      if (hash !== null && (await tx.$count(imports, eq(imports.fileBlobHash, hash))) === 0) gone.push(hash)
    return gone
  })
  for (const hash of hashes) await blobs.delete(hash)
}

async function draftOf(tx: Tx, id: string): Promise<Import> {
  const found = await findImport(tx, id)
  if (found.state !== 'draft')
    throw new Refused('This import was begun already. Take it back, or choose the file again.')
  return found
}

async function checkPlan(tx: Tx, plan: ImportPlan, table: Table, ground: PlanGround): Promise<void> {
  const wrong = (field: string, message: string) => new Invalid([{ field, message }])
  if (plan.columns.length !== table.head.length)
    throw wrong('columns', `columns must have ${table.head.length} entries, one for each column of the file.`)
  const unknown = plan.columns.find((one) => one !== null && !isImportField(one))
  if (unknown) throw wrong('columns', `columns must not have "${unknown}". Use the names of fields, or null.`)
  if (!isCurrency(plan.currency)) throw wrong('currency', 'currency must be the code of a currency such as USD.')
  const stages = await stagesById(tx)
  for (const [word, meaning] of Object.entries(plan.stages)) {
    const stage = meaning && stages.get(meaning.stageId)
    if (meaning && (!stage || stage.archivedAt !== null))
      throw wrong('stages', `stages must name a stage in use for "${word}". Choose another one.`)
  }
  const people = new Set(ground.members.map(({ id }) => id))
  for (const [word, memberId] of Object.entries(plan.people))
    if (memberId !== null && !people.has(memberId))
      throw wrong('people', `people must name a member for "${word}", or null.`)
}
