import { Show } from 'solid-js'
import type { Tested } from '../api.ts'
import { Notice } from './states.tsx'

/** What came of trying one server. */
export function MailboxTested(props: { title: string; result: Tested['imap'] | Tested['smtp'] | undefined }) {
  return (
    <Show
      when={props.result}
      fallback={
        <Notice tone="plain" icon="clock">
          <strong>{props.title}</strong>
          <br />
          Asking the server
        </Notice>
      }
    >
      {(result) => (
        <Notice tone={result().ok ? 'good' : 'bad'}>
          <strong>
            {props.title} {result().ok ? 'works' : 'does not work'}
          </strong>
          <br />
          {result().summary} {result().whatToDo}
          <Show when={result().detail}>{(words) => <span class="words">{words()}</span>}</Show>
        </Notice>
      )}
    </Show>
  )
}
