import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { type Member, members, notificationMails, notifications, type Proposal } from '../../db/schema.ts'
import { NOTIFICATION_KINDS } from '../../db/vocabulary.ts'
import { setHours } from '../../server/issues/hours.ts'
import { warningOf, warnOfDeadlines } from '../../server/notifications/deadlines.ts'
import { makeMails } from '../../server/notifications/mail.ts'
import { choose, chooseSendingMailbox, chosenBy } from '../../server/notifications/settings.ts'
import { usualHours, workingDayBefore } from '../../time/working-hours.ts'
import { openField } from '../proposals/story.ts'

const DENVER = 'America/Denver'
const at = (iso: string) => Date.parse(iso)
const hours = { ...usualHours('UTC'), holidays: ['2026-12-25', '2026-12-28'] }

test.each([
  ['2026-12-15', '2026-12-14'],
  ['2026-12-14', '2026-12-11'],
  ['2026-12-13', '2026-12-11'],
  ['2026-12-29', '2026-12-24'],
])('the working day before %s is %s, over weekends and days off', (day, before) => {
  expect(workingDayBefore(hours, day)).toBe(before)
})

test('where nobody ever works, the day before counts', () => {
  expect(workingDayBefore({ days: Array.from({ length: 7 }, () => null), holidays: [] }, '2026-03-01')).toBe(
    '2026-02-28',
  )
})

test('a warning comes at 17:00 in the zone of the deadline, also where clocks change in between', () => {
  // Monday, 2 November 2026: clocks went back on Sunday. 17:00 on Friday is an hour off from 17:00 on Monday.
  const deadline = { at: at('2026-11-02T21:30:00Z'), zone: 'America/New_York' }
  expect(warningOf(deadline, hours, at('2026-10-30T20:59:59Z'))).toBe(null)
  expect(warningOf(deadline, hours, at('2026-10-30T21:00:00Z'))).toBe('due_soon')
  expect(warningOf(deadline, hours, deadline.at - 1)).toBe('due_soon')
  expect(warningOf(deadline, hours, deadline.at)).toBe('due_now')
  expect(warningOf(deadline, hours, deadline.at + 86_400_000)).toBe(null)
})

/** A proposal of Ben's with Vic in its team, due on Tuesday in Denver; Monday is a day off. */
async function openDue() {
  const world = await openField()
  const { db, ada, ben, mo, vic, now } = world
  await db.write(async (tx) => {
    await setHours(tx, { mailboxId: null }, { ...usualHours('UTC'), holidays: ['2026-12-14'] }, mo, now())
    await chooseSendingMailbox(tx, world.proposals.id, ada, now())
  })
  const api = world.client(mo)
  const { id } = await api.create({
    title: 'Bridge',
    ownerId: ben.id,
    due: { local: '2026-12-15T14:00', zone: DENVER },
  })
  await api.put(`proposals/${id}/members/${vic.id}`, { roles: ['reviewer'] })
  const told = async () => {
    const names = new Map([ada, mo, ben, vic].map((member) => [member.id, member.name]))
    const rows = await db.read.select().from(notifications).orderBy(asc(notifications.id))
    return rows.map(({ memberId, kind, said }) => `${names.get(memberId)} ${kind} ${said}`).sort()
  }
  return { ...world, api, id, told }
}
const warnAt = at('2026-12-12T00:00:00Z')
const DUE = 'Proposal due: Tuesday 15 December 2026, 14:00 (America/Denver)'

