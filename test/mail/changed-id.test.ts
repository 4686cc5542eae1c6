import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { type Mailbox, messages, outbox } from '../../db/schema.ts'
import { findIssue } from '../../server/issues/issue.ts'
import { sendNew } from '../../server/issues/new-mail.ts'
import { reply } from '../../server/issues/reply.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { idInAnswer } from '../../server/mail/send/changed-id.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { issuesOf, rawOf } from '../issues/story.ts'
import { type Behaviour, startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
const QUICK = { reconnectAfter: () => 30, pollMs: 100, checkAfterLossMs: 0 }
const SENT = 'Sent Items'
const SES_ID = '0102018c1a2b3c4d-01234567-89ab-cdef-0123-456789abcdef-000000'

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

/** What a server leaves of a mail that it gives another id. */
type Server = { changedId: string; keeps?: RegExp; adds?: string; answer?: string; files: boolean }

const SERVERS: Record<string, Server> = {
  'Exchange, which says so and files its own copy': {
    changedId: 'AM0PR01MB1234@AM0PR01MB1234.eurprd01.prod.exchangelabs.example',
    adds: 'X-Microsoft-Original-Message-ID',
    answer:
      '2.6.0 <AM0PR01MB1234@AM0PR01MB1234.eurprd01.prod.exchangelabs.example> [InternalId=1] Queued mail for delivery',
    files: true,
  },
  'Exchange, which only notes it in the copy': {
    changedId: 'AM0PR01MB9999@exchangelabs.example',
    adds: 'X-Microsoft-Original-Message-ID',
    files: true,
  },
  'Amazon SES, which files nothing': {
    changedId: `${SES_ID}@email.amazonses.com`,
    keeps: /^X-/i,
    answer: `Ok ${SES_ID}`,
    files: false,
  },
  'a server that says nothing and leaves our own field': {
    changedId: 'kept@relay.example',
    keeps: /^X-/i,
    files: true,
  },
  'a server that says nothing and leaves no mark': { changedId: 'bare@relay.example', files: true },
}

/** A mail as such a server passes it on: with another id, without fields that it does not know, and words below. */
function rewritten(raw: string, { changedId, keeps, adds }: Server): string {
  const end = raw.indexOf('\r\n\r\n')
  const fields = raw.slice(0, end).split(/\r\n(?![ \t])/)
  const ownId = fields.find((field) => /^Message-ID:/i.test(field))?.replace(/^[^:]*:\s*/, '')
  const kept = fields.filter((field) => !/^X-/i.test(field) || keeps?.test(field))
  const head = kept.map((field) => (/^Message-ID:/i.test(field) ? `Message-ID: <${changedId}>` : field))
  const noted = adds ? [`${adds}: ${ownId}`] : []
  return `${[...head, ...noted].join('\r\n')}${raw.slice(end)}\r\nThis mail may be confidential.\r\n`
}

/** A mailbox at Dovecot that sends through such a server, watched and sending. */
async function openOffice(server: Server, some: Partial<Mailbox> = {}, behaviour: Behaviour = {}) {
  const world = await openWorld()
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const { db, secrets, ben } = world
  const address = `changed${++accounts}@northwind.example`
  const password = secrets.encrypt(PASSWORD)
  const mailbox = await db.write((tx) =>
    addMailbox(tx, {
      address,
      imapHost: '127.0.0.1',
      imapPort: dovecot.imapPort,
      imapSecurity: 'none',
      imapUser: address,
      imapPassword: password,
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: 'none',
      sentCopy: server.files ? 'server' : 'append',
      ...some,
    }),
  )
  const file = (raw: string) => dovecot.save(address, SENT, raw)
  smtp.behave({
    rewrite(raw) {
      const changed = rewritten(raw, server)
      if (server.files && behaviour.die === undefined) file(changed)
      return { raw: changed, ...(server.answer ? { answer: server.answer } : {}) }
    },
    ...behaviour,
  })
  const watching = watchMailbox(world.mail, mailbox.id, QUICK)
  const sending = runOutbox(world.mail, { lookInSentAfterMs: [0] })
  onTestFinished(async () => void (await Promise.all([watching.stop(), sending.stop()])))

  const write = async (text = 'Dear Dana,\n\nwould you like an offer?') => {
    const id = uuidv7()
    const to = [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }]
    const mail = { id, to, cc: [], text, quoted: '', subject: 'Chairs', status: 'waiting' as const }
    const nameIn = (issueId: string) => ownMessageId(secrets, issueId, id, 'northwind.example')
    await db.write((tx) => sendNew(tx, mailbox, { ...mail, nameIn }, ben, Date.now()))
    return id
  }
  const rowOf = async (id: string) => (await db.read.select().from(outbox).where(eq(outbox.messageId, id)))[0]
  const becomes = async (id: string, row: object) =>
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject(row), WAIT)
  // A Date field has whole seconds: an answer of the same one would be the earlier.
  const answers = async (inReplyTo: string, text = 'Yes, please.') =>
    await dovecot.deliver(
      address,
      rawOf({ to: address, subject: 'Re: Chairs', inReplyTo, text, date: new Date(Date.now() + 1_000) }).toString(),
    )
  const mails = async () =>
    (await db.read.select().from(messages).where(eq(messages.mailboxId, mailbox.id))).map(({ direction }) => direction)
  return { ...world, smtp, mailbox, address, file, write, rowOf, becomes, answers, mails }
}

