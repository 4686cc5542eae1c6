import { Show } from 'solid-js'
import { useNow } from '../clock.ts'
import type { Draft } from '../drafts.ts'
import { dayAndTime } from '../format.ts'

/** Which mail is answered or passed on, where it is not the one that one would take it for: the newest of theirs. */
export function ComposerTarget(props: {
  kind: Draft['kind']
  messageId: string
  by: string
  /** In ms since the epoch. */
  at: number
  isDefault: boolean
}) {
  const now = useNow(60_000)
  const look = () =>
    document.getElementById(`message-${props.messageId}`)?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  return (
    <Show when={!props.isDefault}>
      <p class="target hint">
        {props.kind === 'forward' ? 'Passes on' : 'Answers'} the email of {props.by}, {dayAndTime(props.at, now())}
        <button type="button" onClick={look}>
          Show it
        </button>
      </p>
    </Show>
  )
}
