import { lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands'
import type { MarkType, NodeType } from 'prosemirror-model'
import { liftListItem, wrapInList } from 'prosemirror-schema-list'
import type { Command, EditorState } from 'prosemirror-state'
import { schema } from './schema.ts'

/** What the buttons do, by name. */
export type Format =
  | 'strong'
  | 'em'
  | 'underline'
  | 'code'
  | 'bullet_list'
  | 'ordered_list'
  | 'blockquote'
  | 'code_block'

const MARKS: Partial<Record<Format, MarkType>> = {
  strong: schema.marks.strong,
  em: schema.marks.em,
  underline: schema.marks.underline,
  code: schema.marks.code,
}

/** Puts a form on what is selected, or takes it off. */
export function format(which: Format): Command {
  const mark = MARKS[which]
  if (mark) return toggleMark(mark)
  return (state, dispatch, view) => {
    const node = schema.nodes[which]!
    if (isIn(state, node)) {
      if (which === 'code_block') return setBlockType(schema.nodes.paragraph!)(state, dispatch, view)
      return which === 'blockquote'
        ? lift(state, dispatch)
        : liftListItem(schema.nodes.list_item!)(state, dispatch, view)
    }
    if (which === 'code_block') return setBlockType(node)(state, dispatch, view)
    return (which === 'blockquote' ? wrapIn(node) : wrapInList(node))(state, dispatch, view)
  }
}

/** Which forms what is selected has. */
export function formatsAt(state: EditorState): Set<Format | 'link'> {
  const found = new Set<Format | 'link'>()
  const { from, $from, to, empty } = state.selection
  const has = (mark: MarkType) =>
    empty ? !!mark.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, mark)
  for (const [name, mark] of Object.entries(MARKS)) if (has(mark)) found.add(name as Format)
  if (has(schema.marks.link!)) found.add('link')
  for (const name of ['bullet_list', 'ordered_list', 'blockquote', 'code_block'] as const)
    if (isIn(state, schema.nodes[name]!)) found.add(name)
  return found
}

function isIn({ selection: { $from } }: EditorState, node: NodeType): boolean {
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === node) return true
  return false
}

/** The address that a link is to have, from what somebody typed; none where it is no address. */
export function linkTo(typed: string): string | null {
  const text = typed.trim()
  if (/^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(text)) return text
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`
  return /^[^\s@]+\.[^\s@]{2,}$/.test(text) ? `https://${text}` : null
}
