import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { FORECAST_CATEGORIES } from '../../db/vocabulary.ts'
import { CATEGORY_WORDS } from '../proposal-words.ts'
import type { Filters, Pipeline } from '../proposals.ts'
import type { useDirectory } from '../queries.ts'
import { Icon } from './icon.tsx'

/** A pause in typing after which is looked for what is typed. */
const SETTLE_MS = 250

/** Which proposals are shown: the same for board, field and table. */
export function ProposalFilters(props: {
  filters: Filters
  directory: ReturnType<typeof useDirectory>
  pipelines: readonly Pipeline[]
  sources: readonly string[]
  today: string
  /** Nothing is typed: reports know no words to look for. */
  wordless?: boolean
  onFilter: (change: { [K in keyof Filters]: string | undefined }) => void
}) {
  const [typed, setTyped] = createSignal(props.filters.q ?? '')
  createEffect(
    on(
      typed,
      (text) => {
        const timer = setTimeout(() => {
          if (text.trim() !== (props.filters.q ?? '')) props.onFilter({ q: text.trim() || undefined })
        }, SETTLE_MS)
        onCleanup(() => clearTimeout(timer))
      },
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => props.filters.q,
      (q) => q !== typed().trim() && setTyped(q ?? ''),
      { defer: true },
    ),
  )
  const isFiltered = () => Object.values(props.filters).some((value) => value !== undefined)
  return (
    <search class="filters" aria-label="Which proposals">
      <Show when={!props.wordless}>
        <label class="lookup">
          <span class="sr">Title, customer or number</span>
          <Icon name="search" />
          <input
            class="input"
            type="search"
            placeholder="Title, customer or number"
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      </Show>
      <Show when={props.pipelines.length > 1}>
        <Choice
          label="Pipeline"
          all="All pipelines"
          value={props.filters.pipelineId}
          options={props.pipelines.map(({ id, name }) => [id, name])}
          onChange={(pipelineId) => props.onFilter({ pipelineId })}
        />
      </Show>
      <Choice
        label="Owner"
        all="All owners"
        value={props.filters.ownerId}
        options={props.directory.active().map(({ id, name }) => [id, name])}
        onChange={(ownerId) => props.onFilter({ ownerId })}
      />
      <Show when={props.directory.teams().length > 0}>
        <Choice
          label="Team"
          all="All teams"
          value={props.filters.teamId}
          options={props.directory.teams().map(({ id, name }) => [id, name])}
          onChange={(teamId) => props.onFilter({ teamId })}
        />
      </Show>
      <Show when={props.sources.length > 0 || props.filters.source}>
        <Choice
          label="Source"
          all="All sources"
          value={props.filters.source}
          options={props.sources.map((source) => [source, source])}
          onChange={(source) => props.onFilter({ source })}
        />
      </Show>
      <Show when={!props.wordless}>
        <Choice
          label="Category"
          all="All categories"
          value={props.filters.category}
          options={FORECAST_CATEGORIES.map((category) => [category, CATEGORY_WORDS[category]])}
          onChange={(category) => props.onFilter({ category })}
        />
      </Show>
      <label class="as-of">
        <span>As of</span>
        <input
          class="input"
          type="date"
          aria-label="As of the end of a past day"
          max={props.today}
          value={props.filters.asOf ?? ''}
          onChange={(event) => {
            const day = event.currentTarget.value
            props.onFilter({ asOf: day && day < props.today ? day : undefined })
          }}
        />
      </label>
      <Show when={isFiltered()}>
        <button
          type="button"
          class="btn ghost"
          onClick={() =>
            props.onFilter({
              pipelineId: undefined,
              ownerId: undefined,
              teamId: undefined,
              source: undefined,
              category: undefined,
              q: undefined,
              asOf: undefined,
            })
          }
        >
          <Icon name="close" />
          Clear
        </button>
      </Show>
    </search>
  )
}

function Choice(props: {
  label: string
  all: string
  value: string | undefined
  options: (readonly [value: string, words: string])[]
  onChange: (value: string | undefined) => void
}) {
  return (
    <select
      class="input"
      classList={{ on: props.value !== undefined }}
      aria-label={props.label}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    >
      <option value="" selected={props.value === undefined}>
        {props.all}
      </option>
      <For each={props.options}>
        {([value, words]) => (
          <option value={value} selected={props.value === value}>
            {words}
          </option>
        )}
      </For>
    </select>
  )
}
