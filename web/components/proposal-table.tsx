import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js'
import { useNow } from '../clock.ts'
import { count, plural } from '../format.ts'
import { money, plainAmount, readAmount, shortMoney } from '../money.ts'
import { edit, moveTo } from '../proposal-changes.ts'
import { CATEGORY_WORDS, dayWords, nextChip, outcomeTone, quietChip } from '../proposal-words.ts'
import { type Card, type CardSort, type Filters, type Stage, type TableOrder, useTable } from '../proposals.ts'
import { dataOf, type useDirectory } from '../queries.ts'
import { complain, say } from '../toasts.ts'
import { Avatar, Nobody } from './avatar.tsx'
import { Editable } from './editable.tsx'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'
import { Bones, Empty, Failed } from './states.tsx'

type ColumnId =
  | 'customer'
  | 'status'
  | 'value'
  | 'weighted'
  | 'due'
  | 'expected'
  | 'owner'
  | 'nextStep'
  | 'category'
  | 'solicitation'
  | 'source'
  | 'idle'
  | 'age'
  | 'number'
const COLUMNS: { id: ColumnId; label: string; sort?: CardSort; end?: true; usual?: true }[] = [
  { id: 'number', label: 'Number', sort: 'number' },
  { id: 'customer', label: 'Customer', usual: true },
  { id: 'status', label: 'Status', sort: 'probability', usual: true },
  { id: 'value', label: 'Value', sort: 'value', end: true, usual: true },
  { id: 'weighted', label: 'Weighted', sort: 'weighted', end: true },
  { id: 'due', label: 'Due', sort: 'due', usual: true },
  { id: 'expected', label: 'Decision expected', sort: 'expected', usual: true },
  { id: 'owner', label: 'Owner', usual: true },
  { id: 'nextStep', label: 'Next step', usual: true },
  { id: 'category', label: 'Category' },
  { id: 'solicitation', label: 'Solicitation' },
  { id: 'source', label: 'Source' },
  { id: 'idle', label: 'Days quiet', sort: 'idle', end: true },
  { id: 'age', label: 'Age in days', sort: 'age', end: true },
]
const SORTS = [
  'due',
  'expected',
  'value',
  'weighted',
  'probability',
  'idle',
  'age',
  'number',
  'title',
  'updated',
  'decided',
  'created',
] as const
const KEPT = 'proposal-columns'
/** So near to the end of the page the next lines are fetched. */
const AHEAD_PX = 900

