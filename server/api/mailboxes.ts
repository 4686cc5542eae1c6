import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import type { Mailbox } from '../../db/schema.ts'
import { AUTHS, SECURITIES, SEND_BYS, SENT_COPIES } from '../../db/vocabulary.ts'
import { mailboxForMember, visibleMailboxIds } from '../access/may.ts'
import { newToken } from '../access/token.ts'
import { Invalid } from '../errors.ts'
import { automaticStop, resumeAutomatic } from '../issues/automatic-sending.ts'
import { unknownIn, variablesIn } from '../issues/variables.ts'
import { type ConnectionSettings, connectionOf, graphOf } from '../mail/connection.ts'
import {
  addMailbox,
  changeMailbox,
  listMailboxes,
  type MailboxSettings,
  mailboxDetails,
  removeMailbox,
  signsInOtherwise,
} from '../mail/mailbox.ts'
import { ACKNOWLEDGEMENT_VARIABLES } from '../mail/send/acknowledge.ts'
import { beginSendTest, lastSendTest } from '../mail/send/send-test.ts'
import { sendTestLines } from '../mail/send/send-test-words.ts'
import { defaultSentCopy } from '../mail/send/sent-copy.ts'
import { passingTokens } from '../mail/sign-in/access-token.ts'
import { beginSignIn, lastSignInTrouble } from '../mail/sign-in/mailbox-sign-in.ts'
import { CLIENT_ID, completeApp, isSafeUrl, TENANT } from '../mail/sign-in/oauth.ts'
import { testConnection } from '../mail/test-connection.ts'
import type { Env } from './deps.ts'
import { line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_ALIASES = 100
const MAX_PORT = 65_535
const MAX_FOLDERS = 50
const MAX_ACKNOWLEDGEMENT_CHARACTERS = 10_000

const address = z.email().max(320).toLowerCase()
const host = z
  .string()
  .trim()
  .max(255)
  .regex(/^[a-z0-9._:[\]-]+$/i, 'must be a host name such as imap.example.org, without a protocol or path.')
const service = z
  .string()
  .trim()
  .max(255)
  .refine((url) => url === '' || isSafeUrl(url), 'must be an address such as https://login.microsoftonline.com.')
  .default('')
const oauth = z
  .object({
    tenant: z.string().trim().regex(TENANT, 'must be the id of the directory or its domain.'),
    clientId: z.string().trim().regex(CLIENT_ID, 'must be the application (client) id.'),
    authority: service,
    graphUrl: service,
  })
  .transform(completeApp)
const folder = z.string().trim().max(1_000)
const writeBack = z.object({ seen: z.boolean(), answered: z.boolean(), moveDoneTo: folder.min(1).nullable() })
const signIn = {
  auth: z.enum(AUTHS),
  oauth: oauth.nullable(),
  oauthSecret: z.string().max(4_000),
  sendBy: z.enum(SEND_BYS),
}
const server = {
  imapHost: host,
  imapPort: z.int().min(1).max(MAX_PORT),
  imapSecurity: z.enum(SECURITIES),
  imapUser: line(320),
  imapPassword: z.string().max(4_000),
  smtpHost: host,
  smtpPort: z.int().min(1).max(MAX_PORT),
  smtpSecurity: z.enum(SECURITIES),
  smtpUser: z.union([line(320), z.literal('')]),
  smtpPassword: z.string().max(4_000),
}
const mailsPerMinute = z.int().min(1).max(10_000).nullable()
const acknowledgement = z
  .object({ on: z.boolean(), text: z.string().trim().max(MAX_ACKNOWLEDGEMENT_CHARACTERS) })
  .refine(({ on, text }) => !on || text !== '', 'must have a text. Write what people are to be told.')
  .refine(
    ({ text }) => {
      const known: string[] = ACKNOWLEDGEMENT_VARIABLES
      return [...variablesIn(text), ...unknownIn(text)].every((name) => known.includes(name))
    },
    `may use the variables ${ACKNOWLEDGEMENT_VARIABLES.join(', ')}, and no others.`,
  )
  .nullable()
const settings = z.object({
  address,
  name: line(200),
  aliases: z.array(address).max(MAX_ALIASES).default([]),
  openToAll: z.boolean().default(true),
  teamIds: z.array(z.string()).max(200).default([]),
  ...server,
  auth: signIn.auth.default('password'),
  oauth: signIn.oauth.default(null),
  oauthSecret: signIn.oauthSecret.default(''),
  sendBy: signIn.sendBy.default('smtp'),
  sentCopy: z.enum(SENT_COPIES).optional(),
  sinceAt: z.int().min(0).nullable().default(null),
  sentFolder: folder.default(''),
  moreFolders: z.array(folder.min(1)).max(MAX_FOLDERS).default([]),
  writeBack: writeBack.nullable().default(null),
  assignOnReply: z.boolean().default(true),
  paused: z.boolean().default(false),
  mailsPerMinute: mailsPerMinute.default(null),
  acknowledgement: acknowledgement.default(null),
})
// The defaults above are for a new mailbox: what a change leaves out stays as it is.
const changes = z
  .object({
    ...settings.shape,
    ...signIn,
    aliases: z.array(address).max(MAX_ALIASES),
    openToAll: z.boolean(),
    teamIds: z.array(z.string()).max(200),
    sinceAt: z.int().min(0).nullable(),
    sentFolder: folder,
    moreFolders: z.array(folder.min(1)).max(MAX_FOLDERS),
    writeBack: writeBack.nullable(),
    assignOnReply: z.boolean(),
    paused: z.boolean(),
    mailsPerMinute,
    acknowledgement,
  })
  .partial()
const tested = z.object({
  id: z.string().optional(),
  address: address.optional(),
  ...z.object(server).shape,
  ...z.object(signIn).partial().shape,
})
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
    return c.json({
      ...listed!,
      ...(await mailboxDetails(read, mailbox)),
      signInTrouble: await lastSignInTrouble(read, mailbox, c.var.now),
      /** What the app registration must name as a redirect URI. */
      callbackUrl: callbackUrl(c),
      automaticStop: await automaticStop(read),
    })
  })
  .post('/', rule('manage mailboxes', 'Connects a mailbox'), valid('json', settings), async (c) => {
    const { deps, member, now } = c.var
    const input = c.req.valid('json')
    const wanted: MailboxSettings = { ...input, sentCopy: input.sentCopy ?? defaultSentCopy(input.smtpHost) }
    requireApp(input)
    if (input.auth === 'password' && !wanted.imapPassword)
      throw new Invalid([{ field: 'imapPassword', message: 'imapPassword must not be empty. Enter the password.' }])
    const mailbox = await c.var.db.write(async (tx) => await addMailbox(tx, deps.secrets, wanted, member, now))
    return c.json({ id: mailbox.id }, 201)
  })
  .post(
    '/test',
    rule('manage mailboxes', 'Tries a connection and says what is wrong'),
    valid('json', tested),
    async (c) => {
      const { db, deps, member } = c.var
      const { id, ...input } = c.req.valid('json')
      const known = id ? await mailboxForMember(db.read, member, id) : null
      return c.json(await testConnection(triedConnection(known, input, deps)))
    },
  )
  .patch('/:id', rule('manage mailboxes', 'Changes a mailbox'), inPath, valid('json', changes), async (c) => {
    const { deps, member, now } = c.var
    await c.var.db.write(async (tx) => {
      const mailbox = await mailboxForMember(tx, member, c.req.valid('param').id)
      const wanted = Object.fromEntries(
        Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined),
      ) as Partial<MailboxSettings>
      requireApp({ ...mailbox, oauthSecret: '', ...wanted }, mailbox)
      requirePassword(mailbox, wanted)
      await changeMailbox(tx, deps.secrets, mailbox, wanted, member, now)
    })
    return c.body(null, 204)
  })
  .delete('/automatic-stop', rule('manage mailboxes', 'Lets automatic mail go out again'), async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => await resumeAutomatic(tx, member, now))
    return c.body(null, 204)
  })
  .delete('/:id', rule('manage mailboxes', 'Disconnects a mailbox without issues'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      await removeMailbox(tx, await mailboxForMember(tx, member, c.req.valid('param').id), member, now)
    })
    return c.body(null, 204)
  })
  .post('/:id/send-test', rule('manage mailboxes', 'Sends a mail from a mailbox to itself'), inPath, async (c) => {
    const { deps, member } = c.var
    const mailbox = await mailboxForMember(c.var.db.read, member, c.req.valid('param').id)
    const { done } = await beginSendTest(deps, mailbox, uuidv7(), deps.closing)
    done.catch((error) => deps.log.error({ err: error }, 'a send test could not be written down'))
    return c.body(null, 202)
  })
  .get('/:id/send-test', rule('manage mailboxes', 'What became of the last send test'), inPath, async (c) => {
    const { read } = c.var.db
    const mailbox = await mailboxForMember(read, c.var.member, c.req.valid('param').id)
    const test = await lastSendTest(read, mailbox.id, c.var.now)
    return c.json(test && { state: test.state, startedAt: test.startedAt, lines: sendTestLines(test, mailbox) })
  })
  .post('/:id/look', rule('manage mailboxes', 'Looks for new mail now'), inPath, async (c) => {
    const mailbox = await mailboxForMember(c.var.db.read, c.var.member, c.req.valid('param').id)
    c.var.deps.lookNow(mailbox.id)
    return c.body(null, 202)
  })
  .post(
    '/:id/check',
    rule('manage mailboxes', 'Compares what is on the server with what is here'),
    inPath,
    async (c) => {
      const mailbox = await mailboxForMember(c.var.db.read, c.var.member, c.req.valid('param').id)
      c.var.deps.lookNow(mailbox.id, 'and check')
      return c.body(null, 202)
    },
  )

  .post('/:id/sign-in', rule('manage mailboxes', 'Begins a sign-in with an account'), inPath, async (c) => {
    const { deps, member, now } = c.var
    const secrets = { state: newToken(), verifier: newToken(), redirectUri: callbackUrl(c) }
    const url = await c.var.db.write(async (tx) => {
      const mailbox = await mailboxForMember(tx, member, c.req.valid('param').id)
      return await beginSignIn(tx, deps.secrets, mailbox, member, secrets, now)
    })
    return c.json({ url })
  })

