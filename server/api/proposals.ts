import { Hono } from 'hono'
import { z } from 'zod'
import { CLOSED_OUTCOMES, FORECAST_CATEGORIES, OUTCOMES } from '../../db/vocabulary.ts'
import { CARDS_A_COLUMN, MAX_CARDS_A_COLUMN, readBoard } from '../proposals/board.ts'
import { setFields } from '../proposals/choices.ts'
import { closeProposal, reopenProposal } from '../proposals/close.ts'
import { readDetails } from '../proposals/details.ts'
import { deleteProposal, editProposal, restoreProposal } from '../proposals/edit.ts'
import { exportHistory, exportProposals } from '../proposals/export.ts'
import { readField } from '../proposals/field.ts'
import { moveToStage, setOverride } from '../proposals/move.ts'
import { checkVersion, createProposal } from '../proposals/proposal.ts'
import { MAX_TABLE_PAGE, readTable, TABLE_PAGE } from '../proposals/table.ts'
import { proposalFor, scopeOf } from '../proposals/visible.ts'
import { momentOf } from './as-of.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import {
  about,
  asOf,
  filter,
  minor,
  moment,
  newProposal,
  note,
  order,
  ownFields,
  percent,
  state,
  version,
} from './proposal-fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const WEEK_MS = 7 * 86_400_000

const csvHeaders = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}"`,
})

