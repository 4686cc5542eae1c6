import { createSignal, For, type JSX, Show } from 'solid-js'
import { complain } from '../toasts.ts'

/** A value that is changed where it stands: Enter keeps it, Escape leaves it as it was. */
export function Editable(props: {
  label: string
  /** As the field has it. */
  value: string
  /** As one reads it. */
  shown: JSX.Element
  type?: 'date' | 'area'
  mayChange: boolean
  /** Keeps it; or gives what is wrong with it. */
  onSave: (typed: string) => string | undefined
}) {
  const [editing, setEditing] = createSignal(false)
  let button: HTMLButtonElement | undefined
  const leave = (refocus: boolean) => {
    setEditing(false)
    if (refocus) queueMicrotask(() => button?.focus())
  }
  const save = (typed: string, refocus: boolean) => {
    if (!editing()) return
    const wrong = typed.trim() === props.value ? undefined : props.onSave(typed.trim())
    if (wrong) complain(wrong)
    else leave(refocus)
  }
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
    if (event.key === 'Enter' && !event.isComposing && !(props.type === 'area' && event.shiftKey))
      save(event.currentTarget.value, true)
    else if (event.key === 'Escape') leave(true)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const focus = (field: HTMLElement) => queueMicrotask(() => field.focus())
  return (
    <Show when={props.mayChange} fallback={props.shown}>
      <Show
        when={editing()}
        fallback={
          <button
            ref={button}
            type="button"
            class="editable"
            data-tip={`Change: ${props.label}`}
            onClick={() => setEditing(true)}
          >
            <span class="sr">{props.label}: </span>
            {props.shown}
          </button>
        }
      >
        <Show
          when={props.type === 'area'}
          fallback={
            <input
              ref={focus}
              class="input"
              type={props.type === 'date' ? 'date' : 'text'}
              aria-label={props.label}
              value={props.value}
              onBlur={(event) => save(event.currentTarget.value, false)}
              onKeyDown={onKeyDown}
            />
          }
        >
          <textarea
            ref={focus}
            class="input area"
            rows={3}
            aria-label={props.label}
            value={props.value}
            onBlur={(event) => save(event.currentTarget.value, false)}
            onKeyDown={onKeyDown}
          />
        </Show>
      </Show>
    </Show>
  )
}

/** One of several, chosen where it stands. */
export function EditableChoice(props: {
  label: string
  value: string
  shown: JSX.Element
  options: readonly (readonly [value: string, words: string])[]
  mayChange: boolean
  onSave: (value: string) => void
}) {
  return (
    <Show when={props.mayChange} fallback={props.shown}>
      <select
        class="input plain"
        aria-label={props.label}
        onChange={(event) => props.onSave(event.currentTarget.value)}
      >
        <For each={props.options}>
          {([value, words]) => (
            <option value={value} selected={value === props.value}>
              {words}
            </option>
          )}
        </For>
      </select>
    </Show>
  )
}
