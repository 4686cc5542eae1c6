import { createHmac } from 'node:crypto'
import { and, asc, eq, lt, ne } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { rules, webhookCalls } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import { attempt, isDue, type Outcome, type Patience } from '../dispatch/attempt.ts'
import type { Outside } from '../net/outside.ts'

const MAX_A_ROUND = 20
const PATIENCE: Patience = {
  attemptMs: 60_000,
  retryAfterMs: [10_000, 60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000],
}
const KEEP_MS = 30 * 86_400_000

/** `t=SECONDS,v1=HMAC`: SHA-256 over "SECONDS.BODY", so that an old call can be told from a new one. */
export function signatureOf(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/**
 * Makes the calls that are due, through the guard that keeps them out of our own network. One that a process left behind
 * is made again, with the same id.
 * @returns how many were tried
 */
export async function callWebhooks(
  { db, secrets, outside, log }: { db: Db; secrets: Pick<Secrets, 'decrypt'>; outside: Outside; log: Logger },
  clock: () => number,
): Promise<number> {
  const due = await db.read
    .select({ call: webhookCalls, sealed: rules.secret })
    .from(webhookCalls)
    .innerJoin(rules, eq(rules.id, webhookCalls.ruleId))
    .where(isDue(webhookCalls, clock()))
    .orderBy(asc(webhookCalls.dueAt))
    .limit(MAX_A_ROUND)
  for (const { call, sealed } of due) {
    const tell = async (): Promise<Outcome> => {
      const headers = {
        'content-type': 'application/json',
        'x-downfield-delivery': call.id,
        'x-downfield-signature': signatureOf(secrets.decrypt(sealed), call.body, clock()),
      }
      const { status } = await outside.post(call.url, call.body, headers)
      const isTaken = status >= 200 && status < 300
      return { outcome: isTaken ? 'done' : 'again', response: `It answered ${status}.` }
    }
    const result = await attempt(db, webhookCalls, call, PATIENCE, tell, clock)
    if (result) log.info({ webhook: call.id, ...result }, 'called a webhook')
  }
  return due.length
}

/** Lets go of calls that are long over. */
export async function pruneWebhooks(db: Db, now: number): Promise<void> {
  await db.write(async (tx) => {
    await tx
      .delete(webhookCalls)
      .where(and(ne(webhookCalls.state, 'queued'), lt(webhookCalls.createdAt, now - KEEP_MS)))
  })
}
