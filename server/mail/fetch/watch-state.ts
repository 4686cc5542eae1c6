import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { type Watch, watches } from '../../../db/schema.ts'
import { record } from '../../issues/event.ts'

/** What a watch tells of itself. What is left out stays as it is. */
export type WatchReport = Pick<Watch, 'state'> & Partial<Omit<Watch, 'mailboxId' | 'state' | 'since'>>

/** Writes down how a watch goes. Only a change of state or of trouble is an event; being in sync still is not. */
export async function reportWatch(tx: Tx, mailboxId: string, report: WatchReport, now: number): Promise<void> {
  const [before] = await tx.select().from(watches).where(eq(watches.mailboxId, mailboxId))
  const trouble = report.trouble ?? null
  const told = { ...report, trouble, detail: trouble ? (report.detail ?? null) : null }
  const changed = before?.state !== report.state || before.trouble !== trouble
  if (!before) {
    const none = { syncedAt: null, failures: 0, nextTryAt: null }
    await tx.insert(watches).values({ mailboxId, since: now, ...none, ...told })
  } else {
    await tx
      .update(watches)
      .set({ ...told, since: before.state === report.state ? before.since : now })
      .where(eq(watches.mailboxId, mailboxId))
  }
  if (changed)
    await record(tx, { action: 'mailbox_state', at: now, mailboxId, detail: { state: report.state, trouble } })
}
