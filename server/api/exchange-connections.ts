import { Hono } from 'hono'
import { z } from 'zod'
import { EXCHANGE_KINDS, EXCHANGE_PLATFORMS, SECURITIES } from '../../db/vocabulary.ts'
import { CLIENT_ID, isSafeUrl, TENANT } from '../mail/sign-in/oauth.ts'
import { isSafeDirectory } from '../provisioning/connection/ldap.ts'
import {
  addConnection,
  changeConnection,
  findConnection,
  listConnections,
  removeConnection,
} from '../provisioning/connection/stored.ts'
import type { Env } from './deps.ts'
import { exchanging } from './exchanging.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const RIGHT = 'manage mailboxes'

const service = (byDefault: string) =>
  z
    .string()
    .trim()
    .max(255)
    .refine((url) => url === '' || isSafeUrl(url), 'must be an address such as https://outlook.office365.com.')
    .default(byDefault)
const maybeLine = (most: number) => z.union([line(most), z.literal('')]).default('')

const mailServer = z
  .object({
    host: z
      .string()
      .trim()
      .max(255)
      .regex(/^[a-z0-9._:[\]-]+$/i, 'must be a host name such as outlook.office365.com.'),
    port: z.int().min(1).max(65_535),
    security: z.enum(SECURITIES),
  })
  .refine(
    // A token that travels in the open is as good as a password.
    ({ host, security }) => security !== 'none' || /^(localhost|127\.0\.0\.1|\[?::1\]?)$/.test(host),
    'must be encrypted: a token goes there.',
  )

const settings = z.object({
  tenant: z
    .union([z.string().trim().regex(TENANT, 'must be the id of the directory or its domain.'), z.literal('')])
    .default(''),
  clientId: z
    .union([z.string().trim().regex(CLIENT_ID, 'must be the application (client) id.'), z.literal('')])
    .default(''),
  authority: service('https://login.microsoftonline.com'),
  exchangeUrl: service('https://outlook.office365.com'),
  autodiscoverUrl: service('https://autodiscover-s.outlook.com'),
  certificateThumbprint: maybeLine(100),
  ldapUrl: z
    .union([
      z
        .string()
        .trim()
        .max(255)
        .regex(/^ldaps?:\/\/[a-z0-9._:[\]-]+\/?$/i, 'must be an address such as ldaps://dc.contoso.local.')
        .refine(isSafeDirectory, 'must begin with ldaps://: a password goes there.'),
      z.literal(''),
    ])
    .default(''),
  ldapBaseDn: maybeLine(500),
  ldapBindDn: maybeLine(500),
  netBiosDomain: maybeLine(30),
  mail: z.object({ imap: mailServer, smtp: mailServer }).optional(),
})
const input = z.object({
  name: line(100),
  kind: z.enum(EXCHANGE_KINDS),
  platform: z.enum(EXCHANGE_PLATFORMS).default('exo'),
  hybrid: z.boolean().default(false),
  // An empty object is filled with what each service is usually called.
  settings: settings.default(() => settings.parse({})),
  clientSecret: z.string().max(4_000).default(''),
  privateKey: z.string().max(20_000).default(''),
  ldapPassword: z.string().max(4_000).default(''),
})
const added = valid('json', input.extend({ id: z.uuid() }))

/** The ways to Exchange. Secrets go in, and never come out. */
export const exchangeConnections = new Hono<Env>()
  .get('/', rule(RIGHT, 'The connections to Exchange'), async (c) =>
    c.json(await listConnections(c.var.db.read, c.var.deps.secrets)),
  )
  .post('/', rule(RIGHT, 'Connects to Exchange'), added, async (c) => {
    const { db, deps, member, now } = c.var
    const { id, ...connection } = c.req.valid('json')
    await db.write((tx) => addConnection(tx, deps.secrets, id, connection, member, now))
    return c.json({ id }, 201)
  })
  .put('/:id', rule(RIGHT, 'Changes a connection to Exchange'), idInPath, valid('json', input), async (c) => {
    const { db, deps, member, now } = c.var
    await db.write(async (tx) => {
      const before = await findConnection(tx, c.req.valid('param').id)
      await changeConnection(tx, deps.secrets, before, c.req.valid('json'), member, now)
    })
    return c.body(null, 204)
  })
  .delete('/:id', rule(RIGHT, 'Forgets a connection to Exchange, and what it looks after'), idInPath, async (c) => {
    const { db, member, now } = c.var
    await db.write(async (tx) => {
      await removeConnection(tx, await findConnection(tx, c.req.valid('param').id), member, now)
    })
    return c.body(null, 204)
  })
  .post('/:id/test', rule(RIGHT, 'What a connection to Exchange may do'), idInPath, async (c) => {
    const row = await findConnection(c.var.db.read, c.req.valid('param').id)
    const { connection, directoryTrouble } = c.var.deps.exchange.of(row)
    const capabilities = await exchanging(connection.capabilities())
    const trouble = directoryTrouble && (await directoryTrouble())
    return c.json({ ...capabilities, directory: trouble === undefined ? null : { isRead: trouble === null, trouble } })
  })
  .get('/:id/mailboxes', rule(RIGHT, 'All mailboxes that Exchange has'), idInPath, async (c) => {
    const row = await findConnection(c.var.db.read, c.req.valid('param').id)
    const { connection } = c.var.deps.exchange.of(row)
    const select = ['PrimarySmtpAddress', 'DisplayName', 'RecipientTypeDetails', 'UserPrincipalName', 'Guid']
    const { records } = await exchanging(
      connection.invoke({
        cmdlet: 'Get-Mailbox',
        params: { RecipientTypeDetails: ['SharedMailbox', 'UserMailbox'], ResultSize: 'Unlimited' },
        select,
      }),
    )
    const mailboxes = records.map((one) => ({
      address: String(one.PrimarySmtpAddress ?? '').toLowerCase(),
      name: String(one.DisplayName ?? ''),
      isShared: one.RecipientTypeDetails === 'SharedMailbox',
      user: String(one.UserPrincipalName ?? ''),
    }))
    return c.json(mailboxes.sort((a, b) => (a.address < b.address ? -1 : 1)))
  })
