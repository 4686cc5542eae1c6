import { useNavigate, useParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { onMount, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { TextField } from '../components/field.tsx'
import { Mark } from '../components/mark.tsx'
import { Loaded, Notice } from '../components/states.tsx'
import { fullTime } from '../format.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { ROLE_SENTENCES, ROLE_WORDS } from '../words.ts'

/** Who was invited makes their account with the link. */
export default function Invitation() {
  const params = useParams<{ token: string }>()
  const navigate = useNavigate()
  const invitation = useQuery(() => ({
    queryKey: ['invitation', params.token],
    queryFn: () => call(api.invitation[':token'].$get({ param: { token: params.token } })),
    staleTime: Number.POSITIVE_INFINITY,
  }))
  const submit = createSubmit(async (form) => {
    await call(
      api.invitation[':token'].$post({
        param: { token: params.token },
        json: { name: textOf(form, 'name'), password: textOf(form, 'password') },
      }),
    )
    await client.resetQueries({ queryKey: ['session'] })
    navigate('/inbox', { replace: true })
  })
  onMount(() => {
    document.title = 'Invitation · Downfield'
  })

  return (
    <div class="entry">
      <main>
        <div class="brand">
          <Mark />
          Downfield
        </div>
        <Show when={invitation.isError}>
          <h1 class="sr">Invitation</h1>
        </Show>
        <Loaded query={invitation} what="This invitation">
          {(found) => (
            <>
              <h1>Join the team</h1>
              <p>
                You are invited as {found().email}. Your role is {ROLE_WORDS[found().role].toLowerCase()}.{' '}
                {ROLE_SENTENCES[found().role]}
              </p>
              <form onSubmit={(event) => void submit.onSubmit(event)}>
                <input type="hidden" name="username" autocomplete="username" value={found().email} />
                <TextField
                  label="Your name"
                  name="name"
                  value={found().name}
                  autocomplete="name"
                  required
                  tall
                  autofocus
                  wrong={submit.wrong('name')}
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
                <Show when={submit.general('name', 'password')}>
                  {(words) => <Notice tone="bad">{words()}</Notice>}
                </Show>
                <button type="submit" class="btn primary wide" disabled={submit.busy()}>
                  Create your account
                </button>
                <p class="hint">The link is good until {fullTime(found().expiresAt)}.</p>
              </form>
            </>
          )}
        </Loaded>
      </main>
    </div>
  )
}
