import { createSignal, For, Show } from 'solid-js'
import { api, call, type ShownMessage, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { dayAndTime, until } from '../format.ts'
import { issueKey } from '../queries.ts'
import { client } from '../query-client.ts'
import { takeBack } from '../take-back.ts'
import { complain } from '../toasts.ts'
import { EditAndResend } from './edit-and-resend.tsx'
import { Icon } from './icon.tsx'
import { Notice } from './states.tsx'

type Outgoing = NonNullable<ShownMessage['outgoing']>

const WAITS: Record<string, string | undefined> = {
  pause: 'The mailbox is paused: this goes out when it goes on.',
  rate: 'The mailbox sends only so many mails a minute: this waits for its turn.',
}

/** A time as a field of the browser takes it. */
function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** A short word beside the name: on its way, or sent. */
export function SendingChip(props: { outgoing: Outgoing }) {
  const words = () => {
    const { state, attempts } = props.outgoing
    // It says so below, with the way back.
    if (props.outgoing.held || props.outgoing.scheduledAt) return undefined
    if (state === 'queued') return attempts > 0 ? 'Waiting to try again' : 'Sending'
    if (state === 'sending') return 'Sending'
    if (state === 'cancelled') return 'Not sent'
    return undefined
  }
  return (
    <Show when={words()}>
      {(text) => (
        <span class="chip" classList={{ warn: props.outgoing.attempts > 0 }} role="status">
          {text()}
        </span>
      )}
    </Show>
  )
}

/** What keeps a message from going out, in the server's words, and what a person can do about it. */
export function SendingTrouble(props: {
  issueId: string
  messageId: string
  outgoing: Outgoing
  mayAct: boolean
  /** Whether who looks wrote it. */
  mine: boolean
}) {
  const [busy, setBusy] = createSignal(false)
  const now = useNow(1_000)
  const decide = async (to: 'again' | 'accepted' | 'cancelled') => {
    setBusy(true)
    try {
      await call(api.messages[':id'].sending.$put({ param: { id: props.messageId }, json: { to } }))
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: issueKey(props.issueId) })
  }
  const undo = async () => {
    setBusy(true)
    await takeBack(props.messageId)
    setBusy(false)
  }
  const reschedule = async (sendAt: number | null) => {
    if (sendAt !== null && Number.isNaN(sendAt)) return
    setBusy(true)
    try {
      await call(api.messages[':id'].schedule.$put({ param: { id: props.messageId }, json: { sendAt } }))
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: issueKey(props.issueId) })
  }
  const state = () => props.outgoing.state
  const isRetrying = () => (state() === 'queued' || state() === 'sending') && props.outgoing.attempts > 0

  return (
    <>
      <Show when={props.outgoing.scheduledAt}>
        {(at) => (
          <p class="held">
            <Icon name="clock" />
            <span class="num">{at() > now() ? `Goes out on ${dayAndTime(at(), now())}` : 'Sending'}</span>
            <Show when={props.mayAct && at() > now()}>
              <button type="button" class="btn ghost" disabled={busy()} onClick={() => void reschedule(null)}>
                Send now
              </button>
              <input
                class="input"
                type="datetime-local"
                aria-label="Goes out at"
                value={localTime(at())}
                disabled={busy()}
                onChange={(event) => void reschedule(new Date(event.currentTarget.value).getTime())}
              />
            </Show>
            <Show when={props.mine}>
              <button type="button" class="btn ghost" disabled={busy()} onClick={() => void undo()}>
                Take back
              </button>
            </Show>
          </p>
        )}
      </Show>
      <Show when={WAITS[props.outgoing.waitsFor ?? '']}>{(words) => <Notice tone="warn">{words()}</Notice>}</Show>
      <Show when={props.outgoing.held && !props.outgoing.scheduledAt}>
        <p class="held">
          <Icon name="clock" />
          <span class="num">
            {props.outgoing.dueAt > now() ? `Sending ${until(props.outgoing.dueAt, now())}` : 'Sending'}
          </span>
          <Show when={props.mine}>
            <button type="button" class="btn ghost" disabled={busy()} onClick={() => void undo()}>
              Undo
            </button>
          </Show>
        </p>
      </Show>
      <Show when={isRetrying()}>
        <Notice tone="warn">
          It could not be sent yet. The next try is {until(props.outgoing.dueAt, now())}.
          <Words of={props.outgoing.response} />
        </Notice>
      </Show>
      <Show when={state() === 'rejected' || state() === 'uncertain'}>
        <Notice tone="bad">
          <strong>{state() === 'rejected' ? 'This was not sent.' : 'Nobody knows whether this was sent.'}</strong>{' '}
          {state() === 'rejected'
            ? props.outgoing.trouble || props.outgoing.attempts > 0
              ? 'The mail server refused it:'
              : ''
            : 'The connection broke after the mail was handed over. Ask them, or look into the Sent folder, before you send it again.'}
          <Words of={props.outgoing.response} />
          <For each={props.outgoing.rejected}>
            {({ address, response }) => <span class="words">{`${address}: ${response}`}</span>}
          </For>
          <Show when={props.mayAct}>
            <div class="actions">
              <button type="button" class="btn" disabled={busy()} onClick={() => void decide('again')}>
                <Icon name="again" />
                Send again
              </button>
              <Show when={state() === 'rejected'}>
                <EditAndResend issueId={props.issueId} messageId={props.messageId} />
              </Show>
              <Show when={state() === 'uncertain'}>
                <button type="button" class="btn" disabled={busy()} onClick={() => void decide('accepted')}>
                  It did arrive
                </button>
              </Show>
              <button type="button" class="btn ghost" disabled={busy()} onClick={() => void decide('cancelled')}>
                Give up
              </button>
            </div>
          </Show>
        </Notice>
      </Show>
      <Show when={state() === 'accepted' && props.outgoing.copy === 'failed'}>
        <Notice tone="warn">
          It was sent, but no copy could be put into the Sent folder.
          <Words of={props.outgoing.copyError} />
        </Notice>
      </Show>
      <Show when={state() === 'accepted' && props.outgoing.rejected.length > 0}>
        <Notice tone="warn">
          It was sent, but not to everybody:
          <For each={props.outgoing.rejected}>
            {({ address, response }) => <span class="words">{`${address}: ${response}`}</span>}
          </For>
          <Show when={props.mayAct}>
            <div class="actions">
              <EditAndResend issueId={props.issueId} messageId={props.messageId} />
            </div>
          </Show>
        </Notice>
      </Show>
    </>
  )
}

function Words(props: { of: string | null }) {
  return <Show when={props.of}>{(words) => <span class="words">{words()}</span>}</Show>
}
