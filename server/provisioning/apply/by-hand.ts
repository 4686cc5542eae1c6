import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { type ExchangeMailbox, type ProvisioningRun, provisioningRuns, provisioningSteps } from '../../../db/schema.ts'
import { remember } from './ledger.ts'
import type { Looked } from './look.ts'
import { addSteps, stepsOf, tell } from './run.ts'
import { readTranscript } from './transcript.ts'

/**
 * Takes down what an admin did by the script of a plan: the journal and the ledger know it as if it had been done from
 * here. Whether it led where it should, the next snapshot says.
 */
export async function takeDown(
  tx: Tx,
  mailbox: ExchangeMailbox,
  { plan, planHash, snapshotHash }: Pick<Looked, 'plan' | 'planHash' | 'snapshotHash'>,
  transcript: string,
  { id, wanted, lists, memberId }: Pick<ProvisioningRun, 'id' | 'wanted' | 'lists' | 'memberId'>,
  now: number,
): Promise<void> {
  const [there] = await tx.select({ id: provisioningRuns.id }).from(provisioningRuns).where(eq(provisioningRuns.id, id))
  if (there) return
  const lines = readTranscript(transcript, plan)
  const isWhole = lines.every(({ state }) => state === 'done')
  const state = isWhole ? 'done' : 'partly'
  const message = isWhole
    ? 'Done by hand, by the script. Bring a new snapshot to see that it led where it should.'
    : 'Done by hand in part. Bring a new snapshot: the next plan has what is left.'
  const run = {
    id,
    exchangeMailboxId: mailbox.id,
    memberId,
    state,
    wanted,
    lists,
    planHash,
    snapshotHash,
    message,
  } as const
  await tx.insert(provisioningRuns).values({ ...run, createdAt: now, startedAt: now, endedAt: now })
  await addSteps(tx, id, plan.steps, 1)
  for (const row of await stepsOf(tx, id)) {
    const line = lines[row.number - 1]
    const step = plan.steps[row.number - 1]
    if (!line || !step) continue
    const endedAt = line.at ?? now
    await tx
      .update(provisioningSteps)
      .set({ state: line.state, message: line.message, endedAt })
      .where(eq(provisioningSteps.id, row.id))
    if (line.state === 'done') await remember(tx, mailbox, step, false, id, endedAt)
  }
  await tell(tx, { id, state, memberId }, now)
}
