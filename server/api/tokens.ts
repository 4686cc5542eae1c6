import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiToken } from '../../db/schema.ts'
import { createApiToken, deleteApiToken, listApiTokens, newApiTokenText } from '../access/api-token.ts'
import type { Env } from './deps.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inToken = valid(
  'json',
  z.object({
    name: line(100),
    readOnly: z.boolean().default(false),
    /** Milliseconds since the epoch; null: it does not expire. */
    expiresAt: z.int().positive().nullable().default(null),
  }),
)

/** A member's own API tokens. The text of a token is in the answer that makes it, once. */
export const tokens = new Hono<Env>()
  .get('/', rule('account', 'My API tokens'), async (c) =>
    c.json((await listApiTokens(c.var.db.read, c.var.member)).map(shown)),
  )
  .post('/', rule('account', 'Make an API token'), inToken, async (c) => {
    const { db, member, now } = c.var
    const text = newApiTokenText()
    const token = await db.write((tx) => createApiToken(tx, member, c.req.valid('json'), text, now))
    return c.json({ ...shown(token), token: text }, 201)
  })
  .delete('/:id', rule('account', 'Take an API token back'), idInPath, async (c) => {
    const { id } = c.req.valid('param')
    await c.var.db.write((tx) => deleteApiToken(tx, c.var.member, id))
    return c.body(null, 204)
  })

function shown({ id, name, readOnly, createdAt, lastUsedAt, expiresAt }: ApiToken) {
  return { id, name, readOnly, createdAt, lastUsedAt, expiresAt }
}