describe('warnings of deadlines', () => {
  test('owner and team are warned at 17:00 of the working day before, and at the deadline, once each', async () => {
    const { db, told, as, ben } = await openDue()
    expect(await warnOfDeadlines(db, warnAt - 1)).toBe(0)
    expect(await warnOfDeadlines(db, warnAt)).toBe(2)
    expect(await warnOfDeadlines(db, warnAt + 60_000)).toBe(0)
    expect(await told()).toEqual([`Ben due_soon ${DUE}`, `Vic due_soon ${DUE}`])
    const due = at('2026-12-15T21:00:00Z')
    expect(await Promise.all([warnOfDeadlines(db, due), warnOfDeadlines(db, due)])).toContain(2)
    expect(await told()).toHaveLength(4)
    const list = await (await as(ben)('/api/notifications')).json()
    expect(list.notifications[0]).toMatchObject({ kind: 'due_now', subject: 'Bridge', issueId: null })
  })

  test('an amendment that moves the deadline moves the warning, and what is submitted or ended is not warned of', async () => {
    const { db, api, id, pipeline } = await openDue()
    expect(await warnOfDeadlines(db, warnAt)).toBe(2)
    const newDue = { local: '2026-12-18T14:00', zone: DENVER }
    await api.post(`proposals/${id}/amendments`, { id: uuidv7(), receivedAt: Date.now(), summary: 'Later', newDue })
    expect(await warnOfDeadlines(db, at('2026-12-15T21:00:00Z'))).toBe(0)
    expect(await warnOfDeadlines(db, at('2026-12-18T00:00:00Z'))).toBe(2)
    const { version } = await api.get<Proposal>(`proposals/${id}`)
    await api.put(`proposals/${id}/stage`, { version, stageId: pipeline.stages.find(({ submitted }) => submitted)!.id })
    expect(await warnOfDeadlines(db, at('2026-12-18T21:00:00Z'))).toBe(0)
  })

  test('questions that are due are warned of, until they are done', async () => {
    const { db, api, id, told } = await openDue()
    const milestone = uuidv7()
    const due = { local: '2026-12-09', zone: 'Europe/Berlin' }
    await api.post(`proposals/${id}/milestones`, { id: milestone, kind: 'questions_due', due })
    expect(await warnOfDeadlines(db, at('2026-12-08T16:00:00Z'))).toBe(2)
    expect((await told())[0]).toBe('Ben due_soon Questions due: Wednesday 9 December 2026 (Europe/Berlin)')
    await api.patch(`proposals/${id}/milestones/${milestone}`, { doneAt: Date.now() })
    expect(await warnOfDeadlines(db, at('2026-12-09T23:00:00Z'))).toBe(0)
  })

  test('quiet hours, what members chose, and who left are respected', async () => {
    const { db, ben, vic } = await openDue()
    const chosen = (await chosenBy(db.read, [ben.id])).get(ben.id)!
    const nothing = Object.fromEntries(
      NOTIFICATION_KINDS.map((kind) => [kind, { app: false, mail: false, push: false }]),
    )
    const only = { ...nothing, due_soon: { app: true, mail: true, push: false } }
    const set = (member: Member, choices: typeof nothing, quiet: { from: number; to: number } | null) =>
      db.write((tx) => choose(tx, member, { ...chosen, choices, quiet, zone: DENVER, pace: 'daily' }, Date.now()))
    await set(ben, only, { from: 16 * 60, to: 8 * 60 })
    await db.write((tx) => tx.update(members).set({ disabledAt: 1 }).where(eq(members.id, vic.id)))
    expect(await warnOfDeadlines(db, warnAt)).toBe(1)
    const [row] = await db.read.select().from(notifications)
    expect(row).toMatchObject({ memberId: ben.id, mailAt: at('2026-12-12T15:00:00Z') })
  })

  test('the mail of a warning names the proposal and where it is', async () => {
    const { db, deps, id } = await openDue()
    await warnOfDeadlines(db, warnAt)
    expect(await makeMails({ ...deps, url: 'https://inbox.example' }, warnAt)).toBe(2)
    const [mail] = await db.read.select().from(notificationMails)
    expect(mail).toMatchObject({ subject: 'A deadline comes up: Bridge (PRP-1)', issueId: null })
    expect(mail!.text).toContain(`${DUE}\n\nhttps://inbox.example/proposals/${id}`)
  })
})
