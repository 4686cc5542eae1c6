import { createHmac } from 'node:crypto'
import { and, asc, eq, lt, lte, ne } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { rules, type WebhookCall, webhookCalls } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Outside } from '../net/outside.ts'

const MAX_A_ROUND = 20
const ATTEMPT_MS = 60_000
/** How long to wait after each attempt that failed; then it is given up. */
const RETRY_AFTER_MS = [10_000, 60_000, 10 * 60_000, 3_600_000, 6 * 3_600_000]
const KEEP_MS = 30 * 86_400_000
const MAX_RESPONSE = 300

/** `t=SECONDS,v1=HMAC`: SHA-256 over "SECONDS.BODY", so that an old call can be told from a new one. */
export function signatureOf(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/**
 * Makes the calls that are due, through the guard that keeps them out of our own network. Who moves a row's time on has
 * it; one that a process left behind is made again, with the same id.
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
    .where(and(eq(webhookCalls.state, 'queued'), lte(webhookCalls.dueAt, clock())))
    .orderBy(asc(webhookCalls.dueAt))
    .limit(MAX_A_ROUND)
  for (const { call, sealed } of due) {
    if (!(await claim(db, call, clock()))) continue
    const headers = {
      'content-type': 'application/json',
      'x-downfield-delivery': call.id,
      'x-downfield-signature': signatureOf(secrets.decrypt(sealed), call.body, clock()),
    }
    let response: string
    let taken = false
    try {
      const { status } = await outside.post(call.url, call.body, headers)
      taken = status >= 200 && status < 300
      response = `It answered ${status}.`
    } catch (error) {
      response = error instanceof Error ? error.message : String(error)
    }
    log.info({ webhook: call.id, taken, response }, 'called a webhook')
    const wait = RETRY_AFTER_MS[call.attempts]
    const again = !taken && wait !== undefined
    const to = {
      state: taken ? ('done' as const) : again ? ('queued' as const) : ('failed' as const),
      response: response.slice(0, MAX_RESPONSE),
      ...(again ? { dueAt: clock() + wait } : {}),
    }
    await db.write(async (tx) => {
      await tx.update(webhookCalls).set(to).where(eq(webhookCalls.id, call.id))
    })
  }
  return due.length
}

async function claim(db: Db, { id, attempts }: WebhookCall, now: number): Promise<boolean> {
  return await db.write(async (tx) => {
    const mine = await tx
      .update(webhookCalls)
      .set({ attempts: attempts + 1, dueAt: now + ATTEMPT_MS })
      .where(
        and(
          eq(webhookCalls.id, id),
          eq(webhookCalls.attempts, attempts),
          eq(webhookCalls.state, 'queued'),
          lte(webhookCalls.dueAt, now),
        ),
      )
      .returning({ id: webhookCalls.id })
    return mine.length > 0
  })
}

/** Lets go of calls that are long over. */
export async function pruneWebhooks(db: Db, now: number): Promise<void> {
  await db.write(async (tx) => {
    await tx
      .delete(webhookCalls)
      .where(and(ne(webhookCalls.state, 'queued'), lt(webhookCalls.createdAt, now - KEEP_MS)))
  })
}
