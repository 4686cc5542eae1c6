const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
/** The hours of the server's own clock in which nobody works, as a rule. */
const NIGHT = { from: 1, to: 5 }

/**
 * Whether it is time to compare a folder with what is stored of it: once a night, and by day where a night was missed.
 * @param checkedAt when that was done last; none: never, and what is there came in just now
 */
export function isCheckDue(checkedAt: number | null, now: number): boolean {
  if (checkedAt === null) return true
  const age = now - checkedAt
  // A clock that was set back must not put it off for long.
  if (age < -HOUR_MS) return true
  const hour = new Date(now).getHours()
  const isNight = hour >= NIGHT.from && hour < NIGHT.to
  return age >= DAY_MS + 6 * HOUR_MS || (isNight && age >= DAY_MS / 2)
}
