import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import {
  type ExchangeMailbox,
  exchangeFlips,
  exchangeMailboxes,
  type ProvisioningRun,
  type ProvisioningStep,
  provisioningRuns,
  provisioningSteps,
} from '../../../db/schema.ts'
import { BadInput } from '../bad-input.ts'
import { ExchangeError } from '../connection/connection.ts'
import { openDirectory } from '../directory.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../plan/step.ts'
import { inGroups } from '../plan/step-groups.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ProvisioningDeps } from './deps.ts'
import { DRIFT_EVERY_MS } from './drift.ts'
import { asExchangeError, finishFlip, flip, mailboxOfFlip, mayHaveHappened } from './flip.ts'
import { remember } from './ledger.ts'
import { alone } from './lock.ts'
import { connectionOf, type Looked, planNow } from './look.ts'
import { addSteps, findRun, stepsOf, tell } from './run.ts'

/** What Exchange is too busy for is tried again after these waits, or after as long as it says. */
const AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]
/** A mailbox that was just made is not found everywhere for so long. */
const NEW_AGAIN_MS = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000, 60_000]
/** What was done shows after these waits at the latest, mostly. */
const VERIFY_MS = [0, 2_000, 5_000, 15_000, 30_000, 60_000]

/** How often what is uncertain is looked at and done anew. */
const MAX_ROUNDS = 3

type Ended = Pick<ProvisioningRun, 'state'> & { message: string | null }
type Done = { state: ProvisioningStep['state']; message?: string | null; requestId?: string | null; tries?: number }

/**
 * Carries out a run that was begun, or goes on with one that broke off: what was open is finished first, then what is
 * there is looked at anew. At the end an empty second plan is the proof.
 * @returns undefined where somebody else is at this mailbox
 */
export async function carryOut(deps: ProvisioningDeps, runId: string): Promise<ProvisioningRun | undefined> {
  const run = await findRun(deps.db.read, runId)
  const [mailbox] = await deps.db.read
    .select()
    .from(exchangeMailboxes)
    .where(eq(exchangeMailboxes.id, run.exchangeMailboxId))
  if (!mailbox) return undefined
  const { connectionId, identity } = mailbox
  const done = await alone(deps.db, connectionId, identity, async () => {
    const now = await findRun(deps.db.read, runId)
    if (now.endedAt !== null) return now
    return await workThrough(deps, now, mailbox)
  })
  return done?.did
}

async function workThrough(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  mailbox: ExchangeMailbox,
): Promise<ProvisioningRun> {
  const isResumed = run.startedAt !== null
  await setState(deps, run, { state: 'running', message: null })
  let ended: Ended
  try {
    ended = (await finishOpen(deps, mailbox)) ?? (await attempt(deps, run, mailbox, isResumed))
  } catch (error) {
    if (!(error instanceof ExchangeError) && !(error instanceof BadInput)) throw error
    ended = { state: 'failed', message: error.message }
  }
  return await setState(deps, run, ended)
}

/** Access that was taken and not given again comes before anything new. */
async function finishOpen(
  deps: ProvisioningDeps,
  { connectionId, identity }: ExchangeMailbox,
): Promise<Ended | undefined> {
  const open = await deps.db.read
    .select()
    .from(exchangeFlips)
    .where(and(eq(exchangeFlips.connectionId, connectionId), ne(exchangeFlips.phase, 'closed')))
  const { connection } = await connectionOf(deps, connectionId)
  for (const row of open) {
    if ((await mailboxOfFlip(deps.db.read, row)) !== identity) continue
    if (!(await finishFlip(deps, connection, row, identity))) return lost(row.user, row.command)
  }
  return undefined
}

async function attempt(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  mailbox: ExchangeMailbox,
  isResumed: boolean,
): Promise<Ended> {
  let looked = await planNow(deps, mailbox, run)
  if (looked.plan.blockers.length > 0)
    return { state: 'failed', message: looked.plan.blockers.map(({ message }) => message).join(' ') }
  if (isResumed) await planAnew(deps, run, looked)
  else if (looked.snapshotHash !== run.snapshotHash || looked.planHash !== run.planHash) {
    await skipRest(deps, run)
    return {
      state: 'stale',
      message: 'What is there changed since the plan was made (STALE_PLAN). Nothing was sent; look at the new plan.',
    }
  }
  for (let round = 1; ; round++) {
    const troubles = await carrySteps(deps, run, mailbox, looked)
    if (troubles.lost) return troubles.lost
    if (troubles.failed.length > 0) {
      await skipRest(deps, run)
      return { state: troubles.stopped ? 'failed' : 'partly', message: troubles.failed.join(' ') }
    }
    if (!troubles.uncertain || round >= MAX_ROUNDS) break
    // What nobody knows is looked at, and what is left of it is done.
    looked = await planNow(deps, mailbox, run)
    await planAnew(deps, run, looked)
  }
  return await verify(deps, run, mailbox)
}

