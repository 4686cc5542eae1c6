import type { Drawing, Line, Mark, Tone, Words } from './drawing.ts'
import { fitted, niceTicks, scaleOf } from './scale.ts'

/** Bars that are compared with each other. */
export type Pair = {
  label: string
  /** Below the label. */
  note: string
  bars: readonly { id: string; value: number; tone: Tone; name: string; href: string; words: string }[]
}

const HEIGHT = 270
const LEFT = 56
const TOP = 22
const BOTTOM = 46
const MAX_BAR = 52
const GAP = 3
/** A narrower value above a bar would touch its neighbour's. */
const MIN_FOR_VALUE = 44
const MIN_PX = 1.5

/** Bars side by side, in groups with a label, on a scale that begins at 0. */
export function pairsOf(pairs: readonly Pair[], width: number, words: (value: number) => string): Drawing {
  const ticks = niceTicks(0, Math.max(0, ...pairs.flatMap(({ bars }) => bars.map(({ value }) => value))))
  const y = scaleOf(0, ticks.at(-1) ?? 1, HEIGHT - BOTTOM, TOP)
  const band = (width - LEFT) / Math.max(1, pairs.length)
  const lines: Line[] = ticks.map((tick) => ({
    x1: LEFT,
    x2: width,
    y1: y(tick),
    y2: y(tick),
    tone: tick === 0 ? 'axis' : 'grid',
  }))
  const texts: Words[] = ticks.map((tick) => ({
    x: LEFT - 8,
    y: y(tick) + 4,
    words: words(tick),
    anchor: 'end',
    weight: 'quiet',
  }))
  const marks: Mark[] = []
  for (const [i, { label, note, bars }] of pairs.entries()) {
    const bar = Math.min(MAX_BAR, (band * 0.72) / bars.length)
    const middle = LEFT + band * (i + 0.5)
    for (const [k, one] of bars.entries()) {
      const left = middle + (k - bars.length / 2) * bar
      const top = Math.min(y(one.value), y(0) - MIN_PX)
      const { id, tone, name, href } = one
      marks.push({ kind: 'bar', id, tone, name, href, x: left, y: top, width: bar - GAP, height: y(0) - top })
      if (bar >= MIN_FOR_VALUE)
        texts.push({
          x: left + (bar - GAP) / 2,
          y: top - 6,
          words: one.words,
          anchor: 'middle',
          weight: 'strong',
        })
    }
    texts.push({ x: middle, y: HEIGHT - BOTTOM + 17, words: fitted(label, band), anchor: 'middle', weight: 'plain' })
    texts.push({ x: middle, y: HEIGHT - BOTTOM + 32, words: fitted(note, band), anchor: 'middle', weight: 'quiet' })
  }
  return { height: HEIGHT, lines, paths: [], marks, words: texts }
}
