import type { Context } from 'hono'
import { Refused } from '../errors.ts'
import type { ProvisioningDeps } from '../provisioning/apply/deps.ts'
import { realClock } from '../provisioning/clock.ts'
import { ExchangeError } from '../provisioning/connection/connection.ts'
import type { Env } from './deps.ts'

/**
 * Waits for what Exchange does; its refusals are for the person, with what they are called.
 * @throws Refused
 */
export async function exchanging<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ExchangeError) throw new Refused(`${error.message} (${error.kind})`, { cause: error })
    throw error
  }
}

/** What acts on Exchange, for as long as a request takes. */
export function actingOn(c: Context<Env>): ProvisioningDeps {
  const { db, secrets, exchange: connections, now = Date.now } = c.var.deps
  return { db, secrets, log: c.var.log, connections, clock: { ...realClock, now } }
}
