import { createSignal, createUniqueId, type JSX, Show } from 'solid-js'
import type { ShownMessage } from '../api.ts'
import { day, dayAndTime, listed } from '../format.ts'
import { nameOf } from '../recipients.ts'
import { Icon } from './icon.tsx'
import { Time } from './time.tsx'

/** What a machine answered is no part of the conversation: it is a line, which opens. */
export const isAutomatic = ({ writer, flaws }: ShownMessage): boolean =>
  flaws.unreadable === undefined && (writer === 'bounce' || writer === 'out_of_office' || writer === 'auto_reply')

/** What an automatic email says, in a few words. */
export function automaticWords({ writer, from, extras }: Pick<ShownMessage, 'writer' | 'from' | 'extras'>): string {
  if (writer === 'bounce') {
    const whom = extras.bounce && extras.bounce.recipients.length > 0 ? ` to ${listed(extras.bounce.recipients)}` : ''
    return extras.bounce?.kind === 'soft' ? `Delivery${whom} is delayed` : `Could not be delivered${whom}`
  }
  if (writer === 'out_of_office')
    return `${nameOf(from)} is away${extras.awayUntil ? ` until ${day(extras.awayUntil)}` : ''}`
  return `Automatic reply from ${nameOf(from)}`
}

/** The line that stands for an automatic email; the email itself below it, when asked for. */
export function Automatic(props: { message: ShownMessage; now: number; children: JSX.Element }) {
  const id = createUniqueId()
  const [opened, setOpened] = createSignal(false)
  return (
    <>
      <p class="happened">
        <Icon name={props.message.writer === 'bounce' ? 'warning' : 'robot'} />
        <span>{automaticWords(props.message)}</span>
        <button
          type="button"
          class="link"
          aria-expanded={opened()}
          aria-controls={opened() ? id : undefined}
          onClick={() => setOpened(!opened())}
        >
          {opened() ? 'Hide' : 'Show'}
        </button>
        <Time at={props.message.at}>{dayAndTime(props.message.at, props.now)}</Time>
      </p>
      <Show when={opened()}>
        <div id={id}>{props.children}</div>
      </Show>
    </>
  )
}
