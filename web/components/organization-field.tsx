import { createSignal, createUniqueId, For } from 'solid-js'
import type { OrganizationKind } from '../../db/vocabulary.ts'
import { useOrganizations } from '../proposals.ts'
import { dataOf } from '../queries.ts'
import { Field } from './field.tsx'

export type Named = { id: string | null; name: string }

/** An organization by its name: those that are known are offered, another name makes one. */
export function OrganizationField(props: {
  label: string
  kind: OrganizationKind
  value: Named
  onChange: (to: Named) => void
  wrong?: string | undefined
  help?: string | undefined
}) {
  const listId = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const found = useOrganizations(typed)
  const names = () => dataOf(found)?.organizations ?? []
  const change = (name: string) => {
    setTyped(name)
    const known = names().find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
    props.onChange({ id: known?.id ?? null, name })
  }
  return (
    <Field label={props.label} wrong={props.wrong} help={props.help}>
      {(attributes) => (
        <>
          <input
            {...attributes}
            class="input"
            list={listId}
            value={props.value.name}
            autocomplete="off"
            maxlength={200}
            onInput={(event) => change(event.currentTarget.value)}
          />
          <datalist id={listId}>
            <For each={names()}>{({ name }) => <option value={name} />}</For>
          </datalist>
        </>
      )}
    </Field>
  )
}
