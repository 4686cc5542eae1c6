import { expect, test } from 'vitest'
import { attempts } from '../../db/schema.ts'
import { clearAttempts, countAttempt, networkOf, PER_ACCOUNT, PER_ADDRESS } from '../../server/access/attempt.ts'
import { pruneAccess } from '../../server/access/prune.ts'
import { TooOften } from '../../server/errors.ts'
import { openWorld } from '../world.ts'

const QUARTER = 15 * 60_000

test('attempts that come together are all counted', async () => {
  const { db } = await openWorld()
  const many = Array.from({ length: PER_ACCOUNT + 5 }, (_, n) =>
    countAttempt(db, { email: 'ben@northwind.example', address: `192.0.2.${n}` }, 1000),
  )
  const refused = (await Promise.allSettled(many)).filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(5)
})

test('the wait is what is left of the window', async () => {
  const { db } = await openWorld()
  const attempt = { email: 'ben@northwind.example', address: '192.0.2.1' }
  for (let n = 0; n < PER_ACCOUNT; n++) await countAttempt(db, attempt, 1000)
  const refused = countAttempt(db, attempt, 1000 + QUARTER - 60_000)
  await expect(refused).rejects.toEqual(new TooOften('Too many attempts. Try again in 1 minute.', 60_000))
})

test('one success gives an address one attempt back, not all', async () => {
  const { db } = await openWorld()
  const from = (n: number) => ({ email: `guess-${n}@northwind.example`, address: '192.0.2.1' })
  for (let n = 0; n < PER_ADDRESS; n++) await countAttempt(db, from(n), 1000)
  await db.write((tx) => clearAttempts(tx, from(0)))
  await countAttempt(db, from(100), 1000)
  await expect(countAttempt(db, from(101), 1000)).rejects.toThrow(TooOften)
})

test('windows that are over are forgotten, and what was typed is not stored', async () => {
  const { db } = await openWorld()
  await countAttempt(db, { email: 'a password in the wrong field', address: '192.0.2.1' }, 1000)
  expect(JSON.stringify(await db.read.select().from(attempts))).not.toContain('password')
  await pruneAccess(db, 1000 + QUARTER)
  expect(await db.read.select().from(attempts)).toEqual([])
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0001::', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
