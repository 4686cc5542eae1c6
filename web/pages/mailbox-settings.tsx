import { useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { type Auth, SECURITIES, type Security } from '../../db/vocabulary.ts'
import { ApiError, api, call, type MailboxDetails, type Tested, wordsOf } from '../api.ts'
import { Field, TextField } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { AUTH_FIELDS, authOf, MailboxAuth } from '../components/mailbox-auth.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { dataOf, useMailbox, useTeams } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { SECURITY_WORDS } from '../words.ts'

const PORTS = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } } as const

/** Adding a mailbox, or changing one. */
export default function MailboxSettings() {
  const params = useParams<{ id?: string }>()
  return (
    <div class="page">
      <Show when={params.id} fallback={<Settings />}>
        {(id) => <Existing id={id()} />}
      </Show>
    </div>
  )
}

function Existing(props: { id: string }) {
  const mailbox = useMailbox(() => props.id)
  return (
    <Loaded query={mailbox} what="This mailbox" loading={<Bones rows={6} height={64} />}>
      {(found) => <Settings mailbox={found()} />}
    </Loaded>
  )
}

function Settings(props: { mailbox?: MailboxDetails }) {
  // Once: what is typed must not be written over when the mailbox is fetched again.
  const before = props.mailbox
  const navigate = useNavigate()
  const teams = useTeams()
  const [openToAll, setOpenToAll] = createSignal(before?.openToAll ?? true)
  const [auth, setAuth] = createSignal<Auth>(before?.auth ?? 'password')
  const [teamIds, setTeamIds] = createSignal<readonly string[]>(before?.teamIds ?? [])
  const [tested, setTested] = createSignal<Tested>()
  const [testing, setTesting] = createSignal(false)
  let element!: HTMLFormElement

  const read = (form: FormData) => ({
    address: textOf(form, 'address').trim(),
    name: textOf(form, 'name').trim(),
    aliases: textOf(form, 'aliases')
      .split(/[\s,;]+/)
      .filter(Boolean),
    openToAll: openToAll(),
    teamIds: openToAll() ? [] : [...teamIds()],
    ...servers(form),
    ...authOf(form, before),
    sentCopy: textOf(form, 'sentCopy') === 'server' ? ('server' as const) : ('append' as const),
    sinceAt: textOf(form, 'since') ? new Date(`${textOf(form, 'since')}T00:00`).getTime() : null,
    sentFolder: textOf(form, 'sentFolder').trim(),
    moreFolders: textOf(form, 'moreFolders')
      .split('\n')
      .map((path) => path.trim())
      .filter(Boolean),
    writeBack: writeBackOf(form),
    assignOnReply: form.get('assignOnReply') !== null,
  })
  const submit = createSubmit(async (form) => {
    const json = read(form)
    if (before) await call(api.mailboxes[':id'].$patch({ param: { id: before.id }, json }))
    const id = before?.id ?? (await call(api.mailboxes.$post({ json }))).id
    void client.invalidateQueries({ queryKey: ['mailboxes'] })
    if (json.auth === 'oauth_member' && !(before?.auth === 'oauth_member' && before.isSignedIn)) {
      say('Saved. Now sign in.')
      await client.invalidateQueries({ queryKey: ['mailboxes', id] })
      return navigate(`/mailboxes/${id}/settings`)
    }
    say(before ? 'Saved.' : 'The mailbox is connected. Its mail comes in now.')
    navigate(`/mailboxes/${id}`)
  })
  const [refusedTest, setRefusedTest] = createSignal<ApiError>()
  const test = async () => {
    setTesting(true)
    setTested(undefined)
    setRefusedTest(undefined)
    const form = new FormData(element)
    const json = { ...(before && { id: before.id }), ...servers(form), ...authOf(form, before) }
    try {
      setTested(await call(api.mailboxes.test.$post({ json })))
    } catch (error) {
      setRefusedTest(error instanceof ApiError ? error : new ApiError(wordsOf(error), 0, new Map()))
    }
    setTesting(false)
  }
  const wrong = (field: string) => submit.wrong(field) ?? refusedTest()?.fields.get(field)
  const chooseAuth = (to: Auth) => {
    setAuth(to)
    if (to === 'password') return
    put(element, 'imapHost', 'outlook.office365.com')
    put(element, 'smtpHost', 'smtp.office365.com')
  }
  const toggle = (id: string, on: boolean) =>
    setTeamIds((all) => (on ? [...all, id] : all.filter((other) => other !== id)))

  return (
    <>
      <div class="top">
        <div>
          <h1>{before ? `Settings of ${before.address}` : 'Add a mailbox'}</h1>
          <p>Any mailbox that speaks IMAP and SMTP will do: your provider's help has the names of both servers.</p>
        </div>
      </div>
      <form ref={element} class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <fieldset>
          <legend>Mailbox</legend>
          <div class="pair">
            <TextField
              label="Address"
              name="address"
              type="email"
              value={before?.address ?? ''}
              autofocus={!before}
              help="Such as proposals@example.org."
              wrong={wrong('address')}
              onInput={(address) => guess(element, address)}
            />
            <TextField
              label="Name"
              name="name"
              value={before?.name ?? ''}
              help="Recipients see it beside the address."
              wrong={wrong('name')}
            />
          </div>
          <TextField
            label="Other addresses"
            name="aliases"
            value={before?.aliases.join(', ') ?? ''}
            help="Further addresses that arrive here, so that nobody answers to ourselves."
            wrong={wrong('aliases')}
          />
          <div class="field">
            <span class="label">Who sees its mail</span>
            <div class="segments" role="radiogroup" aria-label="Who sees its mail">
              <label>
                <input type="radio" name="open" checked={openToAll()} onChange={() => setOpenToAll(true)} />
                Everybody
              </label>
              <label>
                <input type="radio" name="open" checked={!openToAll()} onChange={() => setOpenToAll(false)} />
                Some teams
              </label>
            </div>
          </div>
          <Show when={!openToAll()}>
            <div>
              <For
                each={dataOf(teams) ?? []}
                fallback={
                  <p class="hint">There is no team yet. Admins see the mailbox; make teams under People and teams.</p>
                }
              >
                {(team) => (
                  <label class="check">
                    <input
                      type="checkbox"
                      checked={teamIds().includes(team.id)}
                      onChange={(event) => toggle(team.id, event.currentTarget.checked)}
                    />
                    {team.name}
                  </label>
                )}
              </For>
            </div>
          </Show>
        </fieldset>
        <MailboxAuth auth={auth()} onAuth={chooseAuth} before={before} stored={props.mailbox} wrong={wrong} />
        <Server kind="imap" title="Receiving, over IMAP" before={before} auth={auth()} wrong={wrong} />
        <Server kind="smtp" title="Sending, over SMTP" before={before} auth={auth()} wrong={wrong} />
        <fieldset>
          <legend>What comes in</legend>
          <div class="pair">
            <Field label="Mail since" help="Older mail stays on the server. Empty: all of it." wrong={wrong('sinceAt')}>
              {(attributes) => (
                <input
                  {...attributes}
                  class="input"
                  type="date"
                  name="since"
                  value={before?.sinceAt ? new Date(before.sinceAt).toLocaleDateString('sv-SE') : ''}
                />
              )}
            </Field>
            <Field
              label="Copy of what is sent"
              help="Gmail and Exchange keep one by themselves."
              wrong={wrong('sentCopy')}
            >
              {(attributes) => (
                <select {...attributes} class="input" name="sentCopy">
                  <option value="append" selected={before?.sentCopy !== 'server'}>
                    Downfield files it
                  </option>
                  <option value="server" selected={before?.sentCopy === 'server'}>
                    The server keeps it
                  </option>
                </select>
              )}
            </Field>
          </div>
          <div class="pair">
            <TextField
              label="Folder of sent mail"
              name="sentFolder"
              value={before?.sentFolder ?? ''}
              help="Empty: Downfield finds it by itself."
              wrong={wrong('sentFolder')}
            />
            <Field label="Further folders" help="One on each line, with its whole path." wrong={wrong('moreFolders')}>
              {(attributes) => (
                <textarea {...attributes} class="input" name="moreFolders" rows="2">
                  {before?.moreFolders.join('\n') ?? ''}
                </textarea>
              )}
            </Field>
          </div>
        </fieldset>
        <fieldset>
          <legend>Who takes care</legend>
          <label class="check">
            <input type="checkbox" name="assignOnReply" checked={before?.assignOnReply ?? true} />
            Who answers what nobody has takes it
          </label>
        </fieldset>
        <fieldset>
          <legend>What is shown on the server</legend>
          <p class="hint">Downfield changes nothing there unless you choose it here.</p>
          <label class="check">
            <input type="checkbox" name="writeSeen" checked={before?.writeBack?.seen ?? false} />
            Mark mail as read when somebody took care of it
          </label>
          <label class="check">
            <input type="checkbox" name="writeAnswered" checked={before?.writeBack?.answered ?? false} />
            Mark mail as answered when it was
          </label>
          <TextField
            label="Move mail of done issues to"
            name="moveDoneTo"
            value={before?.writeBack?.moveDoneTo ?? ''}
            help="The path of a folder. Empty: mail stays where it is."
            wrong={wrong('writeBack')}
          />
        </fieldset>
        <Show when={testing() || tested()}>
          <div class="results" aria-live="polite">
            <Result title="Receiving" result={tested()?.imap} />
            <Result title="Sending" result={tested()?.smtp} />
          </div>
        </Show>
        <Show when={submit.general(...FIELDS) ?? generalOf(refusedTest())}>
          {(words) => <Notice tone="bad">{words()}</Notice>}
        </Show>
        <div class="actions">
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            {before ? 'Save' : 'Add mailbox'}
          </button>
          <button type="button" class="btn" disabled={testing()} onClick={() => void test()}>
            <Icon name="server" />
            Test connection
          </button>
          <a href={before ? `/mailboxes/${before.id}` : '/mailboxes'} class="btn ghost">
            Cancel
          </a>
        </div>
      </form>
    </>
  )
}