/** Proposals as a table: sorted, with the columns that one wants, changed in place, one or many at a time. */
export function ProposalTable(props: {
  filters: Filters
  search: Partial<Record<string, string>>
  onSearch: (change: Record<string, string | undefined>) => void
  directory: ReturnType<typeof useDirectory>
  stages: readonly Stage[]
  mayChange: boolean
  keepsOverride: boolean
  scroller: HTMLElement | undefined
}) {
  const now = useNow(60_000)
  const order = createMemo(
    (): TableOrder => ({
      sort: SORTS.find((one) => one === props.search.sort) ?? 'due',
      order: props.search.order === 'desc' ? 'desc' : 'asc',
      outcome: props.search.outcome === 'closed' || props.search.outcome === 'all' ? props.search.outcome : 'open',
      ...(props.search.ids && { ids: props.search.ids }),
    }),
    { sort: 'due', order: 'asc', outcome: 'open' },
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )
  const query = useTable(() => props.filters, order)
  const cards = createMemo(() => dataOf(query)?.pages.flatMap(({ proposals }) => proposals) ?? [])
  const first = () => dataOf(query)?.pages[0]
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set())
  const [shown, setShown] = createSignal<readonly ColumnId[]>(keptColumns())
  const [choosing, setChoosing] = createSignal<Element>()
  const columns = () => COLUMNS.filter(({ id }) => shown().includes(id))
  const selected = () => cards().filter(({ id }) => chosen().has(id))
  createEffect(
    on(
      () => [order(), props.filters],
      () => setChosen(new Set<string>()),
      { defer: true },
    ),
  )
  createEffect(() => {
    const self = props.scroller
    if (!self) return
    const more = () => {
      const left = self.scrollHeight - self.scrollTop - self.clientHeight
      if (left < AHEAD_PX && query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
    }
    self.addEventListener('scroll', more, { passive: true })
    onCleanup(() => self.removeEventListener('scroll', more))
  })
  const sortBy = (sort: CardSort | 'title') =>
    props.onSearch({ sort, order: order().sort === sort && order().order === 'asc' ? 'desc' : 'asc' })
  const toggle = (id: string, on: boolean) =>
    setChosen((before) => {
      const next = new Set(before)
      if (on) next.add(id)
      else next.delete(id)
      return next
    })
  const stageOf = (card: Card) => props.stages.find(({ id }) => id === card.stageId)

  /** Does the same to all that are chosen, one after the other, and tells how many took it. */
  const each = async (words: string, work: (card: Card) => Promise<unknown>) => {
    const all = selected()
    let done = 0
    for (const card of all) if (await work(card)) done++
    if (done === all.length) say(`${plural(done, 'proposal')}: ${words}.`)
    else complain(`${done} of ${plural(all.length, 'proposal')}: ${words}. The others were not changed.`)
    setChosen(new Set<string>())
  }
  const give = (ownerId: string) => each(`owner ${props.directory.name(ownerId)}`, (card) => edit(card, { ownerId }))
  const moveAll = (stage: Stage) =>
    each(stage.label, async (card) => {
      const from = stageOf(card)
      if (!from || card.outcome !== 'open') return false
      return from.id === stage.id || (await moveTo(card, from, stage, props.keepsOverride))
    })

  const Head = (head: { label: string; sort?: CardSort | undefined; end?: boolean | undefined }) => (
    <th
      scope="col"
      classList={{ end: head.end ?? false }}
      aria-sort={
        head.sort && order().sort === head.sort ? (order().order === 'asc' ? 'ascending' : 'descending') : undefined
      }
    >
      <Show when={head.sort} fallback={head.label}>
        {(sort) => (
          <button type="button" onClick={() => sortBy(sort())}>
            {head.label}
            <Show when={order().sort === sort()}>
              <Icon name={order().order === 'asc' ? 'up' : 'down'} />
            </Show>
          </button>
        )}
      </Show>
    </th>
  )

  return (
    <section class="proposal-table" aria-label="Proposals">
      <div class="tools">
        <select
          class="input"
          aria-label="Open or closed"
          onChange={(event) => props.onSearch({ outcome: event.currentTarget.value, ids: undefined })}
        >
          <For
            each={
              [
                ['open', 'Open'],
                ['closed', 'Closed'],
                ['all', 'Open and closed'],
              ] as const
            }
          >
            {([value, words]) => (
              <option value={value} selected={order().outcome === value}>
                {words}
              </option>
            )}
          </For>
        </select>
        <span class="hint num">
          <Show when={first()}>
            {(page) => (
              <>
                {plural(page().sum.count, 'proposal')}, {shortMoney(page().sum.totalMinor, page().currency)}
                {order().outcome === 'open'
                  ? `, ${shortMoney(page().sum.weightedMinor, page().currency)} weighted`
                  : ''}
              </>
            )}
          </Show>
        </span>
        <Show when={order().ids}>
          <button type="button" class="btn ghost" onClick={() => props.onSearch({ ids: undefined })}>
            <Icon name="close" />
            Those of one figure only
          </button>
        </Show>
        <span class="spacer" />
        <button type="button" class="btn" aria-haspopup="dialog" onClick={(event) => setChoosing(event.currentTarget)}>
          <Icon name="sliders" />
          Columns
        </button>
      </div>
      <Show when={chosen().size > 0}>
        <div class="bulk" role="toolbar" aria-label="Change what is chosen">
          <b class="num">{count(chosen().size)} chosen</b>
          <select class="input" aria-label="Give to" onChange={(event) => void give(event.currentTarget.value)}>
            <option value="">Give to…</option>
            <For each={props.directory.active()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
          </select>
          <select
            class="input"
            aria-label="Move to"
            onChange={(event) => {
              const stage = props.stages.find(({ id }) => id === event.currentTarget.value)
              if (stage) void moveAll(stage)
            }}
          >
            <option value="">Move to…</option>
            <For each={props.stages}>{({ id, label }) => <option value={id}>{label}</option>}</For>
          </select>
          <button type="button" class="btn ghost" onClick={() => setChosen(new Set<string>())}>
            Choose none
          </button>
        </div>
      </Show>
      <Show
        when={first()}
        fallback={
          <Show when={query.isError} fallback={<Bones rows={8} height={40} />}>
            <Failed error={query.error} what="The proposals" retry={() => void query.refetch()} />
          </Show>
        }
      >
        <Show
          when={cards().length > 0}
          fallback={
            <Empty icon="search" title="No proposals like that">
              Take a filter away, or look among open and closed ones.
            </Empty>
          }
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached with the keys. */}
          <section class="scroll-x" tabIndex={0} aria-label="Table of proposals">
            <table class="table">
              <thead>
                <tr>
                  <Show when={props.mayChange}>
                    <th scope="col" class="pick">
                      <input
                        type="checkbox"
                        aria-label="Choose all that are shown"
                        checked={chosen().size > 0 && chosen().size === cards().length}
                        onChange={(event) =>
                          setChosen(new Set(event.currentTarget.checked ? cards().map(({ id }) => id) : []))
                        }
                      />
                    </th>
                  </Show>
                  <Head label="Proposal" sort="title" />
                  <For each={columns()}>
                    {(column) => <Head label={column.label} sort={column.sort} end={column.end} />}
                  </For>
                </tr>
              </thead>
              <tbody>
                <For each={cards()}>
                  {(card) => (
                    <tr aria-selected={chosen().has(card.id)}>
                      <Show when={props.mayChange}>
                        <td class="pick">
                          <input
                            type="checkbox"
                            aria-label={`Choose ${card.title}`}
                            checked={chosen().has(card.id)}
                            onChange={(event) => toggle(card.id, event.currentTarget.checked)}
                          />
                        </td>
                      </Show>
                      <th scope="row">
                        <a href={`/proposals/${card.id}`}>{card.title}</a>
                      </th>
                      <For each={columns()}>
                        {(column) => (
                          <td classList={{ end: column.end ?? false, num: column.end ?? false }}>
                            <Cell
                              column={column.id}
                              card={card}
                              now={now()}
                              directory={props.directory}
                              stages={props.stages}
                              currency={first()?.currency ?? 'USD'}
                              mayChange={props.mayChange}
                              keepsOverride={props.keepsOverride}
                            />
                          </td>
                        )}
                      </For>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </section>
          <Show when={query.hasNextPage}>
            <button
              type="button"
              class="btn more"
              disabled={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </button>
          </Show>
        </Show>
      </Show>
      <Show when={choosing()}>
        {(at) => (
          <Popover at={at()} label="Columns" class="choices" onClose={() => setChoosing(undefined)}>
            <fieldset>
              <legend class="sr">Columns</legend>
              <For each={COLUMNS}>
                {({ id, label }) => (
                  <label class="check">
                    <input
                      type="checkbox"
                      checked={shown().includes(id)}
                      onChange={(event) => {
                        const on = event.currentTarget.checked
                        setShown((all) => (on ? [...all, id] : all.filter((one) => one !== id)))
                        localStorage.setItem(KEPT, JSON.stringify(shown()))
                      }}
                    />
                    {label}
                  </label>
                )}
              </For>
            </fieldset>
          </Popover>
        )}
      </Show>
    </section>
  )
}

/** The columns that were chosen in this browser. */
function keptColumns(): readonly ColumnId[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '')
    if (Array.isArray(kept)) return COLUMNS.map(({ id }) => id).filter((id) => kept.includes(id))
  } catch {
    // Nothing was chosen yet, or it can't be read: those that everybody sees first.
  }
  return COLUMNS.filter(({ usual }) => usual).map(({ id }) => id)
}

function Cell(props: {
  column: ColumnId
  card: Card
  now: number
  directory: ReturnType<typeof useDirectory>
  stages: readonly Stage[]
  currency: string
  mayChange: boolean
  keepsOverride: boolean
}): JSX.Element {
  const card = () => props.card
  const open = () => props.mayChange && card().outcome === 'open'
  switch (props.column) {
    case 'number':
      return <span class="num">PRP-{card().number}</span>
    case 'customer':
      return card().organizationName ?? <span class="hint">–</span>
    case 'status':
      return (
        <Show when={open()} fallback={<span class={`chip ${outcomeTone(card().outcome)}`}>{card().status}</span>}>
          <select
            class="input plain num"
            aria-label={`Stage of ${card().title}`}
            onChange={(event) => {
              const to = props.stages.find(({ id }) => id === event.currentTarget.value)
              const from = props.stages.find(({ id }) => id === card().stageId)
              if (from && to) void moveTo(card(), from, to, props.keepsOverride)
            }}
          >
            <For each={props.stages}>
              {(stage) => (
                <option value={stage.id} selected={stage.id === card().stageId}>
                  {stage.id === card().stageId ? card().status : stage.label}
                </option>
              )}
            </For>
          </select>
        </Show>
      )
    case 'value':
      return (
        <Editable
          label={`Value of ${card().title}`}
          value={plainAmount(card().valueMinor, card().currency)}
          shown={card().valueMinor === null ? '–' : money(card().valueMinor ?? 0, card().currency)}
          mayChange={props.mayChange}
          onSave={(typed) => {
            const valueMinor = readAmount(typed, card().currency)
            if (valueMinor === undefined) return 'Write an amount such as 420,000 or 420k.'
            void edit(card(), { valueMinor }, `${card().title}: value changed.`, { valueMinor: card().valueMinor })
            return undefined
          }}
        />
      )
    case 'weighted':
      return card().weightedMinor === null ? '–' : money(card().weightedMinor ?? 0, props.currency)
    case 'due': {
      const chip = () => nextChip({ ...card(), expectedDecision: null }, props.now)
      return (
        <Show when={card().dueAt !== null} fallback={<span class="hint">–</span>}>
          <span data-tip={card().dueZone ?? undefined}>
            {dayWords((card().dueLocal ?? '').slice(0, 10))} {card().dueLocal?.slice(11)}
          </span>{' '}
          <Show when={chip()}>{(found) => <span class={`chip ${found().tone}`}>{found().words}</span>}</Show>
        </Show>
      )
    }
    case 'expected':
      return (
        <Editable
          label={`Expected decision on ${card().title}`}
          type="date"
          value={card().expectedDecision ?? ''}
          shown={card().expectedDecision ? dayWords(card().expectedDecision ?? '') : '–'}
          mayChange={open()}
          onSave={(typed) => {
            const back = { expectedDecision: card().expectedDecision }
            void edit(card(), { expectedDecision: typed || null }, `${card().title}: expected decision changed.`, back)
            return undefined
          }}
        />
      )
    case 'owner':
      return <Owner card={card()} directory={props.directory} mayChange={props.mayChange} />
    case 'nextStep':
      return (
        <Editable
          label={`Next step of ${card().title}`}
          value={card().nextStep}
          shown={card().nextStep || '–'}
          mayChange={props.mayChange}
          onSave={(nextStep) => {
            void edit(card(), { nextStep }, `${card().title}: next step changed.`, { nextStep: card().nextStep })
            return undefined
          }}
        />
      )
    case 'category':
      return CATEGORY_WORDS[card().category]
    case 'solicitation':
      return card().solicitationNumber || <span class="hint">–</span>
    case 'source':
      return card().source || <span class="hint">–</span>
    case 'idle':
      return (
        <>
          <Show when={quietChip(card())} fallback={card().idleDays}>
            {(chip) => <span class="chip warn">{chip().words}</span>}
          </Show>
        </>
      )
    case 'age':
      return card().ageDays
  }
}

function Owner(props: { card: Card; directory: ReturnType<typeof useDirectory>; mayChange: boolean }) {
  const owner = () => props.directory.member(props.card.ownerId)
  const team = () => props.directory.team(props.card.teamId)
  return (
    <span class="who-cell">
      <Show when={owner() ?? team()} fallback={<Nobody />}>
        {(found) => <Avatar name={found().name} of={found().id} team={owner() === undefined} />}
      </Show>
      <Show when={props.mayChange} fallback={owner()?.name ?? team()?.name ?? <span class="hint">Nobody yet</span>}>
        <select
          class="input plain"
          aria-label={`Owner of ${props.card.title}`}
          onChange={(event) => {
            const ownerId = event.currentTarget.value || null
            void edit(props.card, { ownerId }, `${props.card.title}: owner changed.`, { ownerId: props.card.ownerId })
          }}
        >
          <option value="">{team()?.name ?? 'Nobody yet'}</option>
          <For each={props.directory.members()}>
            {({ id, name }) => (
              <option value={id} selected={id === props.card.ownerId}>
                {name}
              </option>
            )}
          </For>
        </select>
      </Show>
    </span>
  )
}
