import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { events, members, sessions } from '../../db/schema.ts'
import { createMember } from '../../server/access/member.ts'
import { ensureSetupLink } from '../../server/access/setup.ts'
import { openWorld, type World } from '../world.ts'

const GOOD = 'nine lives of a cat'
const DAY = 24 * 60 * 60_000

async function invited(world: World, json: Record<string, unknown>) {
  const answer = await world.as(world.ada)('/api/invitations', { method: 'POST', json })
  // The cast: the answer of our own route.
  const body = (await answer.json()) as { id: string; link: string }
  return { status: answer.status, body, token: body.link?.split('/').at(-1) ?? '' }
}

test('an admin invites somebody, who makes their account with the link and is signed in', async () => {
  const world = await openWorld({ env: { DOWNFIELD_URL: 'https://downfield.example.org' } })
  const { ada, desk, app, asNobody, db } = world
  const { status, body, token } = await invited(world, {
    email: 'Cleo@Northwind.example',
    name: 'Cleo',
    role: 'member',
    teamIds: [desk.id],
  })
  expect(status).toBe(201)
  expect(body.link).toBe(`https://downfield.example.org/invitation/${token}`)
  expect(token).toMatch(/^[\w-]{43}$/)

  const shown = await app.request(`/api/invitation/${token}`)
  expect(await shown.json()).toEqual({
    email: 'cleo@northwind.example',
    name: 'Cleo',
    role: 'member',
    expiresAt: expect.any(Number),
  })

  const accepted = await asNobody(`/api/invitation/${token}`, {
    method: 'POST',
    json: { name: 'Cleo C.', password: GOOD },
  })
  expect(accepted.status).toBe(201)
  expect(await accepted.json()).toMatchObject({
    member: { email: 'cleo@northwind.example', name: 'Cleo C.', role: 'member', teamIds: [desk.id] },
  })
  const cookie = accepted.headers.get('set-cookie')!.split(';')[0]!
  expect((await app.request('/api/session', { headers: { cookie } })).status).toBe(200)
  const [event] = (await db.read.select().from(events).orderBy(asc(events.id))).slice(-1)
  expect(event).toMatchObject({ action: 'directory_changed', memberId: ada.id, detail: { change: 'member added' } })

  // Once.
  expect((await app.request(`/api/invitation/${token}`)).status).toBe(404)
  const again = await asNobody(`/api/invitation/${token}`, { method: 'POST', json: { name: 'Eve', password: GOOD } })
  expect(again.status).toBe(404)
})

test('the list shows who has not answered yet, without anything that opens the link', async () => {
  const world = await openWorld()
  const { body, token } = await invited(world, { email: 'cleo@northwind.example', role: 'viewer' })

  const list = await (await world.as(world.ada)('/api/invitations')).text()
  expect(JSON.parse(list)).toEqual([
    {
      id: body.id,
      email: 'cleo@northwind.example',
      name: '',
      role: 'viewer',
      teamIds: [],
      invitedById: world.ada.id,
      createdAt: expect.any(Number),
      expiresAt: expect.any(Number),
      acceptedAt: null,
    },
  ])
  expect(list).not.toContain(token)
})

