import { createHash } from 'node:crypto'
import type { Plan } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot.ts'

/** SHA-256 of what would be done: two plans with the same steps are the same. */
export function planHash({ steps, blockers }: Plan): string {
  return hashOf([steps.map(({ command }) => command), blockers.map(({ code, subject }) => [code, subject])])
}

/**
 * SHA-256 of what is there, without when it was looked at. Two snapshots with the same mean the same plan; what fills
 * up by itself, such as the size, is left out.
 */
export function snapshotHash({
  collectedAt: _at,
  statistics: _size,
  ledger: _ledger,
  autoMapping,
  adPermissions,
  ...rest
}: Snapshot): string {
  const evidence = autoMapping.map(({ user, state, source }) => [user.toLowerCase(), state, source ?? '']).sort()
  // Of the rights in the directory Send As alone is ours.
  const sending = adPermissions?.filter(({ ExtendedRights }) =>
    ExtendedRights.some((one) => /^send[ -]?as$/i.test(one)),
  )
  return hashOf([sorted({ ...rest, adPermissions: sending }), evidence])
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** Keys in one order, and rows of lists too: Exchange gives both as it likes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
