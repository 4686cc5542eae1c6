import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, type Member, notes, notificationMails, notifications } from '../../db/schema.ts'
import { follow } from '../../server/issues/follow.ts'
import { assign, findIssue } from '../../server/issues/issue.ts'
import { addNote } from '../../server/issues/note.ts'
import { makeMails } from '../../server/notifications/mail.ts'
import { mailTime } from '../../server/notifications/mail-time.ts'
import { notify } from '../../server/notifications/notify.ts'
import { chooseSendingMailbox } from '../../server/notifications/settings.ts'
import { runNotifications } from '../../server/notifications/worker.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld, type World } from '../world.ts'

const allEvents = async ({ db }: World) => await db.read.select().from(events).orderBy(asc(events.id))
const told = async ({ db, ada, mo, ben, vic }: World) => {
  const names = new Map([ada, mo, ben, vic].map(({ id, name }) => [id, name]))
  const rows = await db.read
    .select()
    .from(notifications)
    .orderBy(asc(notifications.eventId), asc(notifications.memberId))
  return rows.map(({ memberId, kind, reason, actor }) => [names.get(memberId), kind, reason, actor]).sort()
}

async function withIssue() {
  const world = await openWorld()
  const date = new Date(world.now())
  await arrive(world, world.proposals, { id: 'first@t', date })
  const [issue] = await issuesOf(world, world.proposals)
  const { db } = world
  const give = async (to: Member, by: Member) =>
    await db.write(async (tx) => assign(tx, await findIssue(tx, issue!.id), { member: to }, by, world.now()))
  const note = async (text: string, by: Member) =>
    await db.write(async (tx) => addNote(tx, await findIssue(tx, issue!.id), { id: uuidv7(), text }, by, world.now()))
  return { world, db, issue: issue!, date, give, note }
}

