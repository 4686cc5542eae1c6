import type { Drawing, Line, Mark, Path, Words } from './drawing.ts'
import { scaleOf } from './scale.ts'

/** A share by number and by money in a part of the time; null where nothing was decided. */
export type RatePoint = {
  id: string
  label: string
  n: number
  rate: number | null
  interval: readonly [number, number] | null
  money: number | null
  /** Enough were decided for the rate to say something. */
  enough: boolean
  name: string
  href: string
}

const HEIGHT = 260
const LEFT = 56
const TOP = 12
const BOTTOM = 48
const SHARES = [0, 0.25, 0.5, 0.75, 1] as const

/** Two lines over time, the band in which the first lies with 95 % confidence, and below each point how many it is of. */
export function ratesOf(points: readonly RatePoint[], width: number): Drawing {
  const y = scaleOf(0, 1, HEIGHT - BOTTOM, TOP)
  const band = (width - LEFT) / Math.max(1, points.length)
  const x = (i: number) => LEFT + band * (i + 0.5)
  const lines: Line[] = SHARES.map((share) => ({
    x1: LEFT,
    x2: width,
    y1: y(share),
    y2: y(share),
    tone: share === 0 ? 'axis' : 'grid',
  }))
  const words: Words[] = SHARES.map((share) => ({
    x: LEFT - 8,
    y: y(share) + 4,
    words: `${share * 100}%`,
    anchor: 'end',
    weight: 'quiet',
  }))
  const marks: Mark[] = []
  for (const [i, { id, label, n, rate, interval, enough, name, href }] of points.entries()) {
    words.push({ x: x(i), y: HEIGHT - BOTTOM + 17, words: label, anchor: 'middle', weight: 'plain' })
    words.push({ x: x(i), y: HEIGHT - BOTTOM + 32, words: `n ${n}`, anchor: 'middle', weight: 'quiet' })
    if (interval)
      for (const end of interval) lines.push({ x1: x(i) - 5, x2: x(i) + 5, y1: y(end), y2: y(end), tone: 'faint' })
    if (interval) lines.push({ x1: x(i), x2: x(i), y1: y(interval[0]), y2: y(interval[1]), tone: 'faint' })
    if (rate !== null)
      marks.push({ kind: 'dot', id, tone: enough ? 'won' : 'plain', name, href, x: x(i), y: y(rate), r: 6 })
  }
  const paths: Path[] = []
  const through = (tone: Path['tone'], values: readonly (number | null)[]) => {
    for (const run of runsOf(values))
      if (run.length > 1)
        paths.push({ tone, filled: false, d: `M${run.map(([i, value]) => `${x(i)},${y(value)}`).join('L')}` })
  }
  through(
    'money',
    points.map(({ money }) => money),
  )
  through(
    'won',
    points.map(({ rate }) => rate),
  )
  return { height: HEIGHT, lines, paths, marks, words }
}

/** Stretches without a gap: a line over a time in which nothing was decided would be made up. */
export function runsOf(values: readonly (number | null)[]): [index: number, value: number][][] {
  const runs: [number, number][][] = []
  let open = false
  for (const [i, value] of values.entries()) {
    if (value === null) open = false
    else if (open) runs.at(-1)?.push([i, value])
    else {
      runs.push([[i, value]])
      open = true
    }
  }
  return runs
}
