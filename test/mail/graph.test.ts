import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { issues, type Mailbox, mailboxes, messages, outbox } from '../../db/schema.ts'
import { reply } from '../../server/issues/reply.ts'
import { connectionOf } from '../../server/mail/connection.ts'
import { MAX_GRAPH_MAIL_BYTES, sendByGraph } from '../../server/mail/send/graph.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { testConnection } from '../../server/mail/test-connection.ts'
import { type Dovecot, noDovecot, startDovecot } from '../dovecot.ts'
import { arrive } from '../issues/story.ts'
import { CLIENT_SECRET, type GraphBehaviour, type Microsoft, startMicrosoft } from '../microsoft.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
const ADDRESS = 'proposals@contoso.example'
const DANA = { name: 'Dana Whitfield', address: 'dana@tacoma.example' }
const RAW = Buffer.from(
  `From: ${ADDRESS}\r\nTo: ${DANA.address}\r\nSubject: Chairs\r\nMessage-ID: <1@contoso.example>\r\n\r\nYes.\r\n`,
)

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

/** A mailbox that reads by IMAP and sends by Graph, as an app. */
async function openOffice(some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  Object.assign(microsoft, { graph: null, graphAttempts: 0, graphTook: [], refusal: null, asked: [], shown: [] })
  const { db, secrets } = world
  const mailbox = await db.write((tx) =>
    addMailbox(tx, {
      address: ADDRESS,
      imapHost: '127.0.0.1',
      imapPort: dovecot?.imapPort ?? 1,
      imapSecurity: 'none',
      sentCopy: 'server',
      auth: 'oauth_app',
      oauth: microsoft.app,
      oauthSecret: secrets.encrypt(CLIENT_SECRET),
      sendBy: 'graph',
      ...some,
    }),
  )
  const connection = connectionOf(mailbox, world.mail)
  return { ...world, mailbox, connection, graph: connection.graph! }
}

type Office = Awaited<ReturnType<typeof openOffice>>

/** Queues an answer and sends until it stands as told. */
async function answer(office: Office, becomes: object) {
  const { db, secrets, ben, mailbox } = office
  await arrive(office, mailbox, { id: 'question@tacoma.example', subject: 'Chairs', to: ADDRESS })
  const id = uuidv7()
  const now = Date.now()
  const internetMessageId = await db.write(async (tx) => {
    const [issue] = await tx.select().from(issues).where(eq(issues.mailboxId, mailbox.id))
    const [answered] = await tx.select().from(messages).where(eq(messages.mailboxId, mailbox.id))
    const internetMessageId = ownMessageId(secrets, issue!.id, id, 'contoso.example')
    const draft = { id, to: [DANA], cc: [], text: 'Yes.', quoted: '', internetMessageId, status: 'waiting' as const }
    await reply(tx, issue!, mailbox, answered!, draft, ben, now)
    await tx.update(outbox).set({ dueAt: now }).where(eq(outbox.messageId, id))
    return internetMessageId
  })
  const running = runOutbox(office.mail, { lookInSentAfterMs: [0] })
  onTestFinished(() => running.stop())
  const row = async () => (await db.read.select().from(outbox).where(eq(outbox.messageId, id)))[0]!
  await vi.waitFor(async () => expect(await row()).toMatchObject(becomes), WAIT)
  return { row: await row(), id, internetMessageId }
}

test('an answer goes out by Graph once, whole, from the mailbox itself', async () => {
  const office = await openOffice()

  const { id } = await answer(office, { state: 'accepted', copy: 'none' })

  const [message] = await office.db.read
    .select()
    .from(messages)
    .where(and(eq(messages.id, id)))
  const raw = (await office.blobs.get(message!.rawHash!))!.toString('utf8')
  expect(microsoft.graphTook).toEqual([{ user: ADDRESS, raw }])
  expect(microsoft.graphAttempts).toBe(1)
})

test('who stands in no To or Cc field is a hidden recipient', async () => {
  const { graph } = await openOffice()

  await sendByGraph(graph, RAW, ['eve@tacoma.example', 'odd\r\nX-Injected: yes@tacoma.example'])

  const [taken] = microsoft.graphTook
  expect(taken?.raw).toBe(`Bcc: eve@tacoma.example,\r\n oddX-Injected: yes@tacoma.example\r\n${RAW}`)
})

type Judged = { outcome: string; trouble?: string; retryAfterMs?: number | null }

