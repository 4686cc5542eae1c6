import { parseDocument } from 'htmlparser2'

type Nodes = ReturnType<typeof parseDocument>['children']
type Node = Nodes[number]
type Element = Extract<Node, { attribs: Record<string, string> }>

const isElement = (node: Node): node is Element => 'attribs' in node

/**
 * The text of what somebody wrote with a form (writtenHtml): the other half of multipart/alternative, which must say the
 * same (RFC 2046, section 5.1.4). Lists keep their numbers, links their addresses, quoted paragraphs their marks.
 */
export function writtenText(html: string): string {
  return blocksOf(parseDocument(html).children)
    .join('\n\n')
    .replace(/\u00a0/g, ' ')
    .trim()
}

/** Paragraphs and their like, each as its lines; words between them are a paragraph of their own. */
function blocksOf(nodes: Nodes): string[] {
  const blocks: string[] = []
  let words: Node[] = []
  const add = (text: string) => {
    if (text.trim() !== '') blocks.push(text)
  }
  const flush = () => {
    add(wordsOf(words))
    words = []
  }
  for (const node of nodes) {
    const block = isElement(node) ? BLOCKS[node.name] : undefined
    if (!block || !isElement(node)) {
      words.push(node)
      continue
    }
    flush()
    add(block(node))
  }
  flush()
  return blocks
}

const BLOCKS: Record<string, (element: Element) => string> = {
  p: ({ children }) => wordsOf(children),
  pre: (element) => verbatim(element).replace(/\n$/, ''),
  blockquote: ({ children }) => prefixed(blocksOf(children).join('\n\n'), '> ', '> '),
  ul: ({ children }) => listOf(children, () => '- '),
  ol: ({ children, attribs }) => listOf(children, (place) => `${Number(attribs.start ?? 1) + place}. `),
}

function listOf(nodes: Nodes, mark: (place: number) => string): string {
  const items = nodes.filter(isElement)
  const lines = items.map(({ children }, place) => {
    const begin = mark(place)
    // What a list within a list belongs to stands right above it.
    return prefixed(blocksOf(children).join('\n'), begin, ' '.repeat(begin.length)) || begin.trimEnd()
  })
  return lines.join('\n')
}

function prefixed(text: string, first: string, others: string): string {
  if (text === '') return ''
  return text
    .split('\n')
    .map((line, i) => `${i === 0 ? first : others}${line}`.trimEnd())
    .join('\n')
}

/** The words of a paragraph; only `br` breaks its lines. */
function wordsOf(nodes: Nodes): string {
  const text = nodes.map(wordOf).join('')
  return text
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .join('\n')
    .trim()
}

function wordOf(node: Node): string {
  if ('data' in node) return node.type === 'text' ? node.data.replace(/[ \t\r\n]+/g, ' ') : ''
  if (!isElement(node)) return ''
  if (node.name === 'br') return '\n'
  if (node.name === 'img') return `[${node.attribs.alt?.trim() || 'picture'}]`
  const inside = node.children.map(wordOf).join('')
  return node.name === 'a' ? linked(inside, node.attribs.href ?? '') : inside
}

/** A link says where it leads, unless its words do. */
function linked(words: string, href: string): string {
  const address = href.replace(/^(?:mailto|tel):/i, '')
  const said = words.trim()
  const bare = href.replace(/^https?:\/\//i, '').replace(/\/$/, '')
  return !address || [href, address, bare].includes(said) ? words : `${words} <${address}>`
}

function verbatim(node: Node): string {
  if ('data' in node) return node.type === 'text' ? node.data : ''
  if (!isElement(node)) return ''
  return node.name === 'br' ? '\n' : node.children.map(verbatim).join('')
}
