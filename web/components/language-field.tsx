import { For } from 'solid-js'
import { languageChoices } from '../languages.ts'
import { Field } from './field.tsx'

/** The language that something is written in, or any. */
export function LanguageField(props: { name: string; value: string; help?: string; wrong?: string | undefined }) {
  return (
    <Field label="Language" help={props.help} wrong={props.wrong}>
      {(attributes) => (
        <select {...attributes} class="input" name={props.name}>
          <For each={languageChoices([props.value])}>
            {({ code, name }) => (
              <option value={code} selected={props.value === code}>
                {name}
              </option>
            )}
          </For>
        </select>
      )}
    </Field>
  )
}
