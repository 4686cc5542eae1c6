import { useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { api, call, type MailboxDetails, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Dialog } from '../components/dialog.tsx'
import { stateWords, toneOf } from '../components/freshness.tsx'
import { Icon } from '../components/icon.tsx'
import { MailboxSendTest } from '../components/mailbox-send-test.tsx'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { ago, count, dayAndTime, listed, plural, until } from '../format.ts'
import { useDirectory, useMailbox } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain, say } from '../toasts.ts'
import { SECURITY_WORDS } from '../words.ts'

/** One mailbox: how fresh it is, what is wrong with it, how much of it is here, and its settings. */
export default function Mailbox() {
  const params = useParams<{ id: string }>()
  const mailbox = useMailbox(() => params.id)
  return (
    <div class="page">
      <Loaded query={mailbox} what="This mailbox" loading={<Bones rows={6} height={52} />}>
        {(found) => <Details mailbox={found()} />}
      </Loaded>
    </div>
  )
}

function Details(props: { mailbox: MailboxDetails }) {
  const navigate = useNavigate()
  const directory = useDirectory()
  const now = useNow(1_000)
  const [asks, setAsks] = createSignal(false)
  const mailbox = () => props.mailbox
  const watch = () => mailbox().watch
  const act = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      say(done)
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['mailboxes'] })
  }
  const param = () => ({ id: mailbox().id })
  const look = () => act(() => call(api.mailboxes[':id'].look.$post({ param: param() })), 'Looking now.')
  const check = () =>
    act(() => call(api.mailboxes[':id'].check.$post({ param: param() })), 'Comparing every folder, mail by mail.')
  const pause = (paused: boolean) =>
    act(
      () => call(api.mailboxes[':id'].$patch({ param: param(), json: { paused } })),
      paused ? 'Paused.' : 'Watched again.',
    )
  const resume = () => act(() => call(api.mailboxes['automatic-stop'].$delete()), 'Automatic mail goes out again.')
  const remove = async () => {
    setAsks(false)
    try {
      await call(api.mailboxes[':id'].$delete({ param: param() }))
      say('The mailbox is removed.')
      navigate('/mailboxes')
    } catch (error) {
      complain(wordsOf(error))
    }
    void client.invalidateQueries({ queryKey: ['mailboxes'] })
  }

  return (
    <>
      <div class="top">
        <div>
          <h1>{mailbox().address}</h1>
          <p class="num">
            <span class={`light ${toneOf(mailbox())}`} /> {sentence(mailbox(), now())}
          </p>
        </div>
        <button type="button" class="btn" onClick={() => void pause(!mailbox().paused)}>
          {mailbox().paused ? 'Watch again' : 'Pause'}
        </button>
        <Show when={!mailbox().paused}>
          <button type="button" class="btn" onClick={() => void look()}>
            <Icon name="again" />
            {watch().state === 'trouble' ? 'Try now' : 'Look now'}
          </button>
        </Show>
        <a href={`/mailboxes/${mailbox().id}/settings`} class="btn primary">
          Change settings
        </a>
      </div>
      <Show when={watch().state === 'trouble'}>
        <div class="section">
          <Notice tone="bad">
            <strong>{watch().summary}</strong> {watch().whatToDo}
            <Show when={watch().detail}>{(words) => <span class="words">{words()}</span>}</Show>
            <span class="aside num">
              {watch().failures > 1 ? `Tried ${watch().failures} times since ${ago(watch().since, now())}. ` : ''}
              <Show when={watch().nextTryAt}>{(at) => `The next try is ${until(at(), now())}.`}</Show>
            </span>
          </Notice>
        </div>
      </Show>
      <Show when={mailbox().paused}>
        <div class="section">
          <Notice tone="warn">
            This mailbox is paused: nothing comes in, and nothing goes out until it is watched again.
          </Notice>
        </div>
      </Show>
      <Show when={mailbox().automaticStop}>
        {(stopped) => (
          <div class="section">
            <Notice tone="bad">
              <strong>Nothing is sent by itself any more.</strong> {stopped().why} Look at the acknowledgements of the
              last hours before you let them go on.
              <div class="actions">
                <button type="button" class="btn" onClick={() => void resume()}>
                  Let automatic mail go out again
                </button>
              </div>
            </Notice>
          </div>
        )}
      </Show>
      <Show when={mailbox().failed > 0}>
        <div class="section">
          <Notice tone="warn">
            {plural(mailbox().failed, 'mail')} could not be read. Nothing is lost: each has an issue with the mail as it
            came.
          </Notice>
        </div>
      </Show>
      <div class="two">
        <section class="section">
          <h2>Folders</h2>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Folder</th>
                <th scope="col" class="end">
                  On the server
                </th>
                <th scope="col" class="end">
                  Here
                </th>
                <th scope="col" class="end side-fact">
                  Looked at
                </th>
              </tr>
            </thead>
            <tbody>
              <For
                each={mailbox().folders}
                fallback={
                  <tr>
                    <td colspan="4" class="quiet">
                      No folder has been looked at yet.
                    </td>
                  </tr>
                }
              >
                {(folder) => (
                  <tr>
                    <td>
                      {folder.path} <span class="hint">{ROLES[folder.role]}</span>
                      <Show when={noteOf(folder)}>{(words) => <span class="hint num below">{words()}</span>}</Show>
                    </td>
                    <td class="end num">{folder.serverCount === null ? '' : count(folder.serverCount)}</td>
                    <td class="end num">{count(folder.stored)}</td>
                    <td class="end num quiet side-fact">
                      {folder.lookedAt === null ? 'not yet' : ago(Math.min(folder.lookedAt, now()), now())}
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
          <Show when={mailbox().progress}>
            {(progress) => (
              <div class="below">
                <progress value={progress().done} max={progress().total} aria-label="Old mail coming in" />
                <span class="hint num">{progressWords(progress())}</span>
              </div>
            )}
          </Show>
          <Show when={!mailbox().paused}>
            <button type="button" class="btn ghost" onClick={() => void check()}>
              Compare with the server
            </button>
          </Show>
          <p class="below hint num">
            {plural(mailbox().stored, 'mail')} here, in {plural(mailbox().issues, 'issue')}
            {mailbox().waiting > 0 ? `, ${count(mailbox().waiting)} not yet understood` : ''}.
          </p>
        </section>
        <div>
          <section class="section">
            <h2>Settings</h2>
            <dl class="facts">
              <dt>Name</dt>
              <dd>{mailbox().name}</dd>
              <dt>Other addresses</dt>
              <dd>{mailbox().aliases.length > 0 ? listed(mailbox().aliases) : 'None'}</dd>
              <dt>Open to</dt>
              <dd>
                {mailbox().openToAll
                  ? 'Everybody'
                  : listed(mailbox().teamIds.map((id) => directory.team(id)?.name ?? 'A team')) || 'Admins only'}
              </dd>
              <dt>Receives from</dt>
              <dd>
                {`${mailbox().imapHost}:${mailbox().imapPort}`}
                <br />
                <span class="hint">{`${SECURITY_WORDS[mailbox().imapSecurity]}, as ${mailbox().imapUser}`}</span>
              </dd>
              <dt>Sends through</dt>
              <dd>
                {`${mailbox().smtpHost}:${mailbox().smtpPort}`}
                <br />
                <span class="hint">
                  {SECURITY_WORDS[mailbox().smtpSecurity]}
                  {mailbox().smtpUser ? `, as ${mailbox().smtpUser}` : ', without signing in'}
                </span>
              </dd>
              <dt>Sent copy</dt>
              <dd>{mailbox().sentCopy === 'server' ? 'The server keeps one' : 'Downfield files one'}</dd>
              <dt>Mail since</dt>
              <dd class="num">{sinceWords(mailbox().sinceAt, now())}</dd>
            </dl>
            <button type="button" class="btn ghost danger remove" onClick={() => setAsks(true)}>
              Remove this mailbox
            </button>
          </section>
          <MailboxSendTest id={mailbox().id} />
        </div>
      </div>
      <Show when={asks()}>
        <Dialog label={`Remove ${mailbox().address}?`} titled onClose={() => setAsks(false)}>
          <div class="body">
            <p>Downfield forgets its settings and stops watching it. The mail on the server is not touched.</p>
            <div class="foot">
              <button type="button" class="btn" onClick={() => setAsks(false)}>
                Keep it
              </button>
              <button type="button" class="btn danger" onClick={() => void remove()}>
                Remove
              </button>
            </div>
          </div>
        </Dialog>
      </Show>
    </>
  )
}

const ROLES = { inbox: '', sent: 'sent mail', other: '', import: 'from files' } as const

type FolderDetails = MailboxDetails['folders'][number]

/** What is to be said of a folder beside its numbers. */
function noteOf({ leftAlone, missingAt, checked }: FolderDetails): string {
  if (missingAt !== null) return 'The server has no such folder.'
  const found = [
    checked && checked.missing > 0 ? `${plural(checked.missing, 'mail')} fetched that was missing` : '',
    checked && checked.gone > 0 ? `${plural(checked.gone, 'mail')} gone from the server` : '',
  ].filter(Boolean)
  return [leftAlone > 0 ? `${count(leftAlone)} older left alone` : '', ...found].filter(Boolean).join(', ')
}

function progressWords({ done, total, perMinute, msLeft }: NonNullable<MailboxDetails['progress']>): string {
  const pace = perMinute ? `, ${count(perMinute)} a minute` : ''
  const left = msLeft === null ? '' : `, about ${plural(Math.max(1, Math.round(msLeft / 60_000)), 'minute')} left`
  return `Old mail: ${count(done)} of ${count(total)}${pace}${left}. New mail comes in all the while.`
}

function sentence(mailbox: MailboxDetails, now: number): string {
  const words = stateWords(mailbox, now)
  if (mailbox.watch.state === 'live') return `Watched over IMAP, ${words}.`
  if (mailbox.watch.state === 'paused') return 'Paused. No mail is fetched and none is sent.'
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

const sinceWords = (at: number | null, now: number) => (at === null ? 'The beginning' : dayAndTime(at, now))
