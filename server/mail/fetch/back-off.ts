import type { Trouble } from '../../../db/vocabulary.ts'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const FIRST_MS = SECOND
const LONGEST_MS = 5 * MINUTE
/** A wrong password does not get right by itself, and servers lock accounts that knock too often. */
const AFTER_REFUSED_SIGN_IN = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR]
const NEEDS_A_PERSON: Trouble[] = ['wrong_password', 'sign_in_again', 'app_refused', 'token_refused', 'disabled']

/**
 * How long to wait before connecting again, in ms: doubling from a second to five minutes, for ever. Jittered, so that
 * many mailboxes of one server do not come back in the same instant.
 * @param failures how many attempts failed in a row, from 1
 * @param random from 0 to 1
 */
export function reconnectAfter(failures: number, trouble: Trouble, random = Math.random()): number {
  const jitter = 0.5 + random / 2
  if (NEEDS_A_PERSON.includes(trouble)) return Math.round(step(AFTER_REFUSED_SIGN_IN, failures) * jitter)
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16)) * jitter)
}

const RESEND_AFTER = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR]
/** Then a person is told that it did not get out: about six hours after the first attempt. */
export const MAX_SEND_TRIES = 10

/** How long to wait before sending again after `attempts` that failed, in ms; none: give up. */
export function resendAfter(attempts: number, waits = RESEND_AFTER): number | null {
  return attempts >= MAX_SEND_TRIES ? null : step(waits, attempts)
}

const COPY_AFTER = [10 * SECOND, MINUTE, 10 * MINUTE, HOUR]
export const MAX_COPY_TRIES = 10

/** How long to wait before filing the copy again after `tries` that failed, in ms; none: give up. */
export function copyAfter(tries: number): number | null {
  return tries >= MAX_COPY_TRIES ? null : step(COPY_AFTER, tries)
}

/** The wait after the n-th failure; the last one repeats. */
function step(waits: number[], n: number): number {
  return waits[Math.min(Math.max(n, 1), waits.length) - 1]!
}
