import { Hono } from 'hono'
import { z } from 'zod'
import { finishSignIn } from '../mail/sign-in/mailbox-sign-in.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inQuery = valid(
  'query',
  z.object({
    state: z.string().max(200),
    code: z.string().max(8_000).optional(),
    error: z.string().max(200).optional(),
    error_description: z.string().max(4_000).optional(),
  }),
)

/** Where members come back from the sign-in service. */
export const oauth = new Hono<Env>().get(
  '/callback',
  rule('manage mailboxes', 'Finishes a sign-in for a mailbox'),
  inQuery,
  async (c) => {
    const { deps, member, now } = c.var
    const { state, code, error, error_description: description } = c.req.valid('query')
    const mailboxId = await finishSignIn(deps, member, { state, code, error: description ?? error }, now)
    return c.redirect(`/mailboxes/${mailboxId}/settings`)
  },
)
