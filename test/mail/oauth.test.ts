import { once } from 'node:events'
import { createServer } from 'node:http'
import net from 'node:net'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import {
  accessTokens,
  events,
  issues,
  leases,
  type Mailbox,
  mailboxes,
  messages,
  outbox,
  watches,
} from '../../db/schema.ts'
import { reply } from '../../server/issues/reply.ts'
import { connectionOf } from '../../server/mail/connection.ts'
import { connectImap } from '../../server/mail/fetch/imap.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { sendBySmtp } from '../../server/mail/send/smtp.ts'
import { tokensOf } from '../../server/mail/sign-in/access-token.ts'
import { type Client, requestToken, scopesFor, xoauth2 } from '../../server/mail/sign-in/oauth.ts'
import { testConnection } from '../../server/mail/test-connection.ts'
import { describeTrouble } from '../../server/mail/trouble-words.ts'
import { type Dovecot, noDovecot, startDovecot } from '../dovecot.ts'
import { arrive } from '../issues/story.ts'
import { CLIENT_SECRET, DELEGATE, type Microsoft, startMicrosoft } from '../microsoft.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
const ADDRESS = 'proposals@contoso.example'
const DANA = { name: 'Dana Whitfield', address: 'dana@tacoma.example' }

let microsoft: Microsoft
let dovecot: Dovecot
beforeAll(async () => {
  microsoft = await startMicrosoft(ADDRESS)
  if (!noDovecot) dovecot = await startDovecot({ tokeninfo: microsoft.tokeninfoUrl })
})
afterAll(async () => {
  await dovecot?.stop()
  await microsoft?.stop()
})

/** A way to Dovecot that ends a session as Exchange does when its token expires. */
async function startExpiring(ms: number) {
  const server = net.createServer((client) => {
    const behind = net.connect(dovecot.imapPort, '127.0.0.1')
    const expired = setTimeout(() => {
      client.end('* BYE Session invalidated - AccessTokenExpired\r\n')
      behind.destroy()
    }, ms)
    for (const socket of [client, behind]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        clearTimeout(expired)
        client.destroy()
        behind.destroy()
      })
    }
    client.pipe(behind).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return portOf(server)
}

/** A mailbox at Microsoft 365, with an SMTP server that asks about tokens. */
async function openOffice(auth: 'oauth_app' | 'oauth_member', some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  const smtp = await startSmtp({ takesToken: microsoft.takesAtSmtp })
  onTestFinished(() => smtp.stop())
  Object.assign(microsoft, { lifetimeS: 3_600, refusal: null, asked: [], shown: [], answersAfter: Promise.resolve() })
  const { db, secrets } = world
  const mailbox = await db.write((tx) =>
    addMailbox(tx, {
      address: ADDRESS,
      imapHost: '127.0.0.1',
      imapPort: dovecot?.imapPort ?? 1,
      imapSecurity: 'none',
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: 'none',
      smtpUser: auth === 'oauth_app' ? ADDRESS : DELEGATE,
      sentCopy: 'server',
      auth,
      oauth: microsoft.app,
      oauthSecret: secrets.encrypt(CLIENT_SECRET),
      oauthRefreshToken: auth === 'oauth_member' ? secrets.encrypt(microsoft.signedIn()) : '',
      ...some,
    }),
  )
  const token = tokensOf(world.mail, mailbox.id, 'mail')
  const connection = connectionOf(mailbox, world.mail)
  const stored = async () => (await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailbox.id)))[0]!
  return { ...world, smtp, mailbox, token, connection, stored }
}

const mail = (name: string) =>
  `From: Dana <dana@tacoma.example>\r\nTo: ${ADDRESS}\r\nSubject: ${name}\r\nMessage-ID: <${name}@tacoma.example>\r\n\r\nGood morning\r\n`

