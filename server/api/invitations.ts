import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { ROLES } from '../../db/vocabulary.ts'
import { acceptInvitation, findInvitation, invite, listInvitations, revokeInvitation } from '../access/invitation.ts'
import { listedMember } from '../access/member.ts'
import { hashPassword } from '../access/password.ts'
import { startSession } from '../access/session.ts'
import { refuseWeak } from '../access/sign-in.ts'
import { newToken } from '../access/token.ts'
import { setSessionToken } from './cookie.ts'
import type { Env } from './deps.ts'
import { email, idInPath, linkToken, memberName, password } from './fields.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_TEAMS = 100

const inInvitation = valid(
  'json',
  z.object({
    email,
    name: z.union([memberName, z.literal('')]).default(''),
    role: z.enum(ROLES),
    teamIds: z.array(z.uuid()).max(MAX_TEAMS).default([]),
  }),
)

/** Admins invite people; the link is in the answer, once. */
export const invitations = new Hono<Env>()
  .get('/', rule('manage members', 'Invitations that nobody has accepted'), async (c) =>
    c.json(await listInvitations(c.var.db.read)),
  )
  .post('/', rule('manage members', 'Invite somebody'), inInvitation, async (c) => {
    const { db, member, now } = c.var
    const token = newToken()
    const invitation = await db.write((tx) => invite(tx, c.req.valid('json'), token, member, now))
    return c.json({ ...invitation, link: `${baseUrl(c)}/invitation/${token}` }, 201)
  })
  .delete('/:id', rule('manage members', 'Take an invitation back'), idInPath, async (c) => {
    const { id } = c.req.valid('param')
    await c.var.db.write((tx) => revokeInvitation(tx, id))
    return c.body(null, 204)
  })

const tokenInPath = valid('param', z.object({ token: linkToken }))
const inAccount = valid('json', z.object({ name: memberName, password }))

/** Who was invited makes their account with the link. */
export const invitation = new Hono<Env>()
  .get('/:token', rule('anyone', 'Whom an invitation is for'), tokenInPath, async (c) => {
    const { token } = c.req.valid('param')
    const { email, name, role, expiresAt } = await findInvitation(c.var.db.read, token, c.var.now)
    return c.json({ email, name, role, expiresAt })
  })
  .post('/:token', rule('anyone', 'Accept an invitation and sign in'), tokenInPath, inAccount, async (c) => {
    const { db, now } = c.var
    const { token } = c.req.valid('param')
    const { name, password } = c.req.valid('json')
    // Before the work of hashing, and again in the transaction.
    const { email } = await findInvitation(db.read, token, now)
    refuseWeak(password, { email, name })
    const passwordHash = await hashPassword(password)
    const sessionToken = newToken()
    const member = await db.write(async (tx) => {
      const joined = await acceptInvitation(tx, token, { name, passwordHash }, now)
      await startSession(tx, joined, sessionToken, originOf(c), now)
      return await listedMember(tx, joined)
    })
    setSessionToken(c, sessionToken)
    return c.json({ member }, 201)
  })

/** Under which address people reach us: as set, or as this very request did. */
export function baseUrl(c: Context<Env>): string {
  return c.var.deps.config.publicUrl ?? new URL(c.req.url).origin
}
