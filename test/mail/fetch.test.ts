import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openBlobs } from '../../db/blobs.ts'
import {
  deliveries,
  type Folder,
  folders,
  issues,
  type Mailbox,
  mailboxes,
  messages,
  watches,
} from '../../db/schema.ts'
import { MAX_MAIL_BYTES } from '../../server/mail/fetch/imap.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { openParsers } from '../../server/mail/read/parsers.ts'
import { type Dovecot, needsDovecot, noDovecot, PASSWORD, startDovecot, startProxy } from '../dovecot.ts'
import { addMailbox, openWorld } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
const quick = { reconnectAfter: () => 30, pollMs: 150, checkAfterLossMs: 0 }
const SENT = 'Sent Items'
/** More than wait to be understood at a time. */
const OLD = 700

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})
beforeEach(needsDovecot)

type Fields = { from?: string; to?: string; date?: string; answers?: string; more?: string[] }

const mail = (name: string, { from, to, date, answers, more = [] }: Fields = {}, text = 'Good morning') =>
  [
    `From: ${from ?? 'Dana <dana@tacoma.example>'}`,
    `To: ${to ?? 'us@northwind.example'}`,
    `Subject: ${name}`,
    `Message-ID: <${name}@tacoma.example>`,
    ...(date ? [`Date: ${date}`] : []),
    ...(answers ? [`In-Reply-To: <${answers}@tacoma.example>`] : []),
    ...more,
    '',
    `${text}\r\n`,
  ].join('\r\n')

const day = (n: number) => new Date(Date.UTC(2026, 2, n, 9)).toUTCString()

/** A world with a mailbox of its own at Dovecot. */
async function openMailWorld(some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  const address = `fetch${++accounts}@northwind.example`
  const server = { imapHost: '127.0.0.1', imapPort: dovecot.imapPort, imapSecurity: 'none', imapUser: address } as const
  const imapPassword = world.secrets.encrypt(PASSWORD)
  const mailbox = await world.db.write((tx) => addMailbox(tx, { address, ...server, imapPassword, ...some }))
  return { ...world, mailbox, account: address }
}
type MailWorld = Awaited<ReturnType<typeof openMailWorld>>

function watch(world: MailWorld, pace: Parameters<typeof watchMailbox>[2] = quick) {
  const watching = watchMailbox(world.mail, world.mailbox.id, pace)
  onTestFinished(() => watching.stop())
  return watching
}

async function subjects({ db, mailbox }: MailWorld) {
  const rows = await db.read
    .select()
    .from(messages)
    .where(eq(messages.mailboxId, mailbox.id))
    .orderBy(asc(messages.subject))
  return rows.map(({ subject }) => subject)
}

async function folderNamed({ db, mailbox }: MailWorld, path: string): Promise<Folder | undefined> {
  const rows = await db.read.select().from(folders).where(eq(folders.mailboxId, mailbox.id))
  return rows.find((folder) => folder.path === path)
}

/** What of a folder is stored here and still on the server, by UID. */
async function hereOf({ db }: MailWorld, folder: Folder | undefined): Promise<number[]> {
  const rows = await db.read
    .select()
    .from(deliveries)
    .where(eq(deliveries.folderId, folder?.id ?? ''))
  const here = rows.filter(({ uidValidity, goneAt }) => uidValidity === folder?.uidValidity && goneAt === null)
  return here.map(({ uid }) => uid).sort((a, b) => a - b)
}

/** Every folder has here what it has there, each mail once. */
async function expectEqual(world: MailWorld, ...paths: string[]) {
  for (const path of paths) {
    const [, ...rows] = dovecot
      .doveadm('-f', 'tab', 'fetch', '-u', world.account, 'uid', 'mailbox', path)
      .trimEnd()
      .split('\n')
    const there = rows.map(Number).sort((a, b) => a - b)
    await vi.waitFor(async () => {
      const folder = await folderNamed(world, path)
      expect(await hereOf(world, folder)).toEqual(there)
      expect(folder).toMatchObject({ serverCount: there.length, toCome: 0 })
    }, WAIT)
  }
  const all = await subjects(world)
  expect(all).toEqual([...new Set(all)])
}

