import { createSignal, For, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Dialog } from '../components/dialog.tsx'
import { ExchangeAlarms } from '../components/exchange-alarms.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Failed, Loaded, Notice } from '../components/states.tsx'
import { type Connection, type Managed, useConnections, useFound, useManaged } from '../exchange.ts'
import { ago, plural } from '../format.ts'
import { dataOf } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain, say } from '../toasts.ts'

/** Where shared mailboxes come from: the connections, what is looked after, and who is without access. */
export default function Exchange() {
  const connections = useConnections()
  const managed = useManaged()
  return (
    <div class="page exchange">
      <div class="top">
        <div>
          <h1>Exchange</h1>
          <p>Shared mailboxes: who may open them, whether they appear in Outlook, and why not.</p>
        </div>
        <a href="/exchange/connect" class="btn">
          <Icon name="cloud" />
          Connect to Exchange
        </a>
        <Show when={(dataOf(connections) ?? []).length > 0}>
          <a href="/exchange/new" class="btn primary">
            <Icon name="plus" />
            New shared mailbox
          </a>
        </Show>
      </div>
      <ExchangeAlarms />
      <Loaded query={connections} what="The connections" loading={<Bones rows={4} height={56} />}>
        {(all) => (
          <For
            each={all()}
            fallback={
              <Empty icon="cloud" title="Not connected to Exchange yet">
                Connect Exchange Online with an app, or work by files: then nothing has to be let in.
              </Empty>
            }
          >
            {(connection) => (
              <OneConnection
                connection={connection}
                managed={(dataOf(managed) ?? []).filter(({ connectionId }) => connectionId === connection.id)}
              />
            )}
          </For>
        )}
      </Loaded>
    </div>
  )
}

const KINDS: Record<Connection['kind'], string> = {
  'exo-rest': 'Exchange Online, by an app',
  pwsh: 'PowerShell on this server',
  'plan-only': 'by files, carried by an admin',
  simulator: 'simulated: nothing of it is real',
}

