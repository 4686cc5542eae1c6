import { expect, test } from 'vitest'
import { PER_ACCOUNT, PER_ADDRESS } from '../../server/access/attempt.ts'
import { ROTATE_MS } from '../../server/access/session.ts'
import { openWorld, PASSWORD, type World } from '../world.ts'

const MINUTE = 60_000

const signIn = ({ asNobody }: World, email: string, password: string, headers = {}) =>
  asNobody('/api/session', { method: 'POST', json: { email, password }, headers })

/** What a browser would send back. */
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''

test('who signs in with address and password is known from then on, until they sign out', async () => {
  const world = await openWorld()
  const { app, ben, desk } = world

  const answer = await signIn(world, ' Ben@Northwind.example ', PASSWORD)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('set-cookie')).toMatch(
    /^downfield_session=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const cookie = cookieOf(answer)

  const me = await app.request('/api/session', { headers: { cookie } })
  const { passwordHash: _, ...member } = ben
  expect(await me.json()).toEqual({
    member: { ...member, teamIds: [desk.id] },
    rights: ['anyone', 'self', 'account', 'read', 'read directory', 'triage', 'note', 'reply'],
    heldMs: 10_000,
  })

  const out = await world.asNobody('/api/session', { method: 'DELETE', headers: { cookie } })
  expect(out.status).toBe(204)
  expect(out.headers.get('set-cookie')).toMatch(/^downfield_session=; Max-Age=0; Path=\//)
  expect((await app.request('/api/session', { headers: { cookie } })).status).toBe(401)
})

test('a wrong password, an unknown address and a disabled account get the same answer', async () => {
  const world = await openWorld()
  await world.as(world.ada)(`/api/members/${world.vic.id}`, { method: 'PATCH', json: { disabled: true } })

  const answers = [
    await signIn(world, 'ben@northwind.example', 'not the password'),
    await signIn(world, 'nobody@northwind.example', PASSWORD),
    await signIn(world, 'not an address', PASSWORD),
    await signIn(world, 'vic@northwind.example', PASSWORD),
  ]

  for (const answer of answers) {
    expect(answer.status).toBe(401)
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not signed in',
      status: 401,
      detail: 'No account has this address and this password.',
    })
  }
})

