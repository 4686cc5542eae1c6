import { hash as digest } from 'node:crypto'
import { asc, isNull } from 'drizzle-orm'
import type { Blobs } from '../../../db/blobs.ts'
import type { Reader } from '../../../db/index.ts'
import { type Import, type ImportPlan, members, outcomeReasons, type Stage } from '../../../db/schema.ts'
import { NotFound } from '../../errors.ts'
import { listPipelines } from '../pipeline.ts'
import { proposalSettings } from '../settings.ts'
import { stagesById } from '../stages.ts'
import { type Complaint, type Imported, type Reading, readLine } from './line.ts'
import { type PlanGround, usualPercents } from './plan.ts'
import { readTable, type Table } from './read-table.ts'

/** What plans are made with, as it is now. */
export async function planGround(read: Reader): Promise<PlanGround> {
  const [settings, stages, people] = await Promise.all([
    proposalSettings(read),
    stagesInUse(read),
    read
      .select({ id: members.id, name: members.name, email: members.email, disabledAt: members.disabledAt })
      .from(members),
  ])
  return { currency: settings.currency, stages, members: people }
}

/** The stages of the first pipeline in use, in their order. */
async function stagesInUse(read: Reader): Promise<Stage[]> {
  const pipeline = (await listPipelines(read)).find(({ archivedAt }) => archivedAt === null)
  return (pipeline?.stages ?? []).filter(({ archivedAt }) => archivedAt === null)
}

/** What the rows of a file are read with, as it is now. */
export async function readingOf(
  read: Reader,
  table: Table,
  { source, plan }: { source: string; plan: ImportPlan },
  now: number,
): Promise<Reading> {
  const [settings, stages, inUse, reasons] = await Promise.all([
    proposalSettings(read),
    stagesById(read),
    stagesInUse(read),
    read.select().from(outcomeReasons).where(isNull(outcomeReasons.archivedAt)).orderBy(asc(outcomeReasons.position)),
  ])
  const usual = usualPercents(table, plan.columns)
  return { table, plan, source, stages, firstStage: inUse[0], usual, reasons, zone: settings.zone, now }
}

/** Every row of a file: what it is, or what is wrong with it, in the order of the file. */
export function readLines(reading: Reading): (Imported | Complaint[])[] {
  const seen = new Map<string, number>()
  return reading.table.rows.map((row) => {
    const read = readLine(row, reading)
    if (Array.isArray(read)) return read
    const own = read.externalId
    // Without an id of its own a row is known by what it says; the second such row is another one.
    const key = own || `row:${digest('sha256', row.cells.join('\u001F')).slice(0, 32)}`
    const first = seen.get(key)
    seen.set(key, own ? (first ?? read.line) : (first ?? 0) + 1)
    if (own && first !== undefined) {
      const column = reading.table.head[reading.plan.columns.indexOf('externalId')] ?? ''
      const message = `Line ${first} has this id already. Keep one of the two.`
      return [{ line: read.line, column, value: own, message }]
    }
    return { ...read, externalId: own ? key : `${key}#${(first ?? 0) + 1}` }
  })
}

// The file that was read last: the steps of one import ask for it again and again.
let last: { hash: string; table: Table } | undefined

/** The table of an import's file. */
export async function tableOf(
  blobs: Pick<Blobs, 'get'>,
  { fileBlobHash }: Pick<Import, 'fileBlobHash'>,
): Promise<Table> {
  if (fileBlobHash !== null && last?.hash === fileBlobHash) return last.table
  const bytes = fileBlobHash === null ? undefined : await blobs.get(fileBlobHash)
  if (!bytes || fileBlobHash === null) throw new NotFound('The file of this import is no longer kept. Choose it again.')
  last = { hash: fileBlobHash, table: readTable(bytes) }
  return last.table
}

/** Lets go of the file that was read last. */
export function forgetTable(): void {
  last = undefined
}
