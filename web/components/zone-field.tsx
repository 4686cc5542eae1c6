import { createUniqueId, For } from 'solid-js'
import { Field } from './field.tsx'

const ZONES = Intl.supportedValuesOf('timeZone')

/** A time zone of the IANA database, found by a part of its name. */
export function ZoneField(props: { value: string; onChange: (zone: string) => void; wrong?: string | undefined }) {
  const listId = createUniqueId()
  return (
    <Field label="Time zone" wrong={props.wrong}>
      {(attributes) => (
        <>
          <input
            {...attributes}
            class="input"
            list={listId}
            value={props.value}
            autocomplete="off"
            spellcheck={false}
            onChange={(event) => props.onChange(event.currentTarget.value.trim().replaceAll(' ', '_'))}
          />
          <datalist id={listId}>
            <For each={ZONES}>{(zone) => <option value={zone} />}</For>
          </datalist>
        </>
      )}
    </Field>
  )
}
