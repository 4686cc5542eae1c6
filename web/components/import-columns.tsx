import { For, Show } from 'solid-js'
import { wordsOf } from '../api.ts'
import { listed } from '../format.ts'
import { changePlan, FIELD_WORDS, type Imported, type ImportFile, type ImportPlan } from '../imports.ts'
import { complain } from '../toasts.ts'
import { TextField } from './field.tsx'
import { Notice } from './states.tsx'

/** What each column of the file is, and what the file does not tell by itself. */
export function ImportColumns(props: { one: Imported; onNext: () => void }) {
  const plan = () => props.one.plan
  const file = () => props.one.file
  const change = (to: Partial<ImportPlan>) => void changePlan(props.one, to).catch((error) => complain(wordsOf(error)))
  const asked = (about: ImportFile['questions'][number]['about']) =>
    file()?.questions.find((question) => question.about === about)
  const has = (...fields: string[]) => plan().columns.some((field) => field !== null && fields.includes(field))
  const setCurrency = (text: string) => {
    const currency = text.trim().toUpperCase()
    if (/^[A-Z]{3}$/.test(currency) && currency !== plan().currency) change({ currency })
  }
  return (
    <>
      <Show when={file() && !file()?.isNamed}>
        <section class="section">
          <Notice tone="plain">
            The file does not name its columns, as those of FileMaker do not. Say what each is by what stands in it.
          </Notice>
        </section>
      </Show>
      <section class="section import-asked">
        <Show when={asked('title')}>
          <Notice tone="warn">Choose which column is the name of the proposals.</Notice>
        </Show>
        <Choice
          label="Dates such as 03/04"
          wrong={examples(asked('dateOrder')?.examples, 'Its dates can be read in two ways')}
          options={[
            ['dmy', 'Day first: 31/12/2026'],
            ['mdy', 'Month first: 12/31/2026'],
          ]}
          value={plan().dateOrder}
          onChange={(dateOrder) => change({ dateOrder })}
        />
        <Choice
          label="Amounts"
          wrong={examples(asked('decimal')?.examples, 'Its amounts can be read in two ways')}
          options={[
            ['.', 'Point before the decimals: 1,234.56'],
            [',', 'Comma before the decimals: 1.234,56'],
          ]}
          value={plan().decimal}
          onChange={(decimal) => change({ decimal })}
        />
        <Show when={has('value', 'award')}>
          <TextField
            label="Currency of amounts that name none"
            name="currency"
            value={plan().currency}
            onInput={setCurrency}
          />
        </Show>
      </section>
      <section class="section">
        <h2>Columns</h2>
        <p class="lead">Where two columns are the same thing, the first that is filled counts.</p>
        <div class="import-scroll">
          <table class="table import-columns">
            <thead>
              <tr>
                <th scope="col">In the file</th>
                <th scope="col" class="side-fact">
                  Such as
                </th>
                <th scope="col">Here</th>
              </tr>
            </thead>
            <tbody>
              <For each={file()?.columns ?? []}>
                {(column, i) => (
                  <tr classList={{ out: plan().columns[i()] === null }}>
                    <th scope="row">{column.name}</th>
                    <td class="quiet side-fact">{column.samples.join(' · ') || 'always empty'}</td>
                    <td>
                      <select
                        class="input"
                        aria-label={`What ${column.name} is`}
                        value={plan().columns[i()] ?? ''}
                        onChange={(event) =>
                          change({ columns: plan().columns.with(i(), event.currentTarget.value || null) })
                        }
                      >
                        <option value="" selected={plan().columns[i()] === null}>
                          Leave out
                        </option>
                        <For each={Object.entries(FIELD_WORDS)}>
                          {([field, words]) => (
                            <option value={field} selected={plan().columns[i()] === field}>
                              {words}
                            </option>
                          )}
                        </For>
                      </select>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </section>
      <div class="import-foot">
        <button type="button" class="btn primary" onClick={() => props.onNext()}>
          Stages and people
        </button>
      </div>
    </>
  )
}

const examples = (found: string[] | undefined, words: string) =>
  found && `${words}${found.length > 0 ? `, such as ${listed(found)}` : ''}. Choose one.`

function Choice<T extends string>(props: {
  label: string
  wrong: string | undefined
  options: readonly (readonly [T, string])[]
  value: T | null
  onChange: (value: T) => void
}) {
  return (
    <Show when={props.wrong !== undefined || props.value !== null}>
      <fieldset class="import-choice">
        <legend>{props.label}</legend>
        <For each={props.options}>
          {([value, words]) => (
            <label class="check">
              <input
                type="radio"
                name={props.label}
                checked={props.value === value}
                onChange={() => props.onChange(value)}
              />
              {words}
            </label>
          )}
        </For>
        <Show when={props.wrong}>{(words) => <span class="wrong">{words()}</span>}</Show>
      </fieldset>
    </Show>
  )
}
