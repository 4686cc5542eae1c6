import { useQuery } from '@tanstack/solid-query'
import { createResource, createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { plural } from '../format.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { ShownOnce } from './shown-once.tsx'
import { Bones, Loaded, Notice } from './states.tsx'

type Step =
  | { do: 'begin'; secret: string; uri: string }
  | { do: 'codes' }
  | { do: 'off' }
  | { do: 'shown'; codes: string[] }

/** Signing in with a code of a device beside the password: switching it on, off, and codes on paper. */
export function SecondFactor() {
  const state = useQuery(() => ({
    queryKey: ['second-factor'],
    queryFn: () => call(api['second-factor'].$get()),
  }))
  const [step, setStep] = createSignal<Step>()
  const again = () => void client.invalidateQueries({ queryKey: ['second-factor'] })
  const begin = createSubmit(async () => {
    setStep({ do: 'begin', ...(await call(api['second-factor'].$post())) })
  })
  return (
    <section class="section">
      <h2>Sign-in code</h2>
      <p class="lead">
        With it, signing in takes the password and a code that a program on your phone shows: who has one alone stays
        out.
      </p>
      <Loaded query={state} what="The sign-in code" loading={<Bones rows={1} height={40} />}>
        {(found) => (
          <Show
            when={found().on}
            fallback={
              <form class="form" onSubmit={(event) => void begin.onSubmit(event)}>
                <Show when={begin.general()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
                <div class="actions">
                  <button type="submit" class="btn" disabled={begin.busy()}>
                    Set it up
                  </button>
                </div>
              </form>
            }
          >
            <p>
              It is on. {plural(found().codesLeft, 'code')} on paper {found().codesLeft === 1 ? 'is' : 'are'} left.
            </p>
            <div class="actions">
              <button type="button" class="btn" onClick={() => setStep({ do: 'codes' })}>
                New codes on paper
              </button>
              <button type="button" class="btn ghost" onClick={() => setStep({ do: 'off' })}>
                Switch it off
              </button>
            </div>
          </Show>
        )}
      </Loaded>
      <Show when={step()}>
        {(at) => (
          <Dialog
            label={TITLES[at().do]}
            titled
            onClose={() => {
              setStep(undefined)
              again()
            }}
          >
            <div class="body stack">
              <Show when={shownIn(at(), 'begin')}>{(now) => <Device secret={now().secret} uri={now().uri} />}</Show>
              <Show
                when={shownIn(at(), 'shown')}
                fallback={
                  <GiveCode
                    button={BUTTONS[at().do]}
                    give={async (code) => {
                      setStep(await carryOut(at().do, code))
                      again()
                    }}
                  />
                }
              >
                {(now) => <OnPaper codes={now().codes} />}
              </Show>
            </div>
          </Dialog>
        )}
      </Show>
    </section>
  )
}

/** The step, where it is this one. */
function shownIn<What extends Step['do']>(step: Step, what: What): Extract<Step, { do: What }> | undefined {
  // The cast: what was compared.
  return step.do === what ? (step as Extract<Step, { do: What }>) : undefined
}

const TITLES: Record<Step['do'], string> = {
  begin: 'Set up the sign-in code',
  codes: 'New codes on paper',
  off: 'Switch the sign-in code off',
  shown: 'Codes on paper',
}
const BUTTONS: Record<Step['do'], string> = {
  begin: 'Switch it on',
  codes: 'Make new codes',
  off: 'Switch it off',
  shown: '',
}

/** What is next to be shown. */
async function carryOut(what: Step['do'], code: string): Promise<Step | undefined> {
  if (what === 'begin') return { do: 'shown', ...(await call(api['second-factor'].$put({ json: { code } }))) }
  if (what === 'codes') return { do: 'shown', ...(await call(api['second-factor'].codes.$post({ json: { code } }))) }
  await call(api['second-factor'].$delete({ json: { code } }))
  say('Signing in takes the password alone now.')
  return undefined
}

function Device(props: { secret: string; uri: string }) {
  // Drawn only here, so that nobody else waits for it.
  const [drawn] = createResource(
    () => props.uri,
    async (uri) => (await import('uqr')).encode(uri, { border: 2 }),
  )
  return (
    <div class="stack">
      <p>
        Add an account in a program for sign-in codes, such as one on your phone: point its camera here, or type the
        key. Then enter the code that it shows.
      </p>
      <div class="qr">
        <Show when={drawn()}>
          {(code) => (
            <svg
              viewBox={`0 0 ${code().size} ${code().size}`}
              role="img"
              aria-label="The key as a QR code"
              shape-rendering="crispEdges"
            >
              <path d={pathOf(code().data)} />
            </svg>
          )}
        </Show>
      </div>
      <ShownOnce label="Key to type" value={props.secret} />
    </div>
  )
}

/** The dark squares, row by row. */
function pathOf(rows: boolean[][]): string {
  return rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
}

function GiveCode(props: { button: string; give: (code: string) => Promise<void> }) {
  const submit = createSubmit(async (form) => await props.give(textOf(form, 'code')))
  return (
    <form class="form" onSubmit={(event) => void submit.onSubmit(event)}>
      <TextField
        label="Code"
        name="code"
        autocomplete="one-time-code"
        required
        help="The six digits that your device shows now."
        wrong={submit.wrong('code')}
      />
      <Show when={submit.general('code')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <div class="actions">
        <button type="submit" class="btn primary" disabled={submit.busy()}>
          {props.button}
        </button>
      </div>
    </form>
  )
}

function OnPaper(props: { codes: string[] }) {
  return (
    <div class="stack">
      <Notice tone="good">
        <strong>These codes are shown only now.</strong> Each signs you in once where your device is lost. Print them,
        or keep them where secrets are kept.
      </Notice>
      <ul class="codes num" aria-label="Codes on paper">
        <For each={props.codes}>{(code) => <li>{code}</li>}</For>
      </ul>
      <ShownOnce label="All codes" value={props.codes.join(' ')} />
    </div>
  )
}
