import { expect, test } from 'vitest'
import {
  BATCH_BYTES,
  BATCH_MAILS,
  isHopeless,
  NOT_STUCK,
  nextBatch,
  stuckAt,
} from '../../server/mail/fetch/fetch-batch.ts'

const mails = (...sizes: number[]) => sizes.map((size, i) => ({ uid: i + 1, size }))
const many = mails(...Array.from({ length: 1_000 }, () => 10))

test('a batch is bounded by number and by bytes, and has at least one mail', () => {
  expect(nextBatch(many, NOT_STUCK)).toEqual(many.slice(0, BATCH_MAILS))
  const half = BATCH_BYTES / 2
  expect(nextBatch(mails(half, half, 1), NOT_STUCK)).toHaveLength(2)
  expect(nextBatch(mails(BATCH_BYTES * 3, 1), NOT_STUCK)).toHaveLength(1)
  expect(nextBatch([], NOT_STUCK)).toEqual([])
})

test('the one mail over which a server ends the connection is found and passed over, and no other', () => {
  const poison = 123
  let stuck = NOT_STUCK
  let rest = many
  let broken = 0
  const passedOver: number[] = []
  while (rest.length > 0) {
    const batch = nextBatch(rest, stuck)
    const uids = batch.map(({ uid }) => uid)
    const hopeless = isHopeless(uids, stuck)
    if (hopeless) passedOver.push(...uids)
    if (!hopeless && uids.includes(poison)) {
      stuck = stuckAt(uids, stuck)
      broken++
    } else rest = rest.slice(batch.length)
  }
  expect(passedOver).toEqual([poison])
  expect(broken).toBeLessThan(12)
})

test('a network that fails now and then passes over nothing', () => {
  let stuck = NOT_STUCK
  for (const uid of [1, 1, 40, 40, 40, 300, 900]) {
    const uids = nextBatch(many.slice(uid - 1), stuck).map(({ uid }) => uid)
    expect(isHopeless(uids, stuck)).toBe(false)
    stuck = stuckAt(uids, stuck)
  }
})
