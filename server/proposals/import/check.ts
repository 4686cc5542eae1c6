import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { type Import, proposalOrigins, proposals } from '../../../db/schema.ts'
import { type Cell, csvOf } from '../csv.ts'
import type { Complaint, Imported } from './line.ts'
import type { Table } from './read-table.ts'
import { readingOf, readLines } from './reading.ts'

const SHOWN_ROWS = 20
const IDS_AT_ONCE = 500

/** What an import would do: nothing of it is done. */
export async function checkImport(read: Reader, one: Import, table: Table, now: number) {
  const lines = readLines(await readingOf(read, table, one, now))
  const good = lines.filter((line): line is Imported => !Array.isArray(line))
  const broken = lines.filter((line): line is Complaint[] => Array.isArray(line))
  const known = await countKnown(read, one.source, good)
  return {
    good: good.length,
    /** Of the good ones those that an import before brought along. */
    known,
    brokenLines: broken.length,
    broken: broken.flat(),
    /** The first rows as they would be. */
    preview: good.slice(0, SHOWN_ROWS),
  }
}

/** The broken lines as CSV, to be mended in a spreadsheet. */
export function brokenCsv(broken: Complaint[]): string {
  const rows = broken.map(({ line, column, value, message }): Cell[] => [line, column, value, message])
  return csvOf(['Line', 'Column', 'Value', 'What to do'], rows)
}

async function countKnown(read: Reader, source: string, rows: Imported[]): Promise<number> {
  let known = 0
  for (let i = 0; i < rows.length; i += IDS_AT_ONCE) {
    const ids = rows.slice(i, i + IDS_AT_ONCE).map(({ externalId }) => externalId)
    const found = await read
      .select({ id: proposals.id })
      .from(proposalOrigins)
      .innerJoin(proposals, eq(proposals.id, proposalOrigins.proposalId))
      .where(
        and(eq(proposalOrigins.source, source), inArray(proposalOrigins.externalId, ids), isNull(proposals.deletedAt)),
      )
    known += found.length
  }
  return known
}
