import { type JSX, Show } from 'solid-js'
import { bytes } from '../format.ts'
import { caps, command } from '../keys.ts'
import { Icon } from './icon.tsx'
import { SendLater } from './send-later.tsx'

const tip = (which: 'send' | 'sendDone') => caps(command(which).keys ?? []).join(' ')

/** The line below what is written: what goes along, how it stands, and sending. */
export function ComposerFoot(props: {
  noting: boolean
  busy: boolean
  /** How the draft stands, in a few words. */
  state: string
  maxBytes: number | undefined
  onFiles: (files: Iterable<File>) => void
  /** `sendAt` in ms since the epoch; left out: at once. */
  onSend: (status: 'waiting' | 'done', sendAt?: number) => void
  /** Further tools, beside the paper clip. */
  children?: JSX.Element
}) {
  let chooser!: HTMLInputElement
  return (
    <div class="foot">
      <Show when={!props.noting}>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={() => {
            props.onFiles(chooser.files ?? [])
            chooser.value = ''
          }}
        />
        <button
          type="button"
          class="btn ghost square"
          aria-label="Attach files"
          data-tip={`Attach files, up to ${bytes(props.maxBytes ?? 0)}. Dropping and pasting them works as well.`}
          onClick={() => chooser.click()}
        >
          <Icon name="clip" />
        </button>
      </Show>
      {props.children}
      <span role="status">{props.busy ? 'Sending' : props.state}</span>
      <span class="spacer" />
      <Show when={!props.noting}>
        <button
          type="button"
          class="btn"
          disabled={props.busy}
          data-tip="Send and done"
          data-keys={tip('sendDone')}
          onClick={() => props.onSend('done')}
        >
          Send and done
        </button>
      </Show>
      <div class="split">
        <button
          type="button"
          class="btn primary"
          disabled={props.busy}
          data-tip={props.noting ? 'Add note' : 'Send, then wait for them'}
          data-keys={tip('send')}
          onClick={() => props.onSend('waiting')}
        >
          <Icon name={props.noting ? 'note' : 'send'} />
          {props.noting ? 'Add note' : 'Send'}
        </button>
        <Show when={!props.noting}>
          <SendLater busy={props.busy} onPick={(sendAt) => props.onSend('waiting', sendAt)} />
        </Show>
      </div>
    </div>
  )
}