test.skipIf(noDovecot).each(['oauth_app', 'oauth_member'] as const)(
  'mail comes and goes without a gap while tokens expire every three seconds: %s',
  async (auth) => {
    const lifetimeS = 3
    const imapPort = await startExpiring(lifetimeS * 1_000)
    const office = await openOffice(auth, { imapPort })
    const { db, secrets, ben, mailbox, smtp } = office
    await arrive(office, mailbox, { id: 'question@tacoma.example', subject: 'Chairs', to: ADDRESS })
    microsoft.lifetimeS = lifetimeS

    // Every state that anybody could have been shown.
    const states = new Set<string>()
    let recording = Promise.resolve()
    const record = () => {
      recording = recording.then(async () => {
        const [row] = await db.read.select().from(watches).where(eq(watches.mailboxId, mailbox.id))
        if (row) states.add(row.trouble ? `${row.state}: ${row.trouble}` : row.state)
      })
    }
    db.wake.on('wake', record)
    const watching = watchMailbox(office.mail, mailbox.id, { pollMs: 3_600_000 })
    onTestFinished(() => watching.stop())
    const sending = runOutbox(office.mail)
    onTestFinished(() => sending.stop())

    const queued: string[] = []
    const arrived: string[] = []
    const prefix = `${auth}-${Date.now()}`
    const answer = async () => {
      const id = uuidv7()
      const now = Date.now()
      const internetMessageId = await db.write(async (tx) => {
        const [issue] = await tx
          .select()
          .from(issues)
          .where(eq(issues.mailboxId, mailbox.id))
          .orderBy(asc(issues.number))
        const question = eq(messages.internetMessageId, 'question@tacoma.example')
        const [answered] = await tx.select().from(messages).where(question)
        const internetMessageId = ownMessageId(secrets, issue!.id, id, 'contoso.example')
        const draft = {
          id,
          to: [DANA],
          cc: [],
          text: 'Yes.',
          quoted: '',
          internetMessageId,
          status: 'waiting' as const,
        }
        await reply(tx, issue!, mailbox, answered!, draft, ben, now)
        // Sent at once: nobody thinks it over here.
        await tx.update(outbox).set({ dueAt: now }).where(eq(outbox.messageId, id))
        return internetMessageId
      })
      queued.push(internetMessageId)
      // As fast as it goes, and no faster: whatever is held up by a renewal is seen by the next.
      await vi.waitFor(async () => {
        const [row] = await db.read.select().from(outbox).where(eq(outbox.messageId, id))
        expect(row?.state).toBe('accepted')
      }, WAIT)
    }
    const renewals = () => microsoft.asked.length
    while (renewals() < 4) {
      const name = `${prefix}-${String(arrived.length).padStart(3, '0')}`
      arrived.push(name)
      await Promise.all([dovecot.deliver(ADDRESS, mail(name)), answer()])
    }

    await vi.waitFor(async () => {
      const rows = await db.read.select().from(messages).where(eq(messages.direction, 'in'))
      const subjects = rows.map(({ subject }) => subject).filter((subject) => subject.startsWith(prefix))
      expect(subjects.sort()).toEqual(arrived)
    }, WAIT)
    db.wake.off('wake', record)
    await recording

    const sent = smtp.taken.map(({ raw }) => /^Message-ID:\s*<([^>]*)>/im.exec(raw)?.[1])
    expect(sent).toEqual(queued)
    expect([...states].sort()).toEqual(['connecting', 'live'])
    // Not one token was shown that had expired, and none was asked for before it was needed.
    expect(microsoft.shown.filter(({ good }) => !good)).toEqual([])
    expect(microsoft.asked.every(({ ok }) => ok)).toBe(true)
    const failures = await db.read.select().from(events).where(eq(events.action, 'send_failed'))
    expect(failures).toEqual([])
  },
  60_000,
)

test.skipIf(noDovecot)('a token that was revoked is replaced once, for IMAP and for SMTP', async () => {
  const { connection, token } = await openOffice('oauth_member')
  const { token: first } = await token()
  microsoft.revoke()

  await (await connectImap(connection.imap)).close()
  const { token: second } = await token()
  expect(second).not.toBe(first)
  microsoft.revoke()
  const raw = Buffer.from(mail('revoked'))
  const attempt = await sendBySmtp(connection.smtp, { from: ADDRESS, to: [DANA.address] }, raw)

  expect(attempt).toMatchObject({ outcome: 'accepted' })
  expect(microsoft.asked.map(({ by, ok }) => [by, ok])).toEqual(Array(3).fill(['refresh_token', true]))
})