describe('who is told', () => {
  test('the assignee and followers of a reply, who was named of a note, nobody of their own acts or of machines', async () => {
    const { world, db, issue, date, give, note } = await withIssue()
    const { mo, ben, vic } = world
    expect(await notify(db, await allEvents(world), world.now())).toBe(0)
    const before = new Set((await allEvents(world)).map(({ id }) => id))
    await give(ben, mo)
    await db.write((tx) => follow(tx, issue, vic, 'following', 'chosen', vic, world.now()))
    await db.write((tx) => follow(tx, issue, mo, 'muted', 'chosen', mo, world.now()))
    await arrive(world, world.proposals, { inReplyTo: 'first@t', date, text: 'When can we have it?' })
    await arrive(world, world.proposals, { inReplyTo: 'first@t', date, headers: ['Auto-Submitted: auto-replied'] })
    await note('@Ada, can you look?', ben)
    const all = (await allEvents(world)).filter(({ id }) => !before.has(id))
    expect(await notify(db, all, world.now())).toBe(5)
    // The same events again, as after a crash.
    expect(await notify(db, all, world.now())).toBe(0)
    expect(await told(world)).toEqual(
      [
        ['Ben', 'assigned', 'assignee', 'Mo'],
        ['Ben', 'received', 'assignee', 'Dana Whitfield'],
        ['Vic', 'received', 'follower', 'Dana Whitfield'],
        ['Ada', 'mentioned', 'mentioned', 'Ben'],
        ['Vic', 'noted', 'follower', 'Ben'],
      ].sort(),
    )
  })

  test('who does not see the mailbox is not told, and what is told is read, counted and marked', async () => {
    const world = await openWorld()
    const { db, closed, mo, ben, ada } = world
    await arrive(world, closed, { to: closed.address, date: new Date(world.now()) })
    const [issue] = await issuesOf(world, closed)
    for (const member of [mo, ben])
      await db.write((tx) => follow(tx, issue!, member, 'following', 'chosen', member, world.now()))
    await db.write(async (tx) => addNote(tx, issue!, { id: uuidv7(), text: 'Seen.' }, ada, world.now()))
    const noted = (await allEvents(world)).filter(({ action }) => action === 'noted')
    await notify(db, noted, world.now())
    expect(await told(world)).toEqual([['Ben', 'noted', 'follower', 'Ada']])
    const as = world.as(ben)
    expect(await (await as('/api/notifications/unread')).json()).toEqual({ n: 1, more: false })
    expect(await (await as('/api/notifications')).json()).toMatchObject({
      notifications: [{ kind: 'noted', said: 'Seen.', subject: 'Fleet telematics', read: false }],
      next: null,
    })
    const mark = { method: 'PATCH', json: { issueId: issue!.id, read: true } }
    expect(await (await as('/api/notifications', mark)).json()).toEqual({ n: 0, more: false })
  })

  test('a worker that was stopped goes on where it was, and tells each once', async () => {
    const { world, db, give } = await withIssue()
    const { mo, ben, vic } = world
    const deps = { ...world.deps, url: 'http://localhost', now: world.now }
    const until = async (n: number) => {
      for (;;) {
        if ((await db.read.$count(notifications, eq(notifications.kind, 'assigned'))) === n) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const first = runNotifications(deps)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await give(ben, mo)
    await until(1)
    await first.stop()
    await give(vic, mo)
    const second = runNotifications(deps)
    await until(2)
    await second.stop()
    expect((await told(world)).filter(([, kind]) => kind === 'assigned')).toEqual([
      ['Ben', 'assigned', 'assignee', 'Mo'],
      ['Vic', 'assigned', 'assignee', 'Mo'],
    ])
  })
})

describe('by mail', () => {
  const inBerlin = (text: string) => Date.parse(`${text}+01:00`)
  test.each([
    ['at once', 'at_once', null, '2026-11-20T09:41:00', '2026-11-20T09:42:00'],
    ['hourly', 'hourly', null, '2026-11-20T09:41:00', '2026-11-20T10:00:00'],
    ['daily, today', 'daily', null, '2026-11-20T07:00:00', '2026-11-20T08:00:00'],
    ['daily, tomorrow', 'daily', null, '2026-11-20T09:41:00', '2026-11-21T08:00:00'],
    [
      'in the evening, quiet until morning',
      'at_once',
      { from: 1200, to: 420 },
      '2026-11-20T21:00:00',
      '2026-11-21T07:00:00',
    ],
    ['at night, quiet until morning', 'at_once', { from: 1200, to: 420 }, '2026-11-20T03:00:00', '2026-11-20T07:00:00'],
    ['by day, not quiet', 'at_once', { from: 1200, to: 420 }, '2026-11-20T12:00:00', '2026-11-20T12:01:00'],
  ] as const)('%s', (_, pace, quiet, now, at) => {
    expect(mailTime({ pace, quiet, dailyAt: 480, zone: 'Europe/Berlin' }, inBerlin(now))).toBe(inBerlin(at))
  })

  test('an answer from that member becomes a note; a forged or automatic one never does, and nothing is sent', async () => {
    const { world, db, issue, date, give } = await withIssue()
    const { mo, ben, ada, proposals } = world
    await db.write((tx) => chooseSendingMailbox(tx, proposals.id, ada, world.now()))
    await give(ben, mo)
    await notify(db, await allEvents(world), world.now())
    const later = world.now() + 120_000
    expect(await makeMails({ db, secrets: world.secrets, url: 'https://inbox.example' }, later)).toBe(1)
    expect(await makeMails({ db, secrets: world.secrets, url: 'https://inbox.example' }, later)).toBe(0)
    const [mail] = await db.read.select().from(notificationMails)
    expect(mail).toMatchObject({ memberId: ben.id, subject: 'Mo assigned it to you: Fleet telematics (#1)' })
    expect(mail!.text).toContain('Only your team sees it: it does not go to the customer.')

    const answer = {
      from: 'Ben <ben@northwind.example>',
      subject: `Re: ${mail!.subject}`,
      inReplyTo: mail!.internetMessageId,
      date,
      text: 'I will call them.\n\nOn Fri, 20 Nov 2026, Downfield wrote:\n> Mo assigned it to you.\n',
    }
    const failed = 'Authentication-Results: mx.northwind.example; dmarc=fail header.from=northwind.example'
    await arrive(
      world,
      proposals,
      { ...answer, id: 'forged@x', headers: [failed] },
      { ...answer, id: 'stranger@x', from: 'Eve <eve@evil.example>' },
      { ...answer, id: 'other@x', from: 'Mo <mo@northwind.example>' },
      { ...answer, id: 'away@x', headers: ['Auto-Submitted: auto-replied'] },
      { ...answer, id: 'tampered@x', inReplyTo: mail!.internetMessageId.replace(/\.[0-9a-f]{12}@/, '.000000000000@') },
    )
    expect(await db.read.select().from(notes)).toEqual([])
    await arrive(world, proposals, { ...answer, id: 'real@x' }, { ...answer, id: 'real@x', headers: ['X-Copy: 2'] })
    expect(await db.read.select().from(notes)).toMatchObject([
      { issueId: issue.id, memberId: ben.id, text: 'I will call them.' },
    ])
    // A copy of the notification itself, filed by the server in Sent, is nobody's mail.
    const before = (await issuesOf(world, proposals)).length
    await arrive(world, proposals, {
      id: mail!.internetMessageId,
      folder: 'sent',
      from: proposals.address,
      to: 'ben@northwind.example',
    })
    expect(await issuesOf(world, proposals)).toHaveLength(before)
    expect((await findIssue(db.read, issue.id)).messageCount).toBe(1)
    expect(await db.read.select().from(events).where(eq(events.action, 'replied'))).toEqual([])
  })
})