/** After a break what is left is what a new plan says, not what the old one did. */
async function planAnew(deps: ProvisioningDeps, run: ProvisioningRun, { plan }: Looked): Promise<void> {
  await deps.db.write(async (tx) => {
    const steps = await stepsOf(tx, run.id)
    for (const { id, state } of steps) {
      if (state === 'planned')
        await tx.update(provisioningSteps).set({ state: 'skipped' }).where(eq(provisioningSteps.id, id))
      if (state === 'running')
        await tx.update(provisioningSteps).set({ state: 'uncertain' }).where(eq(provisioningSteps.id, id))
    }
    await addSteps(tx, run.id, plan.steps, steps.length + 1)
  })
}

type Troubles = { failed: string[]; stopped: boolean; uncertain: boolean; lost: Ended | null }

async function carrySteps(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  mailbox: ExchangeMailbox,
  { plan, snapshot }: Looked,
): Promise<Troubles> {
  const rows = (await stepsOf(deps.db.read, run.id)).filter(({ state }) => state === 'planned')
  const rowOf = new Map(plan.steps.map((step, i) => [step, rows[i]!]))
  const failed: string[] = []
  const failedUsers = new Set<string>()
  let uncertain = false
  const isNew = plan.steps.some(({ cmdlet }) => /^New-/.test(cmdlet))
  for (const group of inGroups(plan.steps)) {
    const [first, second] = group
    if (!first) continue
    const user = userOf(first)
    // Who could not be given one right is not given another by halves.
    if (user && failedUsers.has(user)) continue
    for (const step of group) await note(deps, run, rowOf.get(step)!, { state: 'running' })
    const done = second
      ? await carryFlip(deps, run, mailbox, first, second, snapshot)
      : await carryOne(deps, run, mailbox, first, isNew)
    for (const step of group) await note(deps, run, rowOf.get(step)!, done, second ? null : step, mailbox)
    if (done.lost) return { failed, stopped: true, uncertain, lost: done.lost }
    uncertain ||= done.state === 'uncertain'
    if (done.state !== 'failed') continue
    failed.push(`${done.message ?? 'It failed.'}`)
    // Delegates do not depend on each other; on the mailbox itself everybody does.
    if (!user) return { failed, stopped: true, uncertain, lost: null }
    failedUsers.add(user)
  }
  return { failed, stopped: false, uncertain, lost: null }
}

const userOf = ({ params }: Step) => {
  const user = params.User ?? params.Trustee ?? params.Member
  return typeof user === 'string' ? user.toLowerCase() : null
}

/** One command, with what it takes until Exchange has done it. */
async function carryOne(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  mailbox: ExchangeMailbox,
  step: Step,
  isNew: boolean,
): Promise<Done & { lost?: Ended }> {
  const { connection } = await connectionOf(deps, mailbox.connectionId)
  for (let tries = 1; ; tries++) {
    try {
      const { unchanged, requestId, warnings } = await connection.invoke({ cmdlet: step.cmdlet, params: step.params })
      return { state: unchanged ? 'unchanged' : 'done', requestId, tries, message: warnings[0] ?? null }
    } catch (error) {
      const known = asExchangeError(error)
      const { requestId, message } = known
      if (known.kind === 'ALREADY_SO') return { state: 'unchanged', requestId, tries, message }
      const waits = known.kind === 'NOT_FOUND' && isNew ? NEW_AGAIN_MS : AGAIN_MS
      const wait = waits[tries - 1]
      const isWorthIt = /^(RETRYABLE|UNCERTAIN)$/.test(known.kind) || (known.kind === 'NOT_FOUND' && isNew)
      if (!isWorthIt || wait === undefined) return { state: 'failed', requestId, tries, message }
      await deps.clock.sleep(Math.max(wait, known.retryAfterMs ?? 0))
      // Nothing is repeated blindly: where the new plan does not want it any more, it was done.
      if (mayHaveHappened(known) && !(await isStillWanted(deps, run, mailbox, step)))
        return { state: 'done', requestId, tries, message: 'The connection broke off; it was done.' }
    }
  }
}

async function isStillWanted(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  mailbox: ExchangeMailbox,
  step: Step,
): Promise<boolean> {
  const { plan } = await planNow(deps, mailbox, run)
  return plan.steps.some(({ command }) => command === step.command)
}

async function carryFlip(
  deps: ProvisioningDeps,
  run: ProvisioningRun,
  { connectionId, identity }: ExchangeMailbox,
  remove: Step,
  add: Step,
  snapshot: Snapshot,
): Promise<Done & { lost?: Ended }> {
  const { connection } = await connectionOf(deps, connectionId)
  const otherNames = otherNamesOf(snapshot, String(add.params.User))
  const outcome = await flip(deps, connection, { connectionId, identity, runId: run.id }, { remove, add, otherNames })
  switch (outcome.is) {
    case 'done':
      return { state: 'done', tries: outcome.tries, requestId: outcome.requestId }
    case 'not begun':
      return {
        state: 'failed',
        message: `${outcome.error.message} Nothing was taken.`,
        requestId: outcome.error.requestId,
      }
    case 'uncertain':
      return { state: 'uncertain', message: outcome.message }
    case 'lost': {
      const ended = lost(outcome.flip.user, outcome.flip.command)
      return { state: 'failed', message: ended.message, lost: ended }
    }
  }
}

