import { Hono } from 'hono'
import { z } from 'zod'
import { ORDERS } from '../../db/vocabulary.ts'
import { isZone } from '../../time/zone.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { MAX_PAGE_SIZE } from '../issues/list.ts'
import { searchIssues } from '../issues/search/search.ts'
import { suggest } from '../issues/search/suggestions.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** A little more than is read, so that what is too long can be explained and not refused. */
const MAX_CHARACTERS = 2_000
const typed = z.string().max(MAX_CHARACTERS)

/** Search over all mail that the member sees; docs/search.md has the syntax. */
export const search = new Hono<Env>()
  .get(
    '/',
    rule('read', 'The issues in which something is found, the newest first'),
    valid(
      'query',
      z.object({
        q: typed.default(''),
        cursor: z.string().optional(),
        order: z.enum(ORDERS).optional(),
        limit: z.coerce.number<string>().int().min(1).max(MAX_PAGE_SIZE).optional(),
        zone: z.string().max(64).refine(isZone, 'must be a time zone, as Europe/Paris.').optional(),
      }),
    ),
    async (c) => {
      const { read } = c.var.db
      const visible = await visibleMailboxIds(read, c.var.member)
      const searcher = { memberId: c.var.member.id, visible }
      return c.json(await searchIssues(read, searcher, c.req.valid('query'), c.var.now))
    },
  )
  .get(
    '/suggestions',
    rule('read', 'Ways to go on with a search that is being typed'),
    valid('query', z.object({ q: typed.default('') })),
    async (c) => {
      const { read } = c.var.db
      const visible = await visibleMailboxIds(read, c.var.member)
      return c.json(await suggest(read, { memberId: c.var.member.id, visible }, c.req.valid('query').q))
    },
  )
