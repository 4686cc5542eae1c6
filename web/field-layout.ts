// Where proposals stand on the field: across by probability, up and down wherever there is room. Computed, not drawn.

export type Marker = {
  id: string
  /** Percent. */
  position: number
  /** Where it was; null: it is new. */
  before: number | null
  /** Minor units of the reporting currency; null where unknown. */
  worth: number | null
  label: string
}

export type Spot = {
  id: string
  /** The middle of the disc, and its radius, in px. */
  x: number
  y: number
  r: number
  /** Where the trail begins, in px; none where it did not move. */
  from: number | null
  /** On which side its name stands; none where there is no room for it. */
  label: 'right' | 'left' | 'none'
  labelWidth: number
}

const LEAST_R = 5
const MOST_R = 15
/** Between a disc and its name, and between anything and anything. */
const GAP = 6
const LABEL_H = 16
/** About what a letter of a name takes, at 11.5 px. */
const LETTER_PX = 6.3
const MAX_LETTERS = 26
/** Tops and bottoms are kept free, for the percents at the bottom. */
const TOP = 12
const BOTTOM = 26
const LANE = 7
/** So much of a trail can hardly be seen. */
const FADES = 0.35

type Box = { left: number; right: number; top: number; bottom: number }

/** How wide a name is beside a disc; what is longer is cut there. */
const widthOf = (name: string): number => Math.ceil(Math.min(name.length, MAX_LETTERS) * LETTER_PX)

/**
 * Places markers, the largest first: each where neither disc nor name nor trail lies on another's. Where there is no
 * room for a name it is left out, and told when one points at the disc.
 * @param width of the field from 0 to 100 %, in px
 */
export function placeOnField(markers: readonly Marker[], width: number, height: number): Spot[] {
  const most = Math.max(1, ...markers.map(({ worth }) => worth ?? 0))
  const largestFirst = markers.toSorted((a, b) => (b.worth ?? 0) - (a.worth ?? 0) || (a.id < b.id ? -1 : 1))
  const taken: Box[] = []
  const names: Box[] = []
  const spots = largestFirst.map((marker, index): Spot => {
    // The area of a disc is its value, as far as it can still be seen.
    const r = LEAST_R + (MOST_R - LEAST_R) * Math.sqrt((marker.worth ?? 0) / most)
    const x = Math.min(width - r - 2, Math.max(r + 2, (marker.position / 100) * width))
    const moved = marker.before !== null && marker.before !== marker.position
    const from = moved ? ((marker.before ?? 0) / 100) * width : null
    const labelWidth = widthOf(marker.label)
    const lanes = lanesOf(height, r, index)
    for (const label of ['right', 'left', 'none'] as const) {
      const isWide =
        label === 'right' ? x + r + GAP + labelWidth > width : label === 'left' && x - r - GAP - labelWidth < 0
      if (isWide) continue
      // A name on the left would lie on its own trail that comes from there.
      if (label === 'left' && from !== null && from < x) continue
      if (label === 'right' && from !== null && from > x) continue
      for (const y of lanes) {
        const boxes = boxesOf({ x, y, r, from, label, labelWidth })
        if (boxes.some((box) => taken.some((other) => meet(box, other)))) continue
        taken.push(...boxes)
        if (label !== 'none') names.push(boxes.at(-1)!)
        return { id: marker.id, x, y, r, from, label, labelWidth }
      }
    }
    // More than the field holds: discs lie on discs and trails, but as long as it can be on no name.
    const y = lanes.find((lane) => !names.some((name) => meet(discOf(x, lane, r), name))) ?? lanes[0] ?? height / 2
    return { id: marker.id, x, y, r, from: null, label: 'none', labelWidth }
  })
  // A name that a disc came to lie on can't be read.
  const discs = spots.map(({ x, y, r }) => discOf(x, y, r))
  return spots.map((spot, own) => {
    if (spot.label === 'none') return spot
    const name = boxesOf(spot).at(-1)!
    return discs.some((disc, other) => other !== own && meet(disc, name)) ? { ...spot, label: 'none' } : spot
  })
}

/** The heights to try, from a starting point that differs from marker to marker, so that they spread. */
function lanesOf(height: number, r: number, index: number): number[] {
  const first = TOP + r
  const last = height - BOTTOM - r
  const n = Math.max(1, Math.floor((last - first) / LANE))
  const start = (0.5 + index * 0.382) % 1
  return Array.from({ length: n + 1 }, (_, k) => {
    const lane = Math.round(start * n) + (k % 2 === 0 ? k / 2 : -(k + 1) / 2)
    return first + ((((lane % (n + 1)) + n + 1) % (n + 1)) / n) * (last - first)
  })
}

function boxesOf({ x, y, r, from, label, labelWidth }: Omit<Spot, 'id'>): Box[] {
  const boxes = [discOf(x, y, r)]
  if (from !== null) {
    // A trail fades towards where it comes from: there, others may stand on it.
    const faded = from + (x - from) * FADES
    boxes.push({ left: Math.min(faded, x), right: Math.max(faded, x), top: y - 3, bottom: y + 3 })
  }
  const [top, bottom] = [y - LABEL_H / 2, y + LABEL_H / 2]
  if (label === 'right') boxes.push({ left: x + r, right: x + r + GAP + labelWidth + 4, top, bottom })
  if (label === 'left') boxes.push({ left: x - r - GAP - labelWidth - 4, right: x - r, top, bottom })
  return boxes
}

const discOf = (x: number, y: number, r: number): Box => ({
  left: x - r - 2,
  right: x + r + 2,
  top: y - r - 2,
  bottom: y + r + 2,
})

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
