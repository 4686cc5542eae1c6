import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { deliveries, events, folders, leases, type Mailbox, mailboxes, messages, watches } from '../../db/schema.ts'
import { watchMailbox } from '../../server/mail/fetch/watch.ts'
import { runWatches } from '../../server/mail/fetch/watches.ts'
import { type Dovecot, freePort, needsDovecot, noDovecot, PASSWORD, startDovecot, startProxy } from '../dovecot.ts'
import { addMailbox, openWorld, type World } from '../world.ts'

const WAIT = { timeout: 45_000, interval: 40 }
/** Comes back at once, so that no test waits for real pauses. */
const quick = { reconnectAfter: () => 50 }

let dovecot: Dovecot
let accounts = 0
beforeAll(async () => {
  if (!noDovecot) dovecot = await startDovecot()
})
afterAll(async () => {
  await dovecot?.stop()
})

beforeEach(needsDovecot)

const mail = (name: string, text = 'Good morning') =>
  `From: Dana <dana@tacoma.example>\r\nTo: us@northwind.example\r\nSubject: ${name}\r\nMessage-ID: <${name}@tacoma.example>\r\n\r\n${text}\r\n`

/** A world with a mailbox of its own at Dovecot. */
async function openMailWorld(some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  const mailbox = await addAccount(world, some)
  return { ...world, mailbox, account: mailbox.address }
}

async function addAccount({ db, secrets }: Pick<World, 'db' | 'secrets'>, some: Partial<Mailbox> = {}) {
  const address = `account${++accounts}@northwind.example`
  const server = { imapHost: '127.0.0.1', imapPort: dovecot.imapPort, imapSecurity: 'none', imapUser: address } as const
  const imapPassword = secrets.encrypt(PASSWORD)
  return await db.write((tx) => addMailbox(tx, { address, ...server, imapPassword, ...some }))
}

async function subjects({ db }: Pick<World, 'db'>, mailbox: Mailbox) {
  const rows = await db.read
    .select()
    .from(messages)
    .where(eq(messages.mailboxId, mailbox.id))
    .orderBy(asc(messages.subject))
  return rows.map(({ subject }) => subject)
}

async function watchOf({ db }: Pick<World, 'db'>, { id }: Mailbox) {
  const [row] = await db.read.select().from(watches).where(eq(watches.mailboxId, id))
  return row
}

const live = (world: Pick<World, 'db'>, mailbox: Mailbox) =>
  vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject({ state: 'live' }), WAIT)

test('mail that is there comes in, and mail that arrives later is told by the server', async () => {
  const world = await openMailWorld()
  const { mailbox, account } = world
  await dovecot.deliver(account, mail('a'), mail('b'))
  // The timer would be far too late: what comes is what the server told.
  const watching = watchMailbox(world.mail, mailbox.id, { pollMs: 3_600_000 })
  onTestFinished(() => watching.stop())
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a', 'b']), WAIT)
  await live(world, mailbox)

  await dovecot.deliver(account, mail('c'))
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a', 'b', 'c']), WAIT)
  expect(await watchOf(world, mailbox)).toMatchObject({ state: 'live', trouble: null, failures: 0, nextTryAt: null })
  const [inbox] = await world.db.read.select().from(folders).where(eq(folders.mailboxId, mailbox.id))
  expect(inbox).toMatchObject({ path: 'INBOX', role: 'inbox', lastUid: 3, serverCount: 3 })
})

test('watching leaves every flag on the server as it is', async () => {
  const world = await openMailWorld()
  const { mailbox, account } = world
  await dovecot.deliver(account, mail('unread'), mail('read'))
  dovecot.doveadm('flags', 'add', '-u', account, '\\Seen \\Answered', 'mailbox', 'INBOX', 'uid', '2')
  const flags = () => dovecot.doveadm('-f', 'tab', 'fetch', '-u', account, 'uid flags', 'mailbox', 'INBOX')
  const before = flags()
  const watching = watchMailbox(world.mail, mailbox.id)
  onTestFinished(() => watching.stop())
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['read', 'unread']), WAIT)
  expect(flags()).toBe(before)
  expect(before).toContain('\\Answered')
})

