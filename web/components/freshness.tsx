import { For, Show } from 'solid-js'
import type { Mailbox } from '../api.ts'
import { useNow } from '../clock.ts'
import { ago, plural } from '../format.ts'
import { interrupted } from '../live.ts'

/** So many mailboxes have a line each; more are counted, and only those in trouble are named. */
const MAX_LINES = 2

/** Whether what is shown is all there is: how fresh each mailbox is, and whether the page hears of changes. */
export function Freshness(props: {
  mailboxes: Mailbox[] | undefined
  mayManage: boolean
  /** Only what is wrong, where there is no room for more. */
  troublesOnly?: boolean
}) {
  const now = useNow(1_000)
  const troubled = () => (props.mailboxes ?? []).filter(({ watch }) => watch.state === 'trouble')
  const fine = () =>
    props.troublesOnly ? [] : (props.mailboxes ?? []).filter(({ watch }) => watch.state !== 'trouble')
  return (
    <div class="freshness">
      <Show when={interrupted()}>
        <p class="fresh warn" role="status">
          <span class="light warn" />
          Live updates are interrupted. Trying again.
        </p>
      </Show>
      <For each={troubled()}>
        {(mailbox) => (
          <Line mailbox={mailbox} link={props.mayManage} tone="bad">
            {`${short(mailbox)} · ${mailbox.watch.summary ?? 'in trouble'}`}
          </Line>
        )}
      </For>
      <Show
        when={fine().length <= MAX_LINES}
        fallback={
          <p class="fresh">
            <span class="light good" />
            {plural(fine().length, 'mailbox', 'mailboxes')} watched
          </p>
        }
      >
        <For each={fine()}>
          {(mailbox) => (
            <Line mailbox={mailbox} link={props.mayManage} tone={toneOf(mailbox)}>
              {`${short(mailbox)} · ${stateWords(mailbox, now())}`}
            </Line>
          )}
        </For>
      </Show>
    </div>
  )
}

function Line(props: { mailbox: Mailbox; link: boolean; tone: 'good' | 'bad' | 'plain'; children: string }) {
  return (
    <Show
      when={props.link}
      fallback={
        <p class="fresh num" classList={{ bad: props.tone === 'bad' }}>
          <span class={`light ${props.tone}`} />
          {props.children}
        </p>
      }
    >
      <a href={`/mailboxes/${props.mailbox.id}`} class="fresh num" classList={{ bad: props.tone === 'bad' }}>
        <span class={`light ${props.tone}`} />
        {props.children}
      </a>
    </Show>
  )
}

/** "proposals@" */
const short = ({ address }: Mailbox) => address.replace(/@.*/, '@')

export function toneOf({ watch }: Pick<Mailbox, 'watch'>): 'good' | 'bad' | 'plain' {
  if (watch.state === 'trouble') return 'bad'
  return watch.state === 'live' || watch.state === 'polling' ? 'good' : 'plain'
}

/** "live, 4 s ago" */
export function stateWords({ watch }: Pick<Mailbox, 'watch'>, now: number): string {
  switch (watch.state) {
    case 'live':
    case 'polling': {
      const seen = watch.syncedAt === null ? '' : `, ${ago(Math.min(watch.syncedAt, now), now)}`
      return (watch.state === 'live' ? 'live' : 'asked every few minutes') + seen
    }
    case 'connecting':
      return 'connecting'
    case 'paused':
      return 'paused'
    case 'trouble':
      return watch.syncedAt === null ? 'not reached' : `not reached since ${ago(watch.syncedAt, now)}`
  }
}
