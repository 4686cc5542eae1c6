import type { Outgoing } from '../../../db/schema.ts'
import { resendAfter } from '../fetch/back-off.ts'
import type { Attempt, Refusal } from './smtp.ts'

/** Who names a time is not asked before, and not kept waiting for ever either. */
const MAX_RETRY_AFTER_MS = 60 * 60_000

/** What becomes of a message after an attempt. */
export type Verdict = Pick<Attempt, 'response' | 'rejected'> & { trouble: Outgoing['trouble'] } & (
    | { state: 'accepted' }
    | { state: 'rejected' }
    | { state: 'uncertain' }
    /** Nothing is lost: those who do not have it yet are tried again after so long. */
    | { state: 'queued'; afterMs: number; recipients: string[]; someHaveIt: boolean }
  )

/**
 * What follows from an attempt: a pure judgement. A server may take a mail for some recipients, refuse others for good and
 * ask to come back for the rest (RFC 5321, section 3.3): only the rest is tried again, so nobody gets it twice. Who was
 * refused stays named through all that follows.
 * @param waits how long to wait after each attempt that failed, in ms
 */
export function verdictOf(
  row: Pick<Outgoing, 'attempts' | 'recipients' | 'rejected' | 'acceptedAt'>,
  attempt: Attempt,
  waits?: number[],
): Verdict {
  const { response } = attempt
  const trouble = attempt.outcome === 'accepted' ? null : attempt.trouble
  const before = row.rejected.filter(({ address }) => !row.recipients.includes(address))
  const wait = resendAfter(row.attempts, waits)
  if (attempt.outcome === 'accepted') {
    const deferred = attempt.rejected.filter(isDeferred)
    const refused = [...before, ...attempt.rejected.filter((refusal) => !isDeferred(refusal))]
    if (deferred.length === 0 || wait === null)
      return { state: 'accepted', response, trouble, rejected: [...before, ...attempt.rejected] }
    const recipients = deferred.map(({ address }) => address)
    const words = deferred.map((refusal) => refusal.response).join(' ')
    return { state: 'queued', response: words, trouble, rejected: refused, afterMs: wait, recipients, someHaveIt: true }
  }
  const rejected = [...before, ...attempt.rejected]
  const forGood = attempt.rejected.filter((refusal) => !isDeferred(refusal))
  if (attempt.outcome === 'uncertain') return { state: 'uncertain', response, trouble, rejected }
  if (attempt.outcome === 'retry' && wait !== null) {
    const afterMs = Math.max(wait, Math.min(attempt.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS))
    const someHaveIt = row.acceptedAt !== null
    const recipients = row.recipients.filter((address) => !forGood.some((refusal) => refusal.address === address))
    return { state: 'queued', response, trouble, rejected: [...before, ...forGood], afterMs, recipients, someHaveIt }
  }
  if (row.acceptedAt === null) return { state: 'rejected', response, trouble, rejected }
  // Some have it, so it was sent; those who were to come are named with those that were refused.
  const named = new Set(rejected.map(({ address }) => address))
  const rest = row.recipients.filter((address) => !named.has(address)).map((address) => ({ address, response }))
  return { state: 'accepted', response, trouble: null, rejected: [...rejected, ...rest] }
}

/** A refusal for now (RFC 5321, section 4.2.1), or of the session: the same recipient may be taken later. */
export function isDeferred({ response }: Refusal): boolean {
  return /^(4\d\d|503)/.test(response)
}
