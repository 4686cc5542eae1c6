import { expect, test } from 'vitest'
import { type Marker, placeOnField, type Spot } from '../../web/field-layout.ts'

/** Markers as a pipeline has them: on the probabilities of stages, of any size. Always the same. */
function markers(n: number): Marker[] {
  let seed = 7
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const stages = [10, 20, 40, 60, 80]
  return Array.from({ length: n }, (_, index) => ({
    id: String(index),
    position: stages[Math.floor(random() * 5)]!,
    before: random() < 0.3 ? stages[Math.floor(random() * 5)]! : null,
    worth: random() < 0.1 ? null : Math.round(random() * 1e8),
    label: 'Dispatch console replacement'.slice(0, 6 + Math.floor(random() * 22)),
  }))
}

const GAP = 6
const nameOf = ({ x, y, r, label, labelWidth }: Spot) => {
  const left = label === 'right' ? x + r + GAP : x - r - GAP - labelWidth
  return { left, right: left + labelWidth, top: y - 8, bottom: y + 8 }
}
type Box = ReturnType<typeof nameOf>
const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

test.each([5, 24, 80, 150])(
  'of %i proposals no name lies on another or under a disc, and none leaves the field',
  (n) => {
    const spots = placeOnField(markers(n), 1_000, 300)
    const names = spots.filter(({ label }) => label !== 'none').map(nameOf)

    expect(spots).toHaveLength(n)
    expect(names.length).toBeGreaterThan(Math.min(n, 10) / 2)
    expect(names.filter((one, i) => names.some((other, k) => k > i && meet(one, other)))).toEqual([])
    const onNames = spots.filter(({ x, y, r }) =>
      names.some((name) => meet({ left: x - r + 1, right: x + r - 1, top: y - r + 1, bottom: y + r - 1 }, name)),
    )
    expect(onNames).toEqual([])
    expect(names.filter(({ left, right }) => left < 0 || right > 1_000)).toEqual([])
    expect(spots.filter(({ x, y, r }) => x - r < 0 || x + r > 1_000 || y - r < 0 || y + r > 300)).toEqual([])
  },
)

test('what is worth more is larger, what is worth nothing known is still seen', () => {
  const at = { position: 50, before: null, label: 'a' }
  const spots = placeOnField(
    [
      { ...at, id: 'small', worth: 1 },
      { ...at, id: 'big', worth: 100 },
      { ...at, id: 'unknown', worth: null },
    ],
    800,
    200,
  )
  const radius = Object.fromEntries(spots.map(({ id, r }) => [id, r]))
  expect(radius.big).toBeGreaterThan(radius.small!)
  expect(radius.unknown).toBe(5)
})