test('when the network fails and comes back nothing is lost and nothing comes twice', async () => {
  const world = await openMailWorld()
  const { account } = world
  const proxy = await startProxy(dovecot.imapPort)
  onTestFinished(() => proxy.stop())
  const mailbox = await addAccount(world, { imapPort: proxy.port, imapUser: account })
  await dovecot.deliver(account, mail('1'))
  const watching = watchMailbox(world.mail, mailbox.id, quick)
  onTestFinished(() => watching.stop())
  await live(world, mailbox)

  proxy.cut()
  await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject({ state: 'trouble' }), WAIT)
  await dovecot.deliver(account, mail('2'), mail('3'))
  proxy.restore()
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['1', '2', '3']), WAIT)

  // Many mails, while the connection breaks again and again.
  const many = Array.from({ length: 60 }, (_, i) => mail(`many-${String(i).padStart(2, '0')}`, 'x'.repeat(20_000)))
  const delivering = dovecot.deliver(account, ...many)
  for (let i = 0; i < 8; i++) {
    await new Promise((resolve) => setTimeout(resolve, 30 + i * 10))
    proxy.drop()
  }
  await delivering
  const all = ['1', '2', '3', ...many.map((_, i) => `many-${String(i).padStart(2, '0')}`)]
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(all), WAIT)
  await live(world, mailbox)
  const rows = await world.db.read.select().from(deliveries).where(eq(deliveries.mailboxId, mailbox.id))
  expect(rows.map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(all.map((_, i) => i + 1))
})

test('a server that is started again, or killed, is found again', async () => {
  const own = await startDovecot()
  onTestFinished(() => own.stop())
  const world = await openMailWorld({ imapPort: own.imapPort })
  const { mailbox, account } = world
  const watching = watchMailbox(world.mail, mailbox.id, quick)
  onTestFinished(() => watching.stop())
  await live(world, mailbox)
  for (const [end, name] of [
    [own.pause, 'paused'],
    [own.kill, 'killed'],
  ] as const) {
    await end()
    await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject({ state: 'trouble' }), WAIT)
    await own.start()
    await own.deliver(account, mail(name))
    await vi.waitFor(async () => expect(await subjects(world, mailbox)).toContain(name), WAIT)
    await live(world, mailbox)
  }
})

test('when the server numbers its mails anew every mail stays one message', async () => {
  const own = await startDovecot()
  onTestFinished(() => own.stop())
  const world = await openMailWorld({ imapPort: own.imapPort })
  const { mailbox, account } = world
  await own.deliver(account, mail('a'), mail('b'))
  const watching = watchMailbox(world.mail, mailbox.id, quick)
  onTestFinished(() => watching.stop())
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a', 'b']), WAIT)
  const inbox = async () => (await world.db.read.select().from(folders).where(eq(folders.mailboxId, mailbox.id)))[0]!
  const before = await inbox()

  await own.forgetUids(account)
  await own.deliver(account, mail('c'))
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a', 'b', 'c']), WAIT)
  await live(world, mailbox)
  const after = await inbox()
  expect(after.uidValidity).not.toBe(before.uidValidity)
  expect(after).toMatchObject({ lastUid: 3, serverCount: 3 })
  expect(await subjects(world, mailbox)).toEqual(['a', 'b', 'c'])
  const rows = await world.db.read.select().from(deliveries).where(eq(deliveries.uidValidity, after.uidValidity!))
  expect(rows.map(({ uid }) => uid).sort()).toEqual([1, 2, 3])
  expect(rows.every(({ goneAt, state }) => goneAt === null && state === 'understood')).toBe(true)
})

test('a wrong password is shown with the words of the server, and a new one is tried at once', async () => {
  const world = await openMailWorld()
  const mailbox = await addAccount(world, { imapPassword: world.secrets.encrypt('wrong') })
  await dovecot.deliver(mailbox.address, mail('a'))
  const running = runWatches(world.mail)
  onTestFinished(() => running.stop())
  const told = { state: 'trouble', trouble: 'wrong_password', detail: 'Authentication failed.', failures: 1 }
  await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject(told), WAIT)

  const changed = { imapPassword: world.secrets.encrypt(PASSWORD), changedAt: Date.now() }
  await world.db.write(async (tx) => {
    await tx.update(mailboxes).set(changed).where(eq(mailboxes.id, mailbox.id))
  })
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a']), WAIT)
  await live(world, mailbox)
  const states = await world.db.read
    .select()
    .from(events)
    .where(eq(events.mailboxId, mailbox.id))
    .orderBy(asc(events.id))
  const changes = states.filter(({ action }) => action === 'mailbox_state').map(({ detail }) => detail.state)
  expect(changes).toEqual(['connecting', 'trouble', 'connecting', 'live'])
})

test('a mailbox in trouble does not disturb the others', async () => {
  const world = await openMailWorld()
  const { mailbox, account } = world
  const gone = await addAccount(world, { imapPort: await freePort() })
  const running = runWatches(world.mail)
  onTestFinished(() => running.stop())
  await vi.waitFor(async () => expect(await watchOf(world, gone)).toMatchObject({ trouble: 'refused' }), WAIT)
  await live(world, mailbox)
  await dovecot.deliver(account, mail('a'))
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a']), WAIT)
})

