import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { For, type JSX, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { Bones, Loaded, Notice } from '../components/states.tsx'
import { ago, bytes, count, plural } from '../format.ts'

type Status = InferResponseType<typeof api.status.$get, 200>

const REFETCH_MS = 15_000

/** How everything goes that runs by itself, for the admin who looks in once in a while. */
export default function StatusPage() {
  const status = useQuery(() => ({
    queryKey: ['status'],
    queryFn: () => call(api.status.$get()),
    refetchInterval: REFETCH_MS,
  }))
  return (
    <div class="page">
      <Loaded query={status} what="The status" loading={<Bones rows={6} height={52} />}>
        {(found) => <Details status={found()} />}
      </Loaded>
    </div>
  )
}

function Details(props: { status: Status }) {
  const status = () => props.status
  return (
    <>
      <div class="top">
        <div>
          <h1>Status</h1>
          <p class="num">
            Downfield {status().version} on {status().engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}
          </p>
        </div>
      </div>
      <div class="section stack" aria-live="polite">
        <Show
          when={status().alerts.length > 0}
          fallback={<Notice tone="good">Everything that runs by itself is running.</Notice>}
        >
          <For each={status().alerts}>
            {(alert) => (
              <Notice tone={alert.urgency === 'now' ? 'bad' : 'warn'}>
                <strong>{alert.summary}</strong> {alert.whatToDo}{' '}
                <Show when={alert.link !== '/status'}>
                  <a href={alert.link}>Open its page</a>
                </Show>
              </Notice>
            )}
          </For>
        </Show>
      </div>
      <section class="section">
        <h2>Mailboxes</h2>
        <Show when={status().mailboxes.length > 0} fallback={<p class="muted">None is connected yet.</p>}>
          <ul class="lines">
            <For each={status().mailboxes}>
              {(mailbox) => (
                <li class="mailbox-line">
                  <span class={`light ${lightOf(mailbox)}`} />
                  <a href={`/mailboxes/${mailbox.id}`}>
                    <strong>{mailbox.address}</strong>
                    <small class="num">{queues(mailbox)}</small>
                  </a>
                  <span class="state num" classList={{ bad: mailbox.state === 'trouble' }}>
                    {asOf(mailbox, status().now)}
                  </span>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <section class="section">
        <h2>This installation</h2>
        <dl class="facts">
          <Fact name="Answers to send">{sending(status())}</Fact>
          <Fact name="Search">
            {status().unindexed === 0
              ? 'Finds everything'
              : `${plural(status().unindexed, 'message')} still to be indexed`}
          </Fact>
          <Fact name="Text of attachments">{filesRead(status())}</Fact>
          <Fact name="Free disk">
            {bytes(status().disk.freeBytes)} of {bytes(status().disk.totalBytes)}
          </Fact>
          <Show when={status().databaseBytes}>{(size) => <Fact name="Database">{bytes(size())}</Fact>}</Show>
          <Fact name="Newest backup">{backup(status())}</Fact>
        </dl>
      </section>
    </>
  )
}

function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd class="num">{props.children}</dd>
    </>
  )
}

/** What of the attachments search does not find. */
function filesRead({ files: { waiting, failed } }: Status): string {
  const parts = [
    ...(waiting > 0 ? [`${plural(waiting, 'file')} still to be read`] : []),
    ...(failed > 0 ? [`${plural(failed, 'file')} that can not be read`] : []),
  ]
  return parts.length > 0 ? parts.join(', ') : 'All that has any is searched'
}

type MailboxState = Status['mailboxes'][number]

const lightOf = ({ paused, state }: MailboxState) => (paused ? '' : state === 'trouble' ? 'bad' : 'good')

function asOf({ paused, syncedAt }: MailboxState, now: number): string {
  if (paused) return 'Paused'
  return syncedAt === null ? 'Not complete yet' : `Complete as of ${ago(syncedAt, now)}`
}

function queues({ waiting, failed }: MailboxState): string {
  const parts = [
    waiting > 0 && `${plural(waiting, 'mail')} still to be read`,
    failed > 0 && `${plural(failed, 'mail')} not understood`,
  ].filter(Boolean)
  return parts.join(', ') || 'Every mail is read'
}

function sending({ outbox: { queued, sending, uncertain } }: Status): string {
  if (queued + sending + uncertain === 0) return 'None waiting'
  const waiting = `${count(queued + sending)} waiting`
  return uncertain > 0 ? `${waiting}, ${count(uncertain)} uncertain` : waiting
}

function backup({ backups: { on, newestAt }, now }: Status): string {
  if (!on) return 'None: set DOWNFIELD_BACKUPS to a folder'
  return newestAt === null ? 'None yet' : ago(newestAt, now)
}
