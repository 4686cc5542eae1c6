import type { Drawing, Line, Mark, Tone, Words } from './drawing.ts'
import { fitted, niceTicks, scaleOf } from './scale.ts'

/** A band of dots: each as far along as its days, and as high in the band as its value. */
export type Strip = {
  label: string
  note: string
  /** A line across the band at so many days. */
  usual: { days: number; words: string } | undefined
  dots: { id: string; days: number; value: number; tone: Tone; name: string; href: string }[]
}

const STRIP_PX = 78
const PADDING = 11
const RADIUS = 5
const BOTTOM = 40
/** Below this width labels stand above their bands. */
const BESIDE_FROM = 520
const ABOVE_PX = 20

/** Bands below each other on one scale of days, so that what stands out in one is seen beside the others. */
export function stripsOf(strips: readonly Strip[], width: number): Drawing {
  const beside = width >= BESIDE_FROM
  const left = beside ? Math.min(170, width * 0.22) : 10
  const right = width - 12
  const above = beside ? 0 : ABOVE_PX
  const all = strips.flatMap(({ dots }) => dots)
  const days = [...all.map((dot) => dot.days), ...strips.flatMap(({ usual }) => (usual ? [usual.days] : []))]
  const ticks = niceTicks(0, Math.max(1, ...days), width < BESIDE_FROM ? 3 : 6)
  const x = scaleOf(0, ticks.at(-1) ?? 1, left, right)
  const highest = Math.max(1, ...all.map(({ value }) => value))
  const foot = strips.length * (STRIP_PX + above)
  const lines: Line[] = ticks.map((tick) => ({ x1: x(tick), x2: x(tick), y1: 0, y2: foot, tone: 'grid' }))
  const words: Words[] = ticks.map((tick) => ({
    x: x(tick),
    y: foot + 16,
    words: String(tick),
    anchor: 'middle',
    weight: 'quiet',
  }))
  words.push({ x: right, y: foot + 33, words: 'days in the stage', anchor: 'end', weight: 'quiet' })
  const marks: Mark[] = []
  for (const [i, { label, note, usual, dots }] of strips.entries()) {
    const top = i * (STRIP_PX + above) + above
    const y = scaleOf(0, highest, top + STRIP_PX - PADDING, top + PADDING)
    lines.push({ x1: beside ? 0 : left, x2: right, y1: top + STRIP_PX, y2: top + STRIP_PX, tone: 'axis' })
    const room = beside ? left - 14 : width * 0.5
    words.push({
      x: 0,
      y: beside ? top + STRIP_PX / 2 - 3 : top - 6,
      words: fitted(label, room),
      anchor: 'start',
      weight: 'strong',
    })
    words.push({
      x: beside ? 0 : right,
      y: beside ? top + STRIP_PX / 2 + 13 : top - 6,
      words: fitted(note, room),
      anchor: beside ? 'start' : 'end',
      weight: 'quiet',
    })
    if (usual) {
      lines.push({ x1: x(usual.days), x2: x(usual.days), y1: top + 3, y2: top + STRIP_PX, tone: 'goal' })
      // Near the right end the words go to the left of their line.
      const isFar = x(usual.days) > right - usual.words.length * 6
      words.push({
        x: x(usual.days) + (isFar ? -5 : 5),
        y: top + 12,
        words: usual.words,
        anchor: isFar ? 'end' : 'start',
        weight: 'quiet',
      })
    }
    for (const { id, days, value, tone, name, href } of dots)
      marks.push({ kind: 'dot', id, tone, name, href, x: x(days), y: y(value), r: RADIUS })
  }
  return { height: foot + BOTTOM, lines, paths: [], marks, words }
}