const FIELDS = [
  ...['address', 'name', 'aliases', 'sinceAt', 'sentCopy', 'sentFolder', 'moreFolders', 'writeBack'],
  ...AUTH_FIELDS,
].concat(
  ['imap', 'smtp'].flatMap((kind) => ['Host', 'Port', 'Security', 'User', 'Password'].map((part) => kind + part)),
)
const generalOf = (error: ApiError | undefined) =>
  error && ![...error.fields.keys()].some((field) => FIELDS.includes(field)) ? error.message : undefined

function writeBackOf(form: FormData) {
  const seen = form.has('writeSeen')
  const answered = form.has('writeAnswered')
  const moveDoneTo = textOf(form, 'moveDoneTo').trim() || null
  return seen || answered || moveDoneTo ? { seen, answered, moveDoneTo } : null
}

function servers(form: FormData) {
  // The casts: the fields are selects of SECURITIES.
  return {
    imapHost: textOf(form, 'imapHost').trim(),
    imapPort: Number(textOf(form, 'imapPort')),
    imapSecurity: textOf(form, 'imapSecurity') as Security,
    imapUser: textOf(form, 'imapUser').trim(),
    imapPassword: textOf(form, 'imapPassword'),
    smtpHost: textOf(form, 'smtpHost').trim(),
    smtpPort: Number(textOf(form, 'smtpPort')),
    smtpSecurity: textOf(form, 'smtpSecurity') as Security,
    smtpUser: textOf(form, 'smtpUser').trim(),
    smtpPassword: textOf(form, 'smtpPassword'),
  }
}

