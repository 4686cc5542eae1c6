import { and, asc, desc, eq, inArray, ne } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import {
  type ExchangeFlip,
  type ExchangeMailbox,
  exchangeFlips,
  exchangeMailboxes,
  type ProvisioningRun,
  provisioningRuns,
} from '../../../db/schema.ts'
import { NotFound } from '../../errors.ts'

const MAX_LISTED = 1_000

/** A mailbox that is looked after, with how it stands. */
export type Managed = Omit<ExchangeMailbox, 'wanted' | 'lists' | 'flow'> & {
  /** Something is wanted that nobody applied yet. */
  hasDraft: boolean
  lastRun: Pick<ProvisioningRun, 'id' | 'state' | 'message' | 'createdAt' | 'endedAt'> | null
}

/** The mailboxes that are looked after, by address. */
export async function listManaged(read: Reader): Promise<Managed[]> {
  const rows = await read.select().from(exchangeMailboxes).orderBy(asc(exchangeMailboxes.identity)).limit(MAX_LISTED)
  const ids = rows.map(({ id }) => id)
  const runs =
    ids.length === 0
      ? []
      : await read
          .select()
          .from(provisioningRuns)
          .where(inArray(provisioningRuns.exchangeMailboxId, ids))
          .orderBy(desc(provisioningRuns.createdAt))
          .limit(MAX_LISTED)
  return rows.map(({ wanted: _wanted, lists: _lists, flow, ...row }) => {
    const last = runs.find(({ exchangeMailboxId }) => exchangeMailboxId === row.id)
    const lastRun = last
      ? { id: last.id, state: last.state, message: last.message, createdAt: last.createdAt, endedAt: last.endedAt }
      : null
    return { ...row, hasDraft: flow.draft !== undefined, lastRun }
  })
}

/** The mailbox with an address, where it is looked after. */
export async function findManagedOf(
  read: Reader,
  { connectionId, identity }: Pick<ExchangeMailbox, 'connectionId' | 'identity'>,
): Promise<ExchangeMailbox | undefined> {
  const isIt = and(
    eq(exchangeMailboxes.connectionId, connectionId),
    eq(exchangeMailboxes.identity, identity.toLowerCase()),
  )
  const [row] = await read.select().from(exchangeMailboxes).where(isIt)
  return row
}

/** @throws NotFound */
export async function findManaged(read: Reader, id: string): Promise<ExchangeMailbox> {
  const [row] = await read.select().from(exchangeMailboxes).where(eq(exchangeMailboxes.id, id))
  if (!row) throw new NotFound('This mailbox is not looked after from here.')
  return row
}

/** Who lost access on the way and does not have it back yet. */
export async function standingAlarms(read: Reader): Promise<ExchangeFlip[]> {
  const open = await read
    .select()
    .from(exchangeFlips)
    .where(ne(exchangeFlips.phase, 'closed'))
    .orderBy(asc(exchangeFlips.createdAt))
  return open.filter(({ phase }) => phase === 'lost')
}
