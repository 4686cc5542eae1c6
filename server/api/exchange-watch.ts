import { Hono } from 'hono'
import { z } from 'zod'
import { CLIENT_ID } from '../mail/sign-in/oauth.ts'
import { admissionSteps, admit } from '../provisioning/apply/admit.ts'
import { connectMailbox } from '../provisioning/apply/connect-mailbox.ts'
import { mailAppOf, missingPermissions } from '../provisioning/apply/mail-app.ts'
import { findManaged } from '../provisioning/apply/managed.ts'
import { findConnection } from '../provisioning/connection/stored.ts'
import { readSnapshot } from '../provisioning/snapshot.ts'
import type { Env } from './deps.ts'
import { actingOn, exchanging } from './exchanging.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const RIGHT = 'manage mailboxes'
const MAX_SNAPSHOT = 900_000

const guid = z.union([
  z.string().trim().regex(CLIENT_ID, 'must be an id such as 11111111-2222-4333-8444-555555555555.'),
  z.literal(''),
])
/** Empty: the app of the connection, with its secret; its token says the id of the enterprise application. */
const program = z.object({
  appId: guid.default(''),
  objectId: guid.default(''),
  clientSecret: z.string().max(4_000).default(''),
  displayName: z.union([line(200), z.literal('')]).default('Downfield'),
})
const planned = program.extend({ snapshot: z.string().max(MAX_SNAPSHOT).optional() })
const watched = program.extend({
  name: line(200),
  openToAll: z.boolean().default(true),
  teamIds: z.array(z.string()).max(200).default([]),
  sinceAt: z.int().min(0).nullable().default(null),
})

/** From a mailbox of Exchange to one that Downfield watches: the program is let in, and the mailbox connected. */
export const exchangeWatch = new Hono<Env>()
  .post(
    '/:id/program/plan',
    rule(RIGHT, 'What is left until Downfield may open a mailbox of Exchange'),
    idInPath,
    valid('json', planned),
    async (c) => {
      const mailbox = await findManaged(c.var.db.read, c.req.valid('param').id)
      const { snapshot, ...asked } = c.req.valid('json')
      const deps = actingOn(c)
      const connection = await findConnection(c.var.db.read, mailbox.connectionId)
      const app = await exchanging(mailAppOf(deps, connection, asked))
      const seen = snapshot === undefined ? undefined : readSnapshot(snapshot, 'snapshot.json')
      const steps = await exchanging(admissionSteps(deps, mailbox, app.program, seen))
      const { appId, objectId } = app.program
      return c.json({ steps, appId, objectId, missingPermissions: missingPermissions(app) })
    },
  )
  .post(
    '/:id/program',
    rule(RIGHT, 'Lets Downfield open a mailbox of Exchange'),
    idInPath,
    valid('json', program),
    async (c) => {
      const mailbox = await findManaged(c.var.db.read, c.req.valid('param').id)
      const deps = actingOn(c)
      const connection = await findConnection(c.var.db.read, mailbox.connectionId)
      const app = await exchanging(mailAppOf(deps, connection, c.req.valid('json')))
      return c.json({ steps: await exchanging(admit(deps, mailbox, app.program)) })
    },
  )
  .post(
    '/:id/watch',
    rule(RIGHT, 'Lets Downfield open a mailbox of Exchange, and watches it'),
    idInPath,
    valid('json', watched),
    async (c) => {
      const { db, member } = c.var
      const mailbox = await findManaged(db.read, c.req.valid('param').id)
      const { appId, objectId, clientSecret, displayName, ...wish } = c.req.valid('json')
      const asked = { appId, objectId, clientSecret, displayName }
      return c.json(await exchanging(connectMailbox(actingOn(c), mailbox, asked, wish, member)))
    },
  )
