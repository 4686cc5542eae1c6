import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { deliveries, type Message, messages } from '../../db/schema.ts'
import { worse } from '../../server/issues/bounced.ts'
import { failureWords } from '../../server/issues/failure-words.ts'
import { findIssue } from '../../server/issues/issue.ts'
import { reply } from '../../server/issues/reply.ts'
import { type Entry, readIssue } from '../../server/issues/timeline.ts'
import { understand, understandAgain } from '../../server/mail/place/ingest.ts'
import { retryFailed } from '../../server/mail/place/pending.ts'
import { openParsers } from '../../server/mail/read/parsers.ts'
import { arrive, arriveRaw, issuesOf, rawOf } from '../issues/story.ts'
import { openWorld, type World } from '../world.ts'

const MORNING = Date.parse('2026-11-20T09:41:00Z')

/** A report of a server (RFC 3464) about one of our mails. */
function report(about: { id: string; to: string; action?: string; status?: string; said?: string }): Buffer {
  const { id, to, action = 'failed', status = '5.1.1', said = '550 5.1.1 no such user here' } = about
  return Buffer.from(
    [
      'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
      'To: proposals@northwind.example',
      'Subject: Undelivered Mail Returned to Sender',
      `Date: ${new Date(MORNING + 3_600_000).toUTCString()}`,
      `Message-ID: <${uuidv7()}@mx.example>`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Your mail could not be delivered.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      `Final-Recipient: rfc822; ${to}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said}`,
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: <${id}>`,
      `To: ${to}`,
      'Subject: Re: Chairs',
      '',
      '--b--',
      '',
    ].join('\r\n'),
  )
}

/** An issue that Ben has answered. */
async function answeredIssue(world: World) {
  const { db, ben, proposals } = world
  await arrive(world, proposals, { id: 'a@t', subject: 'Chairs' })
  const [issue] = await issuesOf(world, proposals)
  const [answered] = await db.read.select().from(messages)
  const draft = {
    id: uuidv7(),
    to: [{ name: 'Dana', address: 'dana@tacoma.example' }],
    cc: [],
    text: 'Yes, by Friday.',
    quoted: '',
    internetMessageId: 'ours@northwind.example',
    status: 'waiting' as const,
  }
  return await db.write(async (tx) => await reply(tx, issue!, proposals, answered!, draft, ben, MORNING + 60_000))
}

async function pageOf(world: World, number = 1) {
  const issue = (await issuesOf(world, world.proposals)).find((issue) => issue.number === number)
  return await readIssue(world.db.read, world.ben.id, issue!.id)
}

const mails = (timeline: Entry[]) => timeline.flatMap((entry) => (entry.kind === 'message' ? [entry.message] : []))

test('a bounce is shown at the mail that failed, and brings its issue back to who wrote it', async () => {
  const world = await openWorld()
  const sent = await answeredIssue(world)
  const bounced = report({ id: sent.internetMessageId, to: 'dana@tacoma.example' })
  await arriveRaw(world, world.proposals, bounced, 'inbox', MORNING + 3_600_000)
  const { issue, timeline } = await pageOf(world)
  expect(issue).toMatchObject({
    status: 'open',
    assigneeId: world.ben.id,
    messageCount: 3,
    waitingSince: MORNING + 3_600_000,
  })
  const [, ours, bounce] = mails(timeline)
  expect(ours).toMatchObject({
    failure: 'This address does not exist, or no longer.',
    extras: {
      bounced: {
        kind: 'hard',
        recipients: ['dana@tacoma.example'],
        status: '5.1.1',
        reason: '550 5.1.1 no such user here',
        at: MORNING + 3_600_000,
        messageId: bounce?.id,
      },
    },
  })
  expect(bounce).toMatchObject({ writer: 'bounce', extras: { bounce: { kind: 'hard' } } })
})

test('a mail that is only late leaves its issue where it is', async () => {
  const world = await openWorld()
  const sent = await answeredIssue(world)
  const late = { action: 'delayed', status: '4.4.1', said: '421 try later' }
  const delayed = report({ id: sent.internetMessageId, to: 'dana@tacoma.example', ...late })
  await arriveRaw(world, world.proposals, delayed, 'inbox', MORNING + 3_600_000)
  const { issue, timeline } = await pageOf(world)
  expect(issue).toMatchObject({ status: 'waiting' })
  expect(mails(timeline)[1]).toMatchObject({ extras: { bounced: { kind: 'soft', status: '4.4.1' } } })
})

test('a bounce that comes before the mail it is about, from the Sent folder, marks that all the same', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, report({ id: 'outlook@t', to: 'dana@tacoma.example' }))
  const from = { from: 'proposals@northwind.example', to: 'dana@tacoma.example', folder: 'sent' as const }
  await arrive(world, world.proposals, { id: 'outlook@t', subject: 'Offer', ...from })
  const all = await issuesOf(world, world.proposals)
  expect(all).toMatchObject([{ messageCount: 2 }])
  const [sent] = await world.db.read.select().from(messages).where(eq(messages.internetMessageId, 'outlook@t'))
  expect(sent?.extras.bounced).toMatchObject({ kind: 'hard', recipients: ['dana@tacoma.example'] })
})

test.each([
  [undefined, ['hard', ['b']], ['hard', ['b']]],
  [
    ['soft', ['a']],
    ['hard', ['b']],
    ['hard', ['b']],
  ],
  [
    ['hard', ['a']],
    ['soft', ['b']],
    ['hard', ['a']],
  ],
  [
    ['hard', ['a']],
    ['hard', ['a', 'b']],
    ['hard', ['a', 'b']],
  ],
] as const)('after %j the news %j makes %j', (before, now, after) => {
  type Bounced = NonNullable<Message['extras']['bounced']>
  const of = ([kind, recipients]: readonly ['hard' | 'soft', readonly string[]]): Bounced => ({
    kind,
    recipients: [...recipients],
    status: null,
    reason: '',
    at: 1,
    messageId: '1',
  })
  expect(worse(before && of(before), of(now))).toEqual(of(after))
})

test.each([
  ['hard', '5.1.1', '', 'This address does not exist, or no longer.'],
  ['hard', '5.2.2', '', 'Their mailbox is full.'],
  ['hard', '5.7.26', 'unauthenticated', 'Their server refused the mail: its rules do not let it in.'],
  ['hard', null, 'User unknown in virtual table', 'This address does not exist, or no longer.'],
  ['hard', '5.0.0', '554', 'Their server did not say why in words that we know.'],
  [
    'soft',
    '4.4.1',
    '',
    'Their server could not be reached. A server on the way keeps trying; there is nothing to do yet.',
  ],
] as const)('a %s bounce with %s and %j reads: %4$s', (kind, status, reason, words) => {
  expect(failureWords({ kind, status, reason })).toBe(words)
})

test('an out-of-office answer says until when its writer is away', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, {
    subject: 'Automatic reply: Chairs',
    headers: ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'],
    text: 'I am out of the office until 30 November 2026.',
  })
  const { timeline } = await pageOf(world)
  expect(mails(timeline)).toMatchObject([{ writer: 'out_of_office', extras: { awayUntil: Date.UTC(2026, 10, 30) } }])
})

test('an invitation and how a mail is protected are kept for the page', async () => {
  const world = await openWorld()
  const head = (subject: string, type: string) => [
    'From: dana@tacoma.example',
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
    '',
  ]
  const event = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    'UID:1@tacoma.example',
    'DTSTART:20261125T090000Z',
    'DTEND:20261125T103000Z',
    'SUMMARY:Site visit',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
  const invitation = [...head('Visit', 'text/calendar; method=REQUEST; charset=utf-8'), ...event]
  const encrypted = [...head('Secret', 'application/pkcs7-mime; smime-type=enveloped-data'), 'MIIB', '']
  for (const lines of [invitation, encrypted]) await arriveRaw(world, world.proposals, Buffer.from(lines.join('\r\n')))
  expect(mails((await pageOf(world, 1)).timeline)).toMatchObject([
    {
      extras: {
        calendar: {
          method: 'request',
          summary: 'Site visit',
          startAt: Date.parse('2026-11-25T09:00:00Z'),
          endAt: Date.parse('2026-11-25T10:30:00Z'),
        },
      },
    },
  ])
  expect(mails((await pageOf(world, 2)).timeline)).toMatchObject([{ extras: { protection: 'smime-encrypted' } }])
})

test('a mail that could not be read is tried again from the page, by who may', async () => {
  const world = await openWorld()
  const raw = rawOf({ subject: 'Chairs' })
  const hurried = openParsers({ workers: 1, timeoutMs: 1 })
  onTestFinished(async () => await hurried.close())
  const long = Buffer.concat([raw, Buffer.from('And tables, and lamps. '.repeat(300_000))])
  await arriveRaw({ ...world, mail: { ...world.mail, parsers: hurried } }, world.proposals, long)
  const [broken] = mails((await pageOf(world)).timeline)
  expect(broken?.flaws.unreadable).toBe('Reading it took more than 0.001 seconds.')
  const again = async (as: World['ben']) =>
    await world.as(as)(`/api/deliveries/${broken?.deliveryId}/tries`, { method: 'POST' })
  expect((await again(world.vic)).status).toBe(403)
  expect(await (await again(world.ben)).json()).toEqual({ understood: true, error: null })
  const [read] = mails((await pageOf(world)).timeline)
  expect(read).toMatchObject({ id: broken?.id, subject: 'Chairs', flaws: {}, deliveryId: null })
})

const PASSED_ON = [
  'Please quote by Friday.',
  '',
  '---------- Forwarded message ---------',
  'From: Omar Reyes <omar@customer.example>',
  'Date: Thu, Nov 19, 2026 at 10:00 AM',
  'Subject: Forty chairs',
  'To: Ben <ben@northwind.example>',
  '',
  'We need forty chairs.',
].join('\n')

test('a mail that one of us passes on is its customer’s, and the words above it are a note', async () => {
  const world = await openWorld()
  const { ben, proposals } = world
  await arrive(world, proposals, { from: 'Ben <ben@northwind.example>', subject: 'Fwd: Forty chairs', text: PASSED_ON })
  const [issue] = await issuesOf(world, proposals)
  expect(issue).toMatchObject({
    subject: 'Forty chairs',
    contactName: 'Omar Reyes',
    contactAddress: 'omar@customer.example',
    lastFrom: 'Omar Reyes',
    snippet: 'We need forty chairs.',
    status: 'new',
  })
  const { timeline } = await pageOf(world)
  expect(timeline.filter(({ kind }) => kind === 'note')).toMatchObject([
    { note: { memberId: ben.id, text: 'Please quote by Friday.' } },
  ])
  expect(mails(timeline)).toMatchObject([
    { extras: { forwarded: { from: { address: 'omar@customer.example' }, byId: ben.id } } },
  ])
  const as = world.as(ben)
  const answering = async () => (await (await as(`/api/issues/${issue!.id}/recipients`)).json()) as unknown
  expect(await answering()).toMatchObject({ reply: { to: [{ address: 'omar@customer.example' }], cc: [] } })

  const right = { name: 'Olga Reyes', address: 'olga@customer.example' }
  expect((await as(`/api/issues/${issue!.id}/contact`, { method: 'PUT', json: right })).status).toBe(200)
  expect(await findIssue(world.db.read, issue!.id)).toMatchObject({
    contactName: 'Olga Reyes',
    contactAddress: 'olga@customer.example',
  })
  expect(await answering()).toMatchObject({ reply: { to: [right], cc: [] } })
  expect((await pageOf(world)).timeline.at(-1)).toMatchObject({
    kind: 'event',
    event: {
      action: 'contact_changed',
      memberId: ben.id,
      detail: { from: { name: 'Omar Reyes', address: 'omar@customer.example' }, to: right },
    },
  })
})

test('a customer’s mail that one of us attaches is theirs to the byte, and the words beside it are a note', async () => {
  const world = await openWorld()
  const { db, ben, proposals } = world
  const inner = rawOf({
    from: 'Omar Reyes <omar@customer.example>',
    to: 'ben@northwind.example',
    subject: 'Forty chairs',
    id: 'chairs@customer.example',
    date: new Date('2026-11-19T10:00:00Z'),
    text: 'We need forty chairs.',
  })
  const outer = (...files: string[]) =>
    Buffer.concat([
      Buffer.from(
        'From: Ben <ben@northwind.example>\r\nTo: proposals@northwind.example\r\nSubject: Fwd: Forty chairs\r\nMessage-ID: <outer@northwind.example>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nPlease quote by Friday.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n',
      ),
      inner,
      Buffer.from(
        `${files.map((file) => `\r\n--b\r\nContent-Type: text/csv; name="${file}"\r\n\r\na,b`).join('')}\r\n--b--\r\n`,
      ),
    ])
  await arriveRaw(world, proposals, outer())
  const [issue] = await issuesOf(world, proposals)
  expect(issue).toMatchObject({
    subject: 'Forty chairs',
    contactAddress: 'omar@customer.example',
    lastFrom: 'Omar Reyes',
    snippet: 'We need forty chairs.',
    lastMessageAt: Date.parse('2026-11-19T10:00:00Z'),
  })
  const { timeline } = await pageOf(world)
  const notesIn = (entries: Entry[]) => entries.filter(({ kind }) => kind === 'note')
  expect(notesIn(timeline)).toMatchObject([{ note: { memberId: ben.id, text: 'Please quote by Friday.' } }])
  const [message] = mails(timeline)
  expect(message).toMatchObject({ from: { name: 'Omar Reyes' }, text: 'We need forty chairs.\n', attachments: [] })
  const raw = await world.as(ben)(`/api/messages/${message!.id}/raw`)
  expect(Buffer.from(await raw.arrayBuffer()).toString()).toBe(inner.toString())

  // Found in another folder, from the customer too, and answered: one mail, one note, one issue.
  await arriveRaw(world, proposals, outer(), 'other')
  await arriveRaw(world, proposals, inner)
  await arrive(world, proposals, { id: 'more@x', from: 'mo@northwind.example', inReplyTo: 'outer@northwind.example' })
  const page = await pageOf(world)
  expect(await issuesOf(world, proposals)).toHaveLength(1)
  expect(notesIn(page.timeline)).toHaveLength(1)
  expect(mails(page.timeline).map(({ from }) => from.address)).toEqual([
    'omar@customer.example',
    'mo@northwind.example',
  ])
  expect((await db.read.select().from(deliveries)).every(({ state }) => state === 'understood')).toBe(true)

  // With a file of Ben's own beside it the mail stays his.
  const [begin, end] = ['chairs@customer.example', 'outer@northwind.example']
  const other = outer('prices.csv')
    .toString()
    .replace(begin, 'other@customer.example')
    .replace(end, 'other@northwind.example')
  await arriveRaw(world, proposals, Buffer.from(other))
  expect(mails((await pageOf(world, 2)).timeline)).toMatchObject([
    {
      from: { address: 'ben@northwind.example' },
      attachments: [{ contentType: 'message/rfc822' }, { filename: 'prices.csv' }],
    },
  ])
})

test('a mail that our server does not confirm to be from one of us is a stranger’s', async () => {
  const world = await openWorld()
  const forged = (result: string) => ({
    from: 'Ben <ben@northwind.example>',
    subject: 'Fwd: Forty chairs',
    text: PASSED_ON,
    headers: [`Authentication-Results: mx.northwind.example; ${result}`],
  })
  await arrive(world, world.proposals, forged('spf=fail smtp.mailfrom=northwind.example; dkim=none'))
  expect((await pageOf(world)).timeline.some(({ kind }) => kind === 'note')).toBe(false)
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ contactAddress: 'ben@northwind.example' }])
  await arrive(world, world.proposals, forged('dkim=pass header.d=northwind.example'))
  expect((await pageOf(world, 2)).timeline.some(({ kind }) => kind === 'note')).toBe(true)
})

test('a mail that somebody else passes on is theirs', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { subject: 'Fwd: Forty chairs', text: PASSED_ON })
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ contactAddress: 'dana@tacoma.example' }])
  const { timeline } = await pageOf(world)
  expect(mails(timeline)).toMatchObject([{ extras: {} }])
  expect(timeline.some(({ kind }) => kind === 'note')).toBe(false)
})

test('what an older version could not read is tried again once, and only that', async () => {
  const world = await openWorld()
  const { db, proposals } = world
  const raw = rawOf({ subject: 'Chairs' })
  await arrive(world, proposals, { id: 'good@t' })
  await arriveRaw(world, proposals, raw)
  const rows = await db.read.select().from(deliveries)
  const [, last] = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const messageId = last!.messageId
  await db.write(
    async (tx) =>
      await tx
        .update(deliveries)
        .set({ state: 'failed', error: 'No', parserVersion: 0 })
        .where(eq(deliveries.id, last!.id)),
  )
  expect(await retryFailed(db)).toBe(1)
  expect(await understand(world.mail, proposals.id)).toBe(1)
  const [after] = await db.read.select().from(deliveries).where(eq(deliveries.id, last!.id))
  expect(after).toMatchObject({ state: 'understood', error: null, messageId, tries: 2 })

  // What this version can not read either is not tried again and again.
  await db.write(async (tx) => await tx.update(deliveries).set({ state: 'failed' }).where(eq(deliveries.id, last!.id)))
  expect(await retryFailed(db)).toBe(0)
})

test('a mail that can be read at last joins the thread that it belongs to', async () => {
  const world = await openWorld()
  const { db, proposals } = world
  await arrive(world, proposals, { id: 'a@t', subject: 'Chairs' })
  // Nobody reads so much in a millisecond: its References are not known at first.
  const hurried = openParsers({ workers: 1, timeoutMs: 1 })
  onTestFinished(async () => await hurried.close())
  const text = 'And tables, and lamps. '.repeat(300_000)
  const raw = rawOf({ id: 'b@t', references: ['a@t'], subject: 'Re: Chairs', text })
  await arriveRaw({ ...world, mail: { ...world.mail, parsers: hurried } }, proposals, raw)
  expect(await issuesOf(world, proposals)).toHaveLength(2)

  const [failed] = await db.read.select().from(deliveries).where(eq(deliveries.state, 'failed'))
  await understandAgain(world.mail, failed!.id)
  expect(await issuesOf(world, proposals)).toMatchObject([{ number: 1, messageCount: 2 }])
})

test('who joined a thread unasked is not answered by default', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { id: 'a@t', subject: 'Chairs' },
    {
      id: 'b@t',
      subject: 'Re: Chairs',
      inReplyTo: 'a@t',
      from: 'eve@elsewhere.example',
      date: new Date(MORNING + 1000),
    },
  )
  const [issue] = await issuesOf(world, world.proposals)
  const answer = await world.as(world.ben)(`/api/issues/${issue!.id}/recipients`)
  expect(await answer.json()).toMatchObject({ replyAll: { to: [{ address: 'dana@tacoma.example' }], cc: [] } })
})
