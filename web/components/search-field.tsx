import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, onMount, Show } from 'solid-js'
import type { Misread } from '../api.ts'
import { ariaKeys, bindCommands } from '../keys.ts'
import { dataOf, useSuggestions } from '../queries.ts'
import { Caps } from './caps.tsx'
import { Icon } from './icon.tsx'

/** Typing on is waited for, this long. */
const PAUSE_MS = 120

/**
 * The field in which mail is searched for (the combobox pattern of WAI-ARIA): suggestions while typing, Enter searches,
 * Escape clears. What could not be understood stands below it.
 */
export function SearchField(props: {
  /** What was searched for last. */
  q: string
  problems: readonly Misread[]
  /** Nothing was searched for yet: whoever comes here wants to type. */
  focused: boolean
  onSearch: (q: string) => void
  onClear: () => void
}) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal(props.q)
  const [asked, setAsked] = createSignal<string>()
  const [at, setAt] = createSignal(-1)
  const query = useSuggestions(asked)
  const found = createMemo(() => (asked() === undefined ? [] : (dataOf(query) ?? [])))
  const isOpen = () => asked() !== undefined && found().length > 0
  const active = () => (isOpen() ? found()[at()] : undefined)
  let field!: HTMLInputElement
  let timer = 0

  createEffect(
    on(
      () => props.q,
      (q) => setTyped(q),
      { defer: true },
    ),
  )
  onMount(() => {
    if (props.focused) field.focus()
  })
  onCleanup(() => clearTimeout(timer))
  bindCommands({
    search: () => {
      field.focus()
      field.select()
    },
  })

  const close = () => {
    clearTimeout(timer)
    setAsked(undefined)
    setAt(-1)
  }
  const ask = (text: string) => {
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      setAsked(text)
      setAt(-1)
    }, PAUSE_MS)
  }
  const pick = (suggested: string) => {
    // An operator waits for its value; after a value another word may follow.
    const text = suggested.endsWith(':') ? suggested : `${suggested} `
    setTyped(text)
    field.focus()
    if (suggested.endsWith(':')) ask(text)
    else close()
  }
  const search = () => {
    close()
    const q = typed().trim()
    // A second Enter goes to what was found.
    if (q && q === props.q) field.closest('.list')?.querySelector<HTMLElement>('[data-issue]')?.focus()
    else if (q) props.onSearch(q)
    else props.onClear()
  }
  const clear = () => {
    close()
    setTyped('')
    props.onClear()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by) {
      const n = found().length
      if (isOpen()) setAt((now) => ((now + 1 + by + n + 1) % (n + 1)) - 1)
      else ask(typed())
    } else if (event.key === 'Enter') {
      const suggestion = active()
      if (suggestion) pick(suggestion.query)
      else search()
    } else if (event.key === 'Escape') {
      if (isOpen()) close()
      else {
        field.blur()
        clear()
      }
    } else return
    event.preventDefault()
  }

  return (
    <search class="find">
      <div class="ask">
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          inputmode="search"
          enterkeyhint="search"
          role="combobox"
          aria-label="Search"
          aria-keyshortcuts={ariaKeys('search')}
          aria-expanded={isOpen()}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active() ? `${id}-${at()}` : undefined}
          aria-describedby={props.problems.length > 0 ? `${id}-problems` : undefined}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={500}
          placeholder="Search, or try from:acme is:unassigned"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            ask(event.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
        />
        <Show when={typed() === ''} fallback={<Clear onClear={clear} />}>
          <Caps of="search" />
        </Show>
      </div>
      <div id={`${id}-list`} class="suggestions" role="listbox" aria-label="Suggestions" hidden={!isOpen()}>
        <For each={found()}>
          {(suggestion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys.
            <div
              id={`${id}-${index()}`}
              role="option"
              tabIndex={-1}
              aria-selected={at() === index()}
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setAt(index())}
              onClick={() => pick(suggestion.query)}
            >
              <span class="ellipsis">{suggestion.label}</span>
              <span class="about ellipsis">{suggestion.about}</span>
            </div>
          )}
        </For>
      </div>
      <div id={`${id}-problems`} class="problems" role="status">
        <For each={props.problems}>{(problem) => <p>{problem.message}</p>}</For>
      </div>
    </search>
  )
}

const Clear = (props: { onClear: () => void }) => (
  <button
    type="button"
    class="btn ghost square"
    aria-label="Clear the search"
    onPointerDown={(event) => event.preventDefault()}
    onClick={() => props.onClear()}
  >
    <Icon name="close" />
  </button>
)
