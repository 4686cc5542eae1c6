import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import { type Member, members } from '../../db/schema.ts'
import { may, RIGHTS, type Right } from '../access/may.ts'
import { listedMember, setHeldMs } from '../access/member.ts'
import { endSession, endSessionOf } from '../access/session.ts'
import { signIn } from '../access/sign-in.ts'
import { heldMsOf, MAX_HELD_MS } from '../issues/take-back.ts'
import { clearSessionToken, sessionToken, setSessionToken } from './cookie.ts'
import type { Env } from './deps.ts'
import { code, password } from './fields.ts'
import { originOf } from './request.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

// Not the schema of an address: what is no address has no account, and gets the same answer.
const inCredentials = valid(
  'json',
  z.object({
    email: z.string().trim().toLowerCase().min(1).max(254),
    password,
    /** Asked for where the account has a second factor. */
    code: code.default(''),
  }),
)

/** Who is signed in here, signing in and out. */
export const session = new Hono<Env>()
  .get('/', rule('self', 'Who is signed in'), async (c) => c.json(await whoIs(c.var.db.read, c.var.member)))
  .post('/', rule('anyone', 'Sign in'), inCredentials, async (c) => {
    const { db, deps, now } = c.var
    const { member, token } = await signIn({ db, secrets: deps.secrets }, c.req.valid('json'), originOf(c), now)
    const before = sessionToken(c)
    if (before) await db.write((tx) => endSessionOf(tx, before))
    setSessionToken(c, token)
    return c.json(await whoIs(db.read, member))
  })
  .put(
    '/writing',
    rule('self', 'Whether you write mail as text alone'),
    valid('json', z.object({ plain: z.boolean() })),
    async (c) => {
      const { db, member } = c.var
      const { plain } = c.req.valid('json')
      await db.write(async (tx) => {
        await tx.update(members).set({ writesPlain: plain }).where(eq(members.id, member.id))
      })
      return c.json(await whoIs(db.read, { ...member, writesPlain: plain }))
    },
  )
  .patch(
    '/',
    rule('self', 'How long your answers can be taken back'),
    /** In ms, up to two minutes; 0: not at all; null: ten seconds. */
    valid('json', z.object({ heldMs: z.int().min(0).max(MAX_HELD_MS).nullable() })),
    async (c) => {
      const { db, member } = c.var
      const { heldMs } = c.req.valid('json')
      await db.write(async (tx) => await setHeldMs(tx, member, heldMs))
      return c.json(await whoIs(db.read, { ...member, heldMs }))
    },
  )
  .delete('/', rule('account', 'Sign out'), async (c) => {
    const { db, member, session } = c.var
    // The rule 'account' lets in sessions only.
    if (session) await db.write((tx) => endSession(tx, member, session.id))
    clearSessionToken(c)
    return c.body(null, 204)
  })

/** The member, and what their role may do, so that the page offers nothing that would be refused. */
async function whoIs(read: Reader, member: Member) {
  // The cast: the keys of an object literal are what its type says.
  const rights = (Object.keys(RIGHTS) as Right[]).filter((right) => may(member, right))
  return { member: await listedMember(read, member), rights, heldMs: heldMsOf(member) }
}
