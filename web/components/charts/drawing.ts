// What a chart is made of, as plain data: each chart is a pure function from its numbers and a width to this, and
// one component draws them all (chart.tsx).

/** The job of a colour; styles/reports.css gives each its tokens. */
export type Tone =
  | 'won'
  | 'commit'
  | 'best'
  | 'pipe'
  | 'overdue'
  | 'plain'
  | 'lost'
  | 'up'
  | 'down'
  | 'total'
  | 'grid'
  | 'axis'
  | 'goal'
  | 'range'
  | 'money'
  | 'faint'
  | 'break'

/** Something with a number: it has a name, can have the focus, and opens the proposals that it is made of. */
export type Mark = {
  id: string
  tone: Tone
  /** What a screen reader says and the tooltip shows. */
  name: string
  href: string
} & (
  | { kind: 'bar'; x: number; y: number; width: number; height: number }
  | { kind: 'dot'; x: number; y: number; r: number }
)

export type Line = { x1: number; y1: number; x2: number; y2: number; tone: Tone }
export type Path = { d: string; tone: Tone; filled: boolean }
export type Words = {
  x: number
  y: number
  words: string
  anchor: 'start' | 'middle' | 'end'
  /** `strong` for what is the number itself, `quiet` for scales. */
  weight: 'strong' | 'plain' | 'quiet'
}

export type Drawing = { height: number; lines: Line[]; paths: Path[]; marks: Mark[]; words: Words[] }