test('a paused mailbox is left alone until it goes on', async () => {
  const world = await openMailWorld({ paused: true })
  const { mailbox, account } = world
  await dovecot.deliver(account, mail('a'))
  const running = runWatches(world.mail)
  onTestFinished(() => running.stop())
  await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject({ state: 'paused' }), WAIT)
  expect(await subjects(world, mailbox)).toEqual([])

  const pause = (paused: boolean) =>
    world.db.write(async (tx) => {
      await tx.update(mailboxes).set({ paused, changedAt: Date.now() }).where(eq(mailboxes.id, mailbox.id))
    })
  await pause(false)
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a']), WAIT)
  await live(world, mailbox)
  await pause(true)
  await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject({ state: 'paused' }), WAIT)
})

test('a mailbox that another node watches is left to it until that node ends or dies', async () => {
  const world = await openMailWorld()
  const { mailbox: first, account } = world
  const second = await addAccount(world)
  const third = await addAccount(world)
  const dead = spawnSync(process.execPath, ['--version']).pid
  const owners = { [second.id]: 'elsewhere/1/x', [third.id]: `${hostname()}/${dead}/x` }
  const until = Date.now() + 3_600_000
  await world.db.write(async (tx) => {
    for (const [id, owner] of Object.entries(owners))
      await tx.insert(leases).values({ name: `watch:${id}`, owner, until })
  })
  const one = runWatches(world.mail)
  await live(world, first)
  // Its node ran on this machine and is dead: nobody waits for its lease to end.
  await live(world, third)
  const other = runWatches(world.mail)
  onTestFinished(() => other.stop())
  await one.stop()
  await dovecot.deliver(account, mail('after the first node ended'))
  await vi.waitFor(async () => expect(await subjects(world, first)).toEqual(['after the first node ended']), WAIT)
  expect(await watchOf(world, second)).toBeUndefined()
})

test('what cannot be stored stays on the server, is said, and comes in as soon as it can', async () => {
  const world = await openMailWorld()
  const { mailbox, account } = world
  await dovecot.deliver(account, mail('a'), mail('b'))
  let full = true
  const blobs = {
    ...world.blobs,
    putAll: async (all: Uint8Array[]) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      return await world.blobs.putAll(all)
    },
  }
  const watching = watchMailbox({ ...world.mail, blobs }, mailbox.id, quick)
  onTestFinished(() => watching.stop())
  const told = { state: 'trouble', trouble: 'storage', detail: 'ENOSPC: no space left on device, write' }
  await vi.waitFor(async () => expect(await watchOf(world, mailbox)).toMatchObject(told), WAIT)
  expect(await world.db.read.select().from(deliveries)).toEqual([])

  full = false
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['a', 'b']), WAIT)
  await live(world, mailbox)
})

test('mail from before the chosen day is left alone', async () => {
  const world = await openMailWorld()
  const { account } = world
  dovecot.fill(account, [mail('old')])
  const sinceAt = Date.UTC(2024, 0, 1)
  const mailbox = await addAccount(world, { imapUser: account, sinceAt })
  const watching = watchMailbox(world.mail, mailbox.id)
  onTestFinished(() => watching.stop())
  await live(world, mailbox)
  await dovecot.deliver(account, mail('new'))
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toEqual(['new']), WAIT)
})

test('a mail over which the server ends the connection holds up no other, and is shown for what it is', async () => {
  const world = await openMailWorld()
  const { mailbox, account } = world
  const names = Array.from({ length: 300 }, (_, i) => `mail-${String(i).padStart(3, '0')}`)
  dovecot.fill(
    account,
    names.map((name) => mail(name)),
  )
  dovecot.doveadm('fetch', '-u', account, 'uid', 'mailbox', 'INBOX', 'uid', '1')
  dovecot.breakMail(account, 123)
  const watching = watchMailbox(world.mail, mailbox.id, { reconnectAfter: () => 5 })
  onTestFinished(() => watching.stop())
  await vi.waitFor(async () => expect(await subjects(world, mailbox)).toHaveLength(300), WAIT)
  const readable = names.filter((_, i) => i !== 123)
  expect((await subjects(world, mailbox)).filter((subject) => subject.startsWith('mail-'))).toEqual(readable)
  await live(world, mailbox)
  const rows = await world.db.read.select().from(deliveries).where(eq(deliveries.mailboxId, mailbox.id))
  expect(rows.map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(names.map((_, i) => i + 1))
})
