import { expect, test } from 'vitest'
import { sessions } from '../../db/schema.ts'
import { findApiToken } from '../../server/access/api-token.ts'
import { pruneAccess } from '../../server/access/prune.ts'
import { findSession, GRACE_MS, IDLE_MS, LIFETIME_MS, ROTATE_MS, startSession } from '../../server/access/session.ts'
import { hashToken } from '../../server/access/token.ts'
import { openWorld } from '../world.ts'

const origin = { address: '192.0.2.7', userAgent: 'Firefox' }
const START = 1_800_000_000_000
const TOKEN = 'a-token-of-a-test'

/** A world in which Ben signed in at START. */
async function signedIn() {
  const world = await openWorld()
  const { db, secrets, ben } = world
  await db.write((tx) => startSession(tx, ben, TOKEN, origin, START))
  return { ...world, find: (token: string, now: number) => findSession(db, secrets, token, now) }
}

test('only the hash of a token is stored', async () => {
  const { db } = await signedIn()
  const [row] = await db.read.select().from(sessions)
  expect(row).toMatchObject({ tokenHash: hashToken(TOKEN), previousTokenHash: null, ...origin })
  expect(JSON.stringify(row)).not.toContain(TOKEN)
})

test('after an hour the next request gets a new token, and the old one is good for a minute', async () => {
  const { ben, find } = await signedIn()
  const later = START + ROTATE_MS

  expect((await find(TOKEN, later - 1))?.token).toBeUndefined()
  const rotated = await find(TOKEN, later)
  expect(rotated?.member.id).toBe(ben.id)
  expect(rotated?.token).toMatch(/^[\w-]{43}$/)

  // The same new token again, for a request that was under way or whose answer was lost.
  expect((await find(TOKEN, later + GRACE_MS - 1))?.token).toBe(rotated?.token)
  expect(await find(TOKEN, later + GRACE_MS)).toBeUndefined()
  expect((await find(rotated!.token!, later + GRACE_MS))?.member.id).toBe(ben.id)
})

test('requests that come together when the token is due end up with the same new one', async () => {
  const { find } = await signedIn()
  const all = await Promise.all(Array.from({ length: 5 }, () => find(TOKEN, START + ROTATE_MS)))
  expect(new Set(all.map((found) => found?.token)).size).toBe(1)
  expect((await find(all[0]!.token!, START + ROTATE_MS + 1))?.session.previousTokenHash).toBe(hashToken(TOKEN))
})

test('a session that nobody uses ends, and one that is used ends after its lifetime', async () => {
  const { find } = await signedIn()
  expect(await find(TOKEN, START + IDLE_MS)).toBeUndefined()

  let token = TOKEN
  let now = START
  for (; now + IDLE_MS / 2 < START + LIFETIME_MS; now += IDLE_MS / 2) token = (await find(token, now))?.token ?? token
  expect(await find(token, START + LIFETIME_MS - 1)).toBeDefined()
  expect(await find(token, START + LIFETIME_MS)).toBeUndefined()
})

test('what is over is forgotten, and nothing else', async () => {
  const { db, ben } = await signedIn()
  await db.write((tx) => startSession(tx, ben, 'another-token', origin, START + IDLE_MS))
  await pruneAccess(db, START + IDLE_MS + 1)
  const left = await db.read.select({ tokenHash: sessions.tokenHash }).from(sessions)
  expect(left).toEqual([{ tokenHash: hashToken('another-token') }])
})

test('a token that nobody was given opens nothing', async () => {
  const { find } = await signedIn()
  expect(await find('another-token', START)).toBeUndefined()
  expect(await find(hashToken(TOKEN), START)).toBeUndefined()
})

test('finding out who asks is a look into an index, for the current token, the one before and an API token', async () => {
  const { db, queries, find } = await signedIn()
  queries.length = 0
  await find('another-token', START)
  await findApiToken(db, 'df_another-token', START)

  // The feed of events reads beside us.
  const asked = queries.filter(({ statement }) => /from "(sessions|api_tokens)"/.test(statement))
  const plans = await Promise.all(asked.map(({ statement, parameters }) => db.explain(statement, parameters)))
  expect(plans).toHaveLength(3)
  for (const plan of plans) expect(plan).not.toMatch(/^SCAN|Seq Scan/m)
})
