import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { notes, notificationMails, notifications, outbox } from '../../db/schema.ts'
import { assign, findIssue } from '../../server/issues/issue.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { chooseSendingMailbox } from '../../server/notifications/settings.ts'
import { runNotifications } from '../../server/notifications/worker.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { issuesOf, rawOf } from '../issues/story.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
const QUICK = { reconnectAfter: () => 30, pollMs: 100, checkAfterLossMs: 0 }

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

/** A mailbox at Dovecot with a customer's mail, watched, sending, and telling members what happens. */
async function openOffice() {
  const world = await openWorld()
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const { db, secrets, ada } = world
  const address = `told${++accounts}@northwind.example`
  const password = secrets.encrypt(PASSWORD)
  const mailbox = await db.write(async (tx) => {
    const made = await addMailbox(tx, {
      address,
      imapHost: '127.0.0.1',
      imapPort: dovecot.imapPort,
      imapSecurity: 'none',
      imapUser: address,
      imapPassword: password,
      smtpHost: '127.0.0.1',
      smtpPort: smtp.port,
      smtpSecurity: 'none',
    })
    await chooseSendingMailbox(tx, made.id, ada, world.now())
    return made
  })
  const watching = watchMailbox(world.mail, mailbox.id, QUICK)
  const sending = runOutbox(world.mail)
  const telling = runNotifications({ ...world.deps, url: 'https://inbox.example', now: world.now, everyMs: 50 })
  onTestFinished(async () => void (await Promise.all([watching.stop(), sending.stop(), telling.stop()])))
  await dovecot.deliver(address, rawOf({ to: address, date: new Date() }).toString())
  await vi.waitFor(async () => expect(await issuesOf(world, mailbox)).toHaveLength(1), WAIT)
  const [issue] = await issuesOf(world, mailbox)
  return { ...world, smtp, mailbox, address, issue: issue! }
}

test.each([
  ['keeps our Message-ID', false],
  ['gives it another Message-ID', true],
])(
  'what a member is told goes out by SMTP, and their answer to it becomes a note that nobody outside gets, where the server %s',
  async (_, changes) => {
    const office = await openOffice()
    const { db, smtp, issue, mailbox, address, mo, ben } = office
    if (changes)
      smtp.behave({
        rewrite: (raw) => ({ raw: raw.replace(/^Message-ID:\s*<[^>]+>/im, 'Message-ID: <other@relay.example>') }),
      })
    await db.write(async (tx) => assign(tx, await findIssue(tx, issue.id), { member: ben }, mo, office.now()))
    await vi.waitFor(async () => expect(await db.read.$count(notifications)).toBe(1), WAIT)
    expect(await db.read.$count(notificationMails)).toBe(0)
    // Who reads it in the app within a minute needs no mail.
    office.pass(120_000)
    await vi.waitFor(() => expect(smtp.taken).toHaveLength(1), WAIT)
    const [told] = smtp.taken
    expect(told).toMatchObject({ from: address, to: [ben.email] })
    expect(told!.raw).toContain('Subject: Mo assigned it to you: Fleet telematics (#1)')
    expect(told!.raw).toContain('Auto-Submitted: auto-generated')
    expect(told!.raw).toContain(`https://inbox.example/issues/${issue.id}`)

    // As a mail program answers (RFC 5322, section 3.6.4): References are those of what is answered, and its id.
    const field = (name: string) =>
      new RegExp(`^${name}: *(.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(told!.raw)?.[1]?.replace(/\s+/g, ' ') ?? ''
    const ids = [...`${field('References')} ${field('Message-ID')}`.matchAll(/<([^>]+)>/g)].map(([, id = '']) => id)
    const answer = { from: `Ben <${ben.email}>`, to: address, subject: `Re: ${field('Subject')}`, date: new Date() }
    const said = { text: 'I will call them.\n\nOn Fri, 20 Nov 2026, Downfield wrote:\n> Mo assigned it to you.' }
    await dovecot.deliver(address, rawOf({ ...answer, ...said, inReplyTo: ids.at(-1)!, references: ids }).toString())
    await vi.waitFor(async () => {
      const written = await db.read.select().from(notes).where(eq(notes.issueId, issue.id))
      expect(written).toMatchObject([{ memberId: ben.id, text: 'I will call them.' }])
    }, WAIT)
    expect(await issuesOf(office, mailbox)).toMatchObject([{ messageCount: 1 }])
    expect(await db.read.$count(outbox)).toBe(0)
    expect(smtp.taken).toHaveLength(1)
  },
)

test('a mail to a member that the server refuses for now is tried again, and one refused for good is given up', async () => {
  const office = await openOffice()
  const { db, smtp, issue, mo, ben, vic } = office
  smtp.behave({ refuseText: '451 4.3.0 Try later' })
  await db.write(async (tx) => assign(tx, await findIssue(tx, issue.id), { member: ben }, mo, office.now()))
  const mailsOf = (memberId: string) =>
    db.read.select().from(notificationMails).where(eq(notificationMails.memberId, memberId))
  const becomes = async (memberId: string, row: object) =>
    await vi.waitFor(async () => {
      office.pass(120_000)
      expect(await mailsOf(memberId)).toMatchObject([row])
    }, WAIT)
  await becomes(ben.id, { state: 'queued', response: '451 4.3.0 Try later' })
  smtp.behave({})
  await becomes(ben.id, { state: 'done' })
  smtp.behave({ refuseText: '554 5.7.1 Not this' })
  await db.write(async (tx) => assign(tx, await findIssue(tx, issue.id), { member: vic }, mo, office.now()))
  await becomes(vic.id, { state: 'failed', attempts: 1, response: '554 5.7.1 Not this' })
})
