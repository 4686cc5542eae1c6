import { Hono } from 'hono'
import { z } from 'zod'
import { createTeam, deleteTeam, joinTeam, leaveTeam, listTeams, renameTeam } from '../access/team.ts'
import type { Env } from './deps.ts'
import { idInPath, teamName } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inTeam = valid('json', z.object({ name: teamName }))
const inBelonging = valid('param', z.object({ id: z.uuid(), memberId: z.uuid() }))

/** Teams: who takes care of what together, and who sees which mailboxes. */
export const teams = new Hono<Env>()
  .get('/', rule('read directory', 'All teams'), async (c) => c.json(await listTeams(c.var.db.read)))
  .post('/', rule('manage members', 'Make a team'), inTeam, async (c) => {
    const { db, member, now } = c.var
    const { name } = c.req.valid('json')
    return c.json(await db.write((tx) => createTeam(tx, name, member, now)), 201)
  })
  .patch('/:id', rule('manage members', 'Rename a team'), idInPath, inTeam, async (c) => {
    const { db, member, now } = c.var
    const { id } = c.req.valid('param')
    const { name } = c.req.valid('json')
    return c.json(await db.write((tx) => renameTeam(tx, id, name, member, now)))
  })
  .delete('/:id', rule('manage members', 'Delete a team'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const { id } = c.req.valid('param')
    await db.write((tx) => deleteTeam(tx, id, member, now))
    return c.body(null, 204)
  })
  .put('/:id/members/:memberId', rule('manage members', 'Put a member into a team'), inBelonging, async (c) => {
    const { db, member, now } = c.var
    const { id, memberId } = c.req.valid('param')
    await db.write((tx) => joinTeam(tx, id, memberId, member, now))
    return c.body(null, 204)
  })
  .delete('/:id/members/:memberId', rule('manage members', 'Take a member out of a team'), inBelonging, async (c) => {
    const { db, member, now } = c.var
    const { id, memberId } = c.req.valid('param')
    await db.write((tx) => leaveTeam(tx, id, memberId, member, now))
    return c.body(null, 204)
  })
