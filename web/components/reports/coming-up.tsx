import { createMemo, For, Show } from 'solid-js'
import { useNow } from '../../clock.ts'
import { dayAndTime, plural } from '../../format.ts'
import { shortMoney } from '../../money.ts'
import { countdown, MILESTONE_WORDS, wallWords } from '../../proposal-words.ts'
import { useDirectory } from '../../queries.ts'
import { type ComingUp, listHref, type ReportFilters, useComingUp } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import type { Table } from '../charts/table.ts'

const MINUTE_MS = 60_000
const CLOSE_MS = 48 * 3_600_000

type Due = ComingUp['due'][number]
type Card = ComingUp['proposals'][number]

/** What must leave the house in the next 30 days, soonest first, and who has how much of it. */
export function ComingUpReport(props: { filters: ReportFilters }) {
  const query = useComingUp(() => props.filters)
  const directory = useDirectory()
  const nameOf = (id: string | null) => (id ? directory.name(id) : 'Nobody yet')
  const table = (data: ComingUp): Table => {
    const byId = cardsOf(data)
    return {
      head: [
        { label: 'Due', kind: 'text' },
        { label: 'What', kind: 'text' },
        { label: 'Number', kind: 'text' },
        { label: 'Title', kind: 'text' },
        { label: 'Owner', kind: 'text' },
        { label: 'Value', kind: 'money' },
      ],
      rows: data.due.map((due) => [
        { value: due.local && due.zone ? wallWords(due.local, due.zone) : new Date(due.at).toISOString() },
        { value: whatOf(due) },
        { value: byId.get(due.proposalId)?.number ?? '' },
        { value: byId.get(due.proposalId)?.title ?? '', ids: [due.proposalId] },
        { value: nameOf(due.ownerId) },
        { value: byId.get(due.proposalId)?.worthMinor ?? null },
      ]),
    }
  }
  return (
    <Panel
      title="Coming up"
      lead="What must leave the house in the next 30 days, by its deadline where it is due."
      file="coming-up"
      icon="clock"
      query={query}
      hrefOf={(ids) => listHref(props.filters, ids)}
      empty={(data) => (data.due.length === 0 ? 'Nothing is due in the next 30 days.' : undefined)}
      table={table}
      above={(data) => (
        <div class="coming">
          <DueList data={data} asOf={props.filters.asOf !== undefined} nameOf={nameOf} />
          <section class="load" aria-label="How much is due for whom">
            <h3>Load</h3>
            <ul>
              <For each={data.load}>
                {(one) => (
                  <li>
                    <a href={listHref(props.filters, one.ids)}>
                      <span class="ellipsis">{nameOf(one.ownerId)}</span>
                      <span class="num">{plural(one.count, 'proposal')}</span>
                      <span class="num sum">{shortMoney(one.worthMinor, data.currency)}</span>
                      <span class="meter" style={{ width: `${(one.count / (data.load[0]?.count ?? 1)) * 100}%` }} />
                    </a>
                  </li>
                )}
              </For>
            </ul>
          </section>
        </div>
      )}
    />
  )
}

function DueList(props: { data: ComingUp; asOf: boolean; nameOf: (id: string | null) => string }) {
  const clock = useNow(MINUTE_MS)
  /** In the past, it was so long until then. */
  const now = () => (props.asOf ? props.data.asOf : clock())
  const byId = createMemo(() => cardsOf(props.data))
  const toneOf = (at: number) => (at < now() ? 'bad' : at - now() < CLOSE_MS ? 'bad' : 'warn')
  return (
    <ul class="due" aria-label="Deadlines" tabindex="0">
      <For each={props.data.due}>
        {(due) => (
          <li>
            <span class={`chip num ${toneOf(due.at)}`}>
              {due.at < now() ? `late, ${countdown(due.at, now())}` : countdown(due.at, now())}
            </span>
            <span class="what">
              <a href={`/proposals/${due.proposalId}`}>{byId().get(due.proposalId)?.title}</a>
              <small>
                {whatOf(due)} · {due.local && due.zone ? wallWords(due.local, due.zone) : dayAndTime(due.at, now())}
                <Show when={isElsewhere(due)}> · {dayAndTime(due.at, now())} here</Show>
              </small>
            </span>
            <span class="whom">
              {props.nameOf(due.ownerId)}
              <small class="num">{worthWords(byId().get(due.proposalId), props.data.currency)}</small>
            </span>
          </li>
        )}
      </For>
    </ul>
  )
}

const cardsOf = ({ proposals }: ComingUp) => new Map(proposals.map((card) => [card.id, card]))

const worthWords = (card: Card | undefined, currency: string) =>
  card?.worthMinor == null ? 'no value yet' : shortMoney(card.worthMinor, currency)

/** "Submission", "Red review". */
function whatOf({ kind, milestone }: Due): string {
  if (kind === 'submission') return 'Submission'
  if (milestone?.label) return milestone.label
  return Object.entries(MILESTONE_WORDS).find(([name]) => name === milestone?.kind)?.[1] ?? 'Milestone'
}

/** The deadline's clock does not show what ours does. */
function isElsewhere({ at, local }: Due): boolean {
  if (!local?.includes('T')) return false
  const here = new Date(at)
  const pad = (n: number) => String(n).padStart(2, '0')
  return local.slice(11, 16) !== `${pad(here.getHours())}:${pad(here.getMinutes())}`
}
