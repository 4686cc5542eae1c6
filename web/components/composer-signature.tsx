import { createSignal, Show } from 'solid-js'
import { RichField } from './rich-field.tsx'

/** What stands below a mail, before what is quoted: written over, left out, or put back for this one. */
export function ComposerSignature(props: {
  /** As HTML; empty: none. */
  html: string
  /** The one that the server has, as HTML. */
  kept: string
  readonly: boolean
  /** Null: that of the server again. */
  onHtml: (html: string | null) => void
}) {
  const [isEditing, setIsEditing] = createSignal(false)
  return (
    <Show
      when={props.html}
      fallback={
        <Show when={props.kept}>
          <div class="quotes">
            <div class="more">
              <span class="hint">Without your signature.</span>
              <button type="button" onClick={() => props.onHtml(null)}>
                Sign it
              </button>
            </div>
          </div>
        </Show>
      }
    >
      <div class="signed" classList={{ editing: isEditing() }}>
        <Show when={isEditing() ? 'edited' : props.html} keyed>
          <RichField
            label="Signature"
            placeholder="Without a signature"
            html={props.html}
            readonly={props.readonly || !isEditing()}
            bare={!isEditing()}
            onHtml={(html) => isEditing() && props.onHtml(html)}
            ref={(handle) => isEditing() && setTimeout(() => handle.focus())}
          />
        </Show>
        <div class="more">
          <button type="button" onClick={() => setIsEditing(!isEditing())}>
            {isEditing() ? 'Keep it so' : 'Change'}
          </button>
          <button
            type="button"
            onClick={() => {
              setIsEditing(false)
              props.onHtml('')
            }}
          >
            Leave it out
          </button>
        </div>
      </div>
    </Show>
  )
}
