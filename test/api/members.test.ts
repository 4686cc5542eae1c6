import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, issues } from '../../db/schema.ts'
import { openWorld, type World } from '../world.ts'

const patch = (world: World, id: string, json: Record<string, unknown>) =>
  world.as(world.ada)(`/api/members/${id}`, { method: 'PATCH', json })

test('everybody sees who works here and in which teams, and no password', async () => {
  const { as, vic, ada, ben, mo, desk } = await openWorld()
  const seen = ({ passwordHash: _, ...member }: typeof ben, teamIds: string[] = []) => ({ ...member, teamIds })

  const answer = await as(vic)('/api/members')

  expect(await answer.json()).toEqual([seen(ada), seen(ben, [desk.id]), seen(mo), seen(vic)])
})

test('an admin changes name and role, and the change is on record', async () => {
  const world = await openWorld()
  const { db, ada, ben } = world

  const answer = await patch(world, ben.id, { name: 'Benjamin', role: 'manager' })

  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ id: ben.id, name: 'Benjamin', role: 'manager', disabledAt: null })
  expect(await db.read.select().from(events)).toMatchObject([
    {
      action: 'directory_changed',
      memberId: ada.id,
      detail: { change: 'member changed', member: ben.id, name: 'Benjamin', role: 'manager', disabled: false },
    },
  ])
})

test('a new role counts from the next request on', async () => {
  const world = await openWorld()
  const ben = world.as(world.ben)
  expect((await ben('/api/invitations')).status).toBe(403)
  await patch(world, world.ben.id, { role: 'admin' })
  expect((await ben('/api/invitations')).status).toBe(200)
})

test('who is disabled is out at once, with sessions and tokens, and comes back without them', async () => {
  const world = await openWorld()
  const ben = world.as(world.ben)
  const made = await ben('/api/tokens', { method: 'POST', json: { name: 'script' } })
  // The cast: the answer of our own route.
  const { token } = (await made.json()) as { token: string }
  const byToken = () => world.app.request('/api/session', { headers: { authorization: `Bearer ${token}` } })
  expect([(await ben('/api/session')).status, (await byToken()).status]).toEqual([200, 200])

  await patch(world, world.ben.id, { disabled: true })
  expect([(await ben('/api/session')).status, (await byToken()).status]).toEqual([401, 401])

  await patch(world, world.ben.id, { disabled: false })
  expect([(await ben('/api/session')).status, (await byToken()).status]).toEqual([401, 401])
  expect((await world.as(world.ben)('/api/session')).status).toBe(200)
})

test('the last admin can neither be disabled nor lose the role', async () => {
  const world = await openWorld()
  const refusal = { status: 422, detail: 'Ada is the only admin. Make somebody else an admin first.' }

  expect(await (await patch(world, world.ada.id, { disabled: true })).json()).toMatchObject(refusal)
  expect(await (await patch(world, world.ada.id, { role: 'manager' })).json()).toMatchObject(refusal)
  expect((await patch(world, world.ada.id, { name: 'Ada L.' })).status).toBe(200)

  await patch(world, world.mo.id, { role: 'admin', disabled: true })
  expect((await patch(world, world.ada.id, { role: 'manager' })).status).toBe(422)
  await patch(world, world.mo.id, { disabled: false })
  expect((await patch(world, world.ada.id, { role: 'manager' })).status).toBe(200)
})

test('two admins who step down at the same moment: one stays', async () => {
  const world = await openWorld()
  const { ada, mo } = world
  await patch(world, mo.id, { role: 'admin' })

  const answers = await Promise.all(
    [ada, mo].map((one) => world.as(one)(`/api/members/${one.id}`, { method: 'PATCH', json: { role: 'viewer' } })),
  )

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
})

test('teams are made, renamed, filled and deleted', async () => {
  const world = await openWorld()
  const { ada, mo, vic, desk, ben, db } = world
  const admin = world.as(ada)

  const made = await admin('/api/teams', { method: 'POST', json: { name: ' Estimating ' } })
  expect(made.status).toBe(201)
  // The cast: the answer of our own route.
  const team = (await made.json()) as { id: string; name: string }
  expect(team.name).toBe('Estimating')
  const belonging = `/api/teams/${team.id}/members/${mo.id}`
  expect((await admin(belonging, { method: 'PUT' })).status).toBe(204)
  expect((await admin(belonging, { method: 'PUT' })).status).toBe(204)
  await admin(`/api/teams/${team.id}`, { method: 'PATCH', json: { name: 'Bids' } })

  expect(await (await world.as(vic)('/api/teams')).json()).toMatchObject([
    { name: 'Bids', memberIds: [mo.id] },
    { id: desk.id, name: 'Desk', memberIds: [ben.id] },
  ])

  expect((await admin(belonging, { method: 'DELETE' })).status).toBe(204)
  expect((await admin(`/api/teams/${team.id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await (await admin('/api/teams')).json()).toMatchObject([{ name: 'Desk' }])
  const told = await db.read.select({ detail: events.detail }).from(events).orderBy(events.id)
  expect(told.map(({ detail }) => detail.change)).toEqual([
    'team added',
    'member joined team',
    'team renamed',
    'member left team',
    'team deleted',
  ])
})

test('two teams do not share a name', async () => {
  const world = await openWorld()
  const answer = await world.as(world.ada)('/api/teams', { method: 'POST', json: { name: 'Desk' } })
  expect(await answer.json()).toMatchObject({ status: 422, detail: 'There is a team named Desk already.' })
})

test('a team that issues are assigned to is not deleted', async () => {
  const world = await openWorld()
  const { db, proposals, desk, ada, now } = world
  const issue: typeof issues.$inferInsert = {
    id: uuidv7(),
    mailboxId: proposals.id,
    number: 1,
    subject: 'Chairs',
    status: 'open',
    teamId: desk.id,
    contactName: 'Cy',
    contactAddress: 'cy@contoso.example',
    lastDirection: 'in',
    lastMessageAt: now(),
    listedAt: now(),
    createdAt: now(),
    updatedAt: now(),
  }
  await db.write((tx) => tx.insert(issues).values(issue))

  const answer = await world.as(ada)(`/api/teams/${desk.id}`, { method: 'DELETE' })

  const detail = 'One issue is assigned to Desk. Assign them to somebody else first.'
  expect(await answer.json()).toMatchObject({ status: 422, detail })
})

test('what is not there is said to be not there', async () => {
  const world = await openWorld()
  const admin = world.as(world.ada)
  const none = uuidv7()
  expect(await (await patch(world, none, { name: 'X' })).json()).toMatchObject({ status: 404 })
  expect((await admin(`/api/teams/${none}`, { method: 'DELETE' })).status).toBe(404)
  expect((await admin(`/api/teams/${world.desk.id}/members/${none}`, { method: 'PUT' })).status).toBe(404)
  expect(await (await patch(world, '7', { name: 'X' })).json()).toMatchObject({
    status: 400,
    errors: [{ field: 'id', message: 'id must be a UUID.' }],
  })
})
