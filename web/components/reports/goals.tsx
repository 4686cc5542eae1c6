import { createSignal, For, Show } from 'solid-js'
import type { Right } from '../../api.ts'
import { plural } from '../../format.ts'
import { type Goal, periodWords } from '../../goals.ts'
import { money, shortMoney } from '../../money.ts'
import { dayWords } from '../../proposal-words.ts'
import { usePipelines } from '../../proposals.ts'
import { dataOf, useDirectory, useSession } from '../../queries.ts'
import { type Goals, listHref, type ReportFilters, useGoals } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import { percent, type Table } from '../charts/table.ts'
import { Icon } from '../icon.tsx'
import { GoalDialog } from './goal-dialog.tsx'

type One = Goals['goals'][number]

/** What is to be won in which period, by whom, and how far each goal is. Managers set them. */
export function GoalsReport(props: { filters: ReportFilters; today: string }) {
  const query = useGoals(() => props.filters)
  const session = useSession()
  const directory = useDirectory()
  const pipelines = usePipelines()
  const [editing, setEditing] = createSignal<Goal | 'new'>()
  const right: Right = 'manage pipeline'
  const mayEdit = () => (dataOf(session)?.rights.includes(right) ?? false) && props.filters.asOf === undefined
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const whose = ({ memberId, teamId, pipelineId }: Goal) => {
    const who = memberId
      ? directory.name(memberId)
      : teamId
        ? (directory.teams().find(({ id }) => id === teamId)?.name ?? 'A former team')
        : 'Everybody'
    const pipeline = (dataOf(pipelines) ?? []).find(({ id }) => id === pipelineId)?.name
    return pipeline ? `${who}, ${pipeline}` : who
  }
  const when = ({ periodStart, periodEnd }: Goal) => periodWords(periodStart, periodEnd, dayWords)
  const tableOf = (data: Goals): Table => ({
    head: [
      { label: 'Period', kind: 'text' },
      { label: 'For', kind: 'text' },
      { label: 'Goal', kind: 'money' },
      { label: 'Won', kind: 'money' },
      { label: 'Won of goal', kind: 'share' },
      { label: 'Still to win', kind: 'money' },
      { label: 'Open, expected in it', kind: 'money' },
      { label: 'Open, weighted', kind: 'money' },
    ],
    rows: data.goals.map((one) => [
      { value: when(one.goal) },
      { value: whose(one.goal) },
      { value: one.goalMinor },
      { value: one.won.minor, ids: one.won.ids },
      { value: one.share },
      { value: one.neededMinor ?? 0 },
      { value: one.open.minor, ids: one.open.ids },
      { value: one.open.weightedMinor, ids: one.open.ids },
    ]),
  })
  return (
    <>
      <Panel
        title="Goals"
        lead="What is to be won in a period, what was awarded in it, and what is open and expected in it."
        file="goals"
        icon="trophy"
        query={query}
        hrefOf={href}
        empty={(data) =>
          data.goals.length > 0
            ? undefined
            : mayEdit()
              ? 'Set what is to be won in a quarter or a year, by all, a team or a member.'
              : 'Managers set what is to be won in a quarter or a year.'
        }
        tools={
          <Show when={mayEdit()}>
            <button type="button" class="btn" onClick={() => setEditing('new')}>
              <Icon name="plus" />
              New goal
            </button>
          </Show>
        }
        table={tableOf}
        above={(data) => (
          <ul class="goals">
            <For each={data.goals}>
              {(one) => (
                <li>
                  <div>
                    <b>{when(one.goal)}</b>
                    <small>{whose(one.goal)}</small>
                  </div>
                  <SoFar one={one} currency={data.currency} href={href} />
                  <Show when={mayEdit()}>
                    <button
                      type="button"
                      class="btn ghost"
                      aria-label={`Change the goal for ${when(one.goal)}, ${whose(one.goal)}`}
                      onClick={() => setEditing(one.goal)}
                    >
                      Change
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      />
      <Show when={editing()}>
        {(open) => {
          const goal = open()
          return (
            <GoalDialog
              goal={goal === 'new' ? undefined : goal}
              currency={query.data?.currency ?? 'USD'}
              today={props.today}
              onClose={() => setEditing(undefined)}
            />
          )
        }}
      </Show>
    </>
  )
}

/** What is won, and what is open by its probability, on a bar that is the goal. */
function SoFar(props: { one: One; currency: string; href: (ids: readonly string[]) => string }) {
  const short = (minor: number) => shortMoney(minor, props.currency)
  const width = (minor: number) => `${Math.min(100, (100 * minor) / Math.max(1, props.one.goalMinor))}%`
  return (
    <div class="so-far num">
      <div class="goal-bar" aria-hidden="true">
        <i class="tone-won" style={{ width: width(props.one.won.minor) }} />
        <i class="tone-best" style={{ width: width(props.one.open.weightedMinor) }} />
      </div>
      <p>
        <Linked href={props.one.won.count > 0 ? props.href(props.one.won.ids) : undefined}>
          {short(props.one.won.minor)} won
        </Linked>{' '}
        of {money(props.one.goalMinor, props.currency)}, {percent(props.one.share)}.{' '}
        <Show when={props.one.neededMinor !== null} fallback="The goal is reached. ">
          {short(props.one.neededMinor ?? 0)} to go.{' '}
        </Show>
        <Linked href={props.one.open.count > 0 ? props.href(props.one.open.ids) : undefined}>
          {plural(props.one.open.count, 'open proposal')}
        </Linked>
        {props.one.open.count > 0
          ? `, ${short(props.one.open.minor)}, ${short(props.one.open.weightedMinor)} weighted`
          : ''}
        .
      </p>
    </div>
  )
}

function Linked(props: { href: string | undefined; children: string | string[] }) {
  return (
    <Show when={props.href} fallback={props.children}>
      {(href) => (
        <a class="quiet-link" href={href()}>
          {props.children}
        </a>
      )}
    </Show>
  )
}