test.each<[string, GraphBehaviour, Judged, tries: number]>([
  [
    'too many requests wait as long as Graph says',
    { status: 429, code: 'ApplicationThrottled', message: 'Slow down.', retryAfter: '42' },
    { outcome: 'retry', trouble: 'too_many_connections', retryAfterMs: 42_000 },
    1,
  ],
  [
    'a service without time for it is asked again',
    { status: 503, code: 'ServiceUnavailable', retryAfter: '5' },
    { outcome: 'retry', retryAfterMs: 5_000 },
    1,
  ],
  [
    'an app without the permission',
    { status: 403, code: 'ErrorAccessDenied' },
    { outcome: 'retry', trouble: 'token_refused' },
    1,
  ],
  [
    'a mailbox that Graph does not know',
    { status: 404, code: 'ErrorInvalidUser' },
    { outcome: 'retry', trouble: 'folder_missing' },
    1,
  ],
  [
    'a token that is refused twice',
    { status: 401, code: 'InvalidAuthenticationToken' },
    { outcome: 'retry', trouble: 'token_refused' },
    2,
  ],
  [
    'a sender that it may not be',
    { status: 403, code: 'ErrorSendAsDenied', message: 'No right.' },
    { outcome: 'rejected' },
    1,
  ],
  ['a mail that it does not read', { status: 400, code: 'ErrorMimeContentInvalid' }, { outcome: 'rejected' }, 1],
  ['a mail that is too large', { status: 413, code: 'RequestEntityTooLarge' }, { outcome: 'rejected' }, 1],
  ['a fault after which nobody knows', { status: 500, code: 'InternalServerError' }, { outcome: 'uncertain' }, 1],
  ['a gateway that waited too long', { status: 504, takes: true }, { outcome: 'uncertain' }, 1],
  ['an answer that is not the promised one', { status: 200 }, { outcome: 'uncertain' }, 1],
  ['a line that breaks after the mail', 'takes and dies', { outcome: 'uncertain', trouble: 'closed' }, 1],
])('%s', async (_, behaviour, judged, tries) => {
  const { graph } = await openOffice()
  microsoft.graph = behaviour

  expect(await sendByGraph(graph, RAW)).toMatchObject({ rejected: [], ...judged })
  expect(microsoft.graphAttempts).toBe(tries)
})

test('a line that breaks in the middle of the mail leaves it unsent', async () => {
  const { graph } = await openOffice()
  microsoft.graph = 'dies before the end'
  // More than what the network holds on its way.
  const large = Buffer.concat([RAW, Buffer.alloc(3_000_000, 'All work and no play.\r\n')])

  expect(await sendByGraph(graph, large)).toMatchObject({ outcome: 'retry', trouble: 'closed' })
})

test('a Graph that nobody answers for has certainly not sent', async () => {
  const { graph } = await openOffice()

  const attempt = await sendByGraph({ ...graph, url: 'http://127.0.0.1:1' }, RAW)

  expect(attempt).toMatchObject({ outcome: 'retry', trouble: 'refused' })
})

test('a token is not sent in the clear over a network', async () => {
  const { graph } = await openOffice()

  expect(await sendByGraph({ ...graph, url: 'http://graph.example.org' }, RAW)).toMatchObject({
    outcome: 'retry',
    trouble: 'app_refused',
  })
})

test('a mail larger than Graph takes is refused before it is sent, with words', async () => {
  const { graph } = await openOffice()

  const attempt = await sendByGraph(graph, Buffer.alloc(MAX_GRAPH_MAIL_BYTES + 1))

  expect(attempt.outcome).toBe('rejected')
  expect(attempt.response).toMatch(/^This mail has 3\.1 MB, and Microsoft Graph takes at most 3\.1 MB\. /)
  expect(microsoft.graphAttempts).toBe(0)
})

test('a token that ran out on its way is replaced, and the mail goes out once', async () => {
  const { graph } = await openOffice()
  await graph.accessToken()
  microsoft.revoke()

  expect(await sendByGraph(graph, RAW)).toMatchObject({ outcome: 'accepted' })
  expect(microsoft.graphTook).toHaveLength(1)
})

test.skipIf(noDovecot)(
  'a mail of which nobody knows is accepted where it lies in Sent, and else asked about',
  async () => {
    const lost = await openOffice()
    microsoft.graph = { status: 504 }
    await answer(lost, { state: 'uncertain' })
    expect(microsoft.graphAttempts).toBe(1)

    const kept = await openOffice()
    microsoft.graph = 'takes and dies'
    // As Exchange does with what it took.
    microsoft.onGraphTook = (raw) => dovecot.save(ADDRESS, 'Sent Items', raw)
    onTestFinished(() => {
      microsoft.onGraphTook = () => {}
    })
    const { row } = await answer(kept, { state: 'accepted' })
    expect(row.response).toContain('It lies in the Sent folder.')
    expect(microsoft.graphAttempts).toBe(1)
  },
)

test('a throttled mail waits in the outbox as long as Graph asks', async () => {
  const office = await openOffice()
  microsoft.graph = { status: 429, retryAfter: '600' }

  const { row } = await answer(office, { state: 'queued', attempts: 1 })

  expect(row.dueAt).toBeGreaterThan(Date.now() + 590_000)
})

test.skipIf(noDovecot)('a test of the connection asks for both tokens, and sends nothing', async () => {
  const { connection, db, mailbox } = await openOffice()

  expect(await testConnection(connection)).toMatchObject({ imap: { ok: true }, smtp: { ok: true } })
  expect(microsoft.graphAttempts).toBe(0)
  expect(new Set(microsoft.asked.map(({ resource }) => resource)).size).toBe(2)
  expect(await db.read.$count(mailboxes, eq(mailboxes.id, mailbox.id))).toBe(1)
})
