import { eq, ne } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { fxRates, goals, type Member, proposals, settings } from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { isZone } from './deadline.ts'

/** How this installation counts proposals. */
export type ProposalSettings = {
  /** The reporting currency, into which all others are converted. */
  currency: string
  /** The organization's zone: which day it is, and when a month begins. */
  zone: string
  /** What becomes of a probability of one's own when the stage changes. */
  onStageChange: 'clear' | 'keep'
  /** Further mail is linked to proposals by rules. */
  autoLink: boolean
}

const KEY = 'proposals'
const DEFAULTS: ProposalSettings = { currency: 'USD', zone: 'UTC', onStageChange: 'clear', autoLink: true }

const stored = prepared((read) => read.select().from(settings).where(eq(settings.key, KEY)).prepare(UNNAMED))

export async function proposalSettings(read: Reader): Promise<ProposalSettings> {
  const [row] = await stored(read).execute()
  // The cast: written by `saveSettings` alone.
  return { ...DEFAULTS, ...(row?.value as Partial<ProposalSettings> | undefined) }
}

/**
 * Changes how proposals are counted. The reporting currency stays once something was counted in it: rates and goals, and
 * the rates frozen at decisions, are told in it.
 */
export async function changeSettings(
  tx: Tx,
  change: { [K in keyof ProposalSettings]?: ProposalSettings[K] | undefined },
  by: Member,
  now: number,
): Promise<ProposalSettings> {
  const before = await proposalSettings(tx)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const value: ProposalSettings = { ...before, ...given }
  if (!isZone(value.zone))
    throw new Invalid([
      { field: 'zone', message: `zone must be a time zone such as Europe/Berlin, not "${value.zone}".` },
    ])
  if (value.currency !== before.currency && (await isCounted(tx)))
    throw new Refused(
      `Rates, goals or decided proposals are told in ${before.currency}. The reporting currency can be changed only before there are any.`,
    )
  await tx.insert(settings).values({ key: KEY, value }).onConflictDoUpdate({ target: settings.key, set: { value } })
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'settings', ...given } })
  return value
}

async function isCounted(tx: Tx): Promise<boolean> {
  if ((await tx.$count(fxRates)) > 0 || (await tx.$count(goals)) > 0) return true
  const decided = await tx.select({ id: proposals.id }).from(proposals).where(ne(proposals.outcome, 'open')).limit(1)
  return decided.length > 0
}
