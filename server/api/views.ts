import { Hono } from 'hono'
import { z } from 'zod'
import { isZone } from '../../time/zone.ts'
import { may, visibleMailboxIds } from '../access/may.ts'
import { countSearch } from '../issues/search/count-search.ts'
import { MAX_QUERY_CHARACTERS } from '../issues/search/query.ts'
import type { Counted } from '../issues/search/search-issues.ts'
import { changeView, createView, deleteView, listViews, orderViews } from '../issues/views.ts'
import type { Env } from './deps.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_NAME_CHARACTERS = 60
const MAX_ORDERED = 300
const name = line(MAX_NAME_CHARACTERS)
const query = line(MAX_QUERY_CHARACTERS)

/** Saved views: a search that somebody keeps as a list, for themselves or for everybody. docs/search.md has the syntax. */
export const views = new Hono<Env>()
  .get('/', rule('read', 'Your saved views, and those that everybody has'), async (c) =>
    c.json(await listViews(c.var.db.read, c.var.member.id)),
  )
  .get(
    '/counts',
    rule('read', 'How many issues each of your views has, up to 99'),
    valid(
      'query',
      z.object({ zone: z.string().max(64).refine(isZone, 'must be a time zone, as Europe/Paris.').optional() }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { zone } = c.req.valid('query')
      const searcher = { memberId: member.id, visible: await visibleMailboxIds(db.read, member) }
      const counts: Record<string, Counted> = {}
      for (const view of await listViews(db.read, member.id))
        counts[view.id] = await countSearch(db.read, searcher, view.query, { now, zone })
      return c.json(counts)
    },
  )
  .post(
    '/',
    rule('read', 'Keep a search as a view, for yourself or, as a manager, for everybody'),
    valid(
      'json',
      z.object({
        id: z.uuid(),
        name,
        query,
        oldestFirst: z.boolean().default(false),
        shared: z.boolean().default(false),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id, ...draft } = c.req.valid('json')
      return c.json(await db.write((tx) => createView(tx, id, draft, member, may(member, 'manage desk'), now)), 201)
    },
  )
  .put(
    '/order',
    rule('read', 'Put your views in an order; managers also those of everybody'),
    valid('json', z.object({ ids: z.array(z.uuid()).max(MAX_ORDERED) })),
    async (c) => {
      const { db, member, now } = c.var
      const { ids } = c.req.valid('json')
      await db.write((tx) => orderViews(tx, ids, member, may(member, 'manage desk'), now))
      return c.json(await listViews(db.read, member.id))
    },
  )
  .patch(
    '/:id',
    rule('read', 'Change a view'),
    idInPath,
    valid(
      'json',
      z.object({
        name: name.optional(),
        query: query.optional(),
        oldestFirst: z.boolean().optional(),
        shared: z.boolean().optional(),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      const given = Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined)
      const to = Object.fromEntries(given)
      return c.json(await db.write((tx) => changeView(tx, id, to, member, may(member, 'manage desk'), now)))
    },
  )
  .delete('/:id', rule('read', 'Remove a view; its issues stay'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const { id } = c.req.valid('param')
    await db.write((tx) => deleteView(tx, id, member, may(member, 'manage desk'), now))
    return c.body(null, 204)
  })
