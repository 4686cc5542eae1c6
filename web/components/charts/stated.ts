import type { Drawing, Line, Mark, Words } from './drawing.ts'
import { scaleOf } from './scale.ts'

/** Those of whom a probability in a band was stated, and the share of them that came true. */
export type Band = {
  id: string
  from: number
  to: number
  n: number
  rate: number | null
  interval: readonly [number, number] | null
  name: string
  href: string
}

const HEIGHT = 300
const LEFT = 56
const RIGHT = 14
const TOP = 14
const BOTTOM = 62
const MAX_WIDTH = 640
const SHARES = [0, 0.25, 0.5, 0.75, 1] as const

/** What happened over what was stated: on the diagonal both are the same. Each dot has its 95 % interval. */
export function statedOf(bands: readonly Band[], width: number): Drawing {
  const end = Math.min(width, MAX_WIDTH) - RIGHT
  const y = scaleOf(0, 1, HEIGHT - BOTTOM, TOP)
  const x = scaleOf(0, 100, LEFT, end)
  const lines: Line[] = SHARES.map((share) => ({
    x1: LEFT,
    x2: end,
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
  lines.push({ x1: x(0), y1: y(0), x2: x(100), y2: y(1), tone: 'goal' })
  words.push({ x: end, y: HEIGHT - 8, words: 'probability at submission', anchor: 'end', weight: 'quiet' })
  const marks: Mark[] = []
  for (const { id, from, to, n, rate, interval, name, href } of bands) {
    const middle = x((from + to) / 2)
    words.push({ x: middle, y: HEIGHT - BOTTOM + 17, words: `${from}–${to}%`, anchor: 'middle', weight: 'plain' })
    words.push({ x: middle, y: HEIGHT - BOTTOM + 32, words: `n ${n}`, anchor: 'middle', weight: 'quiet' })
    if (rate === null) continue
    if (interval) {
      for (const one of interval) lines.push({ x1: middle - 5, x2: middle + 5, y1: y(one), y2: y(one), tone: 'faint' })
      lines.push({ x1: middle, x2: middle, y1: y(interval[0]), y2: y(interval[1]), tone: 'faint' })
    }
    marks.push({ kind: 'dot', id, tone: 'won', name, href, x: middle, y: y(rate), r: 6 })
  }
  return { height: HEIGHT, lines, paths: [], marks, words }
}