test.each(Object.entries(SERVERS))(
  'an answer to a new mail finds its issue where it went out through %s, and its copy is no second mail',
  async (_, server) => {
    const office = await openOffice(server)
    const id = await office.write()
    await office.becomes(id, { state: 'accepted', sentAs: server.changedId, copy: server.files ? 'none' : 'filed' })

    await office.answers(server.changedId)
    await vi.waitFor(async () => expect((await office.mails()).sort()).toEqual(['in', 'out']), WAIT)
    const [issue, ...others] = await issuesOf(office, office.mailbox)
    expect(others).toEqual([])
    expect(issue).toMatchObject({ status: 'open', messageCount: 2, lastFrom: 'Dana Whitfield' })
    // One copy, whoever filed it, and we know it as ours.
    expect(dovecot.flagsIn(office.address, SENT)).toHaveLength(1)

    // What follows our own mail follows it by the id that others know.
    const [first] = await office.db.read.select().from(messages).where(eq(messages.id, id))
    const next = uuidv7()
    await office.db.write(async (tx) => {
      const internetMessageId = ownMessageId(office.secrets, issue!.id, next, 'northwind.example')
      const draft = { id: next, to: first!.to, cc: [], text: 'One more thing.', quoted: '', internetMessageId }
      const written = { ...draft, status: 'waiting' as const }
      await reply(tx, await findIssue(tx, issue!.id), office.mailbox, first!, written, office.ben, Date.now())
    })
    await office.becomes(next, { state: 'accepted' })
    expect(office.smtp.taken.at(-1)?.raw.replace(/\r\n /g, ' ')).toContain(`In-Reply-To: <${server.changedId}>`)
  },
)

test('who answers before the copy is seen has an issue of their own until then, and it becomes one', async () => {
  const server: Server = { changedId: 'late@relay.example', keeps: /^X-/i, files: false }
  const office = await openOffice(server, { sentCopy: 'server' })
  const id = await office.write()
  await office.becomes(id, { state: 'accepted', sentAs: null })
  await office.answers(server.changedId)
  await vi.waitFor(async () => expect(await issuesOf(office, office.mailbox)).toHaveLength(2), WAIT)

  office.file(office.smtp.taken[0]!.raw)
  await office.becomes(id, { sentAs: server.changedId })
  const issues = await issuesOf(office, office.mailbox)
  expect(issues).toMatchObject([{ status: 'open', messageCount: 2, lastFrom: 'Dana Whitfield' }])
  expect((await office.mails()).sort()).toEqual(['in', 'out'])
})

