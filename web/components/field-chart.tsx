import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { placeOnField } from '../field-layout.ts'
import { count } from '../format.ts'
import { money } from '../money.ts'
import type { FieldOf, Placed } from '../proposals.ts'

const YARDS = [0, 20, 40, 60, 80] as const
/** How much of the width is the end zone (styles/pipeline.css). */
const WON_SHARE = 0.07

/**
 * The open proposals on a field from 0 to 100 %: how far each has come, how much it is worth, and where it was a week
 * ago. One of them has the focus; arrows go to the next one ahead or behind.
 */
export function FieldChart(props: { field: FieldOf; height: number }) {
  const [width, setWidth] = createSignal(0)
  const [at, setAt] = createSignal<string>()
  let self!: HTMLDivElement
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(self.clientWidth))
    observer.observe(self)
    onCleanup(() => observer.disconnect())
  })
  const shown = () => props.field.proposals
  /** Only those worth most were asked for. */
  const others = () => props.field.total.count - shown().length
  const byId = createMemo(() => new Map(shown().map((placed) => [placed.id, placed])))
  const spots = createMemo(() => {
    if (width() === 0) return []
    const markers = shown().map(({ id, position, positionThen, worthMinor, title }) => ({
      id,
      position,
      before: positionThen,
      worth: worthMinor,
      label: title,
    }))
    const placed = placeOnField(markers, width() * (1 - WON_SHARE), props.height)
    // As one goes down the field, which is also the way of Tab and arrows.
    return placed.sort((a, b) => a.x - b.x || a.y - b.y)
  })
  const stop = () => (at() !== undefined && byId().has(at()!) ? at() : spots()[0]?.id)
  const go = (by: number) => {
    const all = spots()
    const index = all.findIndex(({ id }) => id === stop())
    const next = all[Math.max(0, Math.min(all.length - 1, index + by))]
    if (!next) return
    setAt(next.id)
    self.querySelector<HTMLElement>(`[data-spot="${next.id}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key]
    if (by === undefined) return
    go(by === Infinity ? spots().length : by === -Infinity ? -spots().length : by)
    event.preventDefault()
  }
  return (
    <figure class="field-chart" aria-label="The field: open proposals by probability. The table has the same numbers.">
      <div ref={self} class="pitch" style={{ height: `${props.height}px` }} on:keydown={onKeyDown}>
        <For each={YARDS}>
          {(yard) => (
            <span class="yard num" aria-hidden="true" style={{ left: `${yard * (1 - WON_SHARE)}%` }}>
              {yard}%
            </span>
          )}
        </For>
        <span class="endzone" aria-hidden="true">
          Won
        </span>
        <For each={spots()}>
          {(spot) => (
            <Show when={byId().get(spot.id)}>
              {(placed) => (
                <>
                  <Show when={spot.from}>
                    {(from) => (
                      <span
                        class="trail"
                        classList={{ back: from() > spot.x, stale: placed().stale }}
                        style={{
                          left: `${Math.min(from(), spot.x)}px`,
                          width: `${Math.abs(spot.x - from())}px`,
                          top: `${spot.y}px`,
                        }}
                      />
                    )}
                  </Show>
                  <a
                    href={`/proposals/${spot.id}`}
                    class={`spot ${spot.label}`}
                    classList={{ stale: placed().stale }}
                    data-spot={spot.id}
                    tabIndex={stop() === spot.id ? 0 : -1}
                    aria-label={sentence(placed(), props.field.currency)}
                    data-tip={sentence(placed(), props.field.currency)}
                    style={{
                      left: `${spot.x - spot.r}px`,
                      top: `${spot.y - spot.r}px`,
                      width: `${spot.r * 2}px`,
                      height: `${spot.r * 2}px`,
                    }}
                    onFocus={() => setAt(spot.id)}
                  >
                    <Show when={spot.label !== 'none'}>
                      <span class="name" style={{ 'max-width': `${spot.labelWidth + 4}px` }}>
                        {placed().title}
                      </span>
                    </Show>
                  </a>
                </>
              )}
            </Show>
          )}
        </For>
      </div>
      <Show when={others() > 0}>
        <figcaption class="hint below">
          The {shown().length} worth most are on the field. {count(others())} more {others() === 1 ? 'is' : 'are'} in
          the table.
        </figcaption>
      </Show>
    </figure>
  )
}

/** "Dispatch console, County of Kern: 40 %, $380,000, was 20 % a week ago, 24 days without a move" */
function sentence(placed: Placed, currency: string): string {
  const { title, organizationName, position, positionThen, worthMinor, stale, idleDays } = placed
  const parts = [
    `${position} %`,
    worthMinor === null ? 'value unknown' : money(worthMinor, currency),
    positionThen === null ? 'new this week' : positionThen === position ? '' : `was ${positionThen} % a week ago`,
    stale ? `${idleDays} days without a move` : '',
  ]
  return `${title}${organizationName ? `, ${organizationName}` : ''}: ${parts.filter(Boolean).join(', ')}`
}
