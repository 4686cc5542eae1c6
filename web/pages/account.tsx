import { createSignal, For, Show } from 'solid-js'
import { api, call, type Member, wordsOf } from '../api.ts'
import { browserName } from '../browser-name.ts'
import { useNow } from '../clock.ts'
import { Field, TextField } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { SecondFactor } from '../components/second-factor.tsx'
import { signOut } from '../components/shell.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { ago, day } from '../format.ts'
import { setSingleKeys, singleKeys } from '../keys.ts'
import { dataOf, useSession, useSessions, useTokens } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { setTheme, THEMES, theme } from '../theme.ts'
import { complain, say } from '../toasts.ts'
import { ROLE_WORDS } from '../words.ts'

const THEME_WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

/** One's own account. */
export default function Account() {
  const session = useSession()
  return (
    <div class="page">
      <Show when={dataOf(session)}>
        {(found) => (
          <>
            <div class="top">
              <div>
                <h1>Your account</h1>
                <p>
                  {found().member.email}, {ROLE_WORDS[found().member.role].toLowerCase()}
                </p>
              </div>
              <a class="btn" href="/account/notifications">
                <Icon name="bell" />
                What you are told
              </a>
              <button type="button" class="btn" onClick={() => void signOut()}>
                <Icon name="out" />
                Sign out
              </button>
            </div>
            <div class="two">
              <div>
                <Sessions />
                <Tokens />
              </div>
              <div>
                <Look />
                <Show when={found().rights.includes('reply')}>
                  <Writing />
                </Show>
                <Held heldMs={found().heldMs} />
                <Show when={found().rights.includes('manage members')}>
                  <Name member={found().member} />
                </Show>
                <Password email={found().member.email} />
                <SecondFactor />
              </div>
            </div>
          </>
        )}
      </Show>
    </div>
  )
}

function Writing() {
  return (
    <section class="section">
      <h2>Writing</h2>
      <p class="hint">What stands below your emails, and what you answer often.</p>
      <div class="actions">
        <a class="btn" href="/signatures">
          <Icon name="pen" />
          Signatures
        </a>
        <a class="btn" href="/saved-replies">
          <Icon name="note" />
          Saved replies
        </a>
      </div>
    </section>
  )
}

function Look() {
  return (
    <section class="section">
      <h2>In this browser</h2>
      <div class="stack">
        <div class="segments" role="radiogroup" aria-label="Light or dark">
          <For each={THEMES}>
            {(each) => (
              <label>
                <input type="radio" name="theme" checked={theme() === each} onChange={() => setTheme(each)} />
                {THEME_WORDS[each]}
              </label>
            )}
          </For>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={singleKeys()}
            onChange={(event) => setSingleKeys(event.currentTarget.checked)}
          />
          <span>
            Shortcuts of a single key
            <small>Such as J, E and R. Those with ctrl work in any case.</small>
          </span>
        </label>
      </div>
    </section>
  )
}

const HELD_SECONDS = [0, 5, 10, 20, 30, 60, 120]

