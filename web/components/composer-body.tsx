import { createSignal, Show, untrack } from 'solid-js'
import type { Draft } from '../drafts.ts'
import { paragraphs } from '../written.ts'
import { MentionList } from './mention-list.tsx'
import { RichField, type RichHandle } from './rich-field.tsx'

/** What the composer can do with the field in which one writes, whichever it is. */
export type BodyHandle = Pick<RichHandle, 'insertHtml' | 'insertPicture'> & { focus(): void }

/** Where the words go: a field with a form, or a plain one, which notes always have. */
export function ComposerBody(props: {
  draft: Draft
  label: string
  placeholder: string
  busy: boolean
  onPatch: (to: Partial<Draft>) => void
  /** Formatted or plain was chosen, for this mail and the next. */
  onPlain: (plain: boolean) => void
  onFiles: (files: Iterable<File>, isInText?: boolean) => void
  /** Saved replies were asked for, at this element. */
  onSlash: (at: Element) => void
  ref: (handle: BodyHandle) => void
}) {
  const [field, setField] = createSignal<HTMLTextAreaElement>()
  let rich: RichHandle | undefined
  const noting = () => props.draft.kind === 'note'
  const isText = () => noting() || props.draft.plain
  props.ref({
    focus: () => (isText() ? field()?.focus() : rich?.focus()),
    insertHtml: (html) => rich?.insertHtml(html),
    insertPicture: (src, alt) => rich?.insertPicture(src, alt),
  })
  const write = (plain: boolean) => {
    const { text, shown = 0 } = props.draft
    if (plain) props.onPatch({ plain, text: rich?.text() ?? '', html: '', shown: shown + 1 })
    else props.onPatch({ plain, html: paragraphs(text), text: '', shown: shown + 1 })
    props.onPlain(plain)
  }
  return (
    <Show
      when={isText()}
      fallback={
        <Show when={`${props.draft.id} ${props.draft.shown ?? 0}`} keyed>
          <RichField
            ref={(handle) => {
              rich = handle
            }}
            label={props.label}
            placeholder={props.placeholder}
            html={untrack(() => props.draft.html)}
            readonly={props.busy}
            onHtml={(html) => props.onPatch({ html })}
            onFiles={(files) => {
              props.onFiles(files, true)
              return true
            }}
            onPlain={() => write(true)}
            onSlash={props.onSlash}
          />
        </Show>
      }
    >
      <textarea
        ref={setField}
        aria-label={props.label}
        placeholder={props.placeholder}
        value={noting() ? props.draft.note : props.draft.text}
        readonly={props.busy}
        onPaste={(event) => {
          const files = event.clipboardData?.files
          // Copied cells and words come with a picture of themselves: then the words are meant.
          if (!files?.length || event.clipboardData?.getData('text/plain')) return
          event.preventDefault()
          props.onFiles(files)
        }}
        onInput={(event) => {
          const words = event.currentTarget.value
          props.onPatch(noting() ? { note: words } : { text: words })
        }}
      />
      <Show when={noting() && field()} keyed>
        {(within) => <MentionList field={within} onText={(note) => props.onPatch({ note })} />}
      </Show>
      <Show when={!noting()}>
        <div class="tools">
          <span class="hint">Plain text</span>
          <button type="button" class="plain" onClick={() => write(false)}>
            Use formatting
          </button>
        </div>
      </Show>
    </Show>
  )
}
