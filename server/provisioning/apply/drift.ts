import { and, eq, lte, ne } from 'drizzle-orm'
import { type Drift, type ExchangeMailbox, exchangeMailboxes } from '../../../db/schema.ts'
import { record } from '../../issues/event.ts'
import { BadInput } from '../bad-input.ts'
import { ExchangeError } from '../connection/connection.ts'
import { openDirectory } from '../directory.ts'
import { holder } from '../holding.ts'
import { noteLine } from '../notes.ts'
import { directOf, isBuiltIn, isOrphan, mailboxGrants, sendAsGrants } from '../permission.ts'
import type { Plan } from '../plan/plan.ts'
import type { WantedFile } from '../plan/plan-file.ts'
import type { Step } from '../plan/step.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ProvisioningDeps } from './deps.ts'
import { alone } from './lock.ts'
import { planNow } from './look.ts'

export const DRIFT_EVERY_MS = 60 * 60_000
const MAX_AT_ONCE = 20

/** The mailboxes whose comparison is due. */
export async function dueForDrift({ db, clock }: ProvisioningDeps): Promise<ExchangeMailbox[]> {
  return await db.read
    .select()
    .from(exchangeMailboxes)
    .where(and(lte(exchangeMailboxes.checkAt, clock.now()), ne(exchangeMailboxes.wanted, '')))
    .limit(MAX_AT_ONCE)
}

/**
 * Compares what is there with what is wanted, changes nothing, and says so where something differs that did not
 * before.
 * @returns undefined where somebody is at this mailbox
 */
export async function checkDrift(deps: ProvisioningDeps, mailbox: ExchangeMailbox): Promise<Drift[] | undefined> {
  const done = await alone(deps.db, mailbox.connectionId, mailbox.identity, async () => {
    const found = await compare(deps, mailbox)
    const now = deps.clock.now()
    return await deps.db.write(async (tx) => {
      const [row] = await tx.select().from(exchangeMailboxes).where(eq(exchangeMailboxes.id, mailbox.id))
      if (!row) return []
      const drift = found.drift ?? row.drift
      await tx
        .update(exchangeMailboxes)
        .set({
          drift,
          trouble: found.trouble,
          checkedAt: found.drift ? now : row.checkedAt,
          checkAt: now + DRIFT_EVERY_MS,
        })
        .where(eq(exchangeMailboxes.id, mailbox.id))
      const isNew = drift.some((one) => !row.drift.some((old) => old.code === one.code && old.subject === one.subject))
      if (isNew)
        await record(tx, {
          action: 'exchange_drift',
          at: now,
          detail: { exchangeMailboxId: mailbox.id, identity: mailbox.identity, drift },
        })
      return drift
    })
  })
  return done?.did
}

async function compare(
  deps: ProvisioningDeps,
  mailbox: ExchangeMailbox,
): Promise<{ drift: Drift[] | null; trouble: string | null }> {
  try {
    const { plan, snapshot, wanted } = await planNow(deps, mailbox, mailbox)
    return { drift: driftOf(plan, snapshot, wanted), trouble: null }
  } catch (error) {
    // What could not be read says nothing about what is there.
    if (error instanceof ExchangeError || error instanceof BadInput) return { drift: null, trouble: error.message }
    throw error
  }
}

const NOTED: Record<string, string> = {
  ORPHAN: 'orphan',
  AUTOMAP_STATE_UNKNOWN: 'automap-unknown',
  HIDDEN: 'hidden',
  NEAR_QUOTA: 'near-quota',
  SIGN_IN_ENABLED: 'sign-in-enabled',
}

/** How what is there differs from what is wanted, in the order of the plan that would mend it. */
export function driftOf(
  { steps, notes, blockers }: Plan,
  snapshot: Snapshot,
  wanted: Pick<WantedFile, 'names'>,
): Drift[] {
  const fromSteps = steps.map((step) => ({ code: codeOf(step), subject: subjectOf(step), message: step.reason }))
  const fromNotes = notes.flatMap(({ code, subject }) =>
    NOTED[code] ? [{ code: NOTED[code], subject, message: noteLine({ code, subject }) }] : [],
  )
  const fromBlockers = blockers.map(({ code, subject, message }) => ({ code: code.toLowerCase(), subject, message }))
  const all = [...fromBlockers, ...fromSteps, ...strangers(snapshot, wanted), ...fromNotes]
  return [...new Map(all.map((one) => [`${one.code} ${one.subject}`, one])).values()]
}

function codeOf({ cmdlet, params }: Step): string {
  if (params.AccountDisabled === true) return 'sign-in-enabled'
  if (/^Add-/.test(cmdlet) || params.GrantSendOnBehalfTo !== undefined) return 'removed-outside'
  if (/^Remove-/.test(cmdlet)) return 'added-outside'
  return 'property-changed'
}

function subjectOf({ params }: Step): string {
  return String(params.User ?? params.Trustee ?? params.Member ?? params.Identity ?? params.Name ?? '')
}

/** Who has rights and is not named in what is wanted: nobody takes them away, but somebody should know. */
function strangers(snapshot: Snapshot, { names }: Pick<WantedFile, 'names'>): Drift[] {
  const directory = openDirectory(snapshot)
  const keyOf = (name: string) => {
    const resolved = directory.resolve(name)
    return resolved.is === 'found' ? resolved.key : name.toLowerCase()
  }
  const known = new Set(names.map(keyOf))
  const programs = snapshot.servicePrincipals.flatMap(({ ObjectId, AppId, DisplayName, Identity }) =>
    [ObjectId, AppId, DisplayName, Identity].flatMap((name) => (name ? [name.toLowerCase()] : [])),
  )
  return directOf([...mailboxGrants(snapshot), ...sendAsGrants(snapshot)])
    .filter((grant) => !grant.deny && !isBuiltIn(grant) && !isOrphan(holder(grant, directory)))
    .filter(({ who }) => !known.has(keyOf(who)) && !programs.includes(who.toLowerCase()))
    .map(({ who }) => ({
      code: 'added-outside',
      subject: who,
      message: `${who} has rights here and is not in what is wanted.`,
    }))
}
