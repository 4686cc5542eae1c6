import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { openWorld, PASSWORD, type World } from '../world.ts'

const STEP_MS = 30_000

const signIn = ({ asNobody }: World, code?: string) =>
  asNobody('/api/session', { method: 'POST', json: { email: 'ben@northwind.example', password: PASSWORD, code } })

const codeAt = (secret: string, at: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

/** Ben with a device of his own, and what it shows now. */
async function openGuarded() {
  const world = await openWorld()
  const own = world.as(world.ben)
  const begun = await own('/api/second-factor', { method: 'POST' })
  const { secret, uri } = (await begun.json()) as { secret: string; uri: string }
  const code = (later = 0) => codeAt(secret, world.now() + later)
  const on = async () => {
    const answer = await own('/api/second-factor', { method: 'PUT', json: { code: code() } })
    return ((await answer.json()) as { codes: string[] }).codes
  }
  return { ...world, world, own, uri, code, on }
}

test('signing in takes a code once a device gave its first one, and not before', async () => {
  const { world, uri, own, on, code } = await openGuarded()
  expect(uri).toMatch(/^otpauth:\/\/totp\/Downfield:ben%40northwind\.example\?issuer=Downfield&secret=[A-Z2-7]{32}&/)
  expect((await signIn(world)).status).toBe(200)
  expect((await own('/api/second-factor', { method: 'PUT', json: { code: '000000' } })).status).toBe(400)

  expect(await on()).toHaveLength(10)
  const asked = await signIn(world)
  expect(asked.status).toBe(400)
  expect(await asked.json()).toMatchObject({ errors: [{ field: 'code' }] })
  expect(asked.headers.get('set-cookie')).toBeNull()
  // The device's first code was used to switch it on.
  expect((await signIn(world, code())).status).toBe(400)
  expect((await signIn(world, code(STEP_MS))).status).toBe(200)
})

test('a code is taken once, from a clock that is half a minute off at most', async () => {
  const { world, on, code } = await openGuarded()
  await on()
  world.pass(10 * STEP_MS)
  expect((await signIn(world, code(-2 * STEP_MS))).status).toBe(400)
  expect((await signIn(world, code(2 * STEP_MS))).status).toBe(400)
  expect((await signIn(world, code(-STEP_MS))).status).toBe(200)
  expect((await signIn(world, code(-STEP_MS))).status).toBe(400)
  expect((await signIn(world, code())).status).toBe(200)
})

test('a code of paper signs in once, however it is written', async () => {
  const { world, on, own } = await openGuarded()
  const [first, second] = await on()
  expect((await signIn(world, first!.toUpperCase().replaceAll('-', ' '))).status).toBe(200)
  expect((await signIn(world, first)).status).toBe(400)
  expect((await signIn(world, second)).status).toBe(200)
  expect(await (await own('/api/second-factor')).json()).toEqual({ on: true, codesLeft: 8 })
})

test('codes can be tried as rarely as passwords', async () => {
  const { world, on } = await openGuarded()
  await on()
  const answers = []
  for (let n = 0; n < 12; n++) answers.push((await signIn(world, '123456')).status)
  expect(answers.at(-1)).toBe(429)
})

test('it takes a code to switch it off and to make new codes for paper, and those before end', async () => {
  const { world, on, own, code } = await openGuarded()
  const [old] = await on()
  expect((await own('/api/second-factor', { method: 'DELETE', json: { code: '' } })).status).toBe(400)
  const made = await own('/api/second-factor/codes', { method: 'POST', json: { code: code(STEP_MS) } })
  const { codes } = (await made.json()) as { codes: string[] }
  expect((await signIn(world, old)).status).toBe(400)
  expect((await own('/api/second-factor', { method: 'DELETE', json: { code: codes[0] } })).status).toBe(204)
  expect((await signIn(world)).status).toBe(200)
})

test('an admin takes it from who lost the device, which signs them out everywhere; nobody else does', async () => {
  const { world, on, own, ada, ben, vic, as } = await openGuarded()
  await on()
  const path = `/api/members/${ben.id}/second-factor`
  expect((await as(vic)(path, { method: 'DELETE' })).status).toBe(403)
  expect((await as(ada)(path, { method: 'DELETE' })).status).toBe(204)
  expect((await own('/api/second-factor')).status).toBe(401)
  expect((await signIn(world)).status).toBe(200)
})

test('what a device knows is sealed in the database, and codes of paper are not kept', async () => {
  const { world, on, uri } = await openGuarded()
  const codes = await on()
  const { secondFactors, recoveryCodes } = await import('../../db/schema.ts')
  const kept = JSON.stringify([
    await world.db.read.select().from(secondFactors),
    await world.db.read.select().from(recoveryCodes),
  ])
  for (const secret of [
    new URL(uri).searchParams.get('secret')!,
    ...codes,
    ...codes.map((one) => one.replaceAll('-', '')),
  ])
    expect(kept).not.toContain(secret)
})
