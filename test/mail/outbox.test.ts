import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, inArray } from 'drizzle-orm'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import {
  type Address,
  events,
  issues,
  type Mailbox,
  mailboxes,
  messages,
  outbox,
  type Upload,
} from '../../db/schema.ts'
import { type Draft, reply } from '../../server/issues/reply.ts'
import { markSending } from '../../server/issues/sending.ts'
import { takeBack } from '../../server/issues/take-back.ts'
import { addUpload, asBlob } from '../../server/issues/upload.ts'
import { MAX_SEND_TRIES } from '../../server/mail/fetch/back-off.ts'
import { compose } from '../../server/mail/send/compose.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { sendBySmtp } from '../../server/mail/send/smtp.ts'
import { type Dovecot, freePort, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
/** Looks for an uncertain mail at once, so that no test waits for real pauses. */
const QUICK = { lookInSentAfterMs: [0] }
const DANA = { name: 'Dana Whitfield', address: 'dana@tacoma.example' }

let dovecot: Dovecot
let bare: Dovecot
let accounts = 0
beforeAll(async () => {
  if (noDovecot) return
  dovecot = await startDovecot()
  bare = await startDovecot({ sent: false })
})
afterAll(async () => {
  await dovecot?.stop()
  await bare?.stop()
})

/** A mailbox with an issue that waits for an answer, and an SMTP server behind it. Nobody sends yet. */
async function openDesk(some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const { db, secrets, ben } = world
  const address = `outbox${++accounts}@northwind.example`
  const password = secrets.encrypt(PASSWORD)
  const mailbox = await db.write((tx) =>
    addMailbox(tx, {
      address,
      imapHost: '127.0.0.1',
      imapPort: dovecot?.imapPort ?? 1,
      imapSecurity: 'none',
      imapPassword: password,
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: 'none',
      smtpUser: address,
      smtpPassword: password,
      sentCopy: 'server',
      ...some,
    }),
  )
  await arrive(world, mailbox, { id: 'question@tacoma.example', subject: 'Chairs', to: address })

  const answer = async (text = 'Here you are.', to: Address[] = [DANA], more: Partial<Draft> = {}) => {
    const id = uuidv7()
    const now = world.now()
    await db.write(async (tx) => {
      const [issue] = await tx.select().from(issues).where(eq(issues.mailboxId, mailbox.id))
      const [answered] = await tx
        .select()
        .from(messages)
        .where(eq(messages.internetMessageId, 'question@tacoma.example'))
      const internetMessageId = ownMessageId(secrets, issue!.id, id, 'northwind.example')
      const draft = { id, to, cc: [], text, quoted: '', internetMessageId, status: 'waiting' as const, ...more }
      await reply(tx, issue!, mailbox, answered!, draft, ben, now)
    })
    return id
  }
  const rowOf = async (id: string) => (await db.read.select().from(outbox).where(eq(outbox.messageId, id)))[0]!
  const becomes = async (id: string, row: Record<string, unknown>) =>
    await vi.waitFor(async () => expect(await rowOf(id)).toMatchObject(row), WAIT)
  const send = () => {
    const running = runOutbox(world.mail, QUICK)
    onTestFinished(() => running.stop())
    return running
  }
  const dueNow = async (id: string) => {
    await db.write(async (tx) => {
      await tx.update(outbox).set({ dueAt: 0 }).where(eq(outbox.messageId, id))
    })
  }
  const issue = async () => (await issuesOf(world, mailbox))[0]!
  const told = async () => {
    const sending = inArray(events.action, ['sent', 'send_failed', 'send_uncertain'])
    const rows = await db.read
      .select()
      .from(events)
      .where(and(eq(events.mailboxId, mailbox.id), sending))
    return rows.map(({ action }) => action)
  }
  return { ...world, smtp, mailbox, address, answer, rowOf, becomes, send, dueNow, issue, told }
}

test('an answer goes out once, as it was composed, and its issue shows nothing on its way any more', async () => {
  const desk = await openDesk()
  const id = await desk.answer('Здравствуйте, here is the offer.')
  expect(await desk.issue()).toMatchObject({ sending: 'queued', status: 'waiting' })
  desk.send()
  await desk.becomes(id, {
    state: 'accepted',
    response: '250 2.0.0 Queued as 1',
    attempts: 1,
    owner: null,
    copy: 'none',
  })

  const [message] = await desk.db.read.select().from(messages).where(eq(messages.id, id))
  const raw = await desk.blobs.get(message!.rawHash!)
  expect(desk.smtp.taken).toEqual([
    { from: desk.address, to: ['dana@tacoma.example'], user: desk.address, raw: raw!.toString('utf8') },
  ])
  expect(raw).toEqual(await compose(message!, 'Здравствуйте, here is the offer.'))
  expect(message!.size).toBe(raw!.length)
  expect(await desk.issue()).toMatchObject({ sending: null, status: 'waiting' })
  expect(await desk.told()).toEqual(['sent'])
})

test('what is not due yet is left alone', async () => {
  const desk = await openDesk()
  const later = await desk.answer('Later')
  await desk.db.write(async (tx) => {
    await tx
      .update(outbox)
      .set({ dueAt: Date.now() + 3_600_000 })
      .where(eq(outbox.messageId, later))
  })
  const now = await desk.answer('Now')
  desk.send()
  await desk.becomes(now, { state: 'accepted' })
  expect(await desk.rowOf(later)).toMatchObject({ state: 'queued', attempts: 0 })
  expect(desk.smtp.taken).toHaveLength(1)
})

test.each([
  ['has no time', { refuseText: '451 4.3.0 Try later' }, '451 4.3.0 Try later', 'other'],
  ['defers the recipient', { refuseRecipients: { [DANA.address]: '450 4.2.1 Busy' } }, '450 4.2.1 Busy', 'other'],
  ['refuses the sign-in', { refuseSignIn: true }, '535 5.7.8 Wrong user or password', 'wrong_password'],
  ['goes away before the text', { die: 'before text' }, undefined, 'closed'],
] as const)('a server that %s gets the same mail again later', async (_, behaviour, response, trouble) => {
  const desk = await openDesk()
  desk.smtp.behave(behaviour)
  const id = await desk.answer()
  const queuedAt = Date.now()
  desk.send()
  await desk.becomes(id, { state: 'queued', attempts: 1, trouble, ...(response ? { response } : {}) })
  expect((await desk.rowOf(id)).dueAt).toBeGreaterThanOrEqual(queuedAt + 30_000)
  const [before] = await desk.db.read.select().from(messages).where(eq(messages.id, id))

  desk.smtp.behave({})
  await desk.dueNow(id)
  await desk.becomes(id, { state: 'accepted', attempts: 2 })
  expect(desk.smtp.taken).toHaveLength(1)
  expect(desk.smtp.taken[0]!.raw).toBe((await desk.blobs.get(before!.rawHash!))!.toString('utf8'))
  expect(await desk.told()).toEqual(['sent'])
})

test.each([
  ['the sender', { refuseSender: '550 5.7.60 Not allowed to send as this sender' }, '550 5.7.60'],
  ['every recipient', { refuseRecipients: { [DANA.address]: '550 5.1.1 No such user' } }, '550 5.1.1'],
  ['the text', { refuseText: '554 5.6.0 Looks like spam' }, '554 5.6.0'],
])(
  'a mail of which the server refuses %s has failed, and its issue is ours to move again',
  async (_, behaviour, code) => {
    const desk = await openDesk()
    desk.smtp.behave(behaviour)
    const id = await desk.answer()
    desk.send()
    await desk.becomes(id, { state: 'rejected', attempts: 1, response: expect.stringContaining(code) })
    expect(await desk.issue()).toMatchObject({ sending: 'rejected', status: 'open' })
    expect(await desk.told()).toEqual(['send_failed'])
    expect(desk.smtp.taken).toEqual([])
  },
)

test('after the last attempt the sender is told that it did not get out', async () => {
  const desk = await openDesk()
  desk.smtp.behave({ refuseText: '451 4.3.0 Try later' })
  const id = await desk.answer()
  await desk.db.write(async (tx) => {
    await tx
      .update(outbox)
      .set({ attempts: MAX_SEND_TRIES - 1 })
      .where(eq(outbox.messageId, id))
  })
  desk.send()
  await desk.becomes(id, { state: 'rejected', attempts: MAX_SEND_TRIES, response: '451 4.3.0 Try later' })
})

test('recipients that the server refuses are named; the others have the mail', async () => {
  const desk = await openDesk()
  desk.smtp.behave({ refuseRecipients: { 'gone@tacoma.example': '550 5.1.1 No such user' } })
  const id = await desk.answer('To both', [DANA, { name: '', address: 'gone@tacoma.example' }])
  desk.send()
  const rejected = [{ address: 'gone@tacoma.example', response: '550 5.1.1 No such user' }]
  await desk.becomes(id, { state: 'accepted', rejected })
  expect(desk.smtp.taken).toMatchObject([{ to: ['dana@tacoma.example'] }])
})

test('a server that goes away in the middle of the text has not taken the mail', async () => {
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  smtp.behave({ die: 'in text' })
  const settings = { host: '127.0.0.1', port: smtp.port, security: 'none', user: '', password: '' } as const
  const raw = Buffer.from(`Subject: large\r\n\r\n${'A line of text.\r\n'.repeat(2_000_000)}`)
  const attempt = await sendBySmtp(settings, { from: 'us@northwind.example', to: [DANA.address] }, raw)
  expect(attempt).toMatchObject({ outcome: 'retry', trouble: 'closed' })
})

test.each([
  ['took', true],
  ['did not take', false],
])(
  'a mail whose answer never came is uncertain, also where the server %s it, and is not sent again',
  async (_, takes) => {
    const desk = await openDesk()
    desk.smtp.behave({ die: 'after text', takes })
    const id = await desk.answer()
    const sending = desk.send()
    await desk.becomes(id, { state: 'uncertain', attempts: 1, trouble: 'closed' })
    expect(await desk.issue()).toMatchObject({ sending: 'uncertain', status: 'open' })
    expect(await desk.told()).toEqual(['send_uncertain'])

    // Another mail goes its way; the uncertain one stays.
    desk.smtp.behave({})
    await sending.stop()
    const next = await desk.answer('Another')
    desk.send()
    await desk.becomes(next, { state: 'accepted' })
    expect(await desk.rowOf(id)).toMatchObject({ state: 'uncertain', attempts: 1 })
    expect(desk.smtp.attempts).toBe(2)
  },
)

test('a mail whose answer never came counts as sent where it lies in Sent', async (context) => {
  needsDovecot(context)
  const desk = await openDesk()
  const id = await desk.answer()
  const [message] = await desk.db.read.select().from(messages).where(eq(messages.id, id))
  const answersAfter = Promise.withResolvers<void>()
  desk.smtp.behave({ die: 'after text', takes: true, answersAfter: answersAfter.promise })
  desk.send()
  await desk.becomes(id, { state: 'sending', attempts: 1 })
  // What a server does that files copies by itself.
  dovecot.save(desk.address, 'Sent Items', (await compose(message!, 'Here you are.')).toString('utf8'))
  answersAfter.resolve()
  await desk.becomes(id, { state: 'accepted', response: expect.stringContaining('It lies in the Sent folder.') })
  expect(await desk.told()).toEqual(['sent'])
})

test('a mail that was being sent when the process died is uncertain, and is not sent again', async () => {
  const desk = await openDesk()
  const dead = spawnSync(process.execPath, ['--version']).pid
  const ids = {
    died: await desk.answer('One'),
    elsewhere: await desk.answer('Two'),
    silent: await desk.answer('Three'),
  }
  const now = Date.now()
  const begin = (id: string, owner: string, ownedUntil: number) =>
    desk.db.write((tx) => markSending(tx, id, { owner, ownedUntil, attempts: 1, triedAt: now }, now))
  await begin(ids.died, `${hostname()}/${dead}/x`, now + 3_600_000)
  await begin(ids.elsewhere, 'elsewhere/1/x', now + 3_600_000)
  await begin(ids.silent, 'elsewhere/2/x', now - 1)
  desk.send()
  await desk.becomes(ids.died, { state: 'uncertain' })
  await desk.becomes(ids.silent, { state: 'uncertain' })
  // This one is still at it.
  expect(await desk.rowOf(ids.elsewhere)).toMatchObject({ state: 'sending', owner: 'elsewhere/1/x' })
  expect(desk.smtp.attempts).toBe(0)
})

test('several nodes send each mail once', async () => {
  const desk = await openDesk()
  const ids: string[] = []
  for (let i = 0; i < 20; i++) ids.push(await desk.answer(`Number ${i}`))
  desk.send()
  desk.send()
  desk.send()
  for (const id of ids) await desk.becomes(id, { state: 'accepted', attempts: 1 })
  const sent = desk.smtp.taken.map(({ raw }) => /Number \d+/.exec(raw)?.[0])
  expect(sent.sort()).toEqual(ids.map((_, i) => `Number ${i}`).sort())
})

test('a server that does not answer holds up no other mailbox', async () => {
  const desk = await openDesk()
  const slow = await desk.answer('Slow')
  const answersAfter = Promise.withResolvers<void>()
  desk.smtp.behave({ answersAfter: answersAfter.promise })
  desk.send()
  await desk.becomes(slow, { state: 'sending' })

  const other = await startSmtp()
  onTestFinished(() => other.stop())
  const { db } = desk
  const rows = { ...desk.mailbox, id: uuidv7(), address: 'other@northwind.example', smtpPort: other.port, smtpUser: '' }
  const mailbox = await db.write((tx) => addMailbox(tx, rows))
  await arrive(desk, mailbox, { id: 'other@tacoma.example' })
  const [issue] = await issuesOf(desk, mailbox)
  const [answered] = await db.read.select().from(messages).where(eq(messages.internetMessageId, 'other@tacoma.example'))
  const draft = {
    id: uuidv7(),
    to: [DANA],
    cc: [],
    text: 'Quick',
    quoted: '',
    internetMessageId: 'quick@northwind.example',
  }
  const now = Date.now()
  await db.write((tx) => reply(tx, issue!, mailbox, answered!, { ...draft, status: 'waiting' }, desk.ben, now))
  await desk.becomes(draft.id, { state: 'accepted' })
  expect(await desk.rowOf(slow)).toMatchObject({ state: 'sending' })
  answersAfter.resolve()
  await desk.becomes(slow, { state: 'accepted' })
})

test('a message that cannot be a mail fails before the server hears of it', async () => {
  const desk = await openDesk()
  const id = await desk.answer('Hello', [{ name: '', address: 'dana@tacoma.example\r\nBcc: eve@evil.example' }])
  desk.send()
  await desk.becomes(id, { state: 'rejected', response: expect.stringContaining('is not an email address') })
  expect(desk.smtp.attempts).toBe(0)
})

test('the copy of a sent mail lies in Sent once, read, byte for byte', async (context) => {
  needsDovecot(context)
  const desk = await openDesk({ sentCopy: 'append' })
  const id = await desk.answer()
  desk.send()
  await desk.becomes(id, { state: 'accepted', copy: 'filed', copyError: null })
  expect(dovecot.flagsIn(desk.address, 'Sent Items')).toEqual(['\\Seen'])
  expect(dovecot.rawIn(desk.address, 'Sent Items')).toEqual(desk.smtp.taken.map(({ raw }) => raw))

  // As after a crash between filing and writing it down.
  await desk.db.write(async (tx) => {
    await tx.update(outbox).set({ copy: 'pending' }).where(eq(outbox.messageId, id))
  })
  await desk.becomes(id, { copy: 'filed' })
  expect(dovecot.flagsIn(desk.address, 'Sent Items')).toEqual(['\\Seen'])
})

test('a copy that cannot be filed is a warning, tried again, and sends nothing twice', async (context) => {
  needsDovecot(context)
  const desk = await openDesk({ sentCopy: 'append', imapPort: bare.imapPort })
  const id = await desk.answer()
  desk.send()
  const copyError = 'The mailbox has no folder for sent mail. Make one named Sent.'
  await desk.becomes(id, { state: 'accepted', copy: 'pending', copyError, copyTries: 1 })

  bare.doveadm('mailbox', 'create', '-u', desk.address, 'Gesendet')
  await desk.dueNow(id)
  await desk.becomes(id, { state: 'accepted', copy: 'filed', copyError: null, copyTries: 2 })
  expect(bare.flagsIn(desk.address, 'Gesendet')).toEqual(['\\Seen'])
  expect(desk.smtp.taken).toHaveLength(1)
})

test('an IMAP server that is away does not keep a mail from going out', async () => {
  const desk = await openDesk({ sentCopy: 'append', imapPort: await freePort() })
  const id = await desk.answer()
  desk.send()
  await desk.becomes(id, { state: 'accepted', copy: 'pending', copyTries: 1 })
  expect(desk.smtp.taken).toHaveLength(1)
})

test('an answer that is held goes out when its time has come, not before, also when the server was killed meanwhile', async () => {
  const desk = await openDesk()
  const heldMs = 1_500
  const heldAt = Date.now()
  const id = await desk.answer('Held.', [DANA], { heldMs })
  // Nobody sends yet, as after a kill: the row is all there is, and it is enough.
  expect(await desk.rowOf(id)).toMatchObject({ state: 'queued', attempts: 0, held: { before: { status: 'new' } } })
  desk.send()
  const other = await desk.answer('At once.')
  await desk.becomes(other, { state: 'accepted' })
  expect(await desk.rowOf(id)).toMatchObject({ state: 'queued', attempts: 0 })
  await desk.becomes(id, { state: 'accepted', attempts: 1, held: null })
  expect((await desk.rowOf(id)).acceptedAt).toBeGreaterThanOrEqual(heldAt + heldMs)
  expect(desk.smtp.taken.map(({ raw }) => /(At once|Held)\./.exec(raw)?.[0])).toEqual(['At once.', 'Held.'])
})

test('of taking back and sending exactly one wins, however close they are', async () => {
  const desk = await openDesk()
  const { db, ben, smtp } = desk
  desk.send()
  const rounds = 30
  let takenBack = 0
  for (let i = 0; i < rounds; i++) {
    const heldMs = 40
    const text = `Round ${i}.`
    const id = await desk.answer(text, [DANA], { heldMs })
    await sleep(heldMs - 20 + (i % 5) * 15)
    const won = await db
      .write((tx) => takeBack(tx, id, uuidv7(), ben, Date.now()))
      .then(
        () => true,
        (error) => {
          expect(error.message).toBe('It is on its way already, so it can not be taken back.')
          return false
        },
      )
    if (won) takenBack++
    else await desk.becomes(id, { state: 'accepted' })
    const [row] = await db.read.select().from(outbox).where(eq(outbox.messageId, id))
    const [message] = await db.read.select().from(messages).where(eq(messages.id, id))
    expect([row?.state, message?.id]).toEqual(won ? [undefined, undefined] : ['accepted', id])
    // What was taken back never reaches the server, not even later.
    expect(smtp.taken).toHaveLength(i + 1 - takenBack)
    expect(smtp.taken.some(({ raw }) => raw.includes(text))).toBe(!won)
  }
  expect(await desk.issue()).toMatchObject({ messageCount: 1 + rounds - takenBack, sending: null })
}, 60_000)

test('files go along byte for byte, also at the second attempt', async () => {
  const desk = await openDesk()
  const { db, blobs, ben } = desk
  const files = [
    { filename: 'Angebot für Größe.pdf', contentType: 'application/pdf', bytes: randomBytes(200_000) },
    { filename: 'предложение.xlsx', contentType: 'application/octet-stream', bytes: Buffer.from('lone\nlines\r.\r\n') },
  ]
  const attachments: Upload[] = []
  for (const { filename, contentType, bytes } of files) {
    const id = uuidv7()
    const file = { id, filename, contentType, size: bytes.length, blobHash: await blobs.put(asBlob(id, bytes)) }
    attachments.push(await db.write((tx) => addUpload(tx, ben, file, Date.now())))
  }
  desk.smtp.behave({ refuseText: '451 4.3.0 Try later' })
  const id = await desk.answer('Here you are.', [DANA], { attachments })
  desk.send()
  await desk.becomes(id, { state: 'queued', attempts: 1 })
  desk.smtp.behave({})
  await desk.dueNow(id)
  await desk.becomes(id, { state: 'accepted', attempts: 2 })

  const read = await PostalMime.parse(desk.smtp.taken[0]!.raw)
  expect(read.attachments.map(({ filename, mimeType }) => ({ filename, contentType: mimeType }))).toEqual(
    files.map(({ filename, contentType }) => ({ filename, contentType })),
  )
  for (const [i, { content }] of read.attachments.entries())
    expect(Buffer.from(content as ArrayBuffer).equals(files[i]!.bytes)).toBe(true)
})

test('a file that is missing from the disk keeps the answer here, and a person is told', async () => {
  const desk = await openDesk()
  const id = uuidv7()
  const file = { id, filename: 'offer.pdf', contentType: 'application/pdf', size: 1, blobHash: 'ab'.repeat(32) }
  const upload = await desk.db.write((tx) => addUpload(tx, desk.ben, file, Date.now()))
  const answer = await desk.answer('Here you are.', [DANA], { attachments: [upload] })
  desk.send()
  await desk.becomes(answer, { state: 'rejected', response: 'The file offer.pdf is missing from the disk.' })
  expect(desk.smtp.attempts).toBe(0)
})

test('who is put off by the server gets the mail later, and nobody gets it twice', async () => {
  const desk = await openDesk()
  const [busy, gone] = ['busy@tacoma.example', 'gone@tacoma.example']
  desk.smtp.behave({ refuseRecipients: { [busy]: '450 4.2.1 Busy', [gone]: '550 5.1.1 No such user' } })
  const id = await desk.answer('To all three', [DANA, { name: '', address: busy }, { name: '', address: gone }])
  desk.send()
  const refused = [{ address: gone, response: '550 5.1.1 No such user' }]
  await desk.becomes(id, { state: 'queued', attempts: 1, recipients: [busy], rejected: refused })
  desk.smtp.behave({})
  await desk.dueNow(id)
  await desk.becomes(id, { state: 'accepted', attempts: 2, rejected: refused })
  expect(desk.smtp.taken.map(({ to }) => to)).toEqual([[DANA.address], [busy]])
  expect(new Set(desk.smtp.taken.map(({ raw }) => raw)).size).toBe(1)
})

test('a mailbox that is paused sends nothing until it goes on, and what is held can be taken back', async () => {
  const desk = await openDesk()
  const pause = (paused: boolean) =>
    desk.db.write((tx) => tx.update(mailboxes).set({ paused }).where(eq(mailboxes.id, desk.mailbox.id)).returning())
  await pause(true)
  const [kept, taken] = [await desk.answer('Kept'), await desk.answer('Taken back', [DANA], { heldMs: 1 })]
  const sending = desk.send()
  await sleep(200)
  await sending.stop()
  expect([await desk.rowOf(kept), await desk.rowOf(taken)]).toMatchObject([{ attempts: 0 }, { attempts: 0 }])
  const draftId = uuidv7()
  await desk.db.write((tx) => takeBack(tx, taken, draftId, desk.ben, Date.now()))
  await pause(false)
  desk.send()
  await desk.becomes(kept, { state: 'accepted' })
  expect(desk.smtp.attempts).toBe(1)
})

test('a mailbox with a rate sends so many mails a minute and no more', async () => {
  const desk = await openDesk({ mailsPerMinute: 3 })
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push(await desk.answer(`Number ${i}`))
  desk.send()
  for (const id of ids.slice(0, 3)) await desk.becomes(id, { state: 'accepted' })
  await sleep(200)
  expect(desk.smtp.attempts).toBe(3)
  // A minute later, as far as the rows know.
  await desk.db.write(async (tx) => {
    await tx
      .update(outbox)
      .set({ triedAt: Date.now() - 60_000 })
      .where(inArray(outbox.messageId, ids.slice(0, 3)))
  })
  for (const id of ids) await desk.becomes(id, { state: 'accepted' })
  expect(desk.smtp.attempts).toBe(5)
})
