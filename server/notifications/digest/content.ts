import type { Reader } from '../../../db/index.ts'
import type { DigestLanguage } from '../../../db/vocabulary.ts'
import { minorDigits } from '../../../db/vocabulary.ts'
import { readBoard } from '../../proposals/board.ts'
import { percentOf } from '../../proposals/currency.ts'
import { MILESTONE_WORDS } from '../../proposals/milestone-words.ts'
import { reportGround } from '../../proposals/report-ground.ts'
import { aging, comingUp, waterfall } from '../../proposals/reports.ts'
import { readSnapshot } from '../../proposals/snapshot.ts'
import type { Scope } from '../../proposals/visible.ts'
import { CHANGES, WORDS } from './words.ts'

const DUE_DAYS = 14
const MAX_LINES = 15
const MAX_CARDS = 1

/** A digest as sections of lines; each line may lead to a proposal. */
export type Digest = { title: string; sections: { title: string; lines: { text: string; path: string | null }[] }[] }

/**
 * What a member's week begins with, of all that they see: totals as on the board, what is due, what changed since a week
 * ago, what is stuck. Its figures are those of the board and of the reports, made by the same functions.
 * @param since what changed is told from here
 * @returns null where there is nothing to tell
 */
export async function digestFor(
  read: Reader,
  scope: Scope,
  { language, zone, since }: { language: DigestLanguage; zone: string; since: number },
  now: number,
): Promise<Digest | null> {
  const words = WORDS[language]
  const board = await readBoard(
    read,
    scope,
    { filter: {}, asOf: null, sort: 'due', descending: false, limit: MAX_CARDS },
    now,
  )
  const ground = await reportGround(read, scope, { filter: {}, asOf: null }, now)
  const due = await comingUp(ground, DUE_DAYS)
  const changed = await waterfall(ground, since, now, null)
  const stuck = await aging(ground)
  const moved = CHANGES.some((bar) => bar !== 'opening' && bar !== 'closing' && changed[bar].count > 0)
  if (board.total.count === 0 && !moved) return null

  const money = (minor: number, currency = board.currency) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      minimumFractionDigits: minorDigits(currency),
      maximumFractionDigits: minorDigits(currency),
    }).format(minor / 10 ** minorDigits(currency))
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  const line = (text: string, id: string | null = null) => ({ text, path: id && `/proposals/${id}` })
  const cut = (lines: ReturnType<typeof line>[]) =>
    lines.length > MAX_LINES
      ? [...lines.slice(0, MAX_LINES), line(words.more(lines.length - MAX_LINES))]
      : lines.length > 0
        ? lines
        : [line(words.none)]

  const { total } = board
  const sums = [
    `${words.open}: ${total.count}, ${money(total.totalMinor)}, ${words.weighted} ${money(total.weightedMinor)}`,
  ]
  if (total.withoutValue > 0) sums.push(`${total.withoutValue} ${words.withoutValue}`)
  if (total.withoutRate > 0) sums.push(`${total.withoutRate} ${words.withoutRate}`)
  const open = await readSnapshot(read, scope, { outcome: 'open' }, null)
  const currencies = Map.groupBy(
    open.filter(({ valueMinor }) => valueMinor !== null),
    ({ currency }) => currency,
  )
  // One currency is told once: by the totals.
  if (currencies.size > 1 || (currencies.size === 1 && !currencies.has(board.currency)))
    for (const [currency, rows] of [...currencies].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const sum = rows.reduce((all, { valueMinor }) => all + (valueMinor ?? 0), 0)
      const weighed = rows.reduce((all, row) => all + percentOf(row.valueMinor ?? 0, row.probability), 0)
      sums.push(`${currency}: ${rows.length}, ${money(sum, currency)}, ${words.weighted} ${money(weighed, currency)}`)
    }

  const ids = [...new Set([...due.proposals.map(({ id }) => id), ...CHANGES.flatMap((bar) => changed[bar].ids)])]
  const named = new Map<string, string>()
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE)
    for (const row of await readSnapshot(read, scope, { outcome: 'all', ids: ids.slice(i, i + IDS_AT_ONCE) }, null))
      named.set(row.id, nameOf(row))
  const list = (bar: (typeof CHANGES)[number]) =>
    changed[bar].ids.length > 0 && bar !== 'opening' && bar !== 'closing'
      ? changed[bar].ids.slice(0, MAX_LINES).map((id) => line(`  ${named.get(id) ?? ''}`, id))
      : []
  const changes = CHANGES.filter((bar) => bar === 'opening' || bar === 'closing' || changed[bar].count > 0).flatMap(
    (bar) => [line(`${words[bar]}: ${changed[bar].count}, ${money(changed[bar].minor)}`), ...list(bar)],
  )
  const stale = stuck.proposals.filter(({ stale }) => stale).toSorted((a, b) => b.idleDays - a.idleDays)
  return {
    title: words.subject,
    sections: [
      { title: words.open, lines: sums.map((text) => line(text)) },
      {
        title: words.due,
        lines: cut(
          due.due.map(({ proposalId, at, milestone, inMs }) => {
            const kind = milestone
              ? // The cast: comingUp gives the kinds of the table.
                `${milestone.label || MILESTONE_WORDS[milestone.kind as keyof typeof MILESTONE_WORDS]}: `
              : ''
            const late = inMs < 0 ? `, ${words.overdue}` : ''
            return line(`${when.format(at)}${late}: ${kind}${named.get(proposalId) ?? ''}`, proposalId)
          }),
        ),
      },
      { title: words.changed, lines: changes },
      {
        title: `${words.stuck}: ${stuck.stale.count}, ${money(stuck.stale.totalMinor)}, ${words.weighted} ${money(stuck.stale.weightedMinor)}`,
        lines: cut(stale.map((card) => line(`${nameOf(card)}, ${words.idle(card.idleDays)}`, card.id))),
      },
    ],
  }
}

const IDS_AT_ONCE = 500

/** Line ends in a title would look like lines of ours. */
const nameOf = ({ title, number }: { title: string; number: number }): string =>
  `${title.replace(/\s+/gu, ' ')} (PRP-${number})`
