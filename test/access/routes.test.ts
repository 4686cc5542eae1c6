import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ROLES, type Role } from '../../db/vocabulary.ts'
import { createApiToken, newApiTokenText } from '../../server/access/api-token.ts'
import type { Right } from '../../server/access/may.ts'
import { RIGHT } from '../../server/api/rule.ts'
import { openWorld, type World } from '../world.ts'

/** Written down a second time on purpose: who gets a right by mistake is found here. */
const EXPECTED: Record<Right, readonly Role[] | 'everybody'> = {
  anyone: 'everybody',
  self: ['admin', 'manager', 'member', 'viewer'],
  account: ['admin', 'manager', 'member', 'viewer'],
  read: ['admin', 'manager', 'member', 'viewer'],
  'read directory': ['admin', 'manager', 'member', 'viewer'],
  triage: ['admin', 'manager', 'member'],
  note: ['admin', 'manager', 'member'],
  reply: ['admin', 'manager', 'member'],
  'manage saved replies': ['admin', 'manager'],
  'manage pipeline': ['admin', 'manager'],
  'import proposals': ['admin', 'manager'],
  'manage desk': ['admin', 'manager'],
  'manage members': ['admin'],
  'manage mailboxes': ['admin'],
  operate: ['admin'],
}

/** What anybody may ask without signing in. A new one is a decision, so it is written here. */
const PUBLIC = [
  'GET /healthz',
  'GET /readyz',
  'GET /calendar/:file{[\\w-]{43}\\.ics}',
  'GET /api/setup',
  'POST /api/setup',
  'POST /api/session',
  'GET /api/invitation/:token',
  'POST /api/invitation/:token',
  // Outside the demo they answer 404.
  'GET /api/demo',
  'POST /api/demo/session',
]

type Route = { method: string; path: string; rights: Right[]; isFirst: boolean }

/** Each route of the app once, with the rights that its handlers name. What is in front of all routes is no route. */
function routesOf({ app }: World): Route[] {
  const handlers = app.routes.filter(({ method, path }) => !(method === 'ALL' && path === '/*'))
  const byName = Map.groupBy(handlers, ({ method, path }) => `${method} ${path}`)
  return [...byName.values()].map((chain) => {
    // The cast: a rule keeps its right under this symbol.
    const rights = chain.map(({ handler }) => (handler as { [RIGHT]?: Right })[RIGHT])
    const { method, path } = chain[0]!
    return { method, path, rights: rights.filter((right) => right !== undefined), isFirst: rights[0] !== undefined }
  })
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`

/** A request that the route matches, with ids that nothing has and an empty body. */
function requestFor({ method, path }: Route): [url: string, init: { method: string; json?: unknown }] {
  const url = path
    .replace(/:file\{[^}]*\}/, 'icon.svg')
    .replace(/:token\b/, 'no-such-token-'.repeat(3))
    .replace(/:\w+(\{[^}]*\})?\??/g, randomUUID())
    .replace('*', 'nothing')
  const asked = method === 'ALL' ? 'GET' : method
  return [url, asked === 'GET' ? { method: asked } : { method: asked, json: {} }]
}

async function statusOf(response: Response): Promise<number> {
  await response.body?.cancel()
  return response.status
}

test('every route names exactly one right, before it looks at anything', async () => {
  const routes = routesOf(await openWorld())

  expect(routes.length).toBeGreaterThan(25)
  expect(routes.filter(({ rights, isFirst }) => rights.length !== 1 || !isFirst).map(nameOf)).toEqual([])
})

test('only these routes of the API are open to anybody', async () => {
  const routes = routesOf(await openWorld())

  const open = routes.filter(({ rights, method }) => rights[0] === 'anyone' && method !== 'ALL').map(nameOf)
  const pages = ['GET /*', 'GET /assets/*', 'GET /:file{[\\w.-]+\\.(?:js|svg|png|ico|txt|webmanifest)}']
  expect(open.filter((name) => !pages.includes(name))).toEqual(PUBLIC)
})

test('without a sign-in every other route answers 401', async () => {
  const world = await openWorld()
  const found: Record<string, number> = {}

  for (const route of routesOf(world)) {
    const status = await statusOf(await world.asNobody(...requestFor(route)))
    const isOpen = route.rights[0] === 'anyone'
    if (isOpen ? status === 401 || status === 403 : status !== 401) found[nameOf(route)] = status
  }

  expect(found).toEqual({})
})

test.each(ROLES)('a role gets what it should and nothing else: %s', async (role) => {
  const world = await openWorld()
  const member = [world.ada, world.mo, world.ben, world.vic].find((one) => one.role === role)!
  const wrong: Record<string, number> = {}

  for (const route of routesOf(world)) {
    // Signed in anew each time: one of the routes signs out.
    const status = await statusOf(await world.as(member)(...requestFor(route)))
    const allowed = EXPECTED[route.rights[0]!]
    const isAllowed = allowed === 'everybody' || allowed.includes(role)
    if (isAllowed ? status === 401 || status === 403 : status !== 403) wrong[nameOf(route)] = status
  }

  expect(wrong).toEqual({})
})

test('a token that only reads changes nothing, and no token touches the account behind it', async () => {
  const world = await openWorld()
  const [readOnly, full] = [newApiTokenText(), newApiTokenText()]
  const now = world.now()
  await world.db.write(async (tx) => {
    await createApiToken(tx, world.ada, { name: 'report', readOnly: true, expiresAt: null }, readOnly, now)
    await createApiToken(tx, world.ada, { name: 'script', readOnly: false, expiresAt: null }, full, now)
  })
  const wrong: Record<string, number> = {}

  for (const route of routesOf(world)) {
    const [url, init] = requestFor(route)
    const right = route.rights[0]!
    if (right === 'anyone') continue
    for (const token of [readOnly, full]) {
      const response = await world.asNobody(url, { ...init, headers: { authorization: `Bearer ${token}` } })
      const status = await statusOf(response)
      const isAllowed = right !== 'account' && (token === full || init.method === 'GET')
      if (isAllowed ? status === 401 || status === 403 : status !== 403) wrong[`${nameOf(route)} ${token}`] = status
    }
  }

  expect(wrong).toEqual({})
})