function OneConnection(props: { connection: Connection; managed: Managed[] }) {
  const [tested, setTested] = createSignal<{ ok: boolean; words: string }>()
  const [busy, setBusy] = createSignal(false)
  const [asks, setAsks] = createSignal(false)
  const param = () => ({ id: props.connection.id })
  const test = async () => {
    setBusy(true)
    setTested(undefined)
    try {
      const may = await call(api.exchange.connections[':id'].test.$post({ param: param() }))
      const words = may.canWrite
        ? `It works: ${plural(may.cmdlets.length, 'command')} may be used, for reading and changing.`
        : props.connection.kind === 'plan-only'
          ? 'Exchange is reached by files alone.'
          : 'It may read but change nothing. Plans are made, and their scripts can be downloaded.'
      const { directory } = may
      const said = directory && (directory.isRead ? 'The directory can be read.' : directory.trouble)
      setTested({ ok: !directory || directory.isRead, words: [words, said].filter(Boolean).join(' ') })
    } catch (error) {
      setTested({ ok: false, words: wordsOf(error) })
    }
    setBusy(false)
  }
  const remove = async () => {
    setAsks(false)
    try {
      await call(api.exchange.connections[':id'].$delete({ param: param() }))
      await client.invalidateQueries({ queryKey: ['exchange'] })
      say('The connection is forgotten. Nothing was changed in Exchange.')
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  return (
    <section class="section" aria-label={props.connection.name}>
      <div class="exchange-title">
        <h2>{props.connection.name}</h2>
        <span class="hint">{KINDS[props.connection.kind]}</span>
        <Show when={props.connection.kind !== 'plan-only' || props.connection.settings.ldapUrl}>
          <button type="button" class="btn ghost" disabled={busy()} onClick={() => void test()}>
            {busy() ? 'Asking' : 'Test'}
          </button>
        </Show>
        <a href={`/exchange/connections/${props.connection.id}`} class="btn ghost">
          Change
        </a>
        <button type="button" class="btn ghost danger" onClick={() => setAsks(true)}>
          Forget
        </button>
      </div>
      <div aria-live="polite">
        <Show when={tested()}>{(result) => <Notice tone={result().ok ? 'good' : 'bad'}>{result().words}</Notice>}</Show>
      </div>
      <Mailboxes connection={props.connection} managed={props.managed} />
      <Show when={asks()}>
        <Dialog label={`Forget ${props.connection.name}?`} titled onClose={() => setAsks(false)}>
          <div class="body">
            <p>Its secrets and what is wanted of its mailboxes are deleted here. In Exchange nothing changes.</p>
            <div class="foot">
              <button type="button" class="btn" onClick={() => setAsks(false)}>
                Keep it
              </button>
              <button type="button" class="btn danger" onClick={() => void remove()}>
                Forget
              </button>
            </div>
          </div>
        </Dialog>
      </Show>
    </section>
  )
}

/** The mailboxes that Exchange has, shared ones first, each with how it stands. */
function Mailboxes(props: { connection: Connection; managed: Managed[] }) {
  const now = useNow(30_000)
  const canList = () => props.connection.kind !== 'plan-only'
  const found = useFound(
    () => props.connection.id,
    () => canList(),
  )
  const list = () => {
    const there = dataOf(found) ?? []
    const further = props.managed
      .filter(({ identity }) => !there.some(({ address }) => address === identity))
      .map(({ identity }) => ({ address: identity, name: '', isShared: true, user: '' }))
    return [...further, ...there].map((one) => ({
      ...one,
      own: props.managed.find(({ identity }) => identity === one.address),
    }))
  }
  const shared = () => list().filter(({ isShared, own }) => isShared || own)
  const others = () => list().filter(({ isShared, own }) => !isShared && !own)
  const line = (one: ReturnType<typeof list>[number]) => (
    <li class="mailbox-line">
      <span class={`light ${one.own ? toneOf(one.own) : ''}`} />
      <a href={`/exchange/${props.connection.id}/${encodeURIComponent(one.address)}`}>
        <strong>{one.address}</strong>
        <small>{one.name}</small>
      </a>
      <span class="state num">{one.own ? wordsFor(one.own, now()) : one.isShared ? 'Not looked after' : ''}</span>
    </li>
  )
  return (
    <Show
      when={!found.isError}
      fallback={<Failed error={found.error} what="The mailboxes" retry={() => void found.refetch()} />}
    >
      <Show when={!canList() || !found.isPending} fallback={<Bones rows={3} height={52} />}>
        <ul class="lines">
          <For each={shared()} fallback={<li class="hint">No shared mailbox yet.</li>}>
            {line}
          </For>
        </ul>
        <Show when={others().length > 0}>
          <details class="exchange-fold">
            <summary>
              <h3>{plural(others().length, 'mailbox of a person', 'mailboxes of people')}</h3>
            </summary>
            <ul class="lines">
              <For each={others()}>{line}</For>
            </ul>
          </details>
        </Show>
      </Show>
    </Show>
  )
}

function toneOf({ drift, trouble, lastRun, hasDraft }: Managed): string {
  if (!lastRun && hasDraft) return 'off'
  if (lastRun?.state === 'failed' || lastRun?.state === 'access_lost') return 'bad'
  return trouble || drift.length > 0 || lastRun?.state === 'partly' ? 'warn' : 'good'
}

function wordsFor({ drift, trouble, checkedAt, mailboxId, lastRun, hasDraft }: Managed, now: number): string {
  if (!lastRun) return hasDraft ? 'Begun, nothing applied yet' : 'Not looked after'
  if (lastRun?.state === 'access_lost') return 'Somebody is without access'
  if (lastRun && ['queued', 'running', 'verifying'].includes(lastRun.state)) return 'Being changed'
  if (trouble) return trouble
  if (drift.length > 0) return `${plural(drift.length, 'difference')} from what is wanted`
  const seen = checkedAt === null ? '' : `, seen ${ago(checkedAt, now)}`
  return `As wanted${seen}${mailboxId ? ', watched' : ''}`
}
