import { Hono } from 'hono'
import { z } from 'zod'
import { changePassword } from '../access/sign-in.ts'
import type { Env } from './deps.ts'
import { password as typed } from './fields.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inPasswords = valid('json', z.object({ current: typed, password: typed }))

/** One's own password. */
export const password = new Hono<Env>().put(
  '/',
  rule('account', 'Change my password and sign out everywhere else'),
  inPasswords,
  async (c) => {
    const { db, member, session, now } = c.var
    // The rule 'account' lets in sessions only.
    if (session) await changePassword(db, member, c.req.valid('json'), session, originOf(c), now)
    return c.body(null, 204)
  },
)
