import { asc, inArray } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { mailboxes } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { peopleLike } from '../issues/search/search-people.ts'
import { MAX_UPLOAD_BYTES } from '../issues/upload.ts'
import { maxAttachedBytes } from '../mail/fetch/mail-size.ts'
import { peopleToWriteTo } from '../people/recipients.ts'
import { booksOf } from '../people/visible.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_SUGGESTED = 8
const MAX_CHARACTERS = 200

/** With whom the mailboxes that a member sees exchange mail. */
export const contacts = new Hono<Env>()
  .get(
    '/',
    rule('read', 'People to write to, whose name or address begins so'),
    valid('query', z.object({ q: z.string().max(MAX_CHARACTERS).default('') })),
    async (c) => {
      const { read } = c.var.db
      const visible = await visibleMailboxIds(read, c.var.member)
      const { q } = c.req.valid('query')
      const recent = await peopleLike(read, { visible }, q, MAX_SUGGESTED)
      return c.json(await peopleToWriteTo(read, await booksOf(read, c.var.member), recent, q, MAX_SUGGESTED))
    },
  )
  .get('/ours', rule('reply', 'The addresses that you may write from'), async (c) => {
    const { read } = c.var.db
    const visible = await visibleMailboxIds(read, c.var.member)
    const rows = await read
      .select()
      .from(mailboxes)
      .where(visible === 'all' ? undefined : inArray(mailboxes.id, visible))
      .orderBy(asc(mailboxes.address))
    return c.json(
      rows.map((mailbox) => ({
        mailboxId: mailbox.id,
        name: mailbox.name,
        addresses: [mailbox.address, ...mailbox.aliases],
        maxFileBytes: MAX_UPLOAD_BYTES,
        maxAttachedBytes: maxAttachedBytes(mailbox),
      })),
    )
  })
