import { Hono } from 'hono'
import { z } from 'zod'
import { SECURITIES, SENT_COPIES } from '../../db/vocabulary.ts'
import { mailboxForMember, visibleMailboxIds } from '../access/may.ts'
import { Invalid } from '../errors.ts'
import { connectionOf } from '../mail/connection.ts'
import {
  addMailbox,
  changeMailbox,
  listMailboxes,
  type MailboxSettings,
  mailboxDetails,
  removeMailbox,
} from '../mail/mailbox.ts'
import { defaultSentCopy } from '../mail/sent-copy.ts'
import { testConnection } from '../mail/test-connection.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_ALIASES = 100
const MAX_PORT = 65_535

const address = z.email().max(320).toLowerCase()
const host = z
  .string()
  .trim()
  .max(255)
  .regex(/^[a-z0-9._:[\]-]+$/i, 'must be a host name such as imap.example.org, without a protocol or path.')
const server = {
  imapHost: host,
  imapPort: z.int().min(1).max(MAX_PORT),
  imapSecurity: z.enum(SECURITIES),
  imapUser: z.string().min(1).max(320),
  imapPassword: z.string().max(4_000),
  smtpHost: host,
  smtpPort: z.int().min(1).max(MAX_PORT),
  smtpSecurity: z.enum(SECURITIES),
  smtpUser: z.string().max(320),
  smtpPassword: z.string().max(4_000),
}
const settings = z.object({
  address,
  name: z.string().trim().min(1).max(200),
  aliases: z.array(address).max(MAX_ALIASES).default([]),
  openToAll: z.boolean().default(true),
  teamIds: z.array(z.string()).max(200).default([]),
  ...server,
  sentCopy: z.enum(SENT_COPIES).optional(),
  sinceAt: z.int().min(0).nullable().default(null),
  paused: z.boolean().default(false),
})
// The defaults above are for a new mailbox: what a change leaves out stays as it is.
const changes = z
  .object({
    ...settings.shape,
    aliases: z.array(address).max(MAX_ALIASES),
    openToAll: z.boolean(),
    teamIds: z.array(z.string()).max(200),
    sinceAt: z.int().min(0).nullable(),
    paused: z.boolean(),
  })
  .partial()
const tested = z.object({ id: z.string().optional(), ...z.object(server).shape })
const inPath = valid('param', z.object({ id: z.string() }))

/** The shared mailboxes: who may see them, how they are reached, how the watch over them goes. */
export const mailboxes = new Hono<Env>()
  .get('/', rule('read', 'The mailboxes that you see'), async (c) => {
    const { read } = c.var.db
    return c.json(await listMailboxes(read, await visibleMailboxIds(read, c.var.member)))
  })
  .get('/:id', rule('manage mailboxes', 'A mailbox with its settings'), inPath, async (c) => {
    const { read } = c.var.db
    const mailbox = await mailboxForMember(read, c.var.member, c.req.valid('param').id)
    const [listed] = await listMailboxes(read, [mailbox.id])
    return c.json({ ...listed!, ...(await mailboxDetails(read, mailbox)) })
  })
  .post('/', rule('manage mailboxes', 'Connects a mailbox'), valid('json', settings), async (c) => {
    const { deps, member, now } = c.var
    const input = c.req.valid('json')
    const wanted: MailboxSettings = { ...input, sentCopy: input.sentCopy ?? defaultSentCopy(input.smtpHost) }
    if (!wanted.imapPassword)
      throw new Invalid([{ field: 'imapPassword', message: 'imapPassword must not be empty. Enter the password.' }])
    const mailbox = await c.var.db.write(async (tx) => await addMailbox(tx, deps.secrets, wanted, member, now))
    return c.json({ id: mailbox.id }, 201)
  })
  .post(
    '/test',
    rule('manage mailboxes', 'Tries a connection and says what is wrong'),
    valid('json', tested),
    async (c) => {
      const { id, ...input } = c.req.valid('json')
      const known = id
        ? connectionOf(await mailboxForMember(c.var.db.read, c.var.member, id), c.var.deps.secrets)
        : null
      // A stored password goes only to the server it was given for: else this would be a way to read it.
      const stored = (kind: 'imap' | 'smtp') =>
        known && known[kind].host === input[`${kind}Host`] ? known[kind].password : ''
      return c.json(
        await testConnection({
          imap: {
            host: input.imapHost,
            port: input.imapPort,
            security: input.imapSecurity,
            user: input.imapUser,
            password: input.imapPassword || stored('imap'),
          },
          smtp: {
            host: input.smtpHost,
            port: input.smtpPort,
            security: input.smtpSecurity,
            user: input.smtpUser,
            password: input.smtpPassword || stored('smtp'),
          },
        }),
      )
    },
  )
  .patch('/:id', rule('manage mailboxes', 'Changes a mailbox'), inPath, valid('json', changes), async (c) => {
    const { deps, member, now } = c.var
    await c.var.db.write(async (tx) => {
      const mailbox = await mailboxForMember(tx, member, c.req.valid('param').id)
      const wanted = Object.fromEntries(
        Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined),
      ) as Partial<MailboxSettings>
      requirePassword(mailbox, wanted)
      await changeMailbox(tx, deps.secrets, mailbox, wanted, member, now)
    })
    return c.body(null, 204)
  })
  .delete('/:id', rule('manage mailboxes', 'Disconnects a mailbox without issues'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      await removeMailbox(tx, await mailboxForMember(tx, member, c.req.valid('param').id), member, now)
    })
    return c.body(null, 204)
  })
  .post('/:id/look', rule('manage mailboxes', 'Looks for new mail now'), inPath, async (c) => {
    const mailbox = await mailboxForMember(c.var.db.read, c.var.member, c.req.valid('param').id)
    c.var.deps.lookNow(mailbox.id)
    return c.body(null, 202)
  })

/** Another server needs the password typed anew, so that a stored one never travels to a host of somebody's choice. */
function requirePassword(mailbox: { imapHost: string; smtpHost: string }, wanted: Partial<MailboxSettings>) {
  for (const kind of ['imap', 'smtp'] as const) {
    const moved = wanted[`${kind}Host`] !== undefined && wanted[`${kind}Host`] !== mailbox[`${kind}Host`]
    const named = kind === 'imap' || Boolean(wanted.smtpUser)
    if (moved && named && !wanted[`${kind}Password`])
      throw new Invalid([
        { field: `${kind}Password`, message: `${kind}Password must be entered again for another server.` },
      ])
  }
}
