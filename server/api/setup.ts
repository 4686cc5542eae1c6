import { Hono } from 'hono'
import { z } from 'zod'
import { hasAdmin, listedMember } from '../access/member.ts'
import { hashPassword } from '../access/password.ts'
import { startSession } from '../access/session.ts'
import { checkSetupLink, setUp } from '../access/setup.ts'
import { refuseWeak } from '../access/sign-in.ts'
import { newToken } from '../access/token.ts'
import { setSessionToken } from './cookie.ts'
import type { Env } from './deps.ts'
import { email, linkToken, memberName, password } from './fields.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inAdmin = valid('json', z.object({ token: linkToken, name: memberName, email, password }))

/** The first admin makes their account with the link from the terminal. */
export const setup = new Hono<Env>()
  .get('/', rule('anyone', 'Whether there is no admin yet'), async (c) =>
    c.json({ isNeeded: !(await hasAdmin(c.var.db.read)) }),
  )
  .post('/', rule('anyone', 'Make the first admin and sign in'), inAdmin, async (c) => {
    const { db, now } = c.var
    const { token, name, email, password } = c.req.valid('json')
    // Before the work of hashing, and again in the transaction.
    await checkSetupLink(db.read, token, now)
    refuseWeak(password, { email, name })
    const passwordHash = await hashPassword(password)
    const sessionToken = newToken()
    const member = await db.write(async (tx) => {
      const admin = await setUp(tx, token, { email, name, passwordHash }, now)
      await startSession(tx, admin, sessionToken, originOf(c), now)
      return await listedMember(tx, admin)
    })
    setSessionToken(c, sessionToken)
    return c.json({ member }, 201)
  })
