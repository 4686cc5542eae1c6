import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { members } from '../../db/schema.ts'
import { openIssue, setStatus } from '../../server/issues/issue.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld, type World } from '../world.ts'

/** Reads a stream of events until one satisfies, or the stream ends. */
async function readUntil(
  response: Response,
  satisfied: (text: string) => boolean,
): Promise<{ text: string; ended: boolean }> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    text += value ?? ''
    if (done || satisfied(text)) {
      await reader.cancel()
      return { text, ended: done }
    }
  }
}

async function anIssue(world: World, mailbox = world.proposals) {
  await arrive(world, mailbox, {})
  const [issue] = await issuesOf(world, mailbox)
  return issue!
}

test('what somebody does is told to everybody who watches', async () => {
  const world = await openWorld()
  const issue = await anIssue(world)
  const stream = await world.as(world.vic)('/api/events')
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const heard = readUntil(stream, (text) => text.includes('status_changed'))
  await world.db.write(async (tx) => await setStatus(tx, issue, 'waiting', null, world.ada, world.now()))
  const { text } = await heard
  expect(text).toContain('event: hello')
  expect(text).toContain(`"issueId":"${issue.id}"`)
  expect(text).toContain(`"memberId":"${world.ada.id}"`)
})

test('nothing is told of a mailbox that the member does not see', async () => {
  const world = await openWorld()
  const hidden = await anIssue(world, world.closed)
  const open = await anIssue(world)
  const heard = readUntil(await world.as(world.mo)('/api/events'), (text) => text.includes(open.id))
  await world.db.write(async (tx) => await setStatus(tx, hidden, 'waiting', null, world.ada, world.now()))
  await world.db.write(async (tx) => await setStatus(tx, open, 'waiting', null, world.ada, world.now()))
  expect((await heard).text).not.toContain(hidden.id)
})

test('the stream of a member who loses access ends with the next event, and tells nothing of it', async () => {
  const world = await openWorld()
  const issue = await anIssue(world)
  const stream = await world.as(world.ben)('/api/events')
  const heard = readUntil(stream, (text) => text.includes(issue.id))
  const disabled = await world.as(world.ada)(`/api/members/${world.ben.id}`, {
    method: 'PATCH',
    json: { disabled: true },
  })
  expect(disabled.ok).toBe(true)
  await world.db.write(async (tx) => await setStatus(tx, issue, 'waiting', null, world.ada, world.now()))
  const { text, ended } = await heard
  expect(ended).toBe(true)
  expect(text).not.toContain(issue.id)
})

test('who is no longer an admin hears nothing more of mailboxes that are not theirs to see', async () => {
  const world = await openWorld()
  const hidden = await anIssue(world, world.closed)
  const open = await anIssue(world)
  await world.db.write((tx) => tx.update(members).set({ role: 'admin' }).where(eq(members.id, world.mo.id)))
  const heard = readUntil(await world.as(world.mo)('/api/events'), (text) => text.includes(open.id))
  const demoted = await world.as(world.ada)(`/api/members/${world.mo.id}`, {
    method: 'PATCH',
    json: { role: 'member' },
  })
  expect(demoted.ok).toBe(true)
  await world.db.write(async (tx) => await setStatus(tx, hidden, 'waiting', null, world.ada, world.now()))
  await world.db.write(async (tx) => await setStatus(tx, open, 'waiting', null, world.ada, world.now()))
  expect((await heard).text).not.toContain(hidden.id)
})

test('the stream of a token ends when the token is taken back', async () => {
  const world = await openWorld()
  const issue = await anIssue(world)
  const made = await world.as(world.ben)('/api/tokens', { method: 'POST', json: { name: 'A program', readOnly: true } })
  // The cast: the answer is ours (server/api/tokens.ts).
  const { id, token } = (await made.json()) as { id: string; token: string }
  const stream = await world.app.request('/api/events', { headers: { authorization: `Bearer ${token}` } })
  const heard = readUntil(stream, (text) => text.includes(issue.id))
  const deleted = await world.as(world.ben)(`/api/tokens/${id}`, { method: 'DELETE' })
  expect(deleted.ok).toBe(true)
  await world.db.write(async (tx) => await setStatus(tx, issue, 'waiting', null, world.ada, world.now()))
  const { text, ended } = await heard
  expect(ended).toBe(true)
  expect(text).not.toContain(issue.id)
})

test('a hundred changes at once are one word: fetch what you show', async () => {
  const world = await openWorld()
  const heard = readUntil(await world.as(world.vic)('/api/events'), (text) => text.includes('event: reset'))
  await arrive(world, world.proposals, ...Array.from({ length: 3 }, () => ({})))
  await world.db.write(async (tx) => {
    for (let i = 0; i < 150; i++) {
      await openIssue(tx, world.proposals, { subject: `${i}`, contact: { name: '', address: 'a@b.example' }, at: 1 }, 2)
    }
  })
  expect((await heard).text).toContain('event: reset')
})