test('mail that colleagues sent with Outlook comes in as theirs, and the issue waits for the customer', async () => {
  const world = await openMailWorld()
  const { db, account, ben, mailbox } = world
  await dovecot.deliver(account, mail('Chairs', { date: day(1) }))
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['Chairs']), WAIT)

  dovecot.save(
    account,
    SENT,
    mail('Re', {
      from: `Northwind <${account}>`,
      to: 'dana@tacoma.example',
      date: day(2),
      answers: 'Chairs',
      more: [`Sender: Ben <${ben.email}>`, 'X-Mailer: Microsoft Outlook 16.0'],
    }),
  )
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['Chairs', 'Re']), WAIT)
  const [issue, ...others] = await db.read.select().from(issues).where(eq(issues.mailboxId, mailbox.id))
  expect(others).toEqual([])
  expect(issue).toMatchObject({ status: 'waiting', lastDirection: 'out', messageCount: 2, waitingSince: null })
  const rows = await db.read.select().from(messages).where(eq(messages.subject, 'Re'))
  expect(rows).toMatchObject([{ direction: 'out', authorId: ben.id, extras: { elsewhere: { client: 'Outlook' } } }])
})

test('an old conversation is understood the same from its end as from its beginning', async () => {
  const world = await openMailWorld()
  const { db, account, mailbox } = world
  const us = { from: account, to: 'dana@tacoma.example' }
  // Waits for them: our answer is the last. Ours since the second question: they asked twice after our answer.
  await dovecot.deliver(account, mail('a1', { date: day(1) }), mail('b1', { date: day(1) }))
  await dovecot.deliver(
    account,
    mail('b3', { date: day(3), answers: 'b2' }),
    mail('b4', { date: day(4), answers: 'b3' }),
  )
  dovecot.save(account, SENT, mail('a2', { ...us, date: day(2), answers: 'a1' }))
  dovecot.save(account, SENT, mail('b2', { ...us, date: day(2), answers: 'b1' }))
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['a1', 'a2', 'b1', 'b2', 'b3', 'b4']), WAIT)
  await expectEqual(world, 'INBOX', SENT)
  const rows = await db.read.select().from(issues).where(eq(issues.mailboxId, mailbox.id))
  const shown = rows.map(({ messageCount, status, waitingSince }) => ({ messageCount, status, waitingSince }))
  expect(shown.sort((a, b) => a.messageCount - b.messageCount)).toEqual([
    { messageCount: 2, status: 'waiting', waitingSince: null },
    { messageCount: 4, status: 'open', waitingSince: Date.parse(day(3)) },
  ])
})

test('old mail comes newest first, stops for new mail, and goes on where it was', { timeout: 120_000 }, async () => {
  const world = await openMailWorld()
  const { account } = world
  const names = Array.from({ length: OLD }, (_, i) => `old-${String(i).padStart(3, '0')}`)
  dovecot.fill(
    account,
    names.map((name) => mail(name)),
  )
  const first = watch(world)
  await vi.waitFor(async () => {
    const inbox = await folderNamed(world, 'INBOX')
    expect(inbox).toMatchObject({ startUid: OLD + 1, toComeAtFirst: OLD })
    expect(inbox?.toCome).toBeLessThan(OLD)
  }, WAIT)
  await first.stop()
  const stored = await hereOf(world, await folderNamed(world, 'INBOX'))
  const inbox = await folderNamed(world, 'INBOX')
  expect(stored).toEqual(Array.from({ length: stored.length }, (_, i) => OLD + 1 - stored.length + i))
  expect(inbox?.toCome).toBe(OLD - stored.length)

  await dovecot.deliver(account, mail('new'))
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toHaveLength(OLD + 1), { ...WAIT, timeout: 100_000 })
  expect(await subjects(world)).toEqual(['new', ...names])
  await expectEqual(world, 'INBOX')
})

