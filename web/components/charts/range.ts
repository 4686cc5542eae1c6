import type { Drawing, Words } from './drawing.ts'
import { niceTicks, scaleOf } from './scale.ts'

const HEIGHT = 66
const MIDDLE = 24
const EDGE = 26

/** A range from low to high with its middle, what is expected, and a goal, on one line that begins at 0. */
export function rangeOf(
  range: {
    low: number
    middle: number
    high: number
    expected: number
    goal: number | undefined
    name: string
    href: string
  },
  width: number,
  words: (value: number) => string,
): Drawing {
  const { low, middle, high, expected, goal, name, href } = range
  const ticks = niceTicks(0, Math.max(high, expected, goal ?? 0), width < 500 ? 3 : 6)
  const x = scaleOf(0, ticks.at(-1) ?? 1, EDGE, width - EDGE)
  const texts: Words[] = ticks.map((tick) => ({
    x: x(tick),
    y: HEIGHT - 6,
    words: words(tick),
    anchor: 'middle',
    weight: 'quiet',
  }))
  if (goal !== undefined) texts.push({ x: x(goal), y: 10, words: 'goal', anchor: 'middle', weight: 'plain' })
  return {
    height: HEIGHT,
    lines: [
      { x1: EDGE, x2: width - EDGE, y1: HEIGHT - 22, y2: HEIGHT - 22, tone: 'axis' },
      ...ticks.map((tick) => ({ x1: x(tick), x2: x(tick), y1: HEIGHT - 22, y2: HEIGHT - 18, tone: 'axis' as const })),
      { x1: x(low), x2: x(high), y1: MIDDLE, y2: MIDDLE, tone: 'range' },
      ...[low, high].map((end) => ({ x1: x(end), x2: x(end), y1: MIDDLE - 8, y2: MIDDLE + 8, tone: 'range' as const })),
      { x1: x(expected), x2: x(expected), y1: MIDDLE - 6, y2: MIDDLE + 6, tone: 'faint' },
      ...(goal === undefined ? [] : [{ x1: x(goal), x2: x(goal), y1: 14, y2: HEIGHT - 22, tone: 'goal' as const }]),
    ],
    paths: [],
    marks: [{ kind: 'dot', id: 'middle', tone: 'total', name, href, x: x(middle), y: MIDDLE, r: 6 }],
    words: texts,
  }
}
