/** How far what comes in may lie from what is expected: a few large bids make the sum of weighted values a number that can not occur. */
export type Spread = {
  n: number
  /** The sum of weighted values. */
  meanMinor: number
  /** The standard deviation, taking the bids as independent. */
  sdMinor: number
  p10Minor: number
  p50Minor: number
  p90Minor: number
  /** The chance of at least so much, where somebody asked. */
  atLeast: { minor: number; chance: number } | null
  /** Every combination was looked at; otherwise so many were drawn. */
  exact: boolean
}

type Bid = { minor: number /** Percent. */; probability: number }
/** Outcomes of the sum, ascending, with the chance of each. */
type Distribution = { sums: Float64Array; chances: Float64Array }

/** Up to so many bids every combination is looked at. */
const MAX_EXACT = 16
const MAX_STEPS = 1_000_000
const MIN_DRAWS = 2_000
const MAX_DRAWS = 20_000
const SEED = 20_261_121

/** @param goalMinor the chance of at least so much is told along */
export function spreadOf(bids: readonly Bid[], goalMinor?: number): Spread {
  const uncertain = bids.filter(({ minor, probability }) => minor > 0 && probability > 0)
  const exact = uncertain.length <= MAX_EXACT
  const distribution = exact ? enumerated(uncertain) : drawn(uncertain)
  const mean = uncertain.reduce((sum, { minor, probability }) => sum + (minor * probability) / 100, 0)
  const variance = uncertain.reduce(
    (sum, { minor, probability: p }) => sum + minor * minor * (p / 100) * (1 - p / 100),
    0,
  )
  return {
    n: bids.length,
    meanMinor: Math.round(mean),
    sdMinor: Math.round(Math.sqrt(variance)),
    p10Minor: quantileOf(distribution, 0.1),
    p50Minor: quantileOf(distribution, 0.5),
    p90Minor: quantileOf(distribution, 0.9),
    atLeast: goalMinor === undefined ? null : { minor: goalMinor, chance: chanceOf(distribution, goalMinor) },
    exact,
  }
}

/** All sums: each bid doubles the list, and two sorted lists are merged, so nothing is sorted. */
function enumerated(bids: readonly Bid[]): Distribution {
  let sums = new Float64Array([0])
  let chances = new Float64Array([1])
  for (const { minor, probability } of bids) {
    const n = sums.length
    const p = probability / 100
    const nextSums = new Float64Array(n * 2)
    const nextChances = new Float64Array(n * 2)
    let without = 0
    let withIt = 0
    for (let k = 0; k < n * 2; k++) {
      if (withIt >= n || (without < n && sums[without]! <= sums[withIt]! + minor)) {
        nextSums[k] = sums[without]!
        nextChances[k] = chances[without++]! * (1 - p)
      } else {
        nextSums[k] = sums[withIt]! + minor
        nextChances[k] = chances[withIt++]! * p
      }
    }
    sums = nextSums
    chances = nextChances
  }
  return { sums, chances }
}

/** Sums drawn with a fixed seed, so that the same proposals give the same range. */
function drawn(bids: readonly Bid[]): Distribution {
  const draws = Math.max(MIN_DRAWS, Math.min(MAX_DRAWS, Math.floor(MAX_STEPS / bids.length)))
  const random = mulberry32(SEED)
  const sums = new Float64Array(draws)
  for (let i = 0; i < draws; i++) {
    let sum = 0
    for (const { minor, probability } of bids) if (random() * 100 < probability) sum += minor
    sums[i] = sum
  }
  return { sums: sums.sort(), chances: new Float64Array(draws).fill(1 / draws) }
}

/** The chances add up to 1 only as nearly as floating point goes. */
const EPSILON = 1e-9

function quantileOf({ sums, chances }: Distribution, share: number): number {
  let below = 0
  for (let i = 0; i < sums.length; i++) {
    below += chances[i]!
    if (below >= share - EPSILON) return sums[i]!
  }
  return sums.at(-1) ?? 0
}

function chanceOf({ sums, chances }: Distribution, minor: number): number {
  let chance = 0
  for (let i = 0; i < sums.length; i++) if (sums[i]! >= minor) chance += chances[i]!
  return Math.min(1, chance)
}

/** A small generator of pseudo-random numbers from 0 to below 1 (mulberry32, Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