/** What else a delegate is called, in the order in which names are tried: object id, then address. */
function otherNamesOf(snapshot: Snapshot, user: string): string[] {
  const resolved = openDirectory(snapshot).resolve(user)
  if (resolved.is !== 'found') return []
  const { UserPrincipalName, WindowsLiveID, ExternalDirectoryObjectId, PrimarySmtpAddress, DistinguishedName } =
    resolved.recipient
  const names = [UserPrincipalName, WindowsLiveID, ExternalDirectoryObjectId, DistinguishedName, PrimarySmtpAddress]
  const own = snapshot.platform === 'exo' ? names.filter((name) => name !== DistinguishedName) : names
  return [...new Set(own.flatMap((name) => (name && name.toLowerCase() !== user.toLowerCase() ? [name] : [])))]
}

function lost(user: string, command: string): Ended {
  return {
    state: 'access_lost',
    message: `ACCESS_LOST: ${user} is without access. It is tried again every minute; by hand: ${command}`,
  }
}

/** Looks until a second plan is empty: what was done is not seen everywhere at once. */
async function verify(deps: ProvisioningDeps, run: ProvisioningRun, mailbox: ExchangeMailbox): Promise<Ended> {
  await setState(deps, run, { state: 'verifying', message: null })
  let left: Plan = { steps: [], notes: [], blockers: [] }
  for (const wait of VERIFY_MS) {
    if (wait > 0) await deps.clock.sleep(wait)
    const { plan, snapshot } = await planNow(deps, mailbox, run)
    left = plan
    if (plan.steps.length > 0 || plan.blockers.length > 0) continue
    const guid = snapshot.mailbox?.Guid ?? ''
    await deps.db.write(async (tx) => {
      await tx
        .update(exchangeMailboxes)
        .set({
          guid,
          drift: [],
          trouble: null,
          checkedAt: deps.clock.now(),
          checkAt: deps.clock.now() + DRIFT_EVERY_MS,
        })
        .where(eq(exchangeMailboxes.id, mailbox.id))
    })
    return { state: 'done', message: null }
  }
  const what = left.steps.map(({ command }) => command).join('\n')
  return {
    state: 'replicating',
    message: `PENDING_REPLICATION: Exchange took every command, but does not show all of it yet. Still to be seen:\n${what}`,
  }
}

async function skipRest({ db }: ProvisioningDeps, { id }: ProvisioningRun): Promise<void> {
  await db.write(async (tx) => {
    await tx
      .update(provisioningSteps)
      .set({ state: 'skipped' })
      .where(and(eq(provisioningSteps.runId, id), inArray(provisioningSteps.state, ['planned'])))
  })
}

/** What came of a step, with what it means for the ledger, in one transaction. */
async function note(
  { db, clock }: ProvisioningDeps,
  run: ProvisioningRun,
  { id }: ProvisioningStep,
  { state, message = null, requestId = null, tries = 0 }: Done,
  step: Step | null = null,
  mailbox: ExchangeMailbox | null = null,
): Promise<void> {
  const now = clock.now()
  const isOver = state !== 'running'
  await db.write(async (tx) => {
    await tx
      .update(provisioningSteps)
      .set(isOver ? { state, message, requestId, tries, endedAt: now } : { state, startedAt: now })
      .where(eq(provisioningSteps.id, id))
    if (step && mailbox && (state === 'done' || state === 'unchanged')) {
      const { connectionId, identity } = mailbox
      await remember(tx, { connectionId, identity }, step, state === 'unchanged', run.id, now)
    }
    await tell(tx, { ...run, state: 'running' }, now)
  })
}

async function setState(
  { db, clock }: ProvisioningDeps,
  run: ProvisioningRun,
  { state, message }: Ended,
): Promise<ProvisioningRun> {
  const now = clock.now()
  const isOver = !['queued', 'running', 'verifying'].includes(state)
  return await db.write(async (tx) => {
    await tx
      .update(provisioningRuns)
      .set({ startedAt: now })
      .where(and(eq(provisioningRuns.id, run.id), isNull(provisioningRuns.startedAt)))
    const [changed] = await tx
      .update(provisioningRuns)
      .set({ state, message, ...(isOver ? { endedAt: now } : {}) })
      .where(eq(provisioningRuns.id, run.id))
      .returning()
    if (!changed) throw new Error('the run is not there any more')
    await tell(tx, changed, now)
    return changed
  })
}
