const MINUTE_MS = 60_000
/** What lies further back says little about now. */
const WINDOW_MS = 60_000

/** Measures how fast a number goes down, over the last minute. `at` is in ms, of a clock that never goes back. */
export function measurePace() {
  const seen: { at: number; toCome: number }[] = []
  return (toCome: number, at: number): number | null => {
    // Being told the same twice changes nothing.
    if (seen.at(-1)?.toCome !== toCome) seen.push({ at, toCome })
    while (seen.length > 2 && at - seen[0]!.at > WINDOW_MS) seen.shift()
    const first = seen[0]!
    const ms = at - first.at
    return ms < 1 ? null : Math.round(((first.toCome - toCome) * MINUTE_MS) / ms)
  }
}

/** How long the rest takes at this pace, in ms; none where nobody can tell. */
export function timeLeft(toCome: number, perMinute: number | null): number | null {
  if (toCome === 0) return 0
  return perMinute ? Math.ceil((toCome / perMinute) * MINUTE_MS) : null
}