function Held(props: { heldMs: number }) {
  const choose = async (seconds: number) => {
    try {
      await call(api.session.$patch({ json: { heldMs: seconds * 1_000 } }))
      say('Saved.')
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['session'] })
  }
  return (
    <section class="section">
      <h2>Sending</h2>
      <Field label="Time to take an answer back" help="So long it waits before it goes out.">
        {(attributes) => (
          <select {...attributes} class="input" onChange={(event) => void choose(Number(event.currentTarget.value))}>
            <For each={HELD_SECONDS}>
              {(seconds) => (
                <option value={seconds} selected={props.heldMs === seconds * 1_000}>
                  {seconds === 0 ? 'None: it goes out at once' : `${seconds} seconds`}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
    </section>
  )
}

function Name(props: { member: Member }) {
  const submit = createSubmit(async (form) => {
    await call(api.members[':id'].$patch({ param: { id: props.member.id }, json: { name: textOf(form, 'name') } }))
    for (const key of ['session', 'members']) void client.invalidateQueries({ queryKey: [key] })
    say('Saved.')
  })
  return (
    <section class="section">
      <h2>Name</h2>
      <form class="form" onSubmit={(event) => void submit.onSubmit(event)}>
        <TextField
          label="Your name"
          name="name"
          value={props.member.name}
          autocomplete="name"
          help="The team sees it. Recipients see the mailbox's."
          wrong={submit.wrong('name')}
        />
        <Show when={submit.general('name')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="actions">
          <button type="submit" class="btn" disabled={submit.busy()}>
            Save the name
          </button>
        </div>
      </form>
    </section>
  )
}

function Password(props: { email: string }) {
  const submit = createSubmit(async (form, element) => {
    await call(api.password.$put({ json: { current: textOf(form, 'current'), password: textOf(form, 'password') } }))
    element.reset()
    void client.invalidateQueries({ queryKey: ['sessions'] })
    say('The password is changed. You are signed out everywhere else.')
  })
  return (
    <section class="section">
      <h2>Password</h2>
      <form class="form" onSubmit={(event) => void submit.onSubmit(event)}>
        <input type="hidden" autocomplete="username" value={props.email} />
        <TextField
          label="Password now"
          name="current"
          type="password"
          autocomplete="current-password"
          required
          wrong={submit.wrong('current')}
        />
        <TextField
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          required
          help="At least 10 characters. It signs you out everywhere else."
          wrong={submit.wrong('password')}
        />
        <Show when={submit.general('current', 'password')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="actions">
          <button type="submit" class="btn" disabled={submit.busy()}>
            Change the password
          </button>
        </div>
      </form>
    </section>
  )
}

function Sessions() {
  const sessions = useSessions()
  const now = useNow(30_000)
  const end = async (id: string) => {
    try {
      await call(api.sessions[':id'].$delete({ param: { id } }))
      say('Signed out there.')
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['sessions'] })
  }
  return (
    <section class="section">
      <h2>Where you are signed in</h2>
      <Loaded query={sessions} what="The sessions" loading={<Bones rows={2} height={50} />}>
        {(found) => (
          <ul class="lines">
            <For each={found()}>
              {(session) => (
                <li>
                  <span class="grow">
                    {browserName(session.userAgent)}
                    <small class="hint num">
                      {session.address}, {session.isCurrent ? 'now' : ago(Math.min(session.lastSeenAt, now()), now())}
                    </small>
                  </span>
                  <Show when={!session.isCurrent} fallback={<span class="chip good">This one</span>}>
                    <button
                      type="button"
                      class="btn ghost"
                      aria-label={`Sign out ${browserName(session.userAgent)}, ${session.address}`}
                      onClick={() => void end(session.id)}
                    >
                      Sign out
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </section>
  )
}

function Tokens() {
  const tokens = useTokens()
  const now = useNow(30_000)
  const [made, setMade] = createSignal<string>()
  const submit = createSubmit(async (form, element) => {
    const readOnly = form.get('readOnly') !== null
    const { token } = await call(api.tokens.$post({ json: { name: textOf(form, 'name'), readOnly } }))
    setMade(token)
    element.reset()
    void client.invalidateQueries({ queryKey: ['tokens'] })
  })
  const remove = async (id: string) => {
    try {
      await call(api.tokens[':id'].$delete({ param: { id } }))
      say('The token is taken back.')
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['tokens'] })
  }
  return (
    <section class="section">
      <h2>API tokens</h2>
      <p class="lead">With a token a program does what you may do.</p>
      <Loaded query={tokens} what="The tokens" loading={<Bones rows={1} height={50} />}>
        {(found) => (
          <Show when={found().length > 0}>
            <ul class="lines">
              <For each={found()}>
                {(token) => (
                  <li>
                    <span class="grow">
                      {token.name}
                      <small class="hint num">
                        {token.readOnly ? 'Reads only' : 'Reads and writes'}, made {day(token.createdAt)},{' '}
                        {token.lastUsedAt === null ? 'never used' : `used ${ago(token.lastUsedAt, now())}`}
                      </small>
                    </span>
                    <button
                      type="button"
                      class="btn ghost"
                      aria-label={`Take back the token ${token.name}`}
                      onClick={() => void remove(token.id)}
                    >
                      Take back
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={made()}>
        {(token) => (
          <div class="below">
            <Notice tone="good">
              <strong>This token is shown only now.</strong> Keep it where secrets are kept.
              <ShownOnce label="New token" value={token()} />
            </Notice>
          </div>
        )}
      </Show>
      <form class="token-form" onSubmit={(event) => void submit.onSubmit(event)}>
        <TextField
          label="New token"
          name="name"
          required
          placeholder="What is it for?"
          wrong={submit.wrong('name') ?? submit.general('name')}
        />
        <label class="check">
          <input type="checkbox" name="readOnly" checked />
          Reads only
        </label>
        <button type="submit" class="btn" disabled={submit.busy()}>
          <Icon name="key" />
          Make it
        </button>
      </form>
    </section>
  )
}
