import { expect, test } from 'vitest'
import { instantOf, offeredHour } from '../../server/proposals/deadline.ts'
import { openWorld } from '../world.ts'

test.each([
  ['2026-07-15T14:00', 'America/Denver', '2026-07-15T20:00:00.000Z'],
  ['2026-10-30T16:30', 'America/New_York', '2026-10-30T20:30:00.000Z'],
  ['2026-11-02T16:30', 'America/New_York', '2026-11-02T21:30:00.000Z'],
  ['2026-12-01T12:00', 'Europe/Berlin', '2026-12-01T11:00:00.000Z'],
])('%s in %s is %s', (local, zone, instant) => {
  expect(instantOf({ local, zone })).toEqual({ at: Date.parse(instant), precision: 'time' })
})

test('a day without an hour ends with that day, where it is meant', () => {
  expect(instantOf({ local: '2026-07-15', zone: 'America/Denver' })).toEqual({
    at: Date.parse('2026-07-16T05:59:00Z'),
    precision: 'date',
  })
  expect(offeredHour({ usFederal: true })).toBe('16:30')
  expect(offeredHour(null)).toBeNull()
})

test('a wall time that clocks show twice is the earlier one, unless somebody chooses the later, and says so', () => {
  const [first, second] = [Date.parse('2026-11-01T05:30:00Z'), Date.parse('2026-11-01T06:30:00Z')]
  const due = { local: '2026-11-01T01:30', zone: 'America/New_York' }
  expect(instantOf(due)).toEqual({
    at: first,
    precision: 'time',
    twice: {
      earlier: first,
      later: second,
      chosen: 'earlier',
      explained:
        'Clocks in America/New_York go back on 2026-11-01 and show 01:30 twice. The earlier one counts (UTC-04:00); the other would be UTC-05:00.',
    },
  })
  expect(instantOf({ ...due, choice: 'later' })).toMatchObject({ at: second, twice: { chosen: 'later' } })
})

test.each([
  [
    '2026-03-08T02:30',
    'America/New_York',
    '02:30 does not exist in America/New_York on 2026-03-08: clocks go forward over it. Did you mean 01:30 or 03:30?',
  ],
  ['2026-13-08T02:30', 'UTC', 'due.local must be a time such as 2026-07-15T14:00, or a day such as 2026-07-15.'],
  ['tomorrow', 'UTC', 'due.local must be a time such as 2026-07-15T14:00, or a day such as 2026-07-15.'],
  [
    '2026-07-15T14:00',
    'Mountain',
    'due.zone must be a time zone such as America/Denver or Europe/Berlin, not "Mountain".',
  ],
])('%s in %s is refused with a sentence', (local, zone, sentence) => {
  expect(() => instantOf({ local, zone })).toThrow(sentence)
})

test('the page asks which instant a wall time is', async () => {
  const world = await openWorld()
  const answer = await world.as(world.ben)('/api/proposals/instant?local=2026-07-15T14:00&zone=America/Denver')
  expect(await answer.json()).toEqual({ at: Date.parse('2026-07-15T20:00:00Z'), precision: 'time' })
})
