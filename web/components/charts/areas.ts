import type { Drawing, Mark, Path, Tone, Words } from './drawing.ts'
import { niceTicks, scaleOf } from './scale.ts'

/** What there was at a moment: parts that add up, in the order of the tones. */
export type Moment = { id: string; label: string; parts: readonly number[]; name: string; href: string }

const HEIGHT = 270
const LEFT = 56
const RIGHT = 14
const TOP = 14
const BOTTOM = 30
/** A narrower label would touch the next one. */
const LABEL_PX = 72
const RADIUS = 3.5

/**
 * Areas on top of each other over time, from 0; a dot at each moment stands on their sum.
 * @param words the scale's numbers in words
 */
export function areasOf(
  moments: readonly Moment[],
  tones: readonly Tone[],
  width: number,
  words: (value: number) => string,
): Drawing {
  const sums = moments.map(({ parts }) => parts.reduce((sum, one) => sum + one, 0))
  const ticks = niceTicks(0, Math.max(0, ...sums))
  const y = scaleOf(0, ticks.at(-1) ?? 1, HEIGHT - BOTTOM, TOP)
  const end = width - RIGHT
  const x = (i: number) => scaleOf(0, moments.length - 1, LEFT + RADIUS, end)(i)
  const paths: Path[] = []
  let below = moments.map(() => 0)
  for (const [k, tone] of tones.entries()) {
    const above = below.map((sum, i) => sum + (moments[i]?.parts[k] ?? 0))
    const there = above.map((value, i) => `${x(i)},${y(value)}`)
    const back = below.map((value, i) => `${x(i)},${y(value)}`).reverse()
    if (moments.length > 1) paths.push({ d: `M${[...there, ...back].join('L')}Z`, tone, filled: true })
    below = above
  }
  if (moments.length > 1)
    paths.push({ d: `M${sums.map((sum, i) => `${x(i)},${y(sum)}`).join('L')}`, tone: 'won', filled: false })
  const texts: Words[] = ticks.map((tick) => ({
    x: LEFT - 8,
    y: y(tick) + 4,
    words: words(tick),
    anchor: 'end',
    weight: 'quiet',
  }))
  // From the newest backwards, so that today has its label.
  const every = Math.max(1, Math.ceil((LABEL_PX * moments.length) / Math.max(1, end - LEFT)))
  for (let i = moments.length - 1; i >= 0; i -= every)
    if (i === moments.length - 1 || x(i) > LEFT + LABEL_PX / 2)
      texts.push({
        x: i === moments.length - 1 ? width : x(i),
        y: HEIGHT - BOTTOM + 18,
        words: moments[i]?.label ?? '',
        anchor: i === moments.length - 1 ? 'end' : 'middle',
        weight: 'plain',
      })
  return {
    height: HEIGHT,
    lines: ticks.map((tick) => ({
      x1: LEFT,
      x2: width,
      y1: y(tick),
      y2: y(tick),
      tone: tick === 0 ? 'axis' : 'grid',
    })),
    paths,
    marks: moments.map(({ id, name, href }, i): Mark => {
      return { kind: 'dot', id, tone: 'won', name, href, x: x(i), y: y(sums[i] ?? 0), r: RADIUS }
    }),
    words: texts,
  }
}
