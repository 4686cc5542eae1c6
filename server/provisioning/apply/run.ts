import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Reader, Tx } from '../../../db/index.ts'
import {
  type ExchangeMailbox,
  exchangeMailboxes,
  type ProvisioningRun,
  type ProvisioningStep,
  provisioningRuns,
  provisioningSteps,
} from '../../../db/schema.ts'
import { Changed, NotFound, Refused } from '../../errors.ts'
import { record } from '../../issues/event.ts'
import type { Step } from '../plan/step.ts'
import type { Lists, Looked } from './look.ts'

/** Runs that are not over. */
export const UNDER_WAY: readonly ProvisioningRun['state'][] = ['queued', 'running', 'verifying']

type Begun = { id: string; wanted: string; lists: Lists; memberId: string | null }

/**
 * Looks after a mailbox of Exchange from now on.
 * @returns the row there is, with what is wanted now where that is said
 */
export async function adopt(
  tx: Tx,
  { connectionId, identity, id }: { connectionId: string; identity: string; id: string },
  wanted: { wanted: string; lists: Lists } | null,
  now: number,
): Promise<ExchangeMailbox> {
  const row = { id, connectionId, identity: identity.toLowerCase(), createdAt: now, changedAt: now, ...(wanted ?? {}) }
  const [mailbox] = await tx
    .insert(exchangeMailboxes)
    .values(row)
    .onConflictDoUpdate({
      target: [exchangeMailboxes.connectionId, exchangeMailboxes.identity],
      set: { changedAt: now, ...(wanted ?? {}) },
    })
    .returning()
  if (!mailbox) throw new Error('the mailbox was not stored')
  if (wanted === null || mailbox.flow.draft === undefined) return mailbox
  // What was only wanted until now is what is wanted.
  const { draft: _applied, ...flow } = mailbox.flow
  await tx.update(exchangeMailboxes).set({ flow }).where(eq(exchangeMailboxes.id, mailbox.id))
  return { ...mailbox, flow }
}

/**
 * Begins to carry out a plan that was shown. With the id of one that was begun before nothing happens.
 * @param shown the hash of the plan that somebody saw and agreed to
 * @throws Changed where the plan is another one by now; Refused where it is blocked, or one is under way
 */
export async function beginRun(
  tx: Tx,
  mailbox: ExchangeMailbox,
  { plan, planHash, snapshotHash }: Pick<Looked, 'plan' | 'planHash' | 'snapshotHash'>,
  shown: { planHash: string; snapshotHash: string },
  { id, wanted, lists, memberId }: Begun,
  now: number,
): Promise<ProvisioningRun> {
  const [there] = await tx.select().from(provisioningRuns).where(eq(provisioningRuns.id, id))
  if (there) return there
  if (plan.blockers.length > 0) throw new Refused(plan.blockers.map(({ message }) => message).join(' '))
  if (shown.planHash !== planHash || shown.snapshotHash !== snapshotHash)
    throw new Changed(
      'What is there changed since the plan was made (STALE_PLAN). Look at the new plan; nothing was done.',
    )
  const [other] = await tx
    .select({ id: provisioningRuns.id })
    .from(provisioningRuns)
    .where(and(eq(provisioningRuns.exchangeMailboxId, mailbox.id), inArray(provisioningRuns.state, [...UNDER_WAY])))
    .limit(1)
  if (other) throw new Refused('A plan for this mailbox is being carried out. Wait until it is done.')
  const [run] = await tx
    .insert(provisioningRuns)
    .values({
      id,
      exchangeMailboxId: mailbox.id,
      memberId,
      state: 'queued',
      wanted,
      lists,
      planHash,
      snapshotHash,
      createdAt: now,
    })
    .returning()
  if (!run) throw new Error('the run was not stored')
  await addSteps(tx, id, plan.steps, 1)
  await tell(tx, run, now)
  return run
}

/** Writes steps down before any of them is done. */
export async function addSteps(tx: Tx, runId: string, steps: readonly Step[], first: number): Promise<void> {
  if (steps.length === 0) return
  await tx.insert(provisioningSteps).values(
    steps.map(({ phase, cmdlet, params, command, risk, reason }, i) => ({
      id: uuidv7(),
      runId,
      number: first + i,
      state: 'planned' as const,
      phase,
      cmdlet,
      params,
      command,
      risk,
      reason,
    })),
  )
}

/** Says to whoever watches that a run went on. */
export async function tell(
  tx: Tx,
  { id, state, memberId }: Pick<ProvisioningRun, 'id' | 'state' | 'memberId'>,
  at: number,
): Promise<void> {
  await record(tx, { action: 'exchange_run', at, memberId, detail: { runId: id, state } })
}

export type RunDetails = ProvisioningRun & { steps: ProvisioningStep[] }

/** @throws NotFound */
export async function findRun(read: Reader, id: string): Promise<RunDetails> {
  const [run] = await read.select().from(provisioningRuns).where(eq(provisioningRuns.id, id))
  if (!run) throw new NotFound('There is no such run.')
  return { ...run, steps: await stepsOf(read, id) }
}

export async function stepsOf(read: Reader, runId: string): Promise<ProvisioningStep[]> {
  return await read
    .select()
    .from(provisioningSteps)
    .where(eq(provisioningSteps.runId, runId))
    .orderBy(asc(provisioningSteps.number))
}

const MAX_LISTED = 50

/** What was done to a mailbox, newest first. */
export async function listRuns(read: Reader, exchangeMailboxId: string): Promise<ProvisioningRun[]> {
  return await read
    .select()
    .from(provisioningRuns)
    .where(eq(provisioningRuns.exchangeMailboxId, exchangeMailboxId))
    .orderBy(desc(provisioningRuns.id))
    .limit(MAX_LISTED)
}
