import { expect, test } from 'vitest'
import { areasOf } from '../../web/components/charts/areas.ts'
import { columnsOf } from '../../web/components/charts/columns.ts'
import { pairsOf } from '../../web/components/charts/pairs.ts'
import { niceTicks } from '../../web/components/charts/scale.ts'
import { statedOf } from '../../web/components/charts/stated.ts'
import { stripsOf } from '../../web/components/charts/strips.ts'
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

const link = { name: '', href: '' } as const

test('areas stand on each other, and each dot stands on the sum of its moment', () => {
  const drawing = areasOf(
    [
      { ...link, id: 'a', label: '1 May', parts: [100, 300] },
      { ...link, id: 'b', label: '8 May', parts: [200, 0] },
    ],
    ['commit', 'pipe'],
    600,
    String,
  )
  const [a, b] = drawing.marks
  const foot = drawing.lines.find(({ tone }) => tone === 'axis')?.y1 ?? 0
  expect((foot - (a?.y ?? 0)) / (foot - (b?.y ?? 0))).toBeCloseTo(2)
  const heightsOf = (d: string | undefined) => [...(d ?? '').matchAll(/,([\d.]+)/g)].map(([, y]) => foot - Number(y))
  const [lower, upper] = drawing.paths.map(({ d }) => heightsOf(d))
  const unit = (foot - (a?.y ?? 0)) / 400
  for (const [i, value] of [100, 200, 0, 0].entries()) expect(lower?.[i]).toBeCloseTo(value * unit)
  for (const [i, value] of [400, 200, 200, 100].entries()) expect(upper?.[i]).toBeCloseTo(value * unit)
})

test('each open proposal is a dot in the band of its stage, as far along as its days and as high as its value', () => {
  const dot = (id: string, days: number, value: number) => ({ ...link, id, days, value, tone: 'commit' as const })
  const drawing = stripsOf(
    [
      {
        label: 'Lead',
        note: '',
        usual: { days: 20, words: '20 d' },
        dots: [dot('a', 0, 0), dot('b', 10, 50), dot('c', 20, 100)],
      },
      { label: 'Writing', note: '', usual: undefined, dots: [dot('d', 20, 0)] },
    ],
    900,
  )
  const [a, b, c, d] = drawing.marks
  expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo((c?.x ?? 0) - (b?.x ?? 0))
  expect((a?.y ?? 0) - (b?.y ?? 0)).toBeCloseTo((b?.y ?? 0) - (c?.y ?? 0))
  expect(d?.x).toBe(c?.x)
  expect(d?.y).toBeGreaterThan(a?.y ?? 0)
  expect(drawing.lines.find(({ tone }) => tone === 'goal')?.x1).toBe(c?.x)
})

test('bars beside each other are as long as their values, and what is nothing can still be seen and opened', () => {
  const bar = (id: string, value: number) => ({ ...link, id, value, tone: 'won' as const, words: '' })
  const drawing = pairsOf([{ label: 'Q1', note: '', bars: [bar('a', 400), bar('b', 100), bar('c', 0)] }], 500, String)
  const [a, b, c] = drawing.marks.map((mark) => (mark.kind === 'bar' ? mark.height : 0))
  expect(a).toBeCloseTo(4 * (b ?? 0))
  expect(c).toBeGreaterThan(0)
})

test('a band of which as many were won as was said lies on the diagonal, and one that nobody decided has no dot', () => {
  const band = { ...link, n: 10, interval: null }
  const drawing = statedOf(
    [
      { ...band, id: 'a', from: 0, to: 20, n: 0, rate: null },
      { ...band, id: 'b', from: 60, to: 80, rate: 0.7 },
    ],
    600,
  )
  const diagonal = drawing.lines.find(({ tone }) => tone === 'goal')!
  const share = ((drawing.marks[0]?.x ?? 0) - diagonal.x1) / (diagonal.x2 - diagonal.x1)
  expect(drawing.marks.map(({ id }) => id)).toEqual(['b'])
  expect(drawing.marks[0]?.y).toBeCloseTo(diagonal.y1 + share * (diagonal.y2 - diagonal.y1))
})