/** Where the sign-in service sends members back to. It goes there only if the app registration names it. */
function callbackUrl(c: Context<Env>): string {
  return new URL('/api/oauth/callback', c.var.deps.config.publicUrl ?? c.req.url).href
}

type Input = Omit<z.output<typeof tested>, 'id'>

/** What is to be tried: as entered, with what is stored where that was given for the very same. */
function triedConnection(known: Mailbox | null, input: Input, deps: Env['Variables']['deps']): ConnectionSettings {
  const { auth = 'password', oauth = null, oauthSecret = '', sendBy = 'smtp', address, ...servers } = input
  const of = (kind: 'imap' | 'smtp', password: string) => ({
    host: input[`${kind}Host`],
    port: input[`${kind}Port`],
    security: input[`${kind}Security`],
    user: input[`${kind}User`],
    password,
  })
  if (auth === 'password') {
    // A stored password goes only to the server it was given for: else this would be a way to read it.
    const stored = (kind: 'imap' | 'smtp') =>
      known && known[`${kind}Host`] === input[`${kind}Host`] ? connectionOf(known, deps)[kind].password : ''
    const password = (kind: 'imap' | 'smtp') => input[`${kind}Password`] || stored(kind)
    return { auth, imap: of('imap', password('imap')), smtp: of('smtp', password('smtp')) }
  }
  requireApp({ auth, oauth, oauthSecret, sendBy }, known ?? undefined)
  // So do stored secrets and tokens.
  if (known && !oauthSecret && !signsInOtherwise(known, { ...servers, auth, oauth }))
    return connectionOf({ ...known, ...servers, sendBy }, deps)
  if (auth === 'oauth_member')
    throw new Invalid([{ field: 'auth', message: 'Save the mailbox and sign in first; then it can be tried.' }])
  const client = { app: oauth!, secret: oauthSecret }
  const accessToken = passingTokens(client, 'mail')
  return {
    auth,
    imap: { ...of('imap', ''), accessToken },
    smtp: { ...of('smtp', ''), accessToken },
    graph:
      sendBy === 'graph'
        ? graphOf(address ?? known?.address ?? input.imapUser, client.app, passingTokens(client, 'graph'))
        : undefined,
  }
}

