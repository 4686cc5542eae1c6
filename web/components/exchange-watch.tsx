import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import type { Connection, Managed } from '../exchange.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { TextField } from './field.tsx'
import { Icon } from './icon.tsx'
import { MailboxSendTest } from './mailbox-send-test.tsx'
import { Notice } from './states.tsx'

type Program = Parameters<(typeof api.exchange.mailboxes)[':id']['program']['plan']['$post']>[0]['json']

/** From a mailbox of Exchange to one that Downfield watches. What broke off goes on where it was. */
export function ExchangeWatch(props: { mailbox: Managed; connection: Connection; name: string; isNext: boolean }) {
  const [steps, setSteps] = createSignal<{ command: string; reason: string }[]>()
  const [looking, setLooking] = createSignal(false)
  const program = (form: FormData): Program => ({
    appId: textOf(form, 'appId').trim(),
    objectId: textOf(form, 'objectId').trim(),
    displayName: 'Downfield',
  })
  const param = () => ({ id: props.mailbox.id })
  const submit = createSubmit(async (form) => {
    if (looking()) {
      const plan = call(api.exchange.mailboxes[':id'].program.plan.$post({ param: param(), json: program(form) }))
      setSteps((await plan.finally(() => setLooking(false))).steps)
      return
    }
    const json = { ...program(form), clientSecret: textOf(form, 'clientSecret'), name: textOf(form, 'name').trim() }
    await call(api.exchange.mailboxes[':id'].watch.$post({ param: param(), json }))
    say('Downfield watches the mailbox now. Its mail comes in.')
    for (const key of ['exchange', 'mailboxes']) void client.invalidateQueries({ queryKey: [key] })
  })
  return (
    <section class="section" id="watch" aria-labelledby="exchange-watch">
      <h2 id="exchange-watch">Watch it with Downfield</h2>
      <Show
        when={props.mailbox.mailboxId}
        fallback={
          <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
            <p class="hint">
              Downfield reads over IMAP and sends over SMTP, as an app of your directory that gets into mailboxes which
              let it in and no others. In Entra, give the app the permissions IMAP.AccessAsApp and SMTP.SendAsApp, and
              consent.
            </p>
            <TextField
              label="Application (client) id"
              name="appId"
              value={props.connection.settings.clientId}
              wrong={submit.wrong('appId')}
            />
            <TextField
              label="Object id of the enterprise application"
              name="objectId"
              help="Under Enterprise applications, not under App registrations: the two differ."
              wrong={submit.wrong('objectId')}
            />
            <TextField
              label="Client secret"
              name="clientSecret"
              type="password"
              autocomplete="new-password"
              wrong={submit.wrong('clientSecret')}
            />
            <TextField
              label="Name"
              name="name"
              value={props.name}
              help="Recipients see it beside the address."
              wrong={submit.wrong('name')}
            />
            <Show when={steps()}>
              {(all) => (
                <Show
                  when={all().length > 0}
                  fallback={
                    <Notice tone="good">The app may open it already. Nothing is left to do in Exchange.</Notice>
                  }
                >
                  <div class="exchange-plan">
                    <ol>
                      <For each={all()}>
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
              )}
            </Show>
            <Show when={submit.general('appId', 'objectId', 'clientSecret', 'name')}>
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
                Let it in and watch
              </button>
              <button type="submit" class="btn" disabled={submit.busy()} onClick={() => setLooking(true)}>
                Show what will be done
              </button>
            </div>
          </form>
        }
      >
        {(id) => (
          <>
            <p class="lead">
              Its mail comes in here.{' '}
              <a class="link" href={`/mailboxes/${id()}`}>
                How it is doing
              </a>
            </p>
            <MailboxSendTest id={id()} />
          </>
        )}
      </Show>
    </section>
  )
}
