import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'

const AFTER_MS = 450
/** Going along a row of buttons, the second needs no wait. */
const WARM_MS = 600

type Tip = { text: string; keys: string[]; at: DOMRect }

/** One tooltip for the page: for whatever has `data-tip`, and `data-keys` for its keys. Escape sends it away. */
export function Tooltip() {
  const [tip, setTip] = createSignal<Tip>()
  let timer = 0
  let shownAt = 0
  let owner: Element | null = null

  const hide = () => {
    clearTimeout(timer)
    if (tip()) shownAt = Date.now()
    owner = null
    setTip(undefined)
  }
  const show = (element: HTMLElement) => {
    const { tip: text, keys } = element.dataset
    if (text && element.isConnected)
      setTip({ text, keys: keys ? keys.split(' ') : [], at: element.getBoundingClientRect() })
  }
  const over = (event: Event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null
    if (element === owner) return
    hide()
    if (!element || (event.type === 'focusin' && !element.matches(':focus-visible'))) return
    owner = element
    timer = window.setTimeout(() => show(element), Date.now() - shownAt < WARM_MS ? 0 : AFTER_MS)
  }
  const onKey = () => hide()
  onMount(() => {
    for (const name of ['pointerover', 'focusin'] as const) document.addEventListener(name, over)
    for (const name of ['keydown', 'pointerdown', 'scroll'] as const) document.addEventListener(name, onKey, true)
  })
  onCleanup(() => {
    for (const name of ['pointerover', 'focusin'] as const) document.removeEventListener(name, over)
    for (const name of ['keydown', 'pointerdown', 'scroll'] as const) document.removeEventListener(name, onKey, true)
    clearTimeout(timer)
  })

  const place = (self: HTMLDivElement) => {
    queueMicrotask(() => {
      const { at } = tip()!
      // In the top layer, so that it shows over dialogs too.
      self.showPopover?.()
      const left = at.left + at.width / 2 - self.offsetWidth / 2
      const below = at.bottom + 6
      const top = below + self.offsetHeight > innerHeight - 4 ? at.top - 6 - self.offsetHeight : below
      Object.assign(self.style, {
        left: `${Math.max(6, Math.min(left, innerWidth - self.offsetWidth - 6))}px`,
        top: `${top}px`,
      })
    })
  }

  return (
    <Show when={tip()} keyed>
      {({ text, keys }) => (
        // What it says is said by labels too: it is for who points.
        <div ref={place} class="tooltip" aria-hidden="true" popover="manual">
          {text}
          <Show when={keys.length > 0}>
            <span class="keys">
              <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
            </span>
          </Show>
        </div>
      )}
    </Show>
  )
}
