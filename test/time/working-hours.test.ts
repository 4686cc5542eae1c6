import { expect, test } from 'vitest'
import { usualHours, type WorkingHours, workingAgo, workingDayMs, workingMs } from '../../time/working-hours.ts'

const HOUR = 3_600_000
const at = (text: string) => Date.parse(text)
const berlin: WorkingHours = { ...usualHours('Europe/Berlin'), holidays: ['2026-12-25', '2026-12-26', '2027-01-01'] }

test.each([
  ['within a day', '2026-11-20T09:00Z', '2026-11-20T11:30Z', 2.5],
  ['before work and after it', '2026-11-20T02:00Z', '2026-11-20T22:00Z', 8],
  ['over a night', '2026-11-19T15:00Z', '2026-11-20T09:00Z', 2],
  ['over a weekend', '2026-11-20T15:00Z', '2026-11-23T09:00Z', 2],
  ['on a weekend', '2026-11-21T09:00Z', '2026-11-22T18:00Z', 0],
  ['over two weeks', '2026-11-09T08:00Z', '2026-11-23T08:00Z', 80],
  ['over a holiday', '2026-12-24T15:00Z', '2026-12-28T09:00Z', 2],
  ['on a holiday', '2026-12-25T08:00Z', '2026-12-25T12:00Z', 0],
  ['over the change to summer time', '2026-03-27T15:00Z', '2026-03-30T08:00Z', 2],
  ['over the change to winter time', '2026-10-23T14:00Z', '2026-10-26T09:00Z', 2],
  ['backwards', '2026-11-20T11:00Z', '2026-11-20T09:00Z', 0],
])('work goes on %s', (_, from, to, hours) => {
  expect(workingMs(berlin, at(from), at(to)) / HOUR).toBe(hours)
})

test('a working day is as long on the day on which the clocks change', () => {
  const always: WorkingHours = { ...berlin, days: Array.from({ length: 7 }, () => [9 * 60, 17 * 60]) }
  for (const day of ['2026-03-29', '2026-10-25', '2026-07-01'])
    expect(workingMs(always, at(`${day}T00:00Z`), at(`${day}T20:00Z`)) / HOUR).toBe(8)
})

test('so long ago is the moment since which it has been so long', () => {
  const now = at('2026-11-23T09:00Z')
  expect(workingAgo(berlin, now, 2 * HOUR)).toBe(at('2026-11-20T15:00Z'))
  for (const hours of [0.5, 1, 3, 8, 16, 40, 400]) {
    const since = workingAgo(berlin, now, hours * HOUR)!
    expect(workingMs(berlin, since, now)).toBe(hours * HOUR)
    expect(workingMs(berlin, since - 60_000, now)).toBeGreaterThanOrEqual(hours * HOUR)
  }
  // Two weeks of holidays change nothing of that.
  expect(workingMs(berlin, workingAgo(berlin, at('2027-01-04T12:00Z'), 50 * HOUR)!, at('2027-01-04T12:00Z'))).toBe(
    50 * HOUR,
  )
})

test('who never works waits for ever', () => {
  const never: WorkingHours = { ...berlin, days: Array.from({ length: 7 }, () => null) }
  expect(workingMs(never, 0, at('2026-11-23T09:00Z'))).toBe(0)
  expect(workingAgo(never, at('2026-11-23T09:00Z'), 1)).toBe(null)
  expect(workingDayMs(never)).toBe(0)
  expect(workingDayMs(berlin)).toBe(8 * HOUR)
})
