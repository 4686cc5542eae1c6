import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { exchangeMailboxes, mailboxes } from '../../db/schema.ts'
import { addMailbox } from '../mail/mailbox.ts'
import { CLIENT_ID, completeApp } from '../mail/sign-in/oauth.ts'
import { admissionSteps, admit } from '../provisioning/apply/admit.ts'
import { findManaged } from '../provisioning/apply/managed.ts'
import { findConnection } from '../provisioning/connection/stored.ts'
import type { Env } from './deps.ts'
import { actingOn, exchanging } from './exchanging.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const RIGHT = 'manage mailboxes'
const host = z
  .string()
  .trim()
  .max(255)
  .regex(/^[a-z0-9._-]+$/i, 'must be a host name such as outlook.office365.com.')
const port = z.int().min(1).max(65_535)

const guid = z.string().trim().regex(CLIENT_ID, 'must be an id such as 11111111-2222-4333-8444-555555555555.')
const program = z.object({
  appId: guid,
  objectId: guid,
  displayName: z.union([line(200), z.literal('')]).default('Downfield'),
})
const watched = program.extend({
  clientSecret: z.string().min(1).max(4_000),
  name: line(200),
  openToAll: z.boolean().default(true),
  teamIds: z.array(z.string()).max(200).default([]),
  sinceAt: z.int().min(0).nullable().default(null),
  imapHost: host.default('outlook.office365.com'),
  imapPort: port.default(993),
  smtpHost: host.default('smtp.office365.com'),
  smtpPort: port.default(587),
})

/** From a mailbox of Exchange to one that Downfield watches: the program is let in, and the mailbox connected. */
export const exchangeWatch = new Hono<Env>()
  .post(
    '/:id/program/plan',
    rule(RIGHT, 'What is left until Downfield may open a mailbox of Exchange'),
    idInPath,
    valid('json', program),
    async (c) => {
      const mailbox = await findManaged(c.var.db.read, c.req.valid('param').id)
      const steps = await exchanging(admissionSteps(actingOn(c), mailbox, c.req.valid('json')))
      return c.json({ steps })
    },
  )
  .post(
    '/:id/program',
    rule(RIGHT, 'Lets Downfield open a mailbox of Exchange'),
    idInPath,
    valid('json', program),
    async (c) => {
      const mailbox = await findManaged(c.var.db.read, c.req.valid('param').id)
      const steps = await exchanging(admit(actingOn(c), mailbox, c.req.valid('json')))
      return c.json({ steps })
    },
  )
  .post(
    '/:id/watch',
    rule(RIGHT, 'Lets Downfield open a mailbox of Exchange, and watches it'),
    idInPath,
    valid('json', watched),
    async (c) => {
      const { db, deps, member, now } = c.var
      const mailbox = await findManaged(db.read, c.req.valid('param').id)
      const { tenant, authority } = (await findConnection(db.read, mailbox.connectionId)).settings
      const { appId, objectId, displayName, clientSecret, ...input } = c.req.valid('json')
      await exchanging(admit(actingOn(c), mailbox, { appId, objectId, displayName }))
      const { identity: address } = mailbox
      const mailboxId = await db.write(async (tx) => {
        // What broke off after this goes on here the next time.
        const [there] = await tx.select({ id: mailboxes.id }).from(mailboxes).where(eq(mailboxes.address, address))
        const settings = {
          ...input,
          address,
          aliases: [],
          imapSecurity: 'tls' as const,
          imapUser: address,
          imapPassword: '',
          smtpSecurity: 'starttls' as const,
          smtpUser: address,
          smtpPassword: '',
          auth: 'oauth_app' as const,
          oauth: completeApp({ tenant, clientId: appId, authority, graphUrl: '' }),
          oauthSecret: clientSecret,
          // Exchange files a copy of what is sent by SMTP itself.
          sentCopy: 'server' as const,
          paused: false,
        }
        const id = there?.id ?? (await addMailbox(tx, deps.secrets, settings, member, now)).id
        await tx
          .update(exchangeMailboxes)
          .set({ mailboxId: id, changedAt: now })
          .where(eq(exchangeMailboxes.id, mailbox.id))
        return id
      })
      return c.json({ mailboxId })
    },
  )
