import { useNavigate } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { ApiError, api, call } from '../api.ts'
import { ExchangeSteps } from '../components/exchange-steps.tsx'
import { Field, TextField } from '../components/field.tsx'
import { Bones, Empty, Loaded, Notice } from '../components/states.tsx'
import { useConnections } from '../exchange.ts'
import { fileOf, NOTHING, withPeople } from '../exchange-wanted.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** The way from nothing to a watched mailbox: its first steps. The page of the mailbox goes on with the plan. */
export default function ExchangeNew() {
  const connections = useConnections()
  const navigate = useNavigate()
  const submit = createSubmit(async (form) => {
    const identity = textOf(form, 'identity').trim().toLowerCase()
    const displayName = textOf(form, 'displayName').trim()
    const people = textOf(form, 'people').trim()
    if (!ADDRESS.test(identity)) throw refused('identity', 'Must be an address such as proposals@contoso.com.')
    if (displayName === '') throw refused('displayName', 'Must not be empty.')
    const found = people
      ? await call(api.exchange.lists.$post({ json: { name: 'The list', text: people } })).catch((error: unknown) => {
          throw error instanceof ApiError ? refused('people', error.message) : error
        })
      : []
    const users = found.map(({ user }) => user)
    const name = identity.split('@')[0] ?? ''
    const mailbox = {
      name,
      displayName,
      type: 'shared' as const,
      signInBlocked: true,
      copySentAs: true,
      copySendOnBehalf: true,
    }
    const wish = withPeople({ ...NOTHING, mailbox }, users, true)
    const connectionId = textOf(form, 'connectionId')
    const draft = fileOf(identity, wish)
    await call(api.exchange.flows.$post({ json: { id: crypto.randomUUID(), connectionId, identity, draft } }))
    await client.invalidateQueries({ queryKey: ['exchange', 'mailboxes'] })
    navigate(`/exchange/${connectionId}/${encodeURIComponent(identity)}`)
  })
  return (
    <div class="page exchange">
      <div class="top">
        <div>
          <h1>New shared mailbox</h1>
          <p>Say what is wanted. Next you see each command before anything is done.</p>
        </div>
      </div>
      <Loaded query={connections} what="The connections" loading={<Bones rows={4} height={56} />}>
        {(all) => (
          <Show
            when={all().length > 0}
            fallback={
              <Empty icon="cloud" title="Connect to Exchange first">
                <a class="link" href="/exchange/connect">
                  Connect to Exchange
                </a>
              </Empty>
            }
          >
            <ExchangeSteps
              steps={(['connect', 'create', 'access', 'admit', 'watch', 'try'] as const).map((step, i) => ({
                step,
                state: i === 0 ? 'done' : 'open',
              }))}
            />
            <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
              <Field label="Connection">
                {(attributes) => (
                  <select {...attributes} class="input" name="connectionId">
                    <For each={all()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
                  </select>
                )}
              </Field>
              <div class="pair">
                <TextField
                  label="Address"
                  name="identity"
                  type="email"
                  autofocus
                  help="Such as proposals@contoso.com. One that exists is adopted."
                  wrong={submit.wrong('identity')}
                />
                <TextField
                  label="Name"
                  name="displayName"
                  help="As address lists and recipients show it."
                  wrong={submit.wrong('displayName')}
                />
              </div>
              <Field
                label="Who is to use it"
                help="Addresses, one on each line, or a CSV with a column “user”. They get full access and may send as it."
                wrong={submit.wrong('people')}
              >
                {(attributes) => (
                  <textarea {...attributes} class="input exchange-area" name="people" rows={6} spellcheck={false} />
                )}
              </Field>
              <Show when={submit.general('identity', 'displayName', 'people')}>
                {(words) => <Notice tone="bad">{words()}</Notice>}
              </Show>
              <div class="actions">
                <button type="submit" class="btn primary" disabled={submit.busy()}>
                  Show the plan
                </button>
                <a href="/exchange" class="btn ghost">
                  Cancel
                </a>
              </div>
            </form>
          </Show>
        )}
      </Loaded>
    </div>
  )
}

const refused = (field: string, message: string) => new ApiError(message, 400, new Map([[field, message]]))
