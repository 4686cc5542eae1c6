import { eq, inArray } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { members } from '../../db/schema.ts'
import { startSession } from '../access/session.ts'
import { newToken } from '../access/token.ts'
import { NotFound } from '../errors.ts'
import { setSessionToken } from './cookie.ts'
import type { Env } from './deps.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** The demo's members, whom anyone may be with one click. Outside the demo none of this exists. */
export const demo = new Hono<Env>()
  .get('/', rule('anyone', 'Whom you may be in the demo'), async (c) => {
    const { demo } = c.var.deps
    if (!demo) throw new NotFound('This is not a demo.')
    const rows = await c.var.db.read
      .select({ id: members.id, name: members.name, role: members.role })
      .from(members)
      .where(inArray(members.id, demo.memberIds))
    return c.json({ members: demo.memberIds.flatMap((id) => rows.filter((row) => row.id === id)) })
  })
  .post(
    '/session',
    rule('anyone', 'Signs in as one of them'),
    valid('json', z.object({ memberId: z.string() })),
    async (c) => {
      const { demo } = c.var.deps
      const { memberId } = c.req.valid('json')
      if (!demo?.memberIds.includes(memberId)) throw new NotFound('This is not a demo.')
      const [member] = await c.var.db.read.select().from(members).where(eq(members.id, memberId))
      if (!member) throw new NotFound('There is no such member.')
      const token = newToken()
      await c.var.db.write(async (tx) => await startSession(tx, member, token, originOf(c), c.var.now))
      setSessionToken(c, token)
      return c.json({ id: member.id }, 201)
    },
  )
