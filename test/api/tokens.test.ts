import { expect, test } from 'vitest'
import { apiTokens } from '../../db/schema.ts'
import { openWorld } from '../world.ts'

const HOUR = 60 * 60_000

type Made = { id: string; token: string }

test('a token is shown once, stands for its member, and is taken back', async () => {
  const world = await openWorld()
  const ben = world.as(world.ben)
  const made = await ben('/api/tokens', { method: 'POST', json: { name: 'Report', readOnly: true } })
  expect(made.status).toBe(201)
  // The cast: the answer of our own route.
  const { id, token } = (await made.json()) as Made
  expect(token).toMatch(/^df_[\w-]{43}$/)
  const ask = () => world.app.request('/api/session', { headers: { authorization: `Bearer ${token}` } })

  expect(await (await ask()).json()).toMatchObject({ member: { id: world.ben.id } })

  const list = await (await ben('/api/tokens')).text()
  expect(JSON.parse(list)).toEqual([
    {
      id,
      name: 'Report',
      readOnly: true,
      createdAt: expect.any(Number),
      lastUsedAt: expect.any(Number),
      expiresAt: null,
    },
  ])
  expect(list).not.toContain(token)
  expect(JSON.stringify(await world.db.read.select().from(apiTokens))).not.toContain(token)

  expect((await world.as(world.mo)(`/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(404)
  expect((await ben(`/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(204)
  const refused = await ask()
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
})

test('a token ends when it was said to', async () => {
  const world = await openWorld()
  const json = { name: 'Report', expiresAt: world.now() + HOUR }
  const made = await world.as(world.ben)('/api/tokens', { method: 'POST', json })
  // The cast: the answer of our own route.
  const { token } = (await made.json()) as Made
  const ask = () => world.app.request('/api/session', { headers: { authorization: `Bearer ${token}` } })

  expect((await ask()).status).toBe(200)
  world.pass(HOUR)
  expect((await ask()).status).toBe(401)
  const late = await world.as(world.ben)('/api/tokens', { method: 'POST', json })
  expect(await late.json()).toMatchObject({ status: 422, detail: 'expiresAt must be in the future.' })
})

test('a wrong token is refused even beside a good cookie', async () => {
  const world = await openWorld()
  const headers = { authorization: 'Bearer df_wrong' }
  expect((await world.as(world.ben)('/api/session', { headers })).status).toBe(401)
  expect((await world.as(world.ben)('/api/session', { headers: { authorization: 'Basic YTpi' } })).status).toBe(401)
})
