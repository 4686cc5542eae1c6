import { eq } from 'drizzle-orm'
import { type ExchangeMailbox, exchangeConnections } from '../../../db/schema.ts'
import { NotFound } from '../../errors.ts'
import type { Check } from '../checks.ts'
import { collect } from '../connection/collect.ts'
import { gatherEvidence } from '../connection/evidence.ts'
import type { Opened } from '../connection/open.ts'
import type { Plan } from '../plan/plan.ts'
import { readWantedFile, type WantedFile } from '../plan/plan-file.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ProvisioningDeps } from './deps.ts'
import { planHash, snapshotHash } from './fingerprint.ts'
import { readLedger } from './ledger.ts'

export type Lists = Record<string, string>
/** What is wanted, what is there, and the way between them. */
export type Looked = {
  wanted: WantedFile
  snapshot: Snapshot
  plan: Plan
  planHash: string
  snapshotHash: string
  checks: Check[]
}

/** The connection of a mailbox, opened. */
export async function connectionOf(
  { db, connections }: ProvisioningDeps,
  connectionId: string,
): Promise<Opened & { hybrid: boolean; netBiosDomain: string }> {
  const [row] = await db.read.select().from(exchangeConnections).where(eq(exchangeConnections.id, connectionId))
  if (!row) throw new NotFound('There is no such connection to Exchange.')
  return { ...connections.of(row), hybrid: row.hybrid, netBiosDomain: row.settings.netBiosDomain }
}

/** Reads a wanted state whose lists were given with it. */
export function readStored(wanted: string, lists: Lists): Promise<WantedFile> {
  return readWantedFile(wanted, 'wanted.yaml', async (name) => {
    if (!Object.hasOwn(lists, name)) throw new NotFound(`The list ${name} was not given with the wanted state.`)
    return lists[name]!
  })
}

/** All that is known about one mailbox now: Exchange itself, every evidence, and what we did before. */
export async function lookAt(
  deps: ProvisioningDeps,
  mailbox: Pick<ExchangeMailbox, 'connectionId' | 'identity'>,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Snapshot> {
  const { connection, witnesses, hybrid, netBiosDomain } = await connectionOf(deps, mailbox.connectionId)
  const { clock, db } = deps
  const ledger = await readLedger(db.read, mailbox)
  const { snapshot } = await collect(
    connection,
    {
      identity: mailbox.identity,
      names: [...names, ...ledger.flatMap(({ user }) => user ?? [])],
      hybrid,
      netBiosDomain,
    },
    clock.now(),
    signal,
  )
  const autoMapping = await gatherEvidence(snapshot, witnesses, clock.now())
  return { ...snapshot, autoMapping, ledger }
}

/**
 * Looks, and plans from what is seen.
 * @throws ExchangeError, BadInput
 */
export async function planNow(
  deps: ProvisioningDeps,
  mailbox: Pick<ExchangeMailbox, 'connectionId' | 'identity'>,
  { wanted: source, lists }: { wanted: string; lists: Lists },
  signal?: AbortSignal,
): Promise<Looked> {
  const wanted = await readStored(source, lists)
  const snapshot = await lookAt(deps, mailbox, wanted.names, signal)
  const plan = wanted.plan(snapshot)
  return {
    wanted,
    snapshot,
    plan,
    planHash: planHash(plan),
    snapshotHash: snapshotHash(snapshot),
    checks: wanted.checks(snapshot),
  }
}
