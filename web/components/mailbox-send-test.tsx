import { useQuery } from '@tanstack/solid-query'
import { createEffect, For, on, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { ago } from '../format.ts'
import { dataOf } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain } from '../toasts.ts'
import { Icon } from './icon.tsx'
import { Notice } from './states.tsx'

const LOOK_EVERY_MS = 1_500

/** The whole way tried: the mailbox writes to itself, and what came back is told line by line. */
export function MailboxSendTest(props: { id: string; onOver?: () => void }) {
  const now = useNow(30_000)
  const key = () => ['mailboxes', props.id, 'send-test']
  const isUnderWay = (state: string | undefined) => state === 'sending' || state === 'waiting'
  const test = useQuery(() => ({
    queryKey: key(),
    queryFn: () => call(api.mailboxes[':id']['send-test'].$get({ param: { id: props.id } })),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.state) ? LOOK_EVERY_MS : false),
  }))
  createEffect(
    on(
      () => dataOf(test)?.state,
      (state) => {
        if (state && !isUnderWay(state)) props.onOver?.()
      },
      { defer: true },
    ),
  )
  const begin = async () => {
    try {
      await call(api.mailboxes[':id']['send-test'].$post({ param: { id: props.id } }))
      await client.invalidateQueries({ queryKey: key() })
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  const last = () => dataOf(test) ?? undefined
  return (
    <section class="section">
      <h2>Send test</h2>
      <p class="hint">
        The mailbox sends a mail to itself. That shows whether both servers work together, and how others see your
        domain. It becomes no issue.
      </p>
      <div class="results whole" aria-live="polite">
        <For each={last()?.lines ?? []}>
          {({ ok, title, summary, whatToDo, detail }) => (
            <Notice
              tone={ok === null ? 'plain' : ok ? 'good' : 'bad'}
              {...(ok === null ? { icon: 'clock' as const } : {})}
            >
              <strong>{title}</strong>
              <br />
              {summary} {whatToDo}
              <Show when={detail}>{(words) => <span class="words">{words()}</span>}</Show>
            </Notice>
          )}
        </For>
      </div>
      <div class="actions">
        <button type="button" class="btn" disabled={isUnderWay(last()?.state)} onClick={() => void begin()}>
          <Icon name="send" />
          {last() ? 'Test again' : 'Send a test mail'}
        </button>
        <Show when={last()}>{(found) => <span class="hint">Last tried {ago(found().startedAt, now())}</span>}</Show>
      </div>
    </section>
  )
}
