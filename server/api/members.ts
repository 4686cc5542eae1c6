import { Hono } from 'hono'
import { z } from 'zod'
import { ROLES } from '../../db/vocabulary.ts'
import { changeMember, findMember, listedMember, listMembers } from '../access/member.ts'
import { membersWithSecondFactor, removeSecondFactor } from '../access/second-factor.ts'
import type { Env } from './deps.ts'
import { idInPath, memberName } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inChange = valid(
  'json',
  z.object({ name: memberName.optional(), role: z.enum(ROLES).optional(), disabled: z.boolean().optional() }),
)

/** Who works here. */
export const members = new Hono<Env>()
  .get('/', rule('read directory', 'All members'), async (c) => c.json(await listMembers(c.var.db.read)))
  .get('/second-factors', rule('manage members', 'Whose sign-in takes a second factor, by id'), async (c) =>
    c.json(await membersWithSecondFactor(c.var.db.read)),
  )
  .patch('/:id', rule('manage members', 'Change a member, or disable them'), idInPath, inChange, async (c) => {
    const { db, member, now } = c.var
    const { id } = c.req.valid('param')
    const changed = await db.write(async (tx) => {
      return await listedMember(tx, await changeMember(tx, id, c.req.valid('json'), member, now))
    })
    return c.json(changed)
  })
  .delete(
    '/:id/second-factor',
    rule('manage members', 'Take the second factor from a member who lost it'),
    idInPath,
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      await db.write(async (tx) => removeSecondFactor(tx, await findMember(tx, id), member, now))
      return c.body(null, 204)
    },
  )
