import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, mailboxes, settings } from '../../db/schema.ts'
import { usualHours, type WorkingHours } from '../../time/working-hours.ts'
import { record } from './event.ts'

const KEY = 'workingHours'

/** The working hours of the installation, and of each mailbox that has its own. */
export type Hours = { everybody: WorkingHours; mailboxes: Record<string, WorkingHours> }

/** When people work: Monday to Friday from nine to five until somebody says otherwise. */
export async function readHours(read: Reader): Promise<Hours> {
  const [row] = await read.select().from(settings).where(eq(settings.key, KEY))
  const own = await read.select({ id: mailboxes.id, hours: mailboxes.workingHours }).from(mailboxes)
  return {
    // The cast: setHours alone writes this key.
    everybody: (row?.value as WorkingHours | undefined) ?? usualHours(homeZone()),
    mailboxes: Object.fromEntries(own.flatMap(({ id, hours }) => (hours ? [[id, hours]] : []))),
  }
}

/** Says when people work: everybody, or those behind one mailbox, for whom null means as everybody. */
export async function setHours(
  tx: Tx,
  of: { mailboxId: string | null },
  hours: WorkingHours | null,
  by: Member,
  now: number,
): Promise<void> {
  if (of.mailboxId) await tx.update(mailboxes).set({ workingHours: hours }).where(eq(mailboxes.id, of.mailboxId))
  else if (hours)
    await tx
      .insert(settings)
      .values({ key: KEY, value: hours })
      .onConflictDoUpdate({ target: settings.key, set: { value: hours } })
  await record(tx, { action: 'settings_changed', at: now, memberId: by.id, detail: { change: KEY, ...of } })
}

const homeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
