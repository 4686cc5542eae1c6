import { Hono } from 'hono'
import { z } from 'zod'
import type { Import } from '../../db/schema.ts'
import { CLOSED_OUTCOMES, KNOWN_CHOICES } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { brokenCsv, checkImport } from '../proposals/import/check.ts'
import {
  beginImport,
  findImport,
  keptOf,
  listImports,
  removeDraft,
  savePlan,
  startImport,
  startTakeBack,
} from '../proposals/import/import.ts'
import { questionsOf, wordsOf } from '../proposals/import/plan.ts'
import { MAX_IMPORT_BYTES, MAX_IMPORT_COLUMNS, readTable, type Table } from '../proposals/import/read-table.ts'
import { tableOf } from '../proposals/import/reading.ts'
import { sourceLabel } from '../proposals/import/sources.ts'
import type { Env } from './deps.ts'
import { dispositionOf } from './disposition.ts'
import { idInPath } from './fields.ts'
import { currency } from './proposal-fields.ts'
import { readBody } from './read-body.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** Where files of other systems come in. */
export const IMPORTS_PATH = '/api/imports'
const MAX_NAME = 300
const SAMPLES = 3
const MAX_SAMPLE = 80

const plan = z.object({
  columns: z.array(z.string().max(40).nullable()).max(MAX_IMPORT_COLUMNS),
  dateOrder: z.enum(['dmy', 'mdy']).nullable(),
  decimal: z.enum(['.', ',']).nullable(),
  currency,
  stages: z.record(z.string(), z.object({ stageId: z.uuid(), outcome: z.enum(CLOSED_OUTCOMES).nullable() }).nullable()),
  people: z.record(z.string(), z.uuid().nullable()),
  onKnown: z.enum(KNOWN_CHOICES),
})

/** Proposals from files of other systems: how a file is read, a dry run, the import with its progress, and the way back. */
export const proposalImports = new Hono<Env>()
  .get('/', rule('import proposals', 'The last imports of proposals, the newest first'), async (c) =>
    c.json((await listImports(c.var.db.read)).map((one) => ({ ...one, sourceLabel: sourceLabel(one.source) }))),
  )
  .post(
    '/',
    rule('import proposals', 'Takes a CSV, tab or merge file, as the body, and says how it would be read'),
    valid('query', z.object({ id: z.uuid(), filename: z.string().trim().min(1).max(MAX_NAME) })),
    async (c) => {
      const { db, deps, member, now } = c.var
      const { id, filename } = c.req.valid('query')
      const bytes = await readBody(c.req.raw, MAX_IMPORT_BYTES, 'Split it into several files.')
      if (bytes.length === 0) throw new Invalid([{ field: '', message: 'The file is empty. Choose another.' }])
      const table = readTable(bytes)
      const fileBlobHash = await deps.blobs.put(bytes)
      const begun = await db.write((tx) => beginImport(tx, { id, filename, fileBlobHash, table }, member, now))
      return c.json(shown(begun, table), 201)
    },
  )
  .get(
    '/:id',
    rule('import proposals', 'An import: how its file is read, or how far it has come'),
    idInPath,
    async (c) => {
      const one = await findImport(c.var.db.read, c.req.valid('param').id)
      const table = one.state === 'draft' ? await tableOf(c.var.deps.blobs, one) : null
      const kept = one.kept > 0 ? await keptOf(c.var.db.read, one.id) : []
      return c.json({ ...shown(one, table), keptProposals: kept })
    },
  )
  .put(
    '/:id/plan',
    rule('import proposals', 'Say how the file is to be read'),
    idInPath,
    valid('json', plan),
    async (c) => {
      const { db, deps } = c.var
      const { id } = c.req.valid('param')
      const table = await tableOf(deps.blobs, await findImport(db.read, id))
      return c.json(shown(await db.write((tx) => savePlan(tx, id, table, c.req.valid('json'))), table))
    },
  )
  .get(
    '/:id/check',
    rule('import proposals', 'A dry run: what would be imported, and each line that could not'),
    idInPath,
    async (c) => {
      const { db, deps, now } = c.var
      const one = await findImport(db.read, c.req.valid('param').id)
      return c.json(await checkImport(db.read, one, await tableOf(deps.blobs, one), now))
    },
  )
  .get(
    '/:id/broken.csv',
    rule('import proposals', 'The lines that could not be imported as CSV'),
    idInPath,
    async (c) => {
      const { db, deps, now } = c.var
      const one = await findImport(db.read, c.req.valid('param').id)
      const { broken } = await checkImport(db.read, one, await tableOf(deps.blobs, one), now)
      return c.body(brokenCsv(broken), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': dispositionOf('attachment', 'broken-lines.csv'),
      })
    },
  )
  .post('/:id/start', rule('import proposals', 'Import all lines that can be read'), idInPath, async (c) => {
    const { db, deps, member, now } = c.var
    const { id } = c.req.valid('param')
    const table = await tableOf(deps.blobs, await findImport(db.read, id))
    return c.json(shown(await db.write((tx) => startImport(tx, id, table, member, now)), null))
  })
  .post(
    '/:id/undo',
    rule('import proposals', 'Take an import back: what somebody changed since stays'),
    idInPath,
    async (c) => {
      const { db, member, now } = c.var
      return c.json(shown(await db.write((tx) => startTakeBack(tx, c.req.valid('param').id, member, now)), null))
    },
  )
  .delete('/:id', rule('import proposals', 'Let go of a file that was not imported'), idInPath, async (c) => {
    const { db, deps } = c.var
    const hash = await db.write((tx) => removeDraft(tx, c.req.valid('param').id))
    if (hash !== null) await deps.blobs.delete(hash)
    return c.body(null, 204)
  })

function shown({ fileBlobHash, memberId, ...one }: Import, table: Table | null) {
  return {
    ...one,
    sourceLabel: sourceLabel(one.source),
    hasFile: fileBlobHash !== null,
    /** Of one that is not begun: what its file looks like, and what is not answered yet. */
    file: table && {
      charset: table.charset,
      delimiter: table.delimiter,
      isNamed: table.isNamed,
      columns: table.head.map((name, i) => ({ name, samples: samplesOf(table, i) })),
      stages: [...wordsOf(table, one.plan.columns, 'stage')].map(([word, count]) => ({ word, count })),
      people: [...wordsOf(table, one.plan.columns, 'owner')].map(([word, count]) => ({ word, count })),
      questions: questionsOf(table, one.plan),
    },
  }
}

function samplesOf({ rows }: Table, i: number): string[] {
  const samples = new Set<string>()
  for (const { cells } of rows) {
    const text = (cells[i] ?? '').trim()
    if (text !== '') samples.add(text.slice(0, MAX_SAMPLE))
    if (samples.size >= SAMPLES) break
  }
  return [...samples]
}
