import type { Fact } from '../facts.ts'
import { type Figure, figureOf } from './figure.ts'

/** Why proposals ended so, by the primary reason, most money first; `reasonId` null: nobody wrote it down. */
export type ReasonShare = Figure & { reasonId: string | null; countShare: number; valueShare: number | null }

/** @param closed of one outcome */
export function reasonsOf(closed: readonly Fact[], primary: ReadonlyMap<string, string>): ReasonShare[] {
  const all = figureOf(closed, ({ bid }) => bid)
  const groups = Map.groupBy(closed, ({ id }) => primary.get(id) ?? null)
  return [...groups]
    .map(([reasonId, rows]): ReasonShare => {
      const figure = figureOf(rows, ({ bid }) => bid)
      return {
        ...figure,
        reasonId,
        countShare: figure.count / all.count,
        valueShare: all.minor === 0 ? null : figure.minor / all.minor,
      }
    })
    .sort((a, b) => b.minor - a.minor || b.count - a.count)
}

/** How it went against somebody: where we met, what they won, what we won. */
export type Rival = { organizationId: string; met: string[]; lostTo: string[]; wonAgainst: string[] }

export function rivalsOf(
  closed: readonly Fact[],
  competitors: readonly { proposalId: string; organizationId: string; role: string }[],
): Rival[] {
  const byId = new Map(closed.map((fact) => [fact.id, fact]))
  const rivals = new Map<string, Rival>()
  for (const { proposalId, organizationId, role } of competitors) {
    const fact = byId.get(proposalId)
    if (!fact) continue
    const rival = rivals.get(organizationId) ?? { organizationId, met: [], lostTo: [], wonAgainst: [] }
    rival.met.push(proposalId)
    if (fact.outcome === 'lost' && role === 'winner') rival.lostTo.push(proposalId)
    if (fact.outcome === 'won') rival.wonAgainst.push(proposalId)
    rivals.set(organizationId, rival)
  }
  return [...rivals.values()].sort((a, b) => b.met.length - a.met.length)
}
