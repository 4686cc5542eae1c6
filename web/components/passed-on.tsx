import { createSignal, Show } from 'solid-js'
import { type Address, api, call } from '../api.ts'
import { issueKey } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Notice } from './states.tsx'

/** The customer was found in a mail that one of us passed on. Where that went wrong, a person says who it is. */
export function PassedOn(props: { issueId: string; from: Address; mayAct: boolean }) {
  const [opened, setOpened] = createSignal(false)
  return (
    <Notice tone="plain">
      Customer taken from the forwarded email: {props.from.name || props.from.address}. Answers go to them.
      <Show when={props.mayAct}>
        <div class="actions">
          <button type="button" class="btn" onClick={() => setOpened(true)}>
            Change the customer
          </button>
        </div>
      </Show>
      <Show when={opened()}>
        <ChangeContact issueId={props.issueId} from={props.from} onClose={() => setOpened(false)} />
      </Show>
    </Notice>
  )
}

function ChangeContact(props: { issueId: string; from: Address; onClose: () => void }) {
  const submit = createSubmit(async (form) => {
    const json = { name: textOf(form, 'name').trim(), address: textOf(form, 'address').trim() }
    await call(api.issues[':id'].contact.$put({ param: { id: props.issueId }, json }))
    void client.invalidateQueries({ queryKey: issueKey(props.issueId) })
    props.onClose()
  })
  return (
    <Dialog label="Change the customer" titled onClose={() => props.onClose()}>
      <form class="form body" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <TextField label="Name" name="name" value={props.from.name} wrong={submit.wrong('name')} />
        <TextField
          label="Address"
          name="address"
          type="email"
          value={props.from.address}
          wrong={submit.wrong('address')}
        />
        <Show when={submit.general('name', 'address')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="foot">
          <span class="spacer" />
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
