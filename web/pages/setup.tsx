import { useNavigate, useParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { onMount, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { TextField } from '../components/field.tsx'
import { Mark } from '../components/mark.tsx'
import { Notice } from '../components/states.tsx'
import { dataOf } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'

/** The first admin makes their account, with the link from the terminal. */
export default function Setup() {
  const params = useParams<{ token: string }>()
  const navigate = useNavigate()
  const setup = useQuery(() => ({ queryKey: ['setup'], queryFn: () => call(api.setup.$get()) }))
  const submit = createSubmit(async (form) => {
    const [name, email, password] = [textOf(form, 'name'), textOf(form, 'email'), textOf(form, 'password')]
    await call(api.setup.$post({ json: { token: params.token, name, email, password } }))
    await client.resetQueries({ queryKey: ['session'] })
    navigate('/mailboxes/new', { replace: true })
  })
  onMount(() => {
    document.title = 'Set up · Downfield'
  })

  return (
    <div class="entry">
      <main>
        <div class="brand">
          <Mark />
          Downfield
        </div>
        <Show
          when={dataOf(setup)?.isNeeded !== false}
          fallback={
            <>
              <h1>Downfield is set up</h1>
              <p>This link has done its work. Somebody has an account, and can invite you.</p>
              <form action="/inbox">
                <button type="submit" class="btn primary wide">
                  Sign in
                </button>
              </form>
            </>
          }
        >
          <h1>Set up Downfield</h1>
          <p>Make the first account. It is an admin's, and connects the mailbox next.</p>
          <form onSubmit={(event) => void submit.onSubmit(event)}>
            <TextField
              label="Your name"
              name="name"
              autocomplete="name"
              required
              tall
              autofocus
              wrong={submit.wrong('name')}
            />
            <TextField
              label="Email"
              name="email"
              type="email"
              autocomplete="username"
              required
              tall
              help="With it you sign in."
              wrong={submit.wrong('email')}
            />
            <TextField
              label="Password"
              name="password"
              type="password"
              autocomplete="new-password"
              required
              tall
              help="At least 10 characters. A few words are easy to keep."
              wrong={submit.wrong('password')}
            />
            <Show when={submit.general('name', 'email', 'password')}>
              {(words) => <Notice tone="bad">{words()}</Notice>}
            </Show>
            <button type="submit" class="btn primary wide" disabled={submit.busy()}>
              Create the account
            </button>
          </form>
        </Show>
      </main>
    </div>
  )
}
