import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Reader } from '../../../db/index.ts'
import { type ExchangeFlip, exchangeFlips, exchangeMailboxes, provisioningRuns } from '../../../db/schema.ts'
import { record } from '../../issues/event.ts'
import { type CmdletResult, type ExchangeConnection, ExchangeError } from '../connection/connection.ts'
import { isSame } from '../directory.ts'
import type { Step } from '../plan/step.ts'
import type { Params } from '../registry.ts'
import type { ProvisioningDeps } from './deps.ts'
import { remember } from './ledger.ts'

/** How long to wait before each further try to give access again. */
const ADD_AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]
/** What was given is looked for after these waits: reads lag behind writes. */
const LOOK_AGAIN_MS = [0, 2_000, 5_000, 15_000]
/** Where access could not be given again it is tried in the background as often. */
export const LOST_AGAIN_MS = 60_000

export type FlipOutcome =
  | { is: 'done'; tries: number; requestId: string | null }
  /** Nothing was taken: access and auto-mapping are as before. */
  | { is: 'not begun'; error: ExchangeError }
  /** Whether access was taken is not known, and it is there: the plan says what is left to do. */
  | { is: 'uncertain'; message: string }
  /** Access was taken and could not be given again. The row stands, and is tried again. */
  | { is: 'lost'; flip: ExchangeFlip }

type Where = { connectionId: string; identity: string; runId: string | null }
/** What the user is called beside the name in the command. */
type Pair = { remove: Step; add: Step; otherNames: string[] }

/**
 * Takes access and gives it again without auto-mapping, as one: what is about to be taken stands in the journal first,
 * and whatever happens then, access is given again, or an alarm with the command stands until it is.
 */
export async function flip(
  deps: ProvisioningDeps,
  connection: ExchangeConnection,
  where: Where,
  pair: Pair,
): Promise<FlipOutcome> {
  const { db, clock } = deps
  // The second half is tried first, without effect: what is forbidden or misspelt shows before anything is taken.
  try {
    await tryOut(deps, connection, pair.add)
  } catch (error) {
    return { is: 'not begun', error: asExchangeError(error) }
  }
  const { params, command } = pair.add
  const row: ExchangeFlip = {
    id: uuidv7(),
    connectionId: where.connectionId,
    runId: where.runId,
    identity: String(params.Identity),
    user: String(params.User),
    otherNames: pair.otherNames,
    // The casts: the registry has checked what they are.
    rights: params.AccessRights as string[],
    inheritanceType: params.InheritanceType as string,
    phase: 'removing',
    command,
    tries: 0,
    nextTryAt: null,
    message: null,
    createdAt: clock.now(),
    closedAt: null,
  }
  await db.write(async (tx) => {
    await tx.insert(exchangeFlips).values(row).onConflictDoNothing()
  })
  let isUncertain = false
  try {
    await connection.invoke({ cmdlet: 'Remove-MailboxPermission', params: pair.remove.params })
  } catch (error) {
    const known = asExchangeError(error)
    if (!mayHaveHappened(known)) {
      await close(deps, row, where, null)
      return { is: 'not begun', error: known }
    }
    // Perhaps it was taken: then it must be given, and where it was not, giving it changes nothing.
    isUncertain = true
  }
  const outcome = await giveAgain(deps, connection, row, where, isUncertain)
  return isUncertain && outcome.is === 'done'
    ? {
        is: 'uncertain',
        message:
          'The connection broke off while access was taken. Access is there; whether auto-mapping is off shows when it is looked at again.',
      }
    : outcome
}

/**
 * Finishes what was begun, after a start or because it is due again.
 * @returns whether access is there
 */
export async function finishFlip(
  deps: ProvisioningDeps,
  connection: ExchangeConnection,
  row: ExchangeFlip,
  identity: string,
): Promise<boolean> {
  const outcome = await giveAgain(
    deps,
    connection,
    row,
    { connectionId: row.connectionId, identity, runId: row.runId },
    true,
  )
  return outcome.is === 'done'
}

async function giveAgain(
  deps: ProvisioningDeps,
  connection: ExchangeConnection,
  row: ExchangeFlip,
  where: Where,
  isUncertain: boolean,
): Promise<FlipOutcome> {
  const { db, log } = deps
  await db.write(async (tx) => {
    await tx.update(exchangeFlips).set({ phase: 'adding' }).where(eq(exchangeFlips.id, row.id))
  })
  let tries = 0
  let last: ExchangeError | null = null
  for (const [user, autoMapping] of attempts(row)) {
    try {
      const added = await add(deps, connection, paramsOf(row, user, autoMapping), () => tries++)
      await seen(deps, connection, row, added)
      const unchanged = added.unchanged && isUncertain
      await close(deps, row, where, { ...paramsOf(row, row.user, autoMapping), unchanged })
      return { is: 'done', tries, requestId: added.requestId }
    } catch (error) {
      last = asExchangeError(error)
      log.warn({ kind: last.kind, user, autoMapping }, 'access could not be given again by this name')
    }
  }
  return { is: 'lost', flip: await standAlarm(deps, row, last?.message ?? '', tries) }
}

/** By each name, first without the mark and then with it: access is worth more than the mark. */
function attempts({ user, otherNames }: ExchangeFlip): [string, boolean][] {
  const names = [user, ...otherNames.filter((name) => !isSame(name, user))]
  return [false, true].flatMap((autoMapping) => names.map((name): [string, boolean] => [name, autoMapping]))
}

function paramsOf({ identity, rights, inheritanceType }: ExchangeFlip, user: string, autoMapping: boolean): Params {
  return {
    Identity: identity,
    User: user,
    AccessRights: rights,
    InheritanceType: inheritanceType,
    AutoMapping: autoMapping,
    Confirm: false,
  }
}

