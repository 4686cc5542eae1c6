import { type JSX, Show } from 'solid-js'
import { plural } from '../format.ts'
import { money, shortMoney, signedMoney } from '../money.ts'
import { type Filters, type Sum, useCycle, useExpected, useTotal, useWinRate } from '../proposals.ts'
import { dataOf } from '../queries.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** A longer address is refused by some servers; the list then opens without naming each proposal. */
const MAX_IDS = 150

/**
 * What the pipeline is worth, and how it goes: each figure opens the proposals that it is made of.
 * @param props.today the day of what is shown, YYYY-MM-DD, in the organization's zone
 */
export function ProposalFigures(props: {
  filters: Filters
  total: Sum
  currency: string
  /** Of what is shown, ms. */
  at: number
  today: string
  hrefOf: (list: Record<string, string>) => string
}) {
  const filters = () => props.filters
  // By the hour, so that it is not asked for anew with each minute.
  const weekAgo = () => String(Math.floor((props.at - WEEK_MS) / 3_600_000) * 3_600_000)
  const before = useTotal(filters, weekAgo)
  const expected = useExpected(filters, () => ({ from: props.today, to: daysLater(props.today, 30) }))
  const lastYear = () => ({ from: daysLater(props.today, -365), to: daysLater(props.today, 1) })
  const yearBefore = () => ({ from: daysLater(props.today, -730), to: daysLater(props.today, -365) })
  const rate = useWinRate(filters, lastYear)
  const rateBefore = useWinRate(filters, yearBefore)
  const cycle = useCycle(filters, lastYear)
  const cycleBefore = useCycle(filters, yearBefore)

  const weightedChange = () => {
    const then = dataOf(before)?.total.weightedMinor
    return then === undefined ? undefined : props.total.weightedMinor - then
  }
  const closing = () => {
    const found = dataOf(expected)
    if (!found) return undefined
    const parts = [found.commit, found.best_case, found.pipeline]
    return { minor: parts.reduce((sum, { minor }) => sum + minor, 0), ids: parts.flatMap(({ ids }) => ids) }
  }
  const points = () => {
    const [now, then] = [dataOf(rate)?.rate, dataOf(rateBefore)?.rate]
    return now == null || then == null ? undefined : Math.round(now * 100) - Math.round(then * 100)
  }
  const days = () => dataOf(cycle)?.decision
  const daysChange = () => {
    const [now, then] = [days()?.median, dataOf(cycleBefore)?.decision.median]
    return now == null || then == null ? undefined : Math.round(now) - Math.round(then)
  }
  const listOf = (ids: string[], rest: Record<string, string>) =>
    props.hrefOf(ids.length > 0 && ids.length <= MAX_IDS ? { ...rest, ids: ids.join(',') } : rest)

  return (
    <div class="figures">
      <Figure
        label="Open value"
        href={props.hrefOf({ sort: 'value', order: 'desc' })}
        tip={`${money(props.total.totalMinor, props.currency)}${unknown(props.total)}`}
      >
        {shortMoney(props.total.totalMinor, props.currency)}
      </Figure>
      <Figure
        label="Weighted"
        href={props.hrefOf({ sort: 'weighted', order: 'desc' })}
        tip={`${money(props.total.weightedMinor, props.currency)}: each value by its probability. The change is since a week ago.`}
        change={weightedChange()}
        changeWords={weightedChange() ? signedMoney(weightedChange()!, props.currency) : undefined}
      >
        {shortMoney(props.total.weightedMinor, props.currency)}
      </Figure>
      <Figure
        label="Closing in 30 days"
        href={listOf(closing()?.ids ?? [], { sort: 'expected' })}
        tip={closing() && `${plural(closing()!.ids.length, 'proposal')}, by the expected decision`}
      >
        <Show when={closing()} fallback="–">
          {(found) => shortMoney(found().minor, props.currency)}
        </Show>
      </Figure>
      <Figure
        label="Win rate, 12 months"
        href={listOf([...(dataOf(rate)?.won.ids ?? []), ...(dataOf(rate)?.lost.ids ?? [])], {
          outcome: 'closed',
          sort: 'decided',
          order: 'desc',
        })}
        tip={
          dataOf(rate) &&
          `${dataOf(rate)!.of} won of ${dataOf(rate)!.n} won or lost. The change is against the year before.`
        }
        change={points()}
        changeWords={points() ? `${points()! > 0 ? '+' : '−'}${Math.abs(points()!)}` : undefined}
      >
        {dataOf(rate)?.rate == null ? '–' : `${Math.round(dataOf(rate)!.rate! * 100)}%`}
      </Figure>
      <Figure
        label="Median days to decision"
        href={listOf(days()?.ids ?? [], { outcome: 'closed', sort: 'decided', order: 'desc' })}
        tip={
          days() &&
          `Of ${plural(days()!.n, 'proposal')}, from submission to decision. The change is against the year before.`
        }
        change={daysChange() === undefined ? undefined : -daysChange()!}
        changeWords={daysChange() ? `${daysChange()! > 0 ? '+' : '−'}${Math.abs(daysChange()!)}` : undefined}
      >
        {days()?.median == null ? '–' : Math.round(days()!.median!)}
      </Figure>
    </div>
  )
}

function Figure(props: {
  label: string
  href: string
  tip?: string | undefined
  /** Above 0 it got better. */
  change?: number | undefined
  changeWords?: string | undefined
  children: JSX.Element
}) {
  return (
    <a class="figure" href={props.href} data-tip={props.tip}>
      <span class="label">{props.label}</span>
      <span class="value num">
        {props.children}
        <Show when={props.changeWords}>
          <small classList={{ good: (props.change ?? 0) > 0, bad: (props.change ?? 0) < 0 }}>{props.changeWords}</small>
        </Show>
      </span>
    </a>
  )
}

function unknown({ withoutValue, withoutRate }: Sum): string {
  const parts = [
    withoutValue > 0 ? `${withoutValue} without value` : '',
    withoutRate > 0 ? `${withoutRate} without exchange rate` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `. Left out: ${parts.join(', ')}` : ''
}

const daysLater = (day: string, by: number): string =>
  new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10)
