import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Drawing, Mark } from './drawing.ts'

/**
 * Draws a chart. One of its marks has the focus, arrows go to the next; Enter opens its proposals. What is beside the
 * marks says the same as they do, so it is hidden from screen readers.
 */
export function Chart(props: { label: string; draw: (width: number) => Drawing }) {
  const [width, setWidth] = createSignal(0)
  const [at, setAt] = createSignal<string>()
  let self!: HTMLDivElement
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(self.clientWidth))
    observer.observe(self)
    onCleanup(() => observer.disconnect())
  })
  const drawing = createMemo(() => (width() > 0 ? props.draw(width()) : undefined))
  const stop = () => {
    const marks = drawing()?.marks ?? []
    return marks.some(({ id }) => id === at()) ? at() : marks[0]?.id
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const marks = drawing()?.marks ?? []
    const index = marks.findIndex(({ id }) => id === stop())
    const to = {
      ArrowRight: index + 1,
      ArrowDown: index + 1,
      ArrowLeft: index - 1,
      ArrowUp: index - 1,
      Home: 0,
      End: marks.length - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = marks[Math.max(0, Math.min(marks.length - 1, to))]
    if (!next) return
    setAt(next.id)
    self.querySelector<SVGElement>(`[data-mark="${CSS.escape(next.id)}"]`)?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the marks inside have the focus; keys bubble from them.
    <div ref={self} class="chart" onKeyDown={onKeyDown}>
      <Show when={drawing()}>
        {(found) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture.
          <svg
            role="group"
            aria-label={`${props.label}. Arrows go from mark to mark.`}
            width={width()}
            height={found().height}
            viewBox={`0 0 ${width()} ${found().height}`}
          >
            {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of an SVG is not focusable. */}
            <g aria-hidden="true">
              <For each={found().lines.filter(({ tone }) => tone !== 'goal')}>
                {({ tone, ...line }) => <line class={`tone-${tone}`} {...line} />}
              </For>
              <For each={found().paths.filter(({ tone }) => tone !== 'break')}>
                {({ d, tone, filled }) => <path class={`tone-${tone} ${filled ? 'area' : 'stroke'}`} d={d} />}
              </For>
            </g>
            <For each={found().marks}>
              {(mark) => <MarkShape mark={mark} stop={stop() === mark.id} onFocus={() => setAt(mark.id)} />}
            </For>
            {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a group of an SVG is not focusable. */}
            <g aria-hidden="true">
              <For each={found().lines.filter(({ tone }) => tone === 'goal')}>
                {({ tone, ...line }) => <line class={`tone-${tone}`} {...line} />}
              </For>
              <For each={found().paths.filter(({ tone }) => tone === 'break')}>
                {({ d }) => <path class="tone-break stroke" d={d} />}
              </For>
              <For each={found().words}>
                {({ x, y, words, anchor, weight }) => (
                  <text x={x} y={y} text-anchor={anchor} class={weight}>
                    {words}
                  </text>
                )}
              </For>
            </g>
          </svg>
        )}
      </Show>
    </div>
  )
}

function MarkShape(props: { mark: Mark; stop: boolean; onFocus: () => void }) {
  const shape = () => {
    const { mark } = props
    const tone = `tone-${mark.tone} shape`
    return mark.kind === 'bar' ? (
      <rect class={tone} x={mark.x} y={mark.y} width={mark.width} height={mark.height} />
    ) : (
      <circle class={tone} cx={mark.x} cy={mark.y} r={mark.r} />
    )
  }
  return (
    // The group tells that the link is one of SVG: there are two elements of that name.
    <g>
      <a
        href={props.mark.href}
        tabindex={props.stop ? 0 : -1}
        data-mark={props.mark.id}
        data-tip={props.mark.name}
        aria-label={props.mark.name}
        onFocus={() => props.onFocus()}
      >
        {shape()}
      </a>
    </g>
  )
}
