import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, issues, mailboxes, messages, type WriteBack, writeBacks } from '../../db/schema.ts'
import { findIssue, setStatus } from '../../server/issues/issue.ts'
import { addNote } from '../../server/issues/note.ts'
import { reply } from '../../server/issues/reply.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { carryOut, noteEvents } from '../../server/mail/fetch/write-back.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { startSmtp } from '../smtp.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

/** The flags of each mail in a folder, in order. */
function flagsIn(account: string, folder: string): string[] {
  const [, ...rows] = dovecot
    .doveadm('-f', 'tab', 'fetch', '-u', account, 'uid flags', 'mailbox', folder)
    .trimEnd()
    .split('\n')
  return rows.map((row) => (row.split('\t')[1] ?? '').replace('\\Recent', '').trim())
}

/** A mailbox with two mails of one matter and one of another, all understood. */
async function openDesk(writeBack: WriteBack | null) {
  const world = await openWorld()
  const { db, mail } = world
  const account = `back${++accounts}@northwind.example`
  const server = { imapHost: '127.0.0.1', imapPort: dovecot.imapPort, imapSecurity: 'none', imapUser: account } as const
  const imapPassword = world.secrets.encrypt(PASSWORD)
  const mailbox = await db.write((tx) => addMailbox(tx, { address: account, ...server, imapPassword, writeBack }))
  const raw = (name: string, more = '') =>
    `From: dana@tacoma.example\r\nSubject: ${name}\r\nMessage-ID: <${name}@tacoma.example>\r\n${more}\r\nHello\r\n`
  dovecot.doveadm('mailbox', 'create', '-u', account, 'Done')
  await dovecot.deliver(account, raw('a'), raw('b', 'In-Reply-To: <a@tacoma.example>\r\n'), raw('other'))
  const watching = watchMailbox(mail, mailbox.id)
  onTestFinished(() => watching.stop())
  const all = () => db.read.select().from(issues).where(eq(issues.mailboxId, mailbox.id)).orderBy(issues.messageCount)
  await vi.waitFor(async () => expect((await all()).map(({ messageCount }) => messageCount)).toEqual([1, 2]), WAIT)
  const [, issue] = await all()
  return {
    ...world,
    account,
    mailbox,
    issue: issue!,
    async round() {
      await noteEvents(mail, mailbox.writeBack ? [mailbox] : [], Date.now())
      await carryOut(mail, mailbox)
    },
    flags: () => flagsIn(account, 'INBOX'),
  }
}

test('mail that somebody took care of is marked as read on the server, where that is wanted', async () => {
  const { db, ben, issue, round, flags, account } = await openDesk({
    seen: true,
    answered: false,
    moveDoneTo: null,
  })
  await round()
  expect(flags()).toEqual(['', '', ''])
  await db.write(async (tx) =>
    addNote(tx, await findIssue(tx, issue.id), { id: 'n1', text: 'I call them.' }, ben, Date.now()),
  )
  await round()
  expect(flags()).toEqual(['\\Seen', '\\Seen', ''])
  // Once more changes nothing, also where somebody changed it there.
  dovecot.doveadm('flags', 'remove', '-u', account, '\\Seen', 'mailbox', 'INBOX', 'uid', '1')
  await round()
  expect(flags()).toEqual(['', '\\Seen', ''])
})

test('mail of an issue that is done moves to the chosen folder, and stays one message here', async () => {
  const { db, ben, issue, round, account } = await openDesk({ seen: true, answered: false, moveDoneTo: 'Done' })
  await db.write(async (tx) => setStatus(tx, await findIssue(tx, issue.id), 'done', null, ben, Date.now()))
  await round()
  expect(flagsIn(account, 'Done')).toEqual(['\\Seen', '\\Seen'])
  expect(flagsIn(account, 'INBOX')).toEqual([''])
  expect((await findIssue(db.read, issue.id)).messageCount).toBe(2)
})

test('the mail that was answered is marked as answered once the answer went out', async () => {
  const { db, mail, secrets, mailbox, issue, ben, round, flags } = await openDesk({
    seen: false,
    answered: true,
    moveDoneTo: null,
  })
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const sendBy = { smtpHost: '127.0.0.1', smtpPort: smtp.port, smtpSecurity: 'none', sentCopy: 'server' } as const
  const id = uuidv7()
  await db.write(async (tx) => {
    await tx.update(mailboxes).set(sendBy).where(eq(mailboxes.id, mailbox.id))
    const [answered] = await tx.select().from(messages).where(eq(messages.internetMessageId, 'a@tacoma.example'))
    const to = [{ name: 'Dana', address: 'dana@tacoma.example' }]
    const internetMessageId = ownMessageId(secrets, issue.id, id, 'northwind.example')
    const draft = { id, to, cc: [], text: 'Yes.', quoted: '', internetMessageId, status: 'waiting' as const }
    await reply(tx, await findIssue(tx, issue.id), mailbox, answered!, draft, ben, Date.now())
  })
  await round()
  expect(flags()).toEqual(['', '', ''])

  const running = runOutbox(mail)
  onTestFinished(() => running.stop())
  const told = async () => (await db.read.select().from(events).where(eq(events.action, 'sent'))).length
  await vi.waitFor(async () => expect(await told()).toBe(1), WAIT)
  await round()
  expect(flags()).toEqual(['\\Answered', '', ''])
})

test('what the server refuses is tried again later', async () => {
  const { db, ben, issue, round, account } = await openDesk({ seen: false, answered: false, moveDoneTo: 'Not there' })
  await db.write(async (tx) => setStatus(tx, await findIssue(tx, issue.id), 'done', null, ben, Date.now()))
  await round()
  const rows = await db.read.select().from(writeBacks)
  expect(rows).toMatchObject([
    { act: 'move', tries: 1, error: expect.any(String) },
    { act: 'move', tries: 1, error: expect.any(String) },
  ])
  expect(rows.every(({ dueAt }) => (dueAt ?? 0) > Date.now())).toBe(true)
  expect(flagsIn(account, 'INBOX')).toHaveLength(3)
})

test('nothing is changed on the server unless somebody chose it', async () => {
  const { db, ben, issue, round, flags } = await openDesk(null)
  await db.write(async (tx) => setStatus(tx, await findIssue(tx, issue.id), 'done', null, ben, Date.now()))
  await round()
  expect(flags()).toEqual(['', '', ''])
  expect(await db.read.select().from(writeBacks)).toEqual([])
})
