/** Whether what is open is enough for a goal. */
export type Coverage = {
  goalMinor: number
  wonMinor: number
  openMinor: number
  weightedMinor: number
  /** What is still to be won; null where the goal is reached. */
  neededMinor: number | null
  /** Open value for each unit that is still to be won; null where the goal is reached. */
  coverage: number | null
  weightedCoverage: number | null
  /** What the capture rate says is needed: 1 / rate. Null without one. */
  required: number | null
}

export function coverageOf(
  goalMinor: number,
  wonMinor: number,
  open: { minor: number; weightedMinor: number },
  captureRate: number | null,
): Coverage {
  const needed = goalMinor - wonMinor
  const missing = needed > 0 ? needed : null
  return {
    goalMinor,
    wonMinor,
    openMinor: open.minor,
    weightedMinor: open.weightedMinor,
    neededMinor: missing,
    coverage: missing === null ? null : open.minor / missing,
    weightedCoverage: missing === null ? null : open.weightedMinor / missing,
    required: captureRate === null || captureRate === 0 ? null : 1 / captureRate,
  }
}
