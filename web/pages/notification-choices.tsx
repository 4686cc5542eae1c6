import { For, Show } from 'solid-js'
import { MAIL_PACES, type MailPace, NOTIFICATION_KINDS } from '../../db/vocabulary.ts'
import { api, call, type NotificationSettings, wordsOf } from '../api.ts'
import { DigestSettings } from '../components/digest-choice.tsx'
import { Field } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { PushDevices } from '../components/push-devices.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { dataOf, useMailboxes, useNotificationMailbox, useNotificationSettings, useSession, zone } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'
import { KIND_WORDS } from '../told.ts'

const PACE_WORDS: Record<MailPace, string> = {
  at_once: 'Each at once',
  hourly: 'Gathered, every hour',
  daily: 'Gathered, once a day',
}

const PLACES = ['app', 'mail', 'push'] as const
const PLACE_WORDS = { app: 'in Downfield', mail: 'by email', push: 'on your devices' } as const

const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** What one wants to be told, and where. */
export default function NotificationChoices() {
  const settings = useNotificationSettings()
  const session = useSession()
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>What you are told</h1>
          <p>Nobody hears of what they do themselves, and automatic email tells nobody.</p>
        </div>
        <a class="btn" href="/notifications">
          <Icon name="bell" />
          Notifications
        </a>
      </div>
      <Show when={dataOf(session)?.rights.includes('manage mailboxes')}>
        <Sending />
      </Show>
      <Loaded query={settings} what="Your choices" loading={<Bones rows={8} height={46} />}>
        {(found) => <Choices settings={found()} />}
      </Loaded>
      <DigestSettings />
      <PushDevices />
    </div>
  )
}

function Choices(props: { settings: NotificationSettings }) {
  const { busy, onSubmit, general } = createSubmit(async (form) => {
    const choices = Object.fromEntries(
      NOTIFICATION_KINDS.map((kind) => [
        kind,
        { app: form.has(`${kind}.app`), mail: form.has(`${kind}.mail`), push: form.has(`${kind}.push`) },
      ]),
      // The cast: of all kinds, each once.
    ) as NotificationSettings['choices']
    const quiet = form.has('quiet')
      ? { from: minutesOf(textOf(form, 'from')), to: minutesOf(textOf(form, 'to')) }
      : null
    await call(
      api.notifications.settings.$put({
        json: {
          choices,
          // The cast: the options are MAIL_PACES.
          pace: textOf(form, 'pace') as MailPace,
          dailyAt: minutesOf(textOf(form, 'dailyAt')),
          quiet,
          zone: textOf(form, 'zone').trim(),
        },
      }),
    )
    void client.invalidateQueries({ queryKey: ['notifications', 'settings'] })
    say('Saved.')
  })
  const isNew = () => props.settings.zone === 'UTC'
  return (
    <form class="form wide" onSubmit={onSubmit}>
      <Show when={general()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <Show when={!props.settings.mails}>
        <Notice tone="plain">No email goes out yet: an admin has to choose the mailbox that it is sent from.</Notice>
      </Show>
      <table class="table choices">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col" class="end">
              In Downfield
            </th>
            <th scope="col" class="end">
              By email
            </th>
            <th scope="col" class="end">
              On your devices
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={NOTIFICATION_KINDS}>
            {(kind) => (
              <tr>
                <th scope="row">{KIND_WORDS[kind]}</th>
                <For each={PLACES}>
                  {(where) => (
                    <td class="end">
                      <input
                        type="checkbox"
                        name={`${kind}.${where}`}
                        checked={props.settings.choices[kind][where]}
                        aria-label={`${KIND_WORDS[kind]}: ${PLACE_WORDS[where]}`}
                      />
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <div class="pair">
        <Field label="Email goes out">
          {(attributes) => (
            <select {...attributes} class="input" name="pace">
              <For each={MAIL_PACES}>
                {(pace) => (
                  <option value={pace} selected={pace === props.settings.pace}>
                    {PACE_WORDS[pace]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <Field label="Once a day, at">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="time"
              name="dailyAt"
              required
              value={clockOf(props.settings.dailyAt)}
            />
          )}
        </Field>
      </div>
      <label class="check">
        <input type="checkbox" name="quiet" checked={props.settings.quiet !== null} />
        <span>
          Quiet hours
          <small>
            No email goes out between these times, and nothing reaches your devices. It comes when they end.
          </small>
        </span>
      </label>
      <div class="pair">
        <Field label="Quiet from">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="time"
              name="from"
              required
              value={clockOf(props.settings.quiet?.from ?? 20 * 60)}
            />
          )}
        </Field>
        <Field label="Quiet until">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="time"
              name="to"
              required
              value={clockOf(props.settings.quiet?.to ?? 7 * 60)}
            />
          )}
        </Field>
      </div>
      <Field label="Time zone" help="As Europe/Berlin or America/New_York.">
        {(attributes) => (
          <input {...attributes} class="input" name="zone" required value={isNew() ? zone() : props.settings.zone} />
        )}
      </Field>
      <div class="actions">
        <button type="submit" class="btn primary" disabled={busy()}>
          Save
        </button>
      </div>
    </form>
  )
}

/** The mailbox that all notifications are sent from: for admins. */
function Sending() {
  const chosen = useNotificationMailbox()
  const mailboxes = useMailboxes()
  const choose = async (mailboxId: string | null) => {
    try {
      await call(api.notifications.mailbox.$put({ json: { mailboxId } }))
      say(mailboxId ? 'Notifications are sent from this mailbox.' : 'No notifications are sent by email.')
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['notifications'] })
  }
  return (
    <section class="section">
      <Field
        label="Send notifications of all members from"
        help="An answer to such an email becomes a note, and never reaches the customer."
      >
        {(attributes) => (
          <select {...attributes} class="input of" onChange={(event) => void choose(event.currentTarget.value || null)}>
            <option value="" selected={!dataOf(chosen)?.mailboxId}>
              No mailbox: in Downfield only
            </option>
            <For each={dataOf(mailboxes) ?? []}>
              {(box) => (
                <option value={box.id} selected={box.id === dataOf(chosen)?.mailboxId}>
                  {box.name}, {box.address}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
    </section>
  )
}
