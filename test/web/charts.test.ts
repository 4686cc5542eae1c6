import { expect, test } from 'vitest'
import { columnsOf } from '../../web/components/charts/columns.ts'
import { niceTicks } from '../../web/components/charts/scale.ts'
import { csvText } from '../../web/components/charts/table.ts'
import { fallOf, STEPS } from '../../web/components/charts/waterfall.ts'

test('a scale has round numbers, 0 among them, and room for all that it shows', () => {
  expect(niceTicks(0, 986_000)).toEqual([0, 250_000, 500_000, 750_000, 1_000_000])
  expect(niceTicks(-120, 80)).toEqual([-150, -100, -50, 0, 50, 100])
  expect(niceTicks(0, 0)).toEqual([0, 1])
  expect(niceTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1])
})

test('each bar of a waterfall goes on where the one before it ended, and the last ends at the closing total', () => {
  const nothing = Object.fromEntries(STEPS.map(([step]) => [step, 0])) as Parameters<typeof fallOf>[1]
  const fall = fallOf(850_000, {
    ...nothing,
    new: 280_000,
    decreased: 10_000,
    won: 170_000,
    lost: 270_000,
    cancelled: 30_000,
    pushedOut: 400_000,
  })
  const bars = [...fall.values()]
  for (const [i, { from }] of bars.entries()) expect(from).toBe(i === 0 ? 850_000 : bars[i - 1]?.to)
  expect(fall.get('won')).toEqual({ from: 1_120_000, to: 950_000 })
  expect(bars.at(-1)?.to).toBe(250_000)
})

test('columns are as long as their values, stand on 0, and what stands on another begins where that ends', () => {
  const piece = { tone: 'won', name: '', href: '' } as const
  const drawing = columnsOf(
    [
      {
        label: 'Dec',
        pieces: [
          { ...piece, id: 'a', from: 0, to: 100 },
          { ...piece, id: 'b', from: 100, to: 400 },
        ],
      },
      { label: 'Jan', pieces: [{ ...piece, id: 'c', from: 0, to: 200 }] },
    ],
    656,
    262,
    String,
  )
  const bars = new Map(drawing.marks.map((mark) => [mark.id, mark.kind === 'bar' ? mark : undefined]))
  const [a, b, c] = ['a', 'b', 'c'].map((id) => bars.get(id))
  // 400 are 200 px: from 22 px at the top to 40 px above the foot.
  expect([a?.height, b?.height, c?.height]).toEqual([50, 150, 100])
  expect([(a?.y ?? 0) + 50, b && b.y + b.height, (c?.y ?? 0) + 100]).toEqual([222, a?.y, 222])
  expect(c && a && c.x - a.x).toBe(300)
})

test('a report as CSV has plain numbers, says the currency, and runs no formula', () => {
  const text = csvText(
    {
      head: [
        { label: 'Reason', kind: 'text' },
        { label: 'Value', kind: 'money' },
        { label: 'Share', kind: 'share' },
        { label: 'Proposals', kind: 'count' },
      ],
      rows: [
        [{ value: '=HYPERLINK("x")' }, { value: 20_000_050 }, { value: 0.741 }, { value: 1, ids: ['a'] }],
        [{ value: 'Price, too high' }, { value: -7_000_000 }, { value: null }, { value: 12_000 }],
      ],
    },
    'USD',
  )
  expect(text).toBe(
    '\uFEFFReason,Value (USD),Share,Proposals\r\n' +
      '"\'=HYPERLINK(""x"")",200000.50,0.741,1\r\n' +
      '"Price, too high",-70000,,12000\r\n',
  )
})