test('behind TLS the cookie is secure and bound to the host', async () => {
  const world = await openWorld({ env: { DOWNFIELD_URL: 'https://downfield.example.org' } })
  const answer = await signIn(world, 'ben@northwind.example', PASSWORD)
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-downfield_session=[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const me = await world.app.request('/api/session', { headers: { cookie: cookieOf(answer) } })
  expect(me.status).toBe(200)
})

test('signing in again in the same browser ends the session before', async () => {
  const world = await openWorld()
  const first = cookieOf(await signIn(world, 'ben@northwind.example', PASSWORD))
  await signIn(world, 'ben@northwind.example', PASSWORD, { cookie: first })
  expect((await world.app.request('/api/session', { headers: { cookie: first } })).status).toBe(401)
})

test('the new token of an hourly change reaches the browser as a cookie', async () => {
  const world = await openWorld()
  const cookie = cookieOf(await signIn(world, 'ben@northwind.example', PASSWORD))
  world.pass(ROTATE_MS)

  const answer = await world.app.request('/api/session', { headers: { cookie } })
  const next = cookieOf(answer)
  expect(next).toMatch(/^downfield_session=[\w-]{43}$/)
  expect(next).not.toBe(cookie)
  world.pass(5 * MINUTE)
  expect((await world.app.request('/api/session', { headers: { cookie } })).status).toBe(401)
  expect((await world.app.request('/api/session', { headers: { cookie: next } })).status).toBe(200)
})

test('an account can be tried so often, then even the right password has to wait', async () => {
  const world = await openWorld()
  for (let n = 0; n < PER_ACCOUNT; n++) await signIn(world, 'ben@northwind.example', 'wrong again')

  const refused = await signIn(world, 'ben@northwind.example', PASSWORD)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(14 * 60)
  expect(await refused.json()).toMatchObject({ detail: 'Too many attempts. Try again in 15 minutes.' })
  expect((await signIn(world, 'mo@northwind.example', PASSWORD)).status).toBe(200)

  world.pass(15 * MINUTE)
  expect((await signIn(world, 'ben@northwind.example', PASSWORD)).status).toBe(200)
})

test('a success clears what was counted for the account', async () => {
  const world = await openWorld()
  for (let n = 0; n < PER_ACCOUNT - 1; n++) await signIn(world, 'ben@northwind.example', 'wrong again')
  expect((await signIn(world, 'ben@northwind.example', PASSWORD)).status).toBe(200)
  expect((await signIn(world, 'ben@northwind.example', 'wrong again')).status).toBe(401)
  expect((await signIn(world, 'ben@northwind.example', PASSWORD)).status).toBe(200)
})

test('one address can try so many accounts; a proxy of ours says which address it is', async () => {
  const world = await openWorld({ env: { DOWNFIELD_TRUST_PROXY: 'true' } })
  // What the client claims comes first, what our proxy adds comes last.
  const from = (address: string) => ({ 'x-forwarded-for': `198.51.100.1, ${address}` })
  for (let n = 0; n < PER_ADDRESS; n++) {
    await signIn(world, `guess-${n}@northwind.example`, 'x', from('192.0.2.66'))
  }

  expect((await signIn(world, 'ben@northwind.example', PASSWORD, from('192.0.2.66'))).status).toBe(429)
  expect((await signIn(world, 'ben@northwind.example', PASSWORD, from('192.0.2.67'))).status).toBe(200)
})

test('a member sees where they are signed in, and signs out there', async () => {
  const world = await openWorld({ env: { DOWNFIELD_TRUST_PROXY: 'true' } })
  const phone = { 'user-agent': 'Phone', 'x-forwarded-for': '192.0.2.9' }
  const elsewhere = cookieOf(await signIn(world, 'ben@northwind.example', PASSWORD, phone))
  const ben = world.as(world.ben)

  // The cast: the answer of our own route.
  const list = (await (await ben('/api/sessions')).json()) as { id: string; userAgent: string; isCurrent: boolean }[]
  expect(list.map(({ userAgent, isCurrent }) => ({ userAgent, isCurrent }))).toEqual(
    expect.arrayContaining([
      { userAgent: 'Phone', isCurrent: false },
      { userAgent: 'test', isCurrent: true },
    ]),
  )
  expect(Object.keys(list[0]!).sort()).toEqual(['address', 'createdAt', 'id', 'isCurrent', 'lastSeenAt', 'userAgent'])

  const other = list.find(({ isCurrent }) => !isCurrent)!
  expect((await world.as(world.mo)(`/api/sessions/${other.id}`, { method: 'DELETE' })).status).toBe(404)
  expect((await ben(`/api/sessions/${other.id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await world.app.request('/api/session', { headers: { cookie: elsewhere } })).status).toBe(401)
  expect((await ben('/api/session')).status).toBe(200)
})

test('changing the password signs out everywhere else', async () => {
  const world = await openWorld()
  const elsewhere = cookieOf(await signIn(world, 'ben@northwind.example', PASSWORD))
  const ben = world.as(world.ben)
  const json = { current: PASSWORD, password: 'nine lives of a cat' }

  expect((await ben('/api/password', { method: 'PUT', json })).status).toBe(204)

  expect((await ben('/api/session')).status).toBe(200)
  expect((await world.app.request('/api/session', { headers: { cookie: elsewhere } })).status).toBe(401)
  expect((await signIn(world, 'ben@northwind.example', PASSWORD)).status).toBe(401)
  expect((await signIn(world, 'ben@northwind.example', 'nine lives of a cat')).status).toBe(200)
})

test('the password stays where the current one is wrong or the new one weak', async () => {
  const world = await openWorld()
  const ben = world.as(world.ben)
  const put = (current: string, password: string) =>
    ben('/api/password', { method: 'PUT', json: { current, password } })

  expect((await put('not mine', 'nine lives of a cat')).status).toBe(403)
  const weak = await put(PASSWORD, 'Password123')
  expect(weak.status).toBe(400)
  const message = 'password is among the first that attackers try. Choose a few words that do not belong together.'
  expect(await weak.json()).toMatchObject({ errors: [{ field: 'password', message }] })
  expect((await signIn(world, 'ben@northwind.example', PASSWORD)).status).toBe(200)
})
