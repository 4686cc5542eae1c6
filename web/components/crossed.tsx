import { For } from 'solid-js'
import type { Arrived, Crossed as Crossing } from '../api.ts'
import { useNow } from '../clock.ts'
import { ago } from '../format.ts'
import { Notice } from './states.tsx'

const DID: Record<Arrived['kind'], string> = { reply: 'answered', note: 'wrote a note', mail: 'wrote' }

/** What came in while an answer was being written, which stopped it. */
export function Crossed(props: {
  by: Crossing
  /** It is told before anything is sent. */
  early?: boolean
  busy: boolean
  onSend: () => void
  onLook: () => void
}) {
  const now = useNow(1_000)
  return (
    <Notice tone="warn" icon="clock">
      <strong>{props.early ? 'Something came in.' : 'This is not sent yet.'}</strong> While you were writing:
      <ul class="crossed">
        <For each={props.by.arrived}>
          {(arrived) => (
            <li>
              <b>{`${arrived.name} ${DID[arrived.kind]} ${ago(Math.min(arrived.at, now()), now())}`}</b>
              <span dir="auto">{arrived.text}</span>
            </li>
          )}
        </For>
      </ul>
      <div class="actions">
        <button type="button" class="btn" onClick={() => props.onLook()}>
          {props.early ? 'Look' : 'Look first'}
        </button>
        <button type="button" class="btn ghost" disabled={props.busy} onClick={() => props.onSend()}>
          {props.early ? 'Go on' : 'Send anyway'}
        </button>
      </div>
    </Notice>
  )
}
