import { useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import type { ClosedOutcome } from '../../db/vocabulary.ts'
import type { Right } from '../api.ts'
import { NARROW, useMedia } from '../clock.ts'
import { Board } from '../components/board.tsx'
import { FieldChart } from '../components/field-chart.tsx'
import { Icon } from '../components/icon.tsx'
import { ProposalClose } from '../components/proposal-close.tsx'
import { ProposalFigures } from '../components/proposal-figures.tsx'
import { ProposalFilters } from '../components/proposal-filters.tsx'
import { ProposalStatusPicker } from '../components/proposal-status-picker.tsx'
import { ProposalTable } from '../components/proposal-table.tsx'
import { Bones, Empty, Failed, Loaded, Notice } from '../components/states.tsx'
import { count, plural } from '../format.ts'
import { dayWords } from '../proposal-words.ts'
import {
  type Card,
  type Filters,
  lastStep,
  useBoard,
  useField,
  usePipelineSettings,
  usePipelines,
  useWinRate,
} from '../proposals.ts'
import { dataOf, useDirectory, useSession } from '../queries.ts'
import { dayInZone } from '../reports.ts'

const VIEWS = ['board', 'field', 'table'] as const
type View = (typeof VIEWS)[number]
const VIEW_WORDS: Record<View, string> = { board: 'Board', field: 'Field', table: 'Table' }

/** How high the field is above the board, and where it is alone. */
const STRIP_PX = 200
const FIELD_PX = 440
const ON_STRIP = 24
const ON_FIELD = 150

const FILTERS = ['pipelineId', 'ownerId', 'teamId', 'source', 'category', 'q', 'asOf'] as const

/** What may come: as a board by stage, as a field by probability, or as a table. */
export default function Pipeline() {
  const [search, setSearch] = useSearchParams<Record<string, string>>()
  const session = useSession()
  const directory = useDirectory()
  const pipelines = usePipelines()
  const settings = usePipelineSettings()
  const narrow = useMedia(NARROW)
  const view = (): View => VIEWS.find((one) => one === search.view) ?? 'board'
  const filters = createMemo<Filters>(
    () => Object.fromEntries(FILTERS.flatMap((name) => (search[name] ? [[name, search[name]]] : []))),
    {},
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )
  const [step, setStep] = createSignal(0)
  const board = useBoard(filters, step)
  const hasField = () => view() === 'field' || (view() === 'board' && !narrow())
  // After the board, which is what one came for.
  const field = useField(
    filters,
    () => (view() === 'field' ? ON_FIELD : ON_STRIP),
    () => hasField() && dataOf(board) !== undefined,
  )
  const sources = useWinRate(
    () => ({}),
    () => ({}),
  )
  const may = (right: Right) => dataOf(session)?.rights.includes(right) ?? false
  const isPast = () => filters().asOf !== undefined
  const today = () => dayInZone(dataOf(settings)?.zone ?? 'UTC', Date.now())
  const [menu, setMenu] = createSignal<{ card: Card; at: Element }>()
  const [closing, setClosing] = createSignal<{ card: Card; outcome: ClosedOutcome }>()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const stages = () => (dataOf(board)?.columns ?? []).map(({ stage }) => stage)
  /** Stages of the pipelines that are in use, those of the card's own first. */
  const stagesFor = (card: Card) => stages().filter((stage) => stage.archivedAt === null || stage.id === card.stageId)

  const hrefOf = (list: Record<string, string>) =>
    `/pipeline?${new URLSearchParams({ ...filters(), ...list, view: 'table' })}`

  return (
    <div ref={setScroller} class="pipeline" classList={{ past: isPast() }}>
      <div class="top">
        <div>
          <h1>Pipeline</h1>
          <p>
            <Show when={dataOf(board)} fallback={'\u00a0'}>
              {(found) => (
                <>
                  <b class="num">{plural(found().total.count, 'open proposal')}</b>
                  {isPast() ? ` on ${dayWords(filters().asOf ?? '')}` : ''}
                  <Show when={dataOf(field)}>
                    {(known) => <>. {movesOf(known().ahead, known().back, known().fresh)}</>}
                  </Show>
                  <Show when={!found().complete}>
                    <span data-tip="Proposals from mailboxes that you do not see are left out of all sums.">
                      {' '}
                      You see a part of them.
                    </span>
                  </Show>
                </>
              )}
            </Show>
          </p>
        </div>
        <div class="segments" role="radiogroup" aria-label="Show as">
          <For each={VIEWS}>
            {(one) => (
              <label>
                <input type="radio" name="view" checked={view() === one} onChange={() => setSearch({ view: one })} />
                {VIEW_WORDS[one]}
              </label>
            )}
          </For>
        </div>
        <Show when={may('import proposals')}>
          <a class="btn" href="/import">
            <Icon name="file" />
            Import
          </a>
        </Show>
        <Show when={may('triage')}>
          <a class="btn primary" href="/proposals/new">
            <Icon name="plus" />
            New proposal
          </a>
        </Show>
      </div>
      <ProposalFilters
        filters={filters()}
        directory={directory}
        pipelines={(dataOf(pipelines) ?? []).filter(({ archivedAt }) => archivedAt === null)}
        sources={(dataOf(sources)?.bySource ?? []).map(({ source }) => source).filter(Boolean)}
        today={today()}
        onFilter={(change) => {
          setStep(0)
          setSearch({ ...change, ids: undefined }, { replace: true })
        }}
      />
      <Show when={isPast()}>
        <Notice tone="plain" icon="clock">
          This is how it stood at the end of {dayWords(filters().asOf ?? '')}. Nothing can be changed here.{' '}
          <button type="button" class="link" onClick={() => setSearch({ asOf: undefined })}>
            Back to today
          </button>
        </Notice>
      </Show>
      <Switch>
        <Match when={dataOf(board) === undefined && board.isError}>
          <Failed error={board.error} what="The pipeline" retry={() => void board.refetch()} />
        </Match>
        <Match when={dataOf(board) === undefined}>
          <Bones rows={7} height={88} />
        </Match>
        <Match when={dataOf(board)}>
          {(found) => (
            <>
              <ProposalFigures
                filters={filters()}
                total={found().total}
                currency={found().currency}
                at={found().asOf}
                today={isPast() ? (filters().asOf ?? '') : today()}
                hrefOf={hrefOf}
              />
              <Switch>
                <Match when={view() === 'table'}>
                  <ProposalTable
                    filters={filters()}
                    search={search}
                    onSearch={(change) => setSearch(change, { replace: true })}
                    directory={directory}
                    stages={stages()}
                    mayChange={may('triage') && !isPast()}
                    keepsOverride={dataOf(settings)?.onStageChange === 'keep'}
                    scroller={scroller()}
                  />
                </Match>
                <Match when={found().total.count === 0}>
                  <Show
                    when={Object.keys(filters()).length === 0}
                    fallback={
                      <Empty icon="search" title="No open proposals like that">
                        Take a filter away, or look at another day.
                      </Empty>
                    }
                  >
                    <Empty icon="pipeline" title="No open proposals">
                      Press 4 on an issue to make it a proposal, or begin one without a mail.
                    </Empty>
                  </Show>
                </Match>
                <Match when={view() === 'field'}>
                  <Loaded query={field} what="The field" loading={<div class="field-bone bone" />}>
                    {(known) => <FieldChart field={known()} height={FIELD_PX} />}
                  </Loaded>
                  <p class="below">
                    <a class="link" href={hrefOf({ sort: 'probability', order: 'desc' })}>
                      The same as a table
                    </a>
                  </p>
                </Match>
                <Match when={true}>
                  <Show when={hasField()}>
                    <div class="strip">
                      <Show when={dataOf(field)} fallback={<div class="strip-bone" />}>
                        {(known) => <FieldChart field={known()} height={STRIP_PX} />}
                      </Show>
                    </div>
                  </Show>
                  <Show when={scroller()}>
                    {(self) => (
                      <Board
                        board={found()}
                        directory={directory}
                        mayMove={may('triage') && !isPast()}
                        keepsOverride={dataOf(settings)?.onStageChange === 'keep'}
                        scroller={self()}
                        onMore={() => !board.isFetching && setStep((now) => Math.min(lastStep, now + 1))}
                        onMenu={(card, at) => setMenu({ card, at })}
                      />
                    )}
                  </Show>
                </Match>
              </Switch>
            </>
          )}
        </Match>
      </Switch>
      <Show when={menu()}>
        {(open) => (
          <ProposalStatusPicker
            card={open().card}
            stages={stagesFor(open().card)}
            keepsOverride={dataOf(settings)?.onStageChange === 'keep'}
            at={open().at}
            onEnd={(outcome) => setClosing({ card: open().card, outcome })}
            onClose={() => setMenu(undefined)}
          />
        )}
      </Show>
      <Show when={closing()}>
        {(open) => <ProposalClose card={open().card} outcome={open().outcome} onClose={() => setClosing(undefined)} />}
      </Show>
    </div>
  )
}

/** "4 moved down the field this week, 1 fell back, 2 are new." */
function movesOf(ahead: number, back: number, fresh: number): string {
  const parts = [
    ahead > 0 ? `${count(ahead)} moved down the field` : '',
    back > 0 ? `${count(back)} fell back` : '',
    fresh > 0 ? `${count(fresh)} ${fresh === 1 ? 'is' : 'are'} new` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `This week ${parts.join(', ')}.` : 'Nothing moved this week.'
}
