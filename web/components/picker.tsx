import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, onMount, Show } from 'solid-js'
import { matching } from '../fuzzy.ts'
import { Icon } from './icon.tsx'

/** Something that can be picked. Items with the same group stand together. */
export type Item = {
  id: string
  label: string
  /** Further words that find it. */
  words?: string
  group?: string
  icon: () => JSX.Element
  end?: () => JSX.Element
  /** Why it can not be picked now; it is shown all the same, so that it can be found. */
  barred?: string
  run: () => void
}

/**
 * A field that filters a list (the combobox pattern of WAI-ARIA): arrows move, Enter picks, the rest is typing.
 * The palette is one, and so are the menus for assignee and status.
 */
export function Picker(props: {
  items: Item[]
  label: string
  placeholder: string
  onPick: (item: Item) => void
  end?: JSX.Element
  /** Items made of what is typed, before those that it finds. */
  made?: (typed: string) => Item[]
  /** The same behind those that it finds. */
  also?: (typed: string) => Item[]
  /** What is understood of what is typed, or what is wrong with it. */
  hint?: (typed: string) => string | undefined
}) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [at, setAt] = createSignal(0)
  const found = createMemo(() => [
    ...(props.made?.(typed()) ?? []),
    ...matching(props.items, typed(), ({ label, words }) => (words ? `${label} ${words}` : label)),
    ...(props.also?.(typed()) ?? []),
  ])
  const groups = createMemo(() => [...Map.groupBy(found(), ({ group }) => group ?? '')])
  // The order on the screen, which groups may have changed.
  const inOrder = createMemo(() => groups().flatMap(([, items]) => items))
  const active = () => inOrder()[Math.min(at(), inOrder().length - 1)]
  let field!: HTMLInputElement
  let list!: HTMLDivElement
  // A dialog gives the focus to what asks for it when it opens; in a popover this does.
  onMount(() => queueMicrotask(() => field.focus()))
  createEffect(() => {
    active()
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  const move = (by: number) => {
    const n = inOrder().length
    if (n > 0) setAt((at() + by + n) % n)
  }
  const pick = (item: Item) => {
    if (item.barred === undefined) props.onPick(item)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (by) move(by)
    else if (event.key === 'Enter' && !event.isComposing) {
      const item = active()
      if (item) pick(item)
    } else return
    event.preventDefault()
  }

  return (
    <div class="picker">
      <div class="ask">
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={props.label}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active() ? `${id}-${active()!.id}` : undefined}
          autocomplete="off"
          spellcheck={false}
          autofocus
          placeholder={props.placeholder}
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        {props.end}
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={props.label}>
        <For each={groups()}>
          {([group, items]) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options, which a fieldset is not.
            <div role="group" aria-label={group || props.label}>
              <Show when={group}>
                <div class="group" aria-hidden="true">
                  {group}
                </div>
              </Show>
              <For each={items}>
                {(item) => (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys.
                  <div
                    id={`${id}-${item.id}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={active() === item}
                    aria-disabled={item.barred !== undefined}
                    onPointerMove={() => setAt(inOrder().indexOf(item))}
                    onClick={() => pick(item)}
                  >
                    {item.icon()}
                    <span class="ellipsis">{item.label}</span>
                    <Show when={item.barred} fallback={item.end?.()}>
                      {(why) => <span class="hint">{why()}</span>}
                    </Show>
                  </div>
                )}
              </For>
            </div>
          )}
        </For>
      </div>
      <p class="nothing" role="status" hidden={found().length > 0}>
        {props.hint?.(typed()) ?? `Nothing matches "${typed()}".`}
      </p>
    </div>
  )
}

/** Shown at the end of what is the case now. */
export const Chosen = () => (
  <span class="now">
    <Icon name="check" />
    <span class="sr">, as it is now</span>
  </span>
)
