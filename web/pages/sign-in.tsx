import { useQuery } from '@tanstack/solid-query'
import { createEffect, createSignal, For, onMount, Show } from 'solid-js'
import { ApiError, api, call, wordsOf } from '../api.ts'
import { Avatar } from '../components/avatar.tsx'
import { TextField } from '../components/field.tsx'
import { Mark } from '../components/mark.tsx'
import { Notice } from '../components/states.tsx'
import { dataOf } from '../queries.ts'
import { enter } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain } from '../toasts.ts'
import { ROLE_WORDS } from '../words.ts'

/** Signing in; in the demo, being one of its members with a click. */
export default function SignIn() {
  const demo = useQuery(() => ({
    queryKey: ['demo'],
    queryFn: async () => {
      try {
        return await call(api.demo.$get())
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  }))
  const setup = useQuery(() => ({ queryKey: ['setup'], queryFn: () => call(api.setup.$get()), retry: false }))
  const submit = createSubmit(async (form) => {
    const json = { email: textOf(form, 'email'), password: textOf(form, 'password'), code: textOf(form, 'code') }
    enter(await call(api.session.$post({ json })))
  })
  /** The account has a second factor: the server asked for its code. */
  const [asksCode, setAsksCode] = createSignal(false)
  const [given, setGiven] = createSignal(false)
  let form!: HTMLFormElement
  createEffect(() => {
    if (submit.wrong('code') === undefined) return
    setGiven(asksCode())
    setAsksCode(true)
    queueMicrotask(() => form.querySelector<HTMLElement>('[name="code"]')?.focus())
  })
  const enterAs = async (memberId: string) => {
    try {
      await call(api.demo.session.$post({ json: { memberId } }))
      enter(await call(api.session.$get()))
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  onMount(() => {
    document.title = 'Sign in · Downfield'
  })
  const cast = () => dataOf(demo)?.members ?? []
  // What is shown depends on it: better a blink of nothing than something that moves.
  const isKnown = () => !demo.isPending

  return (
    <div class="entry">
      <main>
        <div class="brand">
          <Mark />
          Downfield
        </div>
        <Show when={isKnown()}>
          <Show when={cast().length > 0}>
            <h1>Try the demo</h1>
            <p>They share a mailbox of invented mail. Be one of them here and another in a private window.</p>
            <div class="cast">
              <For each={cast()}>
                {(member) => (
                  <button type="button" onClick={() => void enterAs(member.id)}>
                    <Avatar name={member.name} of={member.id} size="huge" />
                    <span>
                      Enter as {member.name}
                      <small>{ROLE_WORDS[member.role]}</small>
                    </span>
                  </button>
                )}
              </For>
            </div>
            <p class="or">or with a password</p>
          </Show>
          <Show when={cast().length === 0}>
            <h1>Sign in</h1>
          </Show>
          <Show when={dataOf(setup)?.isNeeded}>
            <Notice tone="plain">
              Nobody has an account here yet. The terminal in which Downfield was started shows a link to set it up.
            </Notice>
          </Show>
          <form ref={form} onSubmit={(event) => void submit.onSubmit(event)}>
            <TextField
              label="Email"
              name="email"
              type="email"
              autocomplete="username"
              required
              tall
              autofocus={cast().length === 0}
              wrong={submit.wrong('email')}
            />
            <TextField
              label="Password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
              tall
              wrong={submit.wrong('password')}
            />
            <Show when={asksCode()}>
              <TextField
                label="Code"
                name="code"
                autocomplete="one-time-code"
                required
                tall
                help="The six digits that your device shows now, or one of your codes on paper."
                wrong={given() ? submit.wrong('code') : undefined}
              />
            </Show>
            <Show when={submit.general('email', 'password', 'code')}>
              {(words) => <Notice tone="bad">{words()}</Notice>}
            </Show>
            <button
              type="submit"
              class="btn wide"
              classList={{ primary: cast().length === 0 }}
              disabled={submit.busy()}
            >
              Sign in
            </button>
          </form>
        </Show>
      </main>
    </div>
  )
}