type SignIn = Pick<Mailbox, 'auth' | 'oauth' | 'oauthSecret' | 'sendBy'>

/** Who signs in without a password needs an app, and an app that signs in by itself needs its secret. */
function requireApp(wanted: Partial<SignIn>, known?: Mailbox): void {
  const { auth = 'password', oauth = null, oauthSecret, sendBy } = wanted
  if (auth === 'password') {
    if (sendBy === 'graph')
      throw new Invalid([{ field: 'sendBy', message: 'sendBy graph needs a sign-in with Microsoft 365.' }])
    return
  }
  if (!oauth) throw new Invalid([{ field: 'oauth', message: 'oauth must name the tenant and the app.' }])
  const isSame = known && !signsInOtherwise(known, { ...known, ...wanted, auth, oauth }) && known.oauthSecret !== ''
  if (auth === 'oauth_app' && !oauthSecret && !isSame)
    throw new Invalid([{ field: 'oauthSecret', message: 'oauthSecret must not be empty. Enter the client secret.' }])
}

/** Another server needs the password typed anew, so that a stored one never travels to a host of somebody's choice. */
function requirePassword(mailbox: Mailbox, wanted: Partial<MailboxSettings>) {
  if ((wanted.auth ?? mailbox.auth) !== 'password') return
  if (mailbox.auth !== 'password' && !wanted.imapPassword)
    throw new Invalid([{ field: 'imapPassword', message: 'imapPassword must not be empty. Enter the password.' }])
  for (const kind of ['imap', 'smtp'] as const) {
    const moved = wanted[`${kind}Host`] !== undefined && wanted[`${kind}Host`] !== mailbox[`${kind}Host`]
    const named = kind === 'imap' || Boolean(wanted.smtpUser)
    if (moved && named && !wanted[`${kind}Password`])
      throw new Invalid([
        { field: `${kind}Password`, message: `${kind}Password must be entered again for another server.` },
      ])
  }
}