test('a mail that somebody moves here comes in, however old it is', async () => {
  const world = await openMailWorld({ sinceAt: Date.UTC(2024, 0, 1) })
  const { account } = world
  // They came in 2023.
  dovecot.fill(account, [mail('left alone'), mail('moved later')])
  dovecot.doveadm('mailbox', 'create', '-u', account, 'Archive')
  dovecot.doveadm('move', '-u', account, 'Archive', 'mailbox', 'INBOX', 'uid', '2')
  watch(world)
  await vi.waitFor(
    async () => expect(await folderNamed(world, 'INBOX')).toMatchObject({ toCome: 0, leftAlone: 1 }),
    WAIT,
  )
  dovecot.doveadm('move', '-u', account, 'INBOX', 'mailbox', 'Archive', 'all')
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['moved later']), WAIT)
})

test('when more old mail is wanted it comes in', async () => {
  const world = await openMailWorld({ sinceAt: Date.UTC(2024, 0, 1) })
  const { db, account, mailbox } = world
  dovecot.fill(account, [mail('from 2023')])
  const before = watch(world)
  await vi.waitFor(
    async () => expect(await folderNamed(world, 'INBOX')).toMatchObject({ toCome: 0, leftAlone: 1 }),
    WAIT,
  )
  await before.stop()
  await db.write(async (tx) => {
    await tx.update(mailboxes).set({ sinceAt: null }).where(eq(mailboxes.id, mailbox.id))
  })
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['from 2023']), WAIT)
  await expectEqual(world, 'INBOX')
})

test('a mail that is moved between folders is one message, and is where it is', async () => {
  const world = await openMailWorld({ moreFolders: ['Projects'] })
  const { db, account } = world
  dovecot.doveadm('mailbox', 'create', '-u', account, 'Projects')
  await dovecot.deliver(account, mail('a'), mail('b'), mail('deleted'))
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['a', 'b', 'deleted']), WAIT)
  dovecot.doveadm('move', '-u', account, 'Projects', 'mailbox', 'INBOX', 'uid', '1')
  dovecot.doveadm('expunge', '-u', account, 'mailbox', 'INBOX', 'uid', '3')
  await expectEqual(world, 'INBOX', 'Projects')
  expect(await subjects(world)).toEqual(['a', 'b', 'deleted'])
  const rows = await db.read.select().from(deliveries)
  expect(
    rows
      .filter(({ goneAt }) => goneAt !== null)
      .map(({ uid }) => uid)
      .sort(),
  ).toEqual([1, 3])
  expect(new Set(rows.map(({ messageId }) => messageId)).size).toBe(3)
})

test('a folder that is not there does not hold up the others', async () => {
  const world = await openMailWorld({ moreFolders: ['Nowhere'] })
  await dovecot.deliver(world.account, mail('a'))
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['a']), WAIT)
  await vi.waitFor(async () => expect((await folderNamed(world, 'Nowhere'))?.missingAt).not.toBeNull(), WAIT)
})

test('what is missing here is found by comparing, and fetched', async () => {
  const world = await openMailWorld()
  const { db, account } = world
  await dovecot.deliver(account, mail('a'), mail('b'), mail('c'))
  const watching = watch(world, { ...quick, pollMs: 3_600_000 })
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['a', 'b', 'c']), WAIT)
  await expectEqual(world, 'INBOX')
  // As if it had never been stored.
  await db.write(async (tx) => {
    await tx.delete(deliveries).where(eq(deliveries.uid, 2))
  })
  const { ada, ben, deps, mailbox } = world
  deps.lookNow = (id, more) => {
    if (id === mailbox.id && more === 'and check') watching.checkNow()
  }
  const check = `/api/mailboxes/${mailbox.id}/check`
  expect((await world.as(ben)(check, { method: 'POST' })).status).toBe(403)
  expect((await world.as(ada)(check, { method: 'POST' })).status).toBe(202)
  await expectEqual(world, 'INBOX')
  await vi.waitFor(
    async () => expect(await folderNamed(world, 'INBOX')).toMatchObject({ foundMissing: 1, foundGone: 0 }),
    WAIT,
  )
  expect(await subjects(world)).toEqual(['a', 'b', 'c'])
  const shown = await (await world.as(ada)(`/api/mailboxes/${mailbox.id}`)).json()
  expect(shown).toMatchObject({
    folders: expect.arrayContaining([
      expect.objectContaining({
        path: 'INBOX',
        serverCount: 3,
        stored: 3,
        checked: { at: expect.any(Number), missing: 1, gone: 0 },
      }),
    ]),
  })
})