test('a link that was taken back, replaced, or is a week old opens nothing', async () => {
  const world = await openWorld()
  const first = await invited(world, { email: 'cleo@northwind.example', role: 'viewer' })
  const second = await invited(world, { email: 'cleo@northwind.example', role: 'viewer' })
  const other = await invited(world, { email: 'dan@northwind.example', role: 'viewer' })
  const look = async (token: string) => (await world.app.request(`/api/invitation/${token}`)).status

  expect(await look(first.token)).toBe(404)
  expect(await look(second.token)).toBe(200)
  expect((await world.as(world.ada)(`/api/invitations/${second.body.id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await look(second.token)).toBe(404)
  expect(await look(other.token)).toBe(200)
  world.pass(7 * DAY)
  expect(await look(other.token)).toBe(404)
})

test('who has an account is not invited', async () => {
  const world = await openWorld()
  const answer = await invited(world, { email: 'ben@northwind.example', role: 'viewer' })
  expect(answer).toMatchObject({ status: 422, body: { detail: 'ben@northwind.example has an account already.' } })
})

test('an invitation says which field is wrong and what to write', async () => {
  const world = await openWorld()
  const { status, body } = await invited(world, { email: 'cleo', role: 'boss', name: 'two\nlines' })
  expect(status).toBe(400)
  expect(body).toMatchObject({
    title: 'Invalid input',
    errors: [
      { field: 'email', message: 'email must be an address such as ada@example.org.' },
      { field: 'name', message: 'name must be one line without control characters.' },
      { field: 'role', message: 'role must be "admin", "manager", "member" or "viewer".' },
    ],
  })
})

/** A world before its first admin. */
async function emptyWorld() {
  const world = await openWorld()
  await world.db.write(async (tx) => {
    await tx.delete(sessions)
    await tx.delete(members)
  })
  return world
}
const admin = { name: 'Grace', email: 'grace@northwind.example', password: GOOD }

test('the link of the first start makes the first admin, once', async () => {
  const { db, app, asNobody, now } = await emptyWorld()
  expect(await (await app.request('/api/setup')).json()).toEqual({ isNeeded: true })
  const link = await ensureSetupLink(db, 'http://localhost:3000', now())
  expect(link).toMatch(/^http:\/\/localhost:3000\/setup\/[\w-]{43}$/)
  const token = link!.split('/').at(-1)

  const answer = await asNobody('/api/setup', { method: 'POST', json: { token, ...admin } })
  expect(answer.status).toBe(201)
  expect(await answer.json()).toMatchObject({ member: { email: admin.email, role: 'admin' } })
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  expect((await app.request('/api/members', { headers: { cookie } })).status).toBe(200)

  expect(await (await app.request('/api/setup')).json()).toEqual({ isNeeded: false })
  const again = await asNobody('/api/setup', { method: 'POST', json: { token, ...admin, email: 'eve@example.org' } })
  expect(again.status).toBe(422)
  expect(await ensureSetupLink(db, 'http://localhost:3000', now())).toBeUndefined()
})

test('each start makes a new link and the one before is void', async () => {
  const { db, asNobody, now } = await emptyWorld()
  const older = (await ensureSetupLink(db, '', now()))!.split('/').at(-1)
  const newer = (await ensureSetupLink(db, '', now()))!.split('/').at(-1)

  expect((await asNobody('/api/setup', { method: 'POST', json: { token: older, ...admin } })).status).toBe(404)
  // It is for setting up, not an invitation.
  expect((await asNobody(`/api/invitation/${newer}`, { method: 'POST', json: admin })).status).toBe(404)
  expect((await asNobody('/api/setup', { method: 'POST', json: { token: newer, ...admin } })).status).toBe(201)
})

test('two who use the link at the same moment: one becomes the admin', async () => {
  const { db, asNobody, now } = await emptyWorld()
  const token = (await ensureSetupLink(db, '', now()))!.split('/').at(-1)
  const answers = await Promise.all(
    ['eve', 'grace'].map((name) =>
      asNobody('/api/setup', { method: 'POST', json: { token, ...admin, email: `${name}@northwind.example` } }),
    ),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 422])
  expect(await db.read.$count(members)).toBe(1)
})

test('an account made on the command line has no one behind it in the record', async () => {
  const { db, now } = await openWorld()
  const cleo = { email: 'cleo@northwind.example', name: 'Cleo', role: 'member', passwordHash: null } as const
  const made = await db.write((tx) => createMember(tx, cleo, null, now()))
  const [event] = (await db.read.select().from(events).orderBy(asc(events.id))).slice(-1)
  expect(event).toMatchObject({ memberId: null, detail: { member: made.id, name: 'Cleo', role: 'member' } })
})

test('a link that was cut off on the way, or has more at its end, is told from a good one in words that help', async () => {
  const world = await openWorld()
  const { token } = await invited(world, { email: 'cleo@northwind.example', role: 'member' })
  const answers = [token.slice(0, 10), `${token}${'x'.repeat(100)}`].map(async (text) => {
    const answer = await world.app.request(`/api/invitation/${text}`)
    // The cast: a problem document is ours (server/api/problem.ts).
    return [answer.status, ((await answer.json()) as { detail: string }).detail]
  })
  const words = [404, 'This invitation is no longer good. Ask for a new one.']
  expect(await Promise.all(answers)).toEqual([words, words])
})
