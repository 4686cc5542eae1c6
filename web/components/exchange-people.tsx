import { createSignal, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { type Wish, withPeople } from '../exchange-wanted.ts'
import { createSubmit, textOf } from '../submit.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { Notice } from './states.tsx'

/** Adding people: one, or a whole list as it comes out of a mail, a file or a table. */
export function ExchangePeople(props: { wish: Wish; onWish: (wish: Wish) => void; onClose: () => void }) {
  const [appears, setAppears] = createSignal(true)
  const submit = createSubmit(async (form) => {
    const text = textOf(form, 'people')
    const found = await call(api.exchange.lists.$post({ json: { name: 'The list', text } }))
    props.onWish(
      withPeople(
        props.wish,
        found.map(({ user }) => user),
        appears(),
      ),
    )
    props.onClose()
  })
  return (
    <Dialog label="Add delegates" titled onClose={props.onClose}>
      <form class="body form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <Field
          label="People"
          help="Addresses, one on each line. A CSV with a column “user” will do as well, and # begins a remark."
        >
          {(attributes) => (
            <textarea {...attributes} class="input exchange-area" name="people" rows={7} spellcheck={false} autofocus />
          )}
        </Field>
        <label class="check">
          <input type="checkbox" checked={appears()} onChange={(event) => setAppears(event.currentTarget.checked)} />
          <span>
            It appears in their Outlook by itself
            <small>
              Off for those who have many mailboxes open; it can be changed later, which takes access for a moment.
            </small>
          </span>
        </label>
        <p class="hint">They get full access and may send as the mailbox: to work with it takes both.</p>
        <Show when={submit.general()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="foot">
          <button type="button" class="btn" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  )
}
