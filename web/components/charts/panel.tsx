import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { complain } from '../../toasts.ts'
import { Icon, type IconName } from '../icon.tsx'
import { Bones, Empty, Loaded } from '../states.tsx'
import { Chart } from './chart.tsx'
import type { Drawing, Tone } from './drawing.ts'
import { keep, pictureOf } from './picture.ts'
import { cellWords, csvText, type Table } from './table.ts'

type Legend = readonly (readonly [Tone, string])[]

type Query<T> = { isPending: boolean; isError: boolean; error: unknown; data: T | undefined; refetch: () => unknown }

/**
 * A report: its chart, its numbers as a table, and both to take along. It loads and fails by itself, so that one that
 * fails takes no other from the page.
 */
export function Panel<T extends { currency: string }>(props: {
  title: string
  /** What it answers, in a sentence. */
  lead: JSX.Element
  /** Of the files that are kept. */
  file: string
  query: Query<T>
  /** Why there is nothing to show, where there is nothing. */
  empty: (data: T) => string | undefined
  icon?: IconName
  draw?: (data: T, width: number) => Drawing
  legend?: Legend | ((data: T) => Legend)
  table: (data: T) => Table
  hrefOf: (ids: readonly string[]) => string
  /** The table is always there, below. */
  tableBelow?: boolean
  tools?: JSX.Element
  above?: (data: T) => JSX.Element
  below?: (data: T) => JSX.Element
}) {
  const id = createUniqueId()
  let self!: HTMLElement
  const [asTable, setAsTable] = createSignal(false)
  const legendOf = (data: T) => (typeof props.legend === 'function' ? props.legend(data) : props.legend)
  const keepPicture = async () => {
    try {
      keep(`${props.file}.png`, await pictureOf(self, props.title))
    } catch {
      complain('The picture could not be made. The numbers are in the CSV.')
    }
  }
  const shown = () => (props.query.isPending ? undefined : props.query.data)
  const isEmpty = () => {
    const data = shown()
    return data === undefined || props.empty(data) !== undefined
  }
  const hasChart = () => props.draw !== undefined && !asTable()
  return (
    <section ref={self} class="report" id={props.file} aria-labelledby={id} aria-busy={props.query.isPending}>
      <header>
        <div>
          <h2 id={id}>{props.title}</h2>
          <p>{props.lead}</p>
        </div>
        <div class="report-tools">
          {props.tools}
          <Show when={!isEmpty()}>
            <Show when={props.draw && !props.tableBelow}>
              <button
                type="button"
                class="btn ghost"
                aria-pressed={asTable()}
                aria-label={`Table of ${props.title}`}
                onClick={() => setAsTable(!asTable())}
              >
                <Icon name="all" />
                Table
              </button>
            </Show>
            <button
              type="button"
              class="btn ghost"
              aria-label={`CSV of ${props.title}`}
              onClick={() => {
                const data = shown()
                if (data)
                  keep(`${props.file}.csv`, new Blob([csvText(props.table(data), data.currency)], { type: 'text/csv' }))
              }}
            >
              <Icon name="download" />
              CSV
            </button>
            <Show when={hasChart()}>
              <button
                type="button"
                class="btn ghost"
                aria-label={`PNG of ${props.title}`}
                onClick={() => void keepPicture()}
              >
                <Icon name="download" />
                PNG
              </button>
            </Show>
          </Show>
        </div>
      </header>
      <Loaded query={props.query} what={props.title} loading={<Bones rows={4} height={52} />}>
        {(data) => (
          <Show
            when={props.empty(data()) === undefined}
            fallback={
              <Empty icon={props.icon ?? 'trend'} title="Nothing to show yet">
                {props.empty(data())}
              </Empty>
            }
          >
            {props.above?.(data())}
            <Show when={hasChart()}>
              <Chart label={props.title} draw={(width) => props.draw?.(data(), width) ?? NOTHING} />
              <Show when={legendOf(data())}>
                {(keys) => (
                  <ul class="legend">
                    <For each={keys()}>{([tone, words]) => <li class={`tone-${tone}`}>{words}</li>}</For>
                  </ul>
                )}
              </Show>
            </Show>
            <Show when={asTable() || props.tableBelow || (!props.draw && !props.above)}>
              <Numbers
                table={props.table(data())}
                currency={data().currency}
                title={props.title}
                hrefOf={props.hrefOf}
              />
            </Show>
            {props.below?.(data())}
          </Show>
        )}
      </Loaded>
    </section>
  )
}

const NOTHING: Drawing = { height: 0, lines: [], paths: [], marks: [], words: [] }

/** The numbers of a report; each opens the proposals that it is made of. */
export function Numbers(props: {
  table: Table
  currency: string
  title: string
  hrefOf: (ids: readonly string[]) => string
}) {
  const kindOf = (i: number) => props.table.head[i]?.kind ?? 'text'
  return (
    <section class="scroll-x" aria-label={`${props.title}, numbers`} tabindex="0">
      <table class="table numbers">
        <thead>
          <tr>
            <For each={props.table.head}>
              {({ label, kind }) => (
                <th scope="col" classList={{ end: kind !== 'text' }}>
                  {label}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.table.rows}>
            {(row) => (
              <tr>
                <For each={row}>
                  {(cell, i) => (
                    <td classList={{ 'end num': kindOf(i()) !== 'text' }}>
                      <Show
                        when={cell.href ?? (cell.ids?.length ? props.hrefOf(cell.ids) : undefined)}
                        fallback={cellWords(cell, kindOf(i()), props.currency)}
                      >
                        {(href) => (
                          <a class="quiet-link" href={href()}>
                            {cellWords(cell, kindOf(i()), props.currency)}
                          </a>
                        )}
                      </Show>
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}