test('a mail of which nobody knows counts as sent once its copy is fetched, though it has another id and no mark', async () => {
  const server: Server = { changedId: 'uncertain@relay.example', files: true }
  const office = await openOffice(server, {}, { die: 'after text', takes: true })
  const [first, second] = [await office.write('Dear Dana, the first.'), await office.write('Dear Dana, the second.')]
  await office.becomes(first, { state: 'uncertain' })
  await office.becomes(second, { state: 'uncertain' })
  office.file(office.smtp.taken.find(({ raw }) => raw.includes('the second'))!.raw)
  await office.becomes(second, {
    state: 'accepted',
    sentAs: server.changedId,
    response: expect.stringContaining('It lies in the Sent folder.'),
  })
  // Of the other nobody knows still.
  expect(await office.rowOf(first)).toMatchObject({ state: 'uncertain', sentAs: null })
  expect(office.smtp.attempts).toBe(2)
})

test('news that a mail did not arrive finds it by the id that the server gave it', async () => {
  const server = SERVERS['Amazon SES, which files nothing']!
  const office = await openOffice(server)
  const id = await office.write()
  await office.becomes(id, { state: 'accepted', sentAs: server.changedId })
  const report = [
    'From: MAILER-DAEMON@amazonses.example',
    `To: ${office.address}`,
    'Subject: Delivery Status Notification (Failure)',
    'Message-ID: <report@amazonses.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'An error occurred while trying to deliver the mail.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; a.smtp-out.amazonses.com',
    '',
    'Action: failed',
    'Final-Recipient: rfc822; dana@tacoma.example',
    'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
    'Status: 5.1.1',
    '--b',
    'Content-Type: message/rfc822',
    '',
    office.smtp.taken[0]!.raw.replace(/^X-Downfield.*\r\n(?: .*\r\n)*/gim, ''),
    '--b--',
    '',
  ].join('\r\n')
  await dovecot.deliver(office.address, report)
  await vi.waitFor(async () => {
    const [message] = await office.db.read.select().from(messages).where(eq(messages.id, id))
    expect(message?.extras.bounced).toMatchObject({ kind: 'hard', status: '5.1.1' })
  }, WAIT)
  expect(await issuesOf(office, office.mailbox)).toMatchObject([{ status: 'open' }])
})

test.each([
  ['250 2.0.0 OK  1700000000 a1-20020a-gsmtp', 'smtp.gmail.com', null],
  ['250 2.0.0 Ok: queued as 4F3A21C0', 'mail.example', null],
  ['250 2.1.5 <dana@tacoma.example> delivered', 'mail.example', null],
  ['250 2.0.0 OK <own@northwind.example> [Hostname=A]', 'smtp.office365.com', null],
  ['250 2.0.0 OK <x1@prod.outlook.com> [Hostname=A]', 'smtp.office365.com', 'x1@prod.outlook.com'],
  [`250 Ok ${SES_ID}`, 'email-smtp.eu-west-1.amazonaws.com', `${SES_ID}@eu-west-1.amazonses.com`],
  [`250 Ok ${SES_ID}`, 'email-smtp-fips.us-gov-west-1.amazonaws.com', `${SES_ID}@us-gov-west-1.amazonses.com`],
  [`250 Ok ${SES_ID}`, 'email-smtp.us-east-1.amazonaws.com', `${SES_ID}@email.amazonses.com`],
])('of "%s" by %s the id is %s', (response, host, id) => {
  const mail = { ownId: 'own@northwind.example', addresses: ['us@northwind.example', 'dana@tacoma.example'] }
  expect(idInAnswer(response, host, mail)).toBe(id)
})
