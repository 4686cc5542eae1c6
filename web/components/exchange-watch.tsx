import { createSignal, For, Show } from 'solid-js'
import { ApiError, api, call } from '../api.ts'
import { type Connection, lookAgain, type Managed } from '../exchange.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { TextField } from './field.tsx'
import { Icon } from './icon.tsx'
import { MailboxSendTest } from './mailbox-send-test.tsx'
import { Notice } from './states.tsx'

const FIELDS = ['appId', 'objectId', 'clientSecret', 'name']

type Planned = { steps: { command: string; reason: string }[]; missingPermissions: string[] }

/** From a mailbox of Exchange to one that Downfield watches. What broke off goes on where it was. */
export function ExchangeWatch(props: {
  mailbox: Managed
  connection: Connection
  name: string
  isNext: boolean
  /** The file that says what Exchange has, where it can't be asked. */
  snapshot?: string | undefined
}) {
  return (
    <section class="section" id="watch" aria-labelledby="exchange-watch">
      <h2 id="exchange-watch">Watch it with Downfield</h2>
      <Show
        when={props.mailbox.mailboxId}
        fallback={
          <Show when={props.connection.platform === 'exo'} fallback={<OnPremises />}>
            <ByApp {...props} />
          </Show>
        }
      >
        {(id) => (
          <>
            <p class="lead">
              Downfield watches it.{' '}
              <a class="link" href={`/mailboxes/${id()}`}>
                How it is doing
              </a>
            </p>
            <MailboxSendTest
              id={id()}
              onOver={() => void client.invalidateQueries({ queryKey: ['exchange', 'mailboxes'] })}
            />
          </>
        )}
      </Show>
    </section>
  )
}

/** A server of one's own knows no apps: an account with a password reads the mail there. */
function OnPremises() {
  return (
    <>
      <p class="lead">
        Exchange Server lets no app in. Downfield reads the mail there with an account that has full access, by user
        name and password: such as DOMAIN\reader\shared.mailbox for IMAP, and the account itself for SMTP.
      </p>
      <div class="actions">
        <a href="/mailboxes/new" class="btn primary">
          <Icon name="mailbox" />
          Connect the mailbox
        </a>
      </div>
    </>
  )
}

function ByApp(props: Parameters<typeof ExchangeWatch>[0]) {
  const [planned, setPlanned] = createSignal<Planned>()
  const [looking, setLooking] = createSignal(false)
  const hasOwn = () => props.connection.has.clientSecret
  const [isOther, setOther] = createSignal(!hasOwn())
  const [asksId, setAsksId] = createSignal(false)
  const param = () => ({ id: props.mailbox.id })
  const submit = createSubmit(async (form) => {
    const text = (name: string) => textOf(form, name).trim()
    // What is not on the form is that of the connection.
    const program = { appId: text('appId'), objectId: text('objectId'), clientSecret: textOf(form, 'clientSecret') }
    const isPlan = looking()
    setLooking(false)
    try {
      if (isPlan) {
        const json = { ...program, ...(props.snapshot !== undefined && { snapshot: props.snapshot }) }
        setPlanned(await call(api.exchange.mailboxes[':id'].program.plan.$post({ param: param(), json })))
        return
      }
      const json = { ...program, name: text('name') }
      const { isOpen } = await call(api.exchange.mailboxes[':id'].watch.$post({ param: param(), json }))
      say(
        isOpen
          ? 'Downfield watches the mailbox now. Its mail comes in.'
          : 'The app is let in. Exchange takes some minutes to know of it; the mail comes in by itself then.',
      )
      for (const key of ['exchange', 'mailboxes']) void client.invalidateQueries({ queryKey: [key] })
      void lookAgain()
    } catch (error) {
      // Where no token says the id of the enterprise application, somebody must.
      if (error instanceof ApiError && error.fields.has('objectId')) setAsksId(true)
      throw error
    }
  })
  return (
    <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
      <p class="hint">
        Downfield reads over IMAP and sends over SMTP, as an app of your directory that gets into mailboxes which let it
        in and no others. In Entra, give the app the permissions IMAP.AccessAsApp and SMTP.SendAsApp, and consent.
      </p>
      <Show when={hasOwn()}>
        <fieldset>
          <legend>Which app</legend>
          <label class="check">
            <input type="radio" name="which" checked={!isOther()} onChange={() => setOther(false)} />
            <span>
              That of this connection
              <small>Nothing more to enter.</small>
            </span>
          </label>
          <label class="check">
            <input type="radio" name="which" checked={isOther()} onChange={() => setOther(true)} />
            <span>
              Another one
              <small>Then whoever reads mail can change nothing in Exchange, and the other way round.</small>
            </span>
          </label>
        </fieldset>
      </Show>
      <Show when={isOther()}>
        <TextField
          label="Application (client) id"
          name="appId"
          value={hasOwn() ? '' : props.connection.settings.clientId}
          wrong={submit.wrong('appId')}
        />
        <TextField
          label="Client secret"
          name="clientSecret"
          type="password"
          autocomplete="new-password"
          help="Its value, not its id. Stored encrypted."
          wrong={submit.wrong('clientSecret')}
        />
      </Show>
      <Show when={asksId()}>
        <TextField
          label="Object id of the enterprise application"
          name="objectId"
          help="Under Enterprise applications, not under App registrations: the two differ."
          wrong={submit.wrong('objectId')}
        />
      </Show>
      <TextField
        label="Name"
        name="name"
        value={props.name}
        help="Recipients see it beside the address."
        wrong={submit.wrong('name')}
      />
      <Show when={planned()}>{(plan) => <ToBeDone plan={plan()} />}</Show>
      <Show when={submit.general(...FIELDS)}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <Show when={!isOther() && (submit.wrong('clientSecret') ?? submit.wrong('appId'))}>
        {(words) => <Notice tone="bad">{words()}</Notice>}
      </Show>
      <div class="actions">
        <button
          type="submit"
          class="btn"
          classList={{ primary: props.isNext }}
          disabled={submit.busy()}
          onClick={() => setLooking(false)}
        >
          {submit.busy()
            ? 'Trying'
            : props.connection.kind === 'plan-only'
              ? 'Sign in and watch'
              : 'Let it in and watch'}
        </button>
        <button type="submit" class="btn" disabled={submit.busy()} onClick={() => setLooking(true)}>
          Show what will be done
        </button>
      </div>
    </form>
  )
}

function ToBeDone(props: { plan: Planned }) {
  return (
    <>
      <Show when={props.plan.missingPermissions.length > 0}>
        <Notice tone="warn">
          No admin has consented to {props.plan.missingPermissions.join(' and ')} for this app yet.
        </Notice>
      </Show>
      <Show
        when={props.plan.steps.length > 0}
        fallback={<Notice tone="good">The app may open it already. Nothing is left to do in Exchange.</Notice>}
      >
        <div class="exchange-plan">
          <ol>
            <For each={props.plan.steps}>
              {(step) => (
                <li>
                  <Icon name="plus" />
                  <div>
                    <p>{step.reason}</p>
                    <ExchangeCommand command={step.command} />
                  </div>
                </li>
              )}
            </For>
          </ol>
        </div>
      </Show>
    </>
  )
}
