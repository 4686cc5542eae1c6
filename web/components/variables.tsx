import { For } from 'solid-js'
import { dataOf, useVariables } from '../queries.ts'

/** The variables, each of which goes into what is written where it is chosen. */
export function Variables(props: { onInsert: (variable: string) => void }) {
  const variables = useVariables()
  return (
    <div class="variables">
      <For each={Object.entries(dataOf(variables) ?? {})}>
        {([name, means]) => (
          <button
            type="button"
            class="btn ghost"
            data-tip={means}
            // The cursor stays where it is.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onInsert(`{{${name}}}`)}
          >
            {`{{${name}}}`}
          </button>
        )}
      </For>
    </div>
  )
}
