import { createEffect, createMemo, createSignal, createUniqueId, For, onCleanup, onMount, Show } from 'solid-js'
import { type Nameable, namingAt, whoIsMeant, withName } from '../mentions.ts'
import { useDirectory } from '../queries.ts'
import { Avatar } from './avatar.tsx'

/**
 * Completes the names of members and teams after an @ in a field: arrows move, Enter or Tab picks, Escape leaves it. The
 * focus stays in the field, which says what is chosen (aria-activedescendant).
 */
export function MentionList(props: { field: HTMLTextAreaElement; onText: (text: string) => void }) {
  const id = createUniqueId()
  const directory = useDirectory()
  const [caret, setCaret] = createSignal<{ text: string; at: number }>()
  const [left, setLeft] = createSignal<number>()
  const [at, setAt] = createSignal(0)
  const all = (): Nameable[] => [
    ...directory
      .members()
      .flatMap(({ id, name, disabledAt }) => (disabledAt === null ? [{ id, name, team: false }] : [])),
    ...directory.teams().map(({ id, name }) => ({ id, name, team: true })),
  ]
  const naming = createMemo(() => {
    const now = caret()
    const found = now && namingAt(now.text, now.at)
    return found && found.at !== left() ? found : null
  })
  const meant = createMemo(() => {
    const found = naming()
    return found ? whoIsMeant(found.typed, all()) : []
  })
  const active = () => meant()[Math.min(at(), meant().length - 1)]

  const pick = (one: Nameable) => {
    const found = naming()
    if (!found) return
    const { text, caret } = withName(props.field.value, found, one.name)
    props.onText(text)
    queueMicrotask(() => {
      props.field.focus()
      props.field.setSelectionRange(caret, caret)
      look()
    })
  }
  const look = () => setCaret({ text: props.field.value, at: props.field.selectionStart })
  const onKeyDown = (event: KeyboardEvent) => {
    const one = active()
    if (!one || event.isComposing || event.ctrlKey || event.metaKey) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by) setAt((Math.min(at(), meant().length - 1) + by + meant().length) % meant().length)
    else if (event.key === 'Enter' || event.key === 'Tab') pick(one)
    else if (event.key === 'Escape') setLeft(naming()?.at)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  onMount(() => {
    const { field } = props
    const onInput = () => {
      setAt(0)
      look()
    }
    const onBlur = () => setCaret(undefined)
    // Before the field's own keys: Enter picks and does not begin a line.
    field.addEventListener('keydown', onKeyDown, { capture: true })
    field.addEventListener('input', onInput)
    field.addEventListener('keyup', look)
    field.addEventListener('click', look)
    field.addEventListener('blur', onBlur)
    onCleanup(() => {
      field.removeEventListener('keydown', onKeyDown, { capture: true })
      field.removeEventListener('input', onInput)
      field.removeEventListener('keyup', look)
      field.removeEventListener('click', look)
      field.removeEventListener('blur', onBlur)
    })
  })
  createEffect(() => {
    const one = active()
    if (one) {
      props.field.setAttribute('aria-controls', id)
      props.field.setAttribute('aria-activedescendant', `${id}-${one.id}`)
    } else {
      props.field.removeAttribute('aria-controls')
      props.field.removeAttribute('aria-activedescendant')
    }
  })
  return (
    <Show when={meant().length > 0}>
      <div class="naming" id={id} role="listbox" aria-label="Who is meant">
        <For each={meant()}>
          {(one, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys.
            <div
              id={`${id}-${one.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={active()?.id === one.id}
              onPointerMove={() => setAt(index())}
              // Before the field loses the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(one)}
            >
              <Avatar name={one.name} of={one.id} team={one.team} />
              {one.name}
            </div>
          )}
        </For>
      </div>
    </Show>
  )
}
