import { Show } from 'solid-js'
import type { ApiError, Crossed as Crossing } from '../api.ts'
import type { Elsewhere } from '../draft-saving.ts'
import type { Draft } from '../drafts.ts'
import { Crossed } from './crossed.tsx'
import { Notice } from './states.tsx'

/** What stands in the way of a draft: something came in, it went on elsewhere, or the server refused it. */
export function ComposerNotices(props: {
  /** What came in while it was written. */
  news: Crossing | undefined
  /** What stopped it from being sent. */
  stopped: Crossing | undefined
  elsewhere: Elsewhere | undefined
  failed: ApiError | undefined
  busy: boolean
  onLook: (by: Crossing) => void
  onGoOn: (by: Crossing) => void
  onSend: (by: Crossing) => void
  /** The draft as it stands elsewhere is to go on, or this one. */
  onTake: (other: Draft) => void
  onKeep: (other: Draft) => void
}) {
  return (
    <>
      <Show when={!props.stopped && props.news}>
        {(by) => (
          <Crossed
            by={by()}
            early
            busy={props.busy}
            onLook={() => props.onLook(by())}
            onSend={() => props.onGoOn(by())}
          />
        )}
      </Show>
      <Show when={props.stopped}>
        {(by) => (
          <Crossed by={by()} busy={props.busy} onLook={() => props.onLook(by())} onSend={() => props.onSend(by())} />
        )}
      </Show>
      <Show when={props.elsewhere?.draft}>
        {(other) => (
          <Notice tone="warn">
            <strong>{props.elsewhere?.message}</strong> What is here is not saved.
            <div class="actions">
              <button type="button" class="btn" onClick={() => props.onTake(other())}>
                Take the other
              </button>
              <button type="button" class="btn ghost" onClick={() => props.onKeep(other())}>
                Keep this one
              </button>
            </div>
          </Notice>
        )}
      </Show>
      <Show when={props.failed}>
        {(error) => (
          <Notice tone="bad">
            <strong>This is not sent.</strong> {error().message}
          </Notice>
        )}
      </Show>
    </>
  )
}
