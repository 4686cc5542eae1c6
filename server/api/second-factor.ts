import { Hono } from 'hono'
import { z } from 'zod'
import { countAttempt } from '../access/attempt.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  newRecoveryCodes,
  newSecret,
  passSecondFactor,
  removeSecondFactor,
  replaceRecoveryCodes,
  stateOf,
} from '../access/second-factor.ts'
import type { Env } from './deps.ts'
import { code } from './fields.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inCode = valid('json', z.object({ code }))

/** A member's own second factor. What switches it off, or makes new codes for paper, takes a code itself. */
export const secondFactor = new Hono<Env>()
  .get('/', rule('account', 'Whether signing in takes a second factor'), async (c) =>
    c.json(await stateOf(c.var.db.read, c.var.member)),
  )
  .post('/', rule('account', 'Begin with a device for codes'), async (c) => {
    const { db, deps, member, now } = c.var
    const secret = newSecret()
    return c.json(await db.write((tx) => beginSecondFactor(tx, deps.secrets, member, secret, now)), 201)
  })
  .put('/', rule('account', 'Switch the second factor on, with its first code'), inCode, async (c) => {
    const { db, deps, member, now } = c.var
    await countAttempt(db, { email: member.email, address: originOf(c).address }, now)
    const codes = newRecoveryCodes()
    const given = c.req.valid('json').code
    await db.write((tx) => confirmSecondFactor(tx, deps.secrets, member, given, codes, now))
    return c.json({ codes })
  })
  .post('/codes', rule('account', 'Make new codes for paper'), inCode, async (c) => {
    const { db, deps, member, now } = c.var
    await countAttempt(db, { email: member.email, address: originOf(c).address }, now)
    const codes = newRecoveryCodes()
    await db.write(async (tx) => {
      await passSecondFactor(tx, deps.secrets, member, c.req.valid('json').code, now)
      await replaceRecoveryCodes(tx, member, codes)
    })
    return c.json({ codes })
  })
  .delete('/', rule('account', 'Switch the second factor off'), inCode, async (c) => {
    const { db, deps, member, now } = c.var
    await countAttempt(db, { email: member.email, address: originOf(c).address }, now)
    await db.write(async (tx) => {
      await passSecondFactor(tx, deps.secrets, member, c.req.valid('json').code, now)
      await removeSecondFactor(tx, member, member, now)
    })
    return c.body(null, 204)
  })