/** While a new address is typed, what usually follows from it; never over what was typed. */
function guess(form: HTMLFormElement, address: string): void {
  const domain = address.split('@')[1] ?? ''
  put(form, 'imapUser', address)
  put(form, 'smtpUser', address)
  const auth = form.elements.namedItem('auth')
  if (auth instanceof HTMLSelectElement && auth.value !== 'password') return
  put(form, 'imapHost', domain.includes('.') ? `imap.${domain}` : '')
  put(form, 'smtpHost', domain.includes('.') ? `smtp.${domain}` : '')
}

/** Puts a guess into a field where nothing was typed. */
function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name)
  if (!(field instanceof HTMLInputElement) || (field.value !== '' && field.dataset.guessed !== field.value)) return
  field.value = value
  field.dataset.guessed = value
}

const USER_HELP: Record<Auth, string> = {
  password: 'Empty: the server takes mail without signing in.',
  oauth_app: 'The address of the mailbox itself.',
  oauth_member: 'The account that signs in, not a shared mailbox.',
}

function Server(props: {
  kind: 'imap' | 'smtp'
  title: string
  before: MailboxDetails | undefined
  auth: Auth
  wrong: (field: string) => string | undefined
}) {
  // Neither changes while the form is there.
  const { kind, before } = props
  const [security, setSecurity] = createSignal<Security>(
    before?.[`${kind}Security`] ?? (kind === 'imap' ? 'tls' : 'starttls'),
  )
  const [port, setPort] = createSignal(String(before?.[`${kind}Port`] ?? PORTS[kind][security()]))
  const choose = (to: Security) => {
    // A port that was chosen by hand stays.
    if (Number(port()) === PORTS[kind][security()]) setPort(String(PORTS[kind][to]))
    setSecurity(to)
  }
  const hasPassword = () => (kind === 'imap' ? before?.hasImapPassword : before?.hasSmtpPassword) ?? false
  return (
    <fieldset>
      <legend>{props.title}</legend>
      <div class="server">
        <TextField
          label="Server"
          name={`${kind}Host`}
          value={before?.[`${kind}Host`] ?? ''}
          placeholder={`${kind}.example.org`}
          wrong={props.wrong(`${kind}Host`)}
        />
        <Field label="Port" wrong={props.wrong(`${kind}Port`)}>
          {(attributes) => (
            <input
              {...attributes}
              class="input num"
              name={`${kind}Port`}
              inputmode="numeric"
              value={port()}
              onInput={(event) => setPort(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Encryption" wrong={props.wrong(`${kind}Security`)}>
          {(attributes) => (
            <select
              {...attributes}
              class="input"
              name={`${kind}Security`}
              // The cast: the options are SECURITIES.
              onChange={(event) => choose(event.currentTarget.value as Security)}
            >
              <For each={SECURITIES}>
                {(each) => (
                  <option value={each} selected={security() === each}>
                    {SECURITY_WORDS[each]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <Show when={security() === 'none'}>
        <Notice tone="warn">Without encryption the password and all mail can be read on the way.</Notice>
      </Show>
      <div class="pair">
        <TextField
          label="User"
          name={`${kind}User`}
          value={before?.[`${kind}User`] ?? ''}
          help={kind === 'smtp' ? USER_HELP[props.auth] : undefined}
          wrong={props.wrong(`${kind}User`)}
        />
        <Show when={props.auth === 'password'}>
          <TextField
            label="Password"
            name={`${kind}Password`}
            type="password"
            autocomplete="new-password"
            help={hasPassword() ? 'Empty: the stored one stays.' : 'Stored encrypted, and never shown again.'}
            wrong={props.wrong(`${kind}Password`)}
          />
        </Show>
      </div>
    </fieldset>
  )
}

function Result(props: { title: string; result: Tested['imap'] | Tested['smtp'] | undefined }) {
  return (
    <Show
      when={props.result}
      fallback={
        <Notice tone="plain" icon="clock">
          <strong>{props.title}</strong>
          <br />
          Asking the server
        </Notice>
      }
    >
      {(result) => (
        <Notice tone={result().ok ? 'good' : 'bad'}>
          <strong>
            {props.title} {result().ok ? 'works' : 'does not work'}
          </strong>
          <br />
          {result().summary} {result().whatToDo}
          <Show when={result().detail}>{(words) => <span class="words">{words()}</span>}</Show>
        </Notice>
      )}
    </Show>
  )
}