/** Proposals: the board, the field, the table, one of them, and what is done with it. */
export const proposals = new Hono<Env>()
  .get(
    '/',
    rule('read', 'A page of the table of proposals, with the sums of all that the filter means'),
    valid(
      'query',
      z.object({
        ...filter,
        ...order,
        outcome: z.enum([...OUTCOMES, 'closed', 'all']).default('open'),
        /** Ids with commas between: what a figure of a report was made of. */
        ids: z.string().max(20_000).optional(),
        asOf,
        cursor: z.string().max(2_000).optional(),
        limit: z.coerce.number<string>().int().min(1).max(MAX_TABLE_PAGE).default(TABLE_PAGE),
      }),
    ),
    async (c) => {
      const { read } = c.var.db
      const { sort, order, asOf, cursor, limit, ids, ...filter } = c.req.valid('query')
      const at = await momentOf(read, asOf, c.var.now)
      const chosen = { ...filter, ...(ids === undefined ? {} : { ids: ids.split(',') }) }
      const query = { filter: chosen, asOf: at, sort, descending: order === 'desc', limit, cursor }
      return c.json(await readTable(read, await scopeOf(read, c.var.member), query, c.var.now))
    },
  )
  .get(
    '/board',
    rule('read', 'The open proposals by stage: count, total and weighted total of each column, and its first cards'),
    valid(
      'query',
      z.object({
        ...filter,
        ...order,
        asOf,
        limit: z.coerce.number<string>().int().min(0).max(MAX_CARDS_A_COLUMN).default(CARDS_A_COLUMN),
      }),
    ),
    async (c) => {
      const { read } = c.var.db
      const { sort, order, asOf, limit, ...filter } = c.req.valid('query')
      const at = await momentOf(read, asOf, c.var.now)
      const query = { filter, asOf: at, sort, descending: order === 'desc', limit }
      return c.json(await readBoard(read, await scopeOf(read, c.var.member), query, c.var.now))
    },
  )
  .get(
    '/field',
    rule('read', 'The open proposals on a field from 0 to 100 percent, and where each was'),
    valid(
      'query',
      z.object({
        ...filter,
        asOf,
        since: asOf,
        /** Only so many, those worth most; left out: all. */
        limit: z.coerce.number<string>().int().min(0).max(MAX_CARDS_A_COLUMN).optional(),
      }),
    ),
    async (c) => {
      const { read } = c.var.db
      const { asOf, since, limit, ...filter } = c.req.valid('query')
      const at = await momentOf(read, asOf, c.var.now)
      const then = (await momentOf(read, since, c.var.now)) ?? (at ?? c.var.now) - WEEK_MS
      const query = { filter, asOf: at, since: then, limit }
      return c.json(await readField(read, await scopeOf(read, c.var.member), query, c.var.now))
    },
  )
  .get(
    '/export.csv',
    rule('read', 'Proposals as CSV, as the table shows them for the same filter'),
    valid('query', z.object({ ...filter, outcome: z.enum([...OUTCOMES, 'closed', 'all']).default('all'), asOf })),
    async (c) => {
      const { read } = c.var.db
      const { asOf, ...filter } = c.req.valid('query')
      const at = await momentOf(read, asOf, c.var.now)
      const text = await exportProposals(read, await scopeOf(read, c.var.member), { filter, asOf: at }, c.var.now)
      return c.body(text, 200, csvHeaders('proposals.csv'))
    },
  )
  .get('/history.csv', rule('read', 'Every state of every proposal as CSV'), async (c) => {
    const { read } = c.var.db
    return c.body(await exportHistory(read, await scopeOf(read, c.var.member)), 200, csvHeaders('proposal-history.csv'))
  })
  .post(
    '/',
    rule('triage', 'Make a proposal, with its past where it has one'),
    valid('json', newProposal),
    async (c) => {
      const { db, member, now } = c.var
      const { fields, ...asked } = c.req.valid('json')
      const { id } = await db.write(async (tx) => {
        const made = await createProposal(tx, asked, member, now)
        if (fields && made.version === 1) await setFields(tx, made, fields, member, now)
        return await proposalFor(tx, member, made.id)
      })
      return c.json(await proposalFor(db.read, member, id), 201)
    },
  )
  .get('/:id', rule('read', 'A proposal with all that belongs to it'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const { read } = db
    const proposal = await proposalFor(read, member, c.req.valid('param').id)
    return c.json(await readDetails(read, await scopeOf(read, member), proposal, now))
  })
  .patch(
    '/:id',
    rule('triage', 'Change what is said about a proposal; `at` says since when, where that is not now'),
    idInPath,
    valid(
      'json',
      z
        .object({
          ...about,
          ...state,
          awardMinor: minor.nullish(),
          fields: ownFields,
          at: moment,
          note,
          version: z.number().int(),
        })
        .partial(),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { version, fields, ...edit } = c.req.valid('json')
      const changed = await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, c.req.valid('param').id)
        checkVersion(proposal, version)
        const edited = Object.keys(edit).length > 0 ? await editProposal(tx, proposal, edit, member, now) : proposal
        if (fields) await setFields(tx, edited, fields, member, now)
        return await proposalFor(tx, member, edited.id)
      })
      return c.json(changed)
    },
  )
  .delete(
    '/:id',
    rule('triage', 'Take a proposal out of every list and report; it can come back'),
    idInPath,
    async (c) => {
      const { db, member, now } = c.var
      await db.write(async (tx) => {
        await deleteProposal(tx, await proposalFor(tx, member, c.req.valid('param').id), member, now)
      })
      return c.body(null, 204)
    },
  )
  .put('/:id/restored', rule('triage', 'Bring a deleted proposal back'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const restored = await db.write(async (tx) =>
      restoreProposal(tx, await proposalFor(tx, member, c.req.valid('param').id), member, now),
    )
    return c.json(restored)
  })
  .put(
    '/:id/stage',
    rule('triage', 'Move an open proposal to a stage'),
    idInPath,
    valid(
      'json',
      z.object({
        stageId: z.uuid(),
        /** Keep the probability of its own; left out: as the settings say. */
        keepOverride: z.boolean().optional(),
        at: moment.optional(),
        note: note.optional(),
        version,
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { version, ...move } = c.req.valid('json')
      const moved = await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, c.req.valid('param').id)
        checkVersion(proposal, version)
        return await moveToStage(tx, proposal, move, member, now)
      })
      return c.json(moved)
    },
  )
  .put(
    '/:id/probability',
    rule('triage', 'Give an open proposal a probability or category of its own; null gives back that of its stage'),
    idInPath,
    valid(
      'json',
      z.object({
        override: percent.nullish(),
        categoryOverride: z.enum(FORECAST_CATEGORIES).nullish(),
        at: moment.optional(),
        note: note.optional(),
        version,
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { version, ...asked } = c.req.valid('json')
      const weighed = await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, c.req.valid('param').id)
        checkVersion(proposal, version)
        return await setOverride(tx, proposal, asked, member, now)
      })
      return c.json(weighed)
    },
  )
  .put(
    '/:id/outcome',
    rule('triage', 'Close a proposal: won, lost, no bid, withdrawn or cancelled by the customer'),
    idInPath,
    valid(
      'json',
      z.object({
        outcome: z.enum(CLOSED_OUTCOMES),
        decidedAt: moment.optional(),
        awardMinor: minor.nullish(),
        primaryReasonId: z.uuid().nullish(),
        reasonIds: z.array(z.uuid()).max(20).optional(),
        note: note.optional(),
        /** The organization that won instead of us. */
        winnerId: z.uuid().nullish(),
        version,
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { version, ...closing } = c.req.valid('json')
      const closed = await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, c.req.valid('param').id)
        checkVersion(proposal, version)
        return await closeProposal(tx, proposal, closing, member, now)
      })
      return c.json(closed)
    },
  )
  .delete('/:id/outcome', rule('triage', 'Reopen a proposal that ended'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const reopened = await db.write(async (tx) =>
      reopenProposal(tx, await proposalFor(tx, member, c.req.valid('param').id), member, now),
    )
    return c.json(reopened)
  })
