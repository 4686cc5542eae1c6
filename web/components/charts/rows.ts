import type { Drawing, Mark, Tone, Words } from './drawing.ts'
import { fitted, scaleOf } from './scale.ts'

export type Row = {
  label: string
  pieces: { id: string; value: number; tone: Tone; name: string; href: string }[]
  /** What is told at the right end. */
  note: string
}

const ROW_PX = 38
const BAR_PX = 20
/** Below this width labels stand above their bars. */
const BESIDE_FROM = 520
const ABOVE_PX = 20
/** Above its bar a label has at most so much of the width, and the note what is left. */
const LABEL_SHARE = 0.45

/** Bars that lie, one below the other, with their label before and a note behind. */
export function rowsOf(rows: readonly Row[], width: number): Drawing {
  const beside = width >= BESIDE_FROM
  const left = beside ? Math.min(210, width * 0.26) : 0
  const right = beside ? Math.min(250, width * 0.36) : 0
  const most = Math.max(1, ...rows.map(({ pieces }) => pieces.reduce((sum, { value }) => sum + value, 0)))
  const along = scaleOf(0, most, 0, width - left - right)
  const step = beside ? ROW_PX : ROW_PX + ABOVE_PX
  const marks: Mark[] = []
  const words: Words[] = []
  for (const [i, { label, pieces, note }] of rows.entries()) {
    const top = i * step + (beside ? (ROW_PX - BAR_PX) / 2 : ABOVE_PX + 2)
    let done = 0
    for (const { id, value, tone, name, href } of pieces) {
      if (value > 0)
        marks.push({
          kind: 'bar',
          id,
          tone,
          name,
          href,
          x: left + along(done),
          y: top,
          width: Math.max(2, along(value)),
          height: BAR_PX,
        })
      done += value
    }
    const line = beside ? top + BAR_PX / 2 + 4 : top - 7
    words.push({
      x: 0,
      y: line,
      words: fitted(label, beside ? left - 10 : width * LABEL_SHARE),
      anchor: 'start',
      weight: 'plain',
    })
    words.push({
      x: beside ? left + along(done) + 10 : width,
      y: line,
      words: beside ? note : fitted(note, width * (1.1 - Math.min(LABEL_SHARE, (label.length * 6.4) / width))),
      anchor: beside ? 'start' : 'end',
      weight: 'quiet',
    })
  }
  return { height: Math.max(1, rows.length) * step, lines: [], paths: [], marks, words }
}
