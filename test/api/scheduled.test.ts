import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, issues, messages, outbox } from '../../db/schema.ts'
import { remindDue } from '../../server/issues/reminder.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld } from '../world.ts'

const HOUR_MS = 3_600_000

/** An issue with a mail in it, and a member who answers it. */
async function openDesk() {
  const world = await openWorld()
  const ben = world.as(world.ben)
  await arrive(world, world.proposals, { id: 'a@t', subject: 'Chairs' })
  const [issue] = await issuesOf(world, world.proposals)
  const { messageId } = (await (await ben(`/api/issues/${issue!.id}/recipients`)).json()) as { messageId: string }
  const answer = async (more: Record<string, unknown>) => {
    const id = uuidv7()
    const json = { id, messageId, to: [{ address: 'dana@tacoma.example' }], text: 'Here you are.', ...more }
    const response = await ben(`/api/issues/${issue!.id}/replies`, { method: 'POST', json })
    return { id, status: response.status }
  }
  const rowOf = async (id: string) => (await world.db.read.select().from(outbox).where(eq(outbox.messageId, id)))[0]
  const issueNow = async () => (await world.db.read.select().from(issues).where(eq(issues.id, issue!.id)))[0]!
  return { ...world, asBen: ben, issue: issue!, answer, rowOf, issueNow }
}

test('an answer goes out at its time, stands in a list until then, and can be given another time or taken back', async () => {
  const desk = await openDesk()
  const sendAt = desk.now() + HOUR_MS
  const { id } = await desk.answer({ sendAt })
  expect(await desk.rowOf(id)).toMatchObject({ state: 'queued', dueAt: sendAt, scheduledAt: sendAt })
  const listed = async () => (await (await desk.asBen('/api/messages/scheduled')).json()) as { sendAt: number }[]
  expect(await listed()).toMatchObject([{ messageId: id, issueId: desk.issue.id, subject: 'Re: Chairs', sendAt }])

  const put = (json: unknown) => desk.asBen(`/api/messages/${id}/schedule`, { method: 'PUT', json })
  expect((await put({ sendAt: sendAt + HOUR_MS })).status).toBe(204)
  expect((await put({ sendAt: desk.now() - 1 })).status).toBe(400)
  expect((await listed()).map((each) => each.sendAt)).toEqual([sendAt + HOUR_MS])
  expect((await desk.as(desk.vic)(`/api/messages/${id}/schedule`, { method: 'PUT', json: { sendAt } })).status).toBe(
    403,
  )
  expect((await desk.asBen(`/api/messages/${id}/sending`, { method: 'DELETE' })).status).toBe(200)
  expect([await listed(), (await desk.issueNow()).status]).toEqual([[], 'new'])
  expect((await desk.answer({ sendAt: desk.now() - 1 })).status).toBe(400)
})

test('what was to go out later stays here where they wrote again before, and a person decides', async () => {
  const desk = await openDesk()
  const { id } = await desk.answer({ sendAt: desk.now() + HOUR_MS })
  await arrive(desk, desk.proposals, { id: 'b@t', inReplyTo: 'a@t', subject: 'Re: Chairs', text: 'Never mind.' })
  expect((await desk.asBen(`/api/messages/${id}/schedule`, { method: 'PUT', json: { sendAt: null } })).status).toBe(204)
  const sending = runOutbox(desk.mail)
  onTestFinished(() => sending.stop())
  await vi.waitFor(async () => expect(await desk.rowOf(id)).toMatchObject({ state: 'rejected', attempts: 0 }), {
    timeout: 10_000,
  })
  expect((await desk.rowOf(id))?.response).toContain('They wrote again')
})

test('where nobody answers, the issue comes back at its time to whom it belongs; an answer makes that needless', async () => {
  const desk = await openDesk()
  const day = 24 * HOUR_MS
  await desk.answer({ remindAfterMs: 5 * day })
  const page = async () =>
    (await (await desk.asBen(`/api/issues/${desk.issue.id}`)).json()) as { reminder: { dueAt: number } | null }
  expect((await page()).reminder?.dueAt).toBeGreaterThan(desk.now() + 4 * day)
  expect(await remindDue(desk.db, desk.now() + 4 * day)).toBe(0)
  expect((await desk.issueNow()).status).toBe('waiting')
  expect(await remindDue(desk.db, desk.now() + 6 * day)).toBe(1)
  expect(await remindDue(desk.db, desk.now() + 6 * day)).toBe(0)
  expect(await desk.issueNow()).toMatchObject({ status: 'open', assigneeId: desk.ben.id })
  expect((await page()).reminder).toBe(null)

  const at = desk.now() + day
  const set = await desk.asBen(`/api/issues/${desk.issue.id}/reminder`, { method: 'PUT', json: { id: uuidv7(), at } })
  expect([set.status, (await page()).reminder?.dueAt]).toEqual([204, at])
  await arrive(desk, desk.proposals, { id: 'c@t', inReplyTo: 'a@t', subject: 'Re: Chairs' })
  expect(await remindDue(desk.db, desk.now() + 2 * day)).toBe(1)
  const reminded = await desk.db.read.select().from(events).where(eq(events.action, 'reminded'))
  expect(reminded).toHaveLength(1)
})

test('a reminder goes with the answer that is taken back, and who wants none waits for no undo', async () => {
  const desk = await openDesk()
  const { id } = await desk.answer({ remindAfterMs: HOUR_MS })
  expect((await desk.asBen(`/api/messages/${id}/sending`, { method: 'DELETE' })).status).toBe(200)
  expect(await remindDue(desk.db, desk.now() + 2 * HOUR_MS)).toBe(0)

  const set = await desk.asBen('/api/session', { method: 'PATCH', json: { heldMs: 0 } })
  expect([set.status, ((await set.json()) as { heldMs: number }).heldMs]).toEqual([200, 0])
  const { id: atOnce } = await desk.answer({})
  const [message] = await desk.db.read.select().from(messages).where(eq(messages.id, atOnce))
  expect(await desk.rowOf(atOnce)).toMatchObject({ held: null, dueAt: message!.createdAt })
  expect((await desk.asBen('/api/session', { method: 'PATCH', json: { heldMs: 3_600_000 } })).status).toBe(400)
})