test('whoever needs a token at the same time gets the same one, from one renewal', async () => {
  const { mail: deps, mailbox, stored, secrets } = await openOffice('oauth_member')
  const before = (await stored()).oauthRefreshToken

  const tokens = await Promise.all(Array.from({ length: 10 }, () => tokensOf(deps, mailbox.id, 'mail')()))

  expect(new Set(tokens.map(({ token }) => token)).size).toBe(1)
  expect(microsoft.asked).toHaveLength(1)
  const { oauthRefreshToken: after, changedAt } = await stored()
  expect(secrets.decrypt(after)).not.toBe(secrets.decrypt(before))
  // The watch goes on: nothing that concerns it has changed.
  expect(changedAt).toBe(mailbox.changedAt)
})

test('mail and Graph have tokens of their own, and take turns with the refresh token', async () => {
  const { mail: deps, mailbox } = await openOffice('oauth_member')

  const tokens = await Promise.all([tokensOf(deps, mailbox.id, 'mail')(), tokensOf(deps, mailbox.id, 'graph')()])

  expect(new Set(tokens.map(({ token }) => token)).size).toBe(2)
  expect(microsoft.asked.map(({ resource, ok }) => [resource, ok]).sort()).toEqual([
    ['https://graph.microsoft.com', true],
    ['https://outlook.office.com', true],
  ])
})

test('a renewal that the settings overtook is not kept', async () => {
  const { db, mailbox, token, stored, secrets } = await openOffice('oauth_member')
  const answer = Promise.withResolvers<void>()
  microsoft.answersAfter = answer.promise
  const renewing = token()
  const signedInAnew = secrets.encrypt(microsoft.signedIn())
  await vi.waitFor(async () => expect(await db.read.$count(leases)).toBe(1), WAIT)
  const changed = { oauthRefreshToken: signedInAnew, changedAt: Date.now() }
  await db.write((tx) => tx.update(mailboxes).set(changed).where(eq(mailboxes.id, mailbox.id)))
  answer.resolve()
  await renewing

  expect((await stored()).oauthRefreshToken).toBe(signedInAnew)
  expect(await db.read.select().from(accessTokens)).toEqual([])
})

test('while the sign-in service is away, a token that is still good goes on', async () => {
  const { db, token } = await openOffice('oauth_app')
  const first = await token()
  // Within the margin, well before the end.
  await db.write((tx) => tx.update(accessTokens).set({ renewAt: Date.now() - 1 }))
  microsoft.refusal = {
    status: 503,
    error: 'temporarily_unavailable',
    code: 90033,
    words: 'A transient error occurred.',
  }

  const again = await token()

  expect(again.token).toBe(first.token)
  expect(again.renewAt).toBeGreaterThan(Date.now())
  await db.write((tx) => tx.update(accessTokens).set({ expiresAt: Date.now() - 1 }))
  await expect(token()).rejects.toMatchObject({ trouble: 'sign_in_unreachable' })
  expect(microsoft.asked.map(({ ok }) => ok)).toEqual([true, false, false])
})

test('neither secrets nor tokens lie open in the database', async () => {
  const { db, token, mail: deps, mailbox } = await openOffice('oauth_member')
  const { token: text } = await token()
  await tokensOf(deps, mailbox.id, 'graph')()

  const rows = JSON.stringify([await db.read.select().from(mailboxes), await db.read.select().from(accessTokens)])

  expect(rows).not.toContain(text)
  expect(rows).not.toContain('eyJ0eXAi')
  expect(rows).not.toContain('"0.')
  expect(rows).not.toContain('odd&characters')
})

