import { createSignal, For, Show } from 'solid-js'
import { languageName } from '../languages.ts'
import { RichField } from './rich-field.tsx'

/** What stands below a mail, before what is quoted: written over, left out, or put back for this one. */
export function ComposerSignature(props: {
  /** As HTML; empty: none. */
  html: string
  /** The one that the server has, as HTML. */
  kept: string
  /** The language that is written in, and those in which there are signatures. */
  language: string
  languages: string[]
  readonly: boolean
  /** Null: that of the server again. */
  onHtml: (html: string | null) => void
  onLanguage: (language: string) => void
}) {
  const [isEditing, setIsEditing] = createSignal(false)
  return (
    <Show
      when={props.html}
      fallback={
        <Show when={props.kept || props.languages.length > 0}>
          <div class="quotes">
            <div class="more">
              <span class="hint">Without a signature.</span>
              <Show when={props.kept}>
                <button type="button" onClick={() => props.onHtml(null)}>
                  Sign it
                </button>
              </Show>
              <LanguageSwitch {...props} />
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
          <LanguageSwitch
            language={props.language}
            languages={props.languages}
            onLanguage={(language) => {
              setIsEditing(false)
              props.onLanguage(language)
            }}
          />
        </div>
      </div>
    </Show>
  )
}

/** The language of signature and dates, where there is more than one to choose from. */
function LanguageSwitch(props: { language: string; languages: string[]; onLanguage: (language: string) => void }) {
  const all = () => [...new Set([...props.languages, props.language])].sort()
  return (
    <Show when={all().length > 1}>
      <label class="language">
        <span class="sr">Language of the signature</span>
        <select value={props.language} onChange={(event) => props.onLanguage(event.currentTarget.value)}>
          <For each={all()}>
            {(code) => (
              <option value={code} selected={code === props.language}>
                {languageName(code)}
              </option>
            )}
          </For>
        </select>
      </label>
    </Show>
  )
}
