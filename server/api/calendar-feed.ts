import { Hono } from 'hono'
import { z } from 'zod'
import { FEED_SCOPES } from '../../db/vocabulary.ts'
import { newToken } from '../access/token.ts'
import { changeFeed, feedOf, makeFeed, readFeed, removeFeed } from '../proposals/calendar-feed.ts'
import type { Env } from './deps.ts'
import { baseUrl } from './invitations.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inFeed = valid('json', z.object({ shows: z.enum(FEED_SCOPES).default('mine') }))

/** A member's own calendar link. The secret in it is in the answer that makes it, once. */
export const calendarFeed = new Hono<Env>()
  .get(
    '/',
    rule('account', 'My calendar link: what it shows and when it was last read; null: there is none'),
    async (c) => c.json({ feed: await feedOf(c.var.db.read, c.var.member) }),
  )
  .post('/', rule('account', 'Make my calendar link, or a new one in place of it'), inFeed, async (c) => {
    const { db, member, now } = c.var
    const token = newToken()
    await db.write((tx) => makeFeed(tx, member, c.req.valid('json').shows, token, now))
    return c.json({ feed: await feedOf(db.read, member), link: `${baseUrl(c)}/calendar/${token}.ics` }, 201)
  })
  .patch(
    '/',
    rule('account', 'Choose which proposals my calendar shows: mine, or all that I see'),
    inFeed,
    async (c) => {
      const { db, member } = c.var
      await db.write((tx) => changeFeed(tx, member, c.req.valid('json').shows))
      return c.json({ feed: await feedOf(db.read, member) })
    },
  )
  .delete('/', rule('account', 'Take my calendar link back'), async (c) => {
    await c.var.db.write((tx) => removeFeed(tx, c.var.member))
    return c.body(null, 204)
  })

/** What calendar programs read. They can not sign in: who has the link has the calendar. */
export const calendar = new Hono<Env>().get(
  '/:file{[\\w-]{43}\\.ics}',
  rule('anyone', 'Deadlines as a calendar (RFC 5545), by the secret link of a member'),
  async (c) => {
    const { db, now } = c.var
    const token = c.req.param('file').slice(0, -'.ics'.length)
    const text = await readFeed(db, { token, address: originOf(c).address, url: baseUrl(c) }, now)
    c.header('cache-control', 'private, no-store')
    return c.body(text, 200, { 'content-type': 'text/calendar; charset=utf-8' })
  },
)
