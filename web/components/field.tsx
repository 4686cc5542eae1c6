import { createUniqueId, type JSX, Show } from 'solid-js'

/** A label, what it labels, help, and what is wrong with it, tied together for those who can't see that they are. */
export function Field(props: {
  label: string
  help?: JSX.Element
  wrong?: string | undefined
  children: (attributes: {
    id: string
    'aria-invalid': 'true' | undefined
    'aria-describedby': string | undefined
  }) => JSX.Element
}) {
  const id = createUniqueId()
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        get 'aria-invalid'() {
          return props.wrong ? 'true' : undefined
        },
        get 'aria-describedby'() {
          return props.wrong ? `${id}-wrong` : props.help ? `${id}-help` : undefined
        },
      })}
      <Show
        when={props.wrong}
        fallback={
          <Show when={props.help}>
            <span class="help" id={`${id}-help`}>
              {props.help}
            </span>
          </Show>
        }
      >
        <span class="wrong" id={`${id}-wrong`}>
          {props.wrong}
        </span>
      </Show>
    </div>
  )
}

/** A field for a line of text. */
export function TextField(props: {
  label: string
  name: string
  value?: string
  type?: 'text' | 'email' | 'password' | 'number'
  autocomplete?: string
  required?: boolean
  autofocus?: boolean
  tall?: boolean
  placeholder?: string
  help?: JSX.Element
  wrong?: string | undefined
  onInput?: (value: string) => void
}) {
  return (
    <Field label={props.label} help={props.help} wrong={props.wrong}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          classList={{ tall: props.tall ?? false }}
          name={props.name}
          type={props.type ?? 'text'}
          value={props.value ?? ''}
          autocomplete={props.autocomplete ?? 'off'}
          required={props.required ?? false}
          autofocus={props.autofocus ?? false}
          placeholder={props.placeholder}
          spellcheck={props.type === undefined}
          onInput={(event) => props.onInput?.(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