test('who asks for a comparison while one is under way gets another', async () => {
  const world = await openMailWorld()
  const { db, account } = world
  await dovecot.deliver(account, mail('a'), mail('b'), mail('c'))
  const watching = watch(world, { ...quick, pollMs: 3_600_000 })
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['a', 'b', 'c']), WAIT)
  for (let ms = 0; ms < 20; ms++) {
    watching.checkNow()
    await new Promise((resolve) => setTimeout(resolve, ms))
    await db.write((tx) => tx.delete(deliveries).where(eq(deliveries.uid, 2)))
    watching.checkNow()
    await vi.waitFor(async () => expect(await db.read.$count(deliveries)).toBe(3), WAIT)
  }
})

test('of a mail that is too large the rest comes when somebody asks for it', { timeout: 60_000 }, async () => {
  const world = await openMailWorld()
  const { db, account } = world
  const large = `${mail('large')}${'A line of a large mail.\r\n'.repeat(MAX_MAIL_BYTES / 24)}The end.\r\n`
  dovecot.fill(account, [mail('small', { more: ['X-Downfield-Cut: This is what a stranger wrote.'] }), large])
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['large', 'small']), { ...WAIT, timeout: 50_000 })
  const rowOf = async (subject: string) =>
    (await db.read.select().from(messages).where(eq(messages.subject, subject)))[0]!
  expect((await rowOf('small')).flaws).toEqual({})
  expect((await rowOf('large')).flaws).toEqual({
    truncated: expect.stringMatching(/^This mail has 5\d MB\. Only its beginning is here\.$/),
    beginning: true,
  })
  const [delivery] = await db.read.select().from(deliveries).where(eq(deliveries.cut, 'too_large'))
  const whole = `/api/deliveries/${delivery!.id}/whole`
  expect((await world.as(world.vic)(whole, { method: 'POST' })).status).toBe(403)
  expect((await world.as(world.ben)(whole, { method: 'POST' })).status).toBe(204)
  const after = await rowOf('large')
  expect(after.flaws.beginning).toBeUndefined()
  expect(after.size).toBe(delivery!.wholeSize)
  expect((await world.blobs.get(after.rawHash!))?.subarray(-10).toString()).toBe('The end.\r\n')
  await expectEqual(world, 'INBOX')
  // Asked for again it is there; a mail of a mailbox that one does not see is not.
  expect((await world.as(world.ben)(whole, { method: 'POST' })).status).toBe(204)
  await db.write(async (tx) => {
    await tx.update(mailboxes).set({ openToAll: false }).where(eq(mailboxes.id, world.mailbox.id))
  })
  expect((await world.as(world.ben)(whole, { method: 'POST' })).status).toBe(404)
})

test('whatever happens to the connection while mail comes in, it is here once in the end', {
  timeout: 60_000,
}, async () => {
  const own = await startDovecot()
  onTestFinished(() => own.stop())
  const proxy = await startProxy(own.imapPort)
  onTestFinished(() => proxy.stop())
  const world = await openMailWorld({ imapPort: proxy.port })
  const { account, db, mailbox } = world
  const names = Array.from({ length: 400 }, (_, i) => `mail-${String(i).padStart(3, '0')}`)
  own.fill(
    account,
    names.map((name) => mail(name, {}, 'x'.repeat(20_000))),
  )
  watch(world)
  for (let i = 0; i < 12; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20 + ((i * 37) % 90)))
    if (i === 6) {
      await own.kill()
      await own.start()
    } else proxy.drop()
  }
  await vi.waitFor(async () => expect(await subjects(world)).toHaveLength(400), { ...WAIT, timeout: 50_000 })
  expect(await subjects(world)).toEqual(names)
  await vi.waitFor(
    async () => expect(await folderNamed(world, 'INBOX')).toMatchObject({ toCome: 0, serverCount: 400 }),
    WAIT,
  )
  const rows = await db.read.select().from(deliveries).where(eq(deliveries.mailboxId, mailbox.id))
  expect(rows.map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(names.map((_, i) => i + 1))
})

