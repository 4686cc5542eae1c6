import { baseKeymap, chainCommands, exitCode } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { inputRules, wrappingInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import { DOMSerializer, DOMParser as Reader, type Slice } from 'prosemirror-model'
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list'
import { type Command, EditorState, Plugin, Selection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { type Format, format, formatsAt, linkTo } from './commands.ts'
import { tidyPasted } from './paste.ts'
import { schema } from './schema.ts'

export type { Format }
export { linkTo }

export type EditorOptions = {
  html: string
  label: () => string
  placeholder: string
  onHtml: (html: string) => void
  /** What is selected has changed: the forms that it has. */
  onFormats: (formats: Set<Format | 'link'>) => void
  /** Files came by pasting or dropping; false: nobody wants them. */
  onFiles: (files: File[]) => boolean
  /** `/` was typed where a paragraph begins: saved replies are asked for. */
  onSlash: () => void
  /** Ctrl K, or ⌘ K: an address is to be asked for. */
  onLink: () => void
}
export type Editor = ReturnType<typeof mountEditor>

/** Writes into an element with a form. Everything that the schema does not know is left out. */
export function mountEditor(place: HTMLElement, options: EditorOptions) {
  const { nodes, marks } = schema
  const lineBreak: Command = chainCommands(exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break!.create()).scrollIntoView())
    return true
  })
  const keys = keymap({
    'Mod-z': undo,
    'Mod-y': redo,
    'Mod-Shift-z': redo,
    'Mod-b': format('strong'),
    'Mod-i': format('em'),
    'Mod-u': format('underline'),
    'Mod-k': () => {
      options.onLink()
      return true
    },
    'Shift-Enter': lineBreak,
    Enter: splitListItem(nodes.list_item!),
    // Only within lists: elsewhere Tab leaves the field, as everywhere (WCAG 2.1.2).
    Tab: sinkListItem(nodes.list_item!),
    'Shift-Tab': liftListItem(nodes.list_item!),
  })
  const rules = inputRules({
    rules: [
      wrappingInputRule(/^\s*[-*]\s$/, nodes.bullet_list!),
      wrappingInputRule(/^(\d{1,3})\.\s$/, nodes.ordered_list!, ([, order]) => ({ order: Number(order) })),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote!),
    ],
  })
  const placeholder = new Plugin({
    props: {
      attributes: (state): Record<string, string> => ({
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label(),
        ...(isBlank(state) ? { 'data-placeholder': options.placeholder } : {}),
      }),
    },
  })
  const view = new EditorView(place, {
    state: EditorState.create({
      doc: Reader.fromSchema(schema).parse(bodyOf(options.html)),
      plugins: [rules, keys, keymap(baseKeymap), history(), placeholder],
    }),
    transformPastedHTML: tidyPasted,
    handleDOMEvents: {
      // The editor would keep these to itself: sending and putting away are the composer's.
      keydown: (_view, event) => event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey)),
    },
    handleTextInput: (view, from, _to, text) => {
      const { parent } = view.state.doc.resolve(from)
      if (text !== '/' || parent.type !== nodes.paragraph || parent.content.size > 0) return false
      options.onSlash()
      return true
    },
    handlePaste: (_view, event, slice) => takeFiles(event.clipboardData, slice),
    handleDrop: (view, event) => {
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
      if (!event.dataTransfer?.files.length) return false
      if (at) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(at.pos))))
      // The composer around takes them, and says which become pictures.
      return true
    },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction))
      if (transaction.docChanged) options.onHtml(htmlOf(view.state))
      options.onFormats(formatsAt(view.state))
    },
  })

  /** Copied cells and words come with a picture of themselves: then the words are meant. */
  function takeFiles(data: DataTransfer | null, slice: Slice): boolean {
    const files = [...(data?.files ?? [])]
    if (files.length === 0 || (slice.size > 0 && data?.getData('text/plain'))) return false
    return options.onFiles(files)
  }
  const run = (command: Command) => {
    command(view.state, view.dispatch, view)
    view.focus()
  }
  return {
    element: view.dom,
    focus: () => view.focus(),
    /** Puts the cursor behind all that is written. */
    focusEnd() {
      view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)))
      view.focus()
    },
    format: (which: Format) => run(format(which)),
    /** The address of the link at the cursor, or nothing. */
    linkAt: (): string => {
      const { $from, from, to } = view.state.selection
      let href = ''
      view.state.doc.nodesBetween(from, Math.max(to, from + 1), (node) => {
        href ||= marks.link!.isInSet(node.marks)?.attrs.href ?? ''
      })
      return href || (marks.link!.isInSet($from.marks())?.attrs.href ?? '')
    },
    /** Makes what is selected a link, or no link any more; without a selection the address itself is written. */
    link(href: string | null) {
      const { from, to, empty } = view.state.selection
      const { tr } = view.state
      if (!href) tr.removeMark(from, to, marks.link!)
      else if (empty) tr.insert(from, schema.text(href.replace(/^mailto:/, ''), [marks.link!.create({ href })]))
      else tr.addMark(from, to, marks.link!.create({ href }))
      view.dispatch(tr)
      view.focus()
    },
    insertPicture(src: string, alt: string) {
      view.dispatch(view.state.tr.replaceSelectionWith(nodes.image!.create({ src, alt })).scrollIntoView())
    },
    /** Puts words in at the cursor, as a saved reply. */
    insertHtml(html: string) {
      const slice = Reader.fromSchema(schema).parseSlice(bodyOf(html))
      view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView())
      view.focus()
    },
    /** All of it as text, for who goes on without a form. */
    text: () =>
      view.state.doc.textBetween(0, view.state.doc.content.size, '\n\n', ({ type }) =>
        type === nodes.hard_break ? '\n' : '',
      ),
    setEditable: (editable: boolean) => view.setProps({ editable: () => editable }),
    destroy: () => view.destroy(),
  }
}

function bodyOf(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, 'text/html').body
}

function htmlOf(state: EditorState): string {
  if (isBlank(state)) return ''
  const body = document.createElement('div')
  body.append(DOMSerializer.fromSchema(schema).serializeFragment(state.doc.content))
  return body.innerHTML
}

function isBlank({ doc }: EditorState): boolean {
  return (
    doc.childCount === 1 &&
    doc.firstChild!.isTextblock &&
    doc.firstChild!.content.size === 0 &&
    doc.firstChild!.type === schema.nodes.paragraph
  )
}
