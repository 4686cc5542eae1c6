import { Hono } from 'hono'
import { z } from 'zod'
import { DIGEST_LANGUAGES, MAIL_PACES, NOTIFICATION_KINDS } from '../../db/vocabulary.ts'
import { isZone } from '../../time/zone.ts'
import { chooseDigest, digestChoices } from '../notifications/digest/settings.ts'
import { listNotifications, markRead, unreadCount } from '../notifications/list.ts'
import { choose, chooseSendingMailbox, chosenBy, sendingMailbox } from '../notifications/settings.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_IDS = 200
const minute = z
  .int()
  .min(0)
  .max(24 * 60 - 1)
const CURSOR = /^(\d{1,16})\.([0-9a-f-]{36})$/

/** Left out, `push` is as at first. */
const place = z.object({ app: z.boolean(), mail: z.boolean(), push: z.boolean().optional() })
const chosen = z.object({
  choices: z.object(
    Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, place])) as Record<
      (typeof NOTIFICATION_KINDS)[number],
      typeof place
    >,
  ),
  pace: z.enum(MAIL_PACES),
  dailyAt: minute,
  quiet: z
    .object({ from: minute, to: minute })
    .refine(({ from, to }) => from !== to, 'must begin and end at different times.')
    .nullable(),
  zone: z.string().max(60).refine(isZone, 'must be a time zone such as Europe/Berlin.'),
})

/** What the member is told, and what they want to be told. */
export const notifications = new Hono<Env>()
  .get(
    '/',
    rule('self', 'What you are told, the newest first'),
    valid('query', z.object({ cursor: z.string().regex(CURSOR, 'must be one that a page gave as next.').optional() })),
    async (c) => {
      const { db, member } = c.var
      const [, at, id = ''] = CURSOR.exec(c.req.valid('query').cursor ?? '') ?? []
      return c.json(await listNotifications(db.read, member, at ? { at: Number(at), id } : null))
    },
  )
  .get('/unread', rule('self', 'How many you have not read'), async (c) =>
    c.json(await unreadCount(c.var.db.read, c.var.member.id)),
  )
  .patch(
    '/',
    rule('self', 'Mark what you are told as read, or as unread: these, those of an issue, or all'),
    valid(
      'json',
      z.object({ ids: z.array(z.uuid()).max(MAX_IDS).optional(), issueId: z.uuid().optional(), read: z.boolean() }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { ids, issueId, read } = c.req.valid('json')
      await db.write((tx) => markRead(tx, member.id, { ids, issueId }, read, now))
      return c.json(await unreadCount(db.read, member.id))
    },
  )
  .get('/settings', rule('self', 'What you want to be told, and where'), async (c) => {
    const { db, member } = c.var
    const settings = (await chosenBy(db.read, [member.id])).get(member.id)!
    return c.json({ ...settings, mails: (await sendingMailbox(db.read)) !== null })
  })
  .put('/settings', rule('self', 'Choose what you are told, and where'), valid('json', chosen), async (c) => {
    const { db, member, now } = c.var
    const to = c.req.valid('json')
    await db.write((tx) => choose(tx, member, to, now))
    return c.json((await chosenBy(db.read, [member.id])).get(member.id)!)
  })
  .get('/digest', rule('self', 'Whether and when you get the weekly digest of proposals by mail'), async (c) =>
    c.json((await digestChoices(c.var.db.read, [c.var.member.id])).get(c.var.member.id)!),
  )
  .put(
    '/digest',
    rule('self', 'Choose whether, when and in which language you get the weekly digest'),
    valid(
      'json',
      z.object({
        active: z.boolean(),
        /** From 0 for Monday to 6 for Sunday. */
        weekday: z.int().min(0).max(6),
        /** A minute of the day, in the zone of your notifications. */
        minute,
        language: z.enum(DIGEST_LANGUAGES),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const to = c.req.valid('json')
      await db.write((tx) => chooseDigest(tx, member, to, now))
      return c.json(to)
    },
  )
  .get('/mailbox', rule('manage mailboxes', 'The mailbox that notifications are sent from'), async (c) =>
    c.json({ mailboxId: await sendingMailbox(c.var.db.read) }),
  )
  .put(
    '/mailbox',
    rule('manage mailboxes', 'Choose the mailbox that notifications are sent from'),
    valid('json', z.object({ mailboxId: z.uuid().nullable() })),
    async (c) => {
      const { db, member, now } = c.var
      const { mailboxId } = c.req.valid('json')
      await db.write((tx) => chooseSendingMailbox(tx, mailboxId, member, now))
      return c.json({ mailboxId })
    },
  )
