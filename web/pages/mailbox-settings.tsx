import { useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import type { Auth } from '../../db/vocabulary.ts'
import { ApiError, api, call, type MailboxDetails, type Tested, wordsOf } from '../api.ts'
import { TextField } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { AUTH_FIELDS, authOf, MailboxAuth } from '../components/mailbox-auth.tsx'
import { INCOMING_FIELDS, incomingOf, MailboxIncoming } from '../components/mailbox-incoming.tsx'
import { MailboxSending, SENDING_FIELDS, sendingOf } from '../components/mailbox-sending.tsx'
import { MailboxServer, servers } from '../components/mailbox-server.tsx'
import { MailboxTested } from '../components/mailbox-tested.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { dataOf, useMailbox, useTeams } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'

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
      {(found) => (
        <>
          <Settings mailbox={found()} />
          <section class="section">
            <h2>Signature</h2>
            <p class="hint">Stands below what is written from this mailbox by who has none of their own.</p>
            <div class="actions">
              <a class="btn" href={`/signatures?mailbox=${found().id}`}>
                <Icon name="pen" />
                Signatures
              </a>
            </div>
          </section>
        </>
      )}
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
    ...incomingOf(form),
    ...sendingOf(form),
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
        <MailboxServer kind="imap" title="Receiving, over IMAP" before={before} auth={auth()} wrong={wrong} />
        <MailboxServer kind="smtp" title="Sending, over SMTP" before={before} auth={auth()} wrong={wrong} />
        <MailboxIncoming before={before} wrong={wrong} />
        <MailboxSending before={before} wrong={wrong} />
        <Show when={testing() || tested()}>
          <div class="results" aria-live="polite">
            <MailboxTested title="Receiving" result={tested()?.imap} />
            <MailboxTested title="Sending" result={tested()?.smtp} />
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

const FIELDS = [...['address', 'name', 'aliases'], ...INCOMING_FIELDS, ...SENDING_FIELDS, ...AUTH_FIELDS].concat(
  ['imap', 'smtp'].flatMap((kind) => ['Host', 'Port', 'Security', 'User', 'Password'].map((part) => kind + part)),
)
const generalOf = (error: ApiError | undefined) =>
  error && ![...error.fields.keys()].some((field) => FIELDS.includes(field)) ? error.message : undefined

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