test('wherever in the words of the server the connection ends, all is here once in the end', async () => {
  let cuts = 0
  // Some end within the sign-in, some within a mail, most anywhere between two mails. Each third lives for a few mails:
  // one that ends the connection time and again is passed over in the end, which is another test.
  const proxy = await startProxy(dovecot.imapPort, () => {
    if (++cuts > 30) return Number.POSITIVE_INFINITY
    return cuts % 3 === 0 ? 30_000 + Math.floor(Math.random() * 30_000) : 1 + Math.floor((Math.random() * 1_500) ** 1.5)
  })
  onTestFinished(() => proxy.stop())
  const world = await openMailWorld({ imapPort: proxy.port })
  const names = Array.from({ length: 60 }, (_, i) => `mail-${String(i).padStart(2, '0')}`)
  dovecot.fill(
    world.account,
    names.map((name) => mail(name, {}, 'x'.repeat(9_000))),
  )
  watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(names), WAIT)
  await expectEqual(world, 'INBOX')
  expect(cuts).toBeGreaterThan(5)
})

test('mails that end the thread that reads them hold up no other, and are shown for what they are', async () => {
  const parsers = openParsers({ workers: 1, memoryMb: 24 })
  onTestFinished(() => parsers.close())
  const world = await openMailWorld()
  const names = Array.from({ length: 30 }, (_, i) => `mail-${String(i).padStart(2, '0')}`)
  const heavy = '<p>a <b>b</b> &amp;'.repeat(230_000)
  const isHeavy = (i: number) => i === 7 || i === 8 || i === 29
  dovecot.fill(
    world.account,
    names.map((name, i) => mail(name, { more: ['Content-Type: text/html'] }, isHeavy(i) ? heavy : '<p>Hello</p>')),
  )
  watch({ ...world, mail: { ...world.mail, parsers } })
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(names), WAIT)
  await expectEqual(world, 'INBOX')
  const rows = await world.db.read.select().from(messages).orderBy(asc(messages.subject))
  expect(rows.map(({ flaws }) => flaws)).toEqual(
    names.map((_, i) => (isHeavy(i) ? { unreadable: 'Reading it took too much memory.' } : {})),
  )
})

test('when the disk is full nothing is lost, and all comes in when there is room', async ({ skip }) => {
  const world = await openMailWorld()
  const { account, db, mailbox, folder } = world
  const place = path.join(folder, 'small')
  mkdirSync(place)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', place]).status === 0
  skip(!mounted, 'a small disk needs the right to mount one')
  onTestFinished(() => void spawnSync('umount', ['-l', place]))
  const names = Array.from({ length: 20 }, (_, i) => `mail-${String(i).padStart(2, '0')}`)
  await dovecot.deliver(account, ...names.map((name) => mail(name, {}, 'x'.repeat(40_000))))
  watch({ ...world, mail: { ...world.mail, blobs: await openBlobs(place) } })
  const state = async () => (await db.read.select().from(watches).where(eq(watches.mailboxId, mailbox.id)))[0]
  await vi.waitFor(async () => expect(await state()).toMatchObject({ state: 'trouble', trouble: 'storage' }), WAIT)
  spawnSync('mount', ['-o', 'remount,size=16m', place])
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(names), WAIT)
  await expectEqual(world, 'INBOX')
})

test('a clock that is set back loses nothing and doubles nothing', async () => {
  const world = await openMailWorld()
  const { account, db, mailbox } = world
  await dovecot.deliver(account, mail('before'))
  const before = watch(world)
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['before']), WAIT)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  await dovecot.deliver(account, mail('meanwhile'))
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['before', 'meanwhile']), WAIT)
  await before.stop()
  watch(world)
  await dovecot.deliver(account, mail('after'))
  await vi.waitFor(async () => expect(await subjects(world)).toEqual(['after', 'before', 'meanwhile']), WAIT)
  const rows = await db.read.select().from(deliveries).where(eq(deliveries.mailboxId, mailbox.id))
  expect(rows.map(({ uid, state }) => [uid, state]).sort()).toEqual([
    [1, 'understood'],
    [2, 'understood'],
    [3, 'understood'],
  ])
  await expectEqual(world, 'INBOX')
  const [row] = await db.read.select().from(watches).where(eq(watches.mailboxId, mailbox.id))
  expect(row).toMatchObject({ trouble: null })
})
