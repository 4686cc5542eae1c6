import type { Drawing, Line, Mark, Path, Tone, Words } from './drawing.ts'
import { fitted, niceTicks, scaleOf } from './scale.ts'

/** A piece of a column, from one value to another. */
export type Piece = { id: string; from: number; to: number; tone: Tone; name: string; href: string }
export type Column = {
  label: string
  /** Where the label does not fit. */
  short?: string | undefined
  pieces: Piece[]
  /** A line across the column, such as a goal. */
  line?: { at: number; tone: Tone } | undefined
  /** The value above it, in words. */
  value?: string | undefined
  /** Space before it: another group begins. */
  apart?: boolean | undefined
}

const LEFT = 56
const TOP = 22
const BOTTOM = 40
const MAX_BAR = 64
/** A narrower value above a column would touch its neighbour's. */
const MIN_FOR_VALUE = 52
const MIN_PX = 1.5

/**
 * Columns of pieces that stand on each other or hang in the air, on a scale that holds 0.
 * @param words the scale's numbers in words
 * @param joined a thin line leads from each column to the next, at the end of its last piece
 * @param floor the scale begins here instead of at 0: what comes from below is cut off, and marked so
 */
export function columnsOf(
  columns: readonly Column[],
  width: number,
  height: number,
  words: (value: number) => string,
  joined = false,
  floor = 0,
): Drawing {
  const values = columns.flatMap(({ pieces, line }) => [
    ...pieces.flatMap(({ from, to }) => [from, to]),
    ...(line ? [line.at] : []),
  ])
  const ticks =
    floor > 0
      ? niceTicks(floor, Math.max(...values), 4, true)
      : niceTicks(Math.min(0, ...values), Math.max(0, ...values))
  const foot = ticks[0] ?? 0
  const scale = scaleOf(foot, ticks.at(-1) ?? 1, height - BOTTOM, TOP)
  const y = (value: number) => scale(Math.max(foot, value))
  const gaps = columns.filter(({ apart }) => apart).length
  const band = (width - LEFT) / Math.max(1, columns.length + gaps * 0.5)
  const bar = Math.min(MAX_BAR, band * 0.68)
  const lines: Line[] = ticks.map((tick) => ({
    x1: LEFT,
    x2: width,
    y1: y(tick),
    y2: y(tick),
    tone: tick === 0 || tick === foot ? 'axis' : 'grid',
  }))
  const texts: Words[] = ticks.map((tick) => ({
    x: LEFT - 8,
    y: y(tick) + 4,
    words: words(tick),
    anchor: 'end',
    weight: 'quiet',
  }))
  const marks: Mark[] = []
  const paths: Path[] = []
  let x = LEFT
  let before: { x: number; at: number } | undefined
  for (const { label, short, pieces, line, value, apart } of columns) {
    if (apart) x += band * 0.5
    const left = x + (band - bar) / 2
    for (const { from, to, id, tone, name, href } of pieces) {
      const [top, bottom] = [Math.min(y(from), y(to)), Math.max(y(from), y(to))]
      const size = Math.max(MIN_PX, bottom - top)
      marks.push({ kind: 'bar', id, tone, name, href, x: left, y: top, width: bar, height: size })
      if (Math.min(from, to) < foot)
        paths.push({ d: breakAt(left, bar, bottom - BREAK_UP), tone: 'break', filled: false })
    }
    const end = pieces.at(-1)?.to ?? before?.at
    if (joined && before && end !== undefined)
      lines.push({ x1: before.x, x2: left, y1: y(before.at), y2: y(before.at), tone: 'axis' })
    if (end !== undefined) before = { x: left + bar, at: end }
    if (line) lines.push({ x1: x + band * 0.06, x2: x + band * 0.94, y1: y(line.at), y2: y(line.at), tone: line.tone })
    const middle = x + band / 2
    const highest = Math.max(0, ...pieces.flatMap(({ from, to }) => [from, to]))
    if (value && band >= MIN_FOR_VALUE)
      texts.push({ x: middle, y: y(highest) - 7, words: value, anchor: 'middle', weight: 'strong' })
    for (const [i, part] of linesOf(label, short, band).entries())
      texts.push({ x: middle, y: height - BOTTOM + 16 + i * 13, words: part, anchor: 'middle', weight: 'plain' })
    x += band
  }
  return { height, lines, paths, marks, words: texts }
}

const BREAK_UP = 16

/** A zigzag through a bar: it goes on further down than is shown. */
function breakAt(x: number, width: number, y: number): string {
  const step = width / 6
  return `M${x - 3},${y}${Array.from({ length: 6 }, (_, i) => `L${x + step * (i + 1)},${y + (i % 2 === 0 ? 5 : -1)}`).join('')}`
}

/** A label on one line, or on two where it does not fit. */
function linesOf(label: string, short: string | undefined, width: number): string[] {
  const [first = '', ...rest] = label.split(' ')
  const whole = fitted(label, width)
  if (whole !== label && short !== undefined) return [fitted(short, width)]
  return whole === label || rest.length === 0 ? [whole] : [fitted(first, width), fitted(rest.join(' '), width)]
}