async function add(
  { clock }: ProvisioningDeps,
  connection: ExchangeConnection,
  params: Params,
  count: () => void,
): Promise<CmdletResult> {
  for (let i = 0; ; i++) {
    count()
    try {
      return await connection.invoke({ cmdlet: 'Add-MailboxPermission', params })
    } catch (error) {
      const known = asExchangeError(error)
      const wait = ADD_AGAIN_MS[i]
      if (wait === undefined || !/^(RETRYABLE|NOT_FOUND|UNCERTAIN|UNAUTHENTICATED|UNREACHABLE)$/.test(known.kind))
        throw known
      await clock.sleep(Math.max(wait, known.retryAfterMs ?? 0))
    }
  }
}

/**
 * Looks whether what was given shows, for as long as it may take.
 * @throws ExchangeError where it does not, and Exchange did not say either that it is there
 */
async function seen(
  { clock }: ProvisioningDeps,
  connection: ExchangeConnection,
  { identity, user, otherNames }: ExchangeFlip,
  added: CmdletResult,
): Promise<void> {
  const names = [user, ...otherNames]
  for (const wait of LOOK_AGAIN_MS) {
    if (wait > 0) await clock.sleep(wait)
    try {
      const { records } = await connection.invoke({ cmdlet: 'Get-MailboxPermission', params: { Identity: identity } })
      const isThere = records.some(
        ({ User, AccessRights, Deny, IsInherited }) =>
          names.some((name) => isSame(name, String(User))) &&
          String(AccessRights).includes('FullAccess') &&
          !isTrue(Deny) &&
          !isTrue(IsInherited),
      )
      if (isThere) return
    } catch (error) {
      asExchangeError(error)
    }
  }
  // The row may call the user by another name; the entry that came back, or the word that it is there, is as good.
  if (added.unchanged || added.records.length > 0) return
  throw new ExchangeError('NOT_FOUND', `Exchange took the grant for ${user}, but does not show it.`)
}

const isTrue = (value: unknown) => String(value).toLowerCase() === 'true'

async function close(
  { db, clock }: ProvisioningDeps,
  row: ExchangeFlip,
  where: Where,
  given: (Params & { unchanged: boolean }) | null,
): Promise<void> {
  const now = clock.now()
  await db.write(async (tx) => {
    const [before] = await tx.select().from(exchangeFlips).where(eq(exchangeFlips.id, row.id))
    if (before?.phase === 'closed') return
    await tx
      .update(exchangeFlips)
      .set({ phase: 'closed', closedAt: now, nextTryAt: null })
      .where(eq(exchangeFlips.id, row.id))
    if (given) {
      const { unchanged, ...params } = given
      // That it was taken before is not told where it was there all the time.
      await remember(tx, where, { cmdlet: 'Add-MailboxPermission', params }, unchanged, row.runId, now)
    }
    // Somebody was told that access was lost.
    if (row.phase === 'lost')
      await record(tx, {
        action: 'exchange_access_back',
        at: now,
        detail: { flipId: row.id, identity: row.identity, user: row.user },
      })
  })
}

async function standAlarm(
  { db, clock, log }: ProvisioningDeps,
  row: ExchangeFlip,
  message: string,
  tries: number,
): Promise<ExchangeFlip> {
  const now = clock.now()
  const lost: ExchangeFlip = {
    ...row,
    phase: 'lost',
    tries: row.tries + tries,
    nextTryAt: now + LOST_AGAIN_MS,
    message,
  }
  await db.write(async (tx) => {
    const { phase, tries: all, nextTryAt } = lost
    await tx.update(exchangeFlips).set({ phase, tries: all, nextTryAt, message }).where(eq(exchangeFlips.id, row.id))
    // The alarm stands once, however often it is tried in vain.
    if (row.phase !== 'lost')
      await record(tx, {
        action: 'exchange_access_lost',
        at: now,
        detail: { flipId: row.id, identity: row.identity, user: row.user, command: row.command },
      })
  })
  log.error({ identity: row.identity, user: row.user, command: row.command }, 'ACCESS_LOST: somebody is without access')
  return lost
}

/** Tries the grant without effect; waits where Exchange is busy. */
async function tryOut({ clock }: ProvisioningDeps, connection: ExchangeConnection, { params }: Step): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      await connection.invoke({ cmdlet: 'Add-MailboxPermission', params: { ...params, WhatIf: true } })
      return
    } catch (error) {
      const known = asExchangeError(error)
      const wait = ADD_AGAIN_MS[i]
      if (wait === undefined || !/^(RETRYABLE|UNCERTAIN)$/.test(known.kind)) throw known
      await clock.sleep(Math.max(wait, known.retryAfterMs ?? 0))
    }
  }
}

/** Whether the command may have been carried out although it failed. */
export function mayHaveHappened({ kind, type }: ExchangeError): boolean {
  return kind === 'UNCERTAIN' || (kind === 'RETRYABLE' && type !== 'throttled')
}

/** @throws what is no error of Exchange: a fault of ours */
export function asExchangeError(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error
  throw error
}

/** The mailbox that a row belongs to, by the address it is looked after by; a command may call it otherwise. */
export async function mailboxOfFlip(read: Reader, { runId, identity }: ExchangeFlip): Promise<string> {
  const [mailbox] = await read
    .select({ identity: exchangeMailboxes.identity })
    .from(provisioningRuns)
    .innerJoin(exchangeMailboxes, eq(exchangeMailboxes.id, provisioningRuns.exchangeMailboxId))
    .where(eq(provisioningRuns.id, runId ?? ''))
  return mailbox?.identity ?? identity.toLowerCase()
}
