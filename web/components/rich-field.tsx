import { createEffect, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import type { Editor, Format } from '../editor/editor.ts'
import { paragraphs } from '../written.ts'
import { Icon, type IconName } from './icon.tsx'

/** The editor is a part of its own, fetched when somebody is about to write. */
const load = () => import('../editor/editor.ts')

/** Fetches the editor ahead, so that it is there when it is wanted. */
export function prefetchEditor(): void {
  const fetchNow = () => void load().catch(() => {})
  if ('requestIdleCallback' in window) requestIdleCallback(fetchNow, { timeout: 4_000 })
  else setTimeout(fetchNow, 1_000)
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const mod = isMac ? '⌘' : 'ctrl'
const TOOLS: readonly { format: Format; label: string; icon: IconName; keys?: string }[] = [
  { format: 'strong', label: 'Bold', icon: 'bold', keys: `${mod} B` },
  { format: 'em', label: 'Italic', icon: 'italic', keys: `${mod} I` },
  { format: 'underline', label: 'Underline', icon: 'underline', keys: `${mod} U` },
  { format: 'bullet_list', label: 'List', icon: 'all' },
  { format: 'ordered_list', label: 'Numbered list', icon: 'numbered' },
  { format: 'blockquote', label: 'Quote', icon: 'quote' },
  { format: 'code_block', label: 'Code', icon: 'code' },
]

export type RichHandle = Pick<Editor, 'insertHtml' | 'insertPicture' | 'text'> & { focus(): void }

/** Where a mail is written with a form. Until its editor is here one types into a plain field, and nothing is lost. */
export function RichField(props: {
  label: string
  placeholder: string
  html: string
  readonly: boolean
  onHtml: (html: string) => void
  /** Left out: it takes no files. */
  onFiles?: (files: File[]) => boolean
  /** Left out: there is no plain text to go to. */
  onPlain?: () => void
  /** Saved replies are asked for, at this element. */
  onSlash?: (at: Element) => void
  ref?: (handle: RichHandle) => void
  /** Only shown: without tools, and without a field until the editor is here. */
  bare?: boolean
}) {
  const [editor, setEditor] = createSignal<Editor>()
  const [failed, setFailed] = createSignal(false)
  const [formats, setFormats] = createSignal<ReadonlySet<Format | 'link'>>(new Set())
  const [linking, setLinking] = createSignal<string>()
  const [wrong, setWrong] = createSignal(false)
  let place!: HTMLDivElement
  let early: HTMLTextAreaElement | undefined
  let isGone = false
  const { html: begun } = props

  props.ref?.({
    focus: () => (editor() ? editor()?.focus() : early?.focus()),
    insertHtml: (html) => editor()?.insertHtml(html),
    insertPicture: (src, alt) => editor()?.insertPicture(src, alt),
    text: () => editor()?.text() ?? early?.value ?? '',
  })

  onMount(async () => {
    try {
      const { mountEditor } = await load()
      if (isGone) return
      const typed = early?.value ?? ''
      const hadFocus = early !== undefined && document.activeElement === early
      const made = mountEditor(place, {
        html: begun + paragraphs(typed),
        label: () => props.label,
        placeholder: props.placeholder,
        onHtml: (html) => props.onHtml(html),
        onFormats: setFormats,
        onFiles: (files) => props.onFiles?.(files) ?? false,
        onLink: () => askForLink(),
        onSlash: () => props.onSlash?.(place),
      })
      setEditor(made)
      if (hadFocus) made.focusEnd()
    } catch {
      setFailed(true)
    }
  })
  onCleanup(() => {
    isGone = true
    editor()?.destroy()
  })
  createEffect(on([() => props.readonly, editor], ([readonly, made]) => made?.setEditable(!readonly)))

  const askForLink = () => {
    setWrong(false)
    setLinking(editor()?.linkAt() || '')
  }
  const link = async (typed: string) => {
    const { linkTo } = await load()
    const href = linkTo(typed)
    setWrong(typed.trim() !== '' && href === null)
    if (wrong()) return
    setLinking(undefined)
    editor()?.link(href)
  }

  return (
    <>
      <Show when={!editor() && !props.bare}>
        <Show when={begun}>
          <p class="hint loading">{failed() ? '' : 'Opening the draft'}</p>
        </Show>
        <textarea
          ref={early}
          aria-label={props.label}
          placeholder={props.placeholder}
          readonly={props.readonly}
          onInput={(event) => props.onHtml(begun + paragraphs(event.currentTarget.value))}
        />
        <Show when={failed() && props.onPlain}>
          <p class="hint">
            The editor could not be loaded.{' '}
            <button type="button" onClick={() => props.onPlain?.()}>
              Write as plain text
            </button>
          </p>
        </Show>
      </Show>
      <div ref={place} class="rich-text" />
      <Show when={!props.bare && editor()}>
        {(made) => (
          <div class="tools" role="toolbar" aria-label="Form of the text">
            <For each={TOOLS}>
              {({ format, label, icon, keys }) => (
                <button
                  type="button"
                  class="btn ghost square"
                  aria-label={label}
                  aria-pressed={formats().has(format)}
                  data-tip={label}
                  data-keys={keys}
                  // The selection stays where it is.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => made().format(format)}
                >
                  <Icon name={icon} />
                </button>
              )}
            </For>
            <button
              type="button"
              class="btn ghost square"
              aria-label="Link"
              aria-pressed={formats().has('link')}
              data-tip="Link"
              data-keys={`${mod} K`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={askForLink}
            >
              <Icon name="link" />
            </button>
            <Show when={linking() !== undefined}>
              <form
                class="linking"
                onSubmit={(event) => {
                  event.preventDefault()
                  void link(new FormData(event.currentTarget).get('href')?.toString() ?? '')
                }}
                onKeyDown={(event) => {
                  if (event.key !== 'Escape') return
                  event.preventDefault()
                  event.stopPropagation()
                  setLinking(undefined)
                  made().focus()
                }}
              >
                <input
                  name="href"
                  type="text"
                  inputmode="url"
                  aria-label="Address of the link"
                  aria-invalid={wrong() ? 'true' : undefined}
                  placeholder="example.com, or an email address"
                  value={linking()}
                  ref={(field) => queueMicrotask(() => field.focus())}
                />
                <button type="submit" class="btn">
                  {linking() ? 'Change' : 'Link'}
                </button>
                <Show when={linking()}>
                  <button type="button" class="btn ghost" onClick={() => void link('')}>
                    Remove
                  </button>
                </Show>
              </form>
            </Show>
            <span class="spacer" />
            <Show when={props.onPlain}>
              {(onPlain) => (
                <button type="button" class="plain" onClick={() => onPlain()()}>
                  Plain text
                </button>
              )}
            </Show>
          </div>
        )}
      </Show>
    </>
  )
}