test.each([
  ['oauth_app', 'invalid_client', 7000215, 'app_refused', 'Microsoft does not know the client secret of the app.'],
  ['oauth_app', 'invalid_client', 7000222, 'app_refused', 'The client secret of the app has expired.'],
  ['oauth_app', 'unauthorized_client', 700016, 'app_refused', 'The directory does not know the app.'],
  ['oauth_app', 'invalid_request', 90002, 'app_refused', 'There is no such tenant.'],
  ['oauth_app', 'invalid_grant', 65001, 'app_refused', 'Nobody consented to what the app wants to do.'],
  ['oauth_app', 'invalid_scope', 70011, 'app_refused', 'The sign-in service refused the app.'],
  [
    'oauth_member',
    'invalid_grant',
    700082,
    'sign_in_again',
    'The sign-in has expired because it was not used for long.',
  ],
  [
    'oauth_member',
    'invalid_grant',
    50173,
    'sign_in_again',
    'The sign-in was revoked, as happens when the password of the account changes.',
  ],
  ['oauth_member', 'interaction_required', 50076, 'sign_in_again', `Somebody must sign in again for ${ADDRESS}.`],
  ['oauth_member', 'server_error', 90033, 'sign_in_unreachable', 'The sign-in service did not answer as it should.'],
] as const)(
  'what the sign-in service says becomes plain words: %s %s %d',
  async (auth, error, code, trouble, summary) => {
    const { connection } = await openOffice(auth)
    microsoft.refusal = { status: 400, error, code, words: 'Words of the service.' }

    const { imap } = await testConnection(connection)

    expect(imap).toMatchObject({ ok: false, trouble, summary, detail: `AADSTS${code}: Words of the service.` })
    expect(imap.whatToDo).not.toBe('')
  },
)

test.skipIf(noDovecot)('a server that does not take a good token is told apart from a wrong password', async () => {
  // The common mistake: an account signs in to SMTP as itself, never as the shared mailbox.
  const { connection } = await openOffice('oauth_member', { smtpUser: ADDRESS })

  const { imap, smtp } = await testConnection(connection)

  expect(imap).toMatchObject({ ok: true })
  expect(smtp).toMatchObject({ ok: false, trouble: 'token_refused' })
  expect(smtp.whatToDo).toContain('the SMTP user is the account that signed in, not the shared mailbox')
  expect(microsoft.asked).toHaveLength(2)
})

test.each([
  ['User is authenticated but not connected.', 'IMAP is disabled for it, or full access is missing.'],
  [
    '535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.',
    'does not let proposals@contoso.example send by SMTP.',
  ],
])('%s', (detail, summary) => {
  const where = { host: 'outlook.office365.com', port: 993, kind: 'IMAP', user: ADDRESS, detail } as const
  expect(describeTrouble('disabled', where).summary).toContain(summary)
})

test('a mail that waits for a token waits as long as the service asks, and goes out then', async () => {
  const { connection } = await openOffice('oauth_app')
  microsoft.refusal = { status: 429, error: 'temporarily_unavailable', code: 90055, words: 'Busy.', retryAfter: '70' }

  const attempt = await sendBySmtp(connection.smtp, { from: ADDRESS, to: [DANA.address] }, Buffer.from(mail('later')))

  const response = 'AADSTS90055: Busy.'
  expect(attempt).toEqual({
    outcome: 'retry',
    trouble: 'sign_in_unreachable',
    retryAfterMs: 70_000,
    response,
    rejected: [],
  })
})

test('a secret goes over TLS or to this machine, and is not carried on by a redirect', async () => {
  const client = (authority: string): Client => ({ app: { ...microsoft.app, authority }, secret: CLIENT_SECRET })
  const ask = (authority: string) =>
    requestToken(client(authority), { by: 'client_credentials' }, scopesFor(microsoft.app, 'oauth_app', 'mail'))
  await expect(ask('http://login.example.org')).rejects.toMatchObject({ trouble: 'app_refused' })

  let carried = 0
  const thief = createServer((_, response) => {
    carried++
    response.end('{}')
  }).listen(0, '127.0.0.1')
  const sends = createServer((_, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${portOf(thief)}/` }).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void [thief.close(), sends.close()])
  await Promise.all([thief, sends].map(async (server) => server.listening || (await once(server, 'listening'))))
  await expect(ask(`http://127.0.0.1:${portOf(sends)}`)).rejects.toMatchObject({ trouble: 'sign_in_unreachable' })
  expect(carried).toBe(0)
})

test('the words of XOAUTH2 are those of its documentation', () => {
  expect(xoauth2('test@contoso.onmicrosoft.com', 'EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA')).toBe(
    'dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==',
  )
})

function portOf(server: net.Server): number {
  // The cast: it listens on a port.
  return (server.address() as net.AddressInfo).port
}
