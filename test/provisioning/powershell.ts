import { readFile } from 'node:fs/promises'
import path from 'node:path'
import treeSitter from '@vscode/tree-sitter-wasm'

const WASM = path.join(import.meta.dirname, '../../node_modules/@vscode/tree-sitter-wasm/wasm')

await treeSitter.Parser.init({ locateFile: (file: string) => path.join(WASM, file) })
const parser = new treeSitter.Parser()
parser.setLanguage(await treeSitter.Language.load(await readFile(path.join(WASM, 'tree-sitter-powershell.wasm'))))

/** PowerShell takes all of these for a quote, the grammar only the first. */
const CURLY = /[\u2018\u2019\u201a\u201b]/g

/** A text as the tree shows it: every quote is a straight one. */
export const inTree = (text: string) => text.replace(CURLY, "'")

export type Node = { type: string; text: string; children: Node[] }

/** Columns at the end of a line, as people write them; the grammar knows them in quotes alone. */
const COLUMNS = /(?<=\| (?:Select-Object|Format-Table|Format-List) )[A-Za-z]+(?:,[A-Za-z]+)+$/gm

/**
 * The tree of a script as PowerShell reads it.
 * @throws where it is no PowerShell
 */
export function parse(script: string): Node {
  // One character for one, so that what the tree shows can be found in the script.
  const tree = parser.parse(inTree(script).replace(COLUMNS, (names) => `'${names.replaceAll(',', "','")}'`))
  if (!tree || tree.rootNode.hasError) throw new Error(`No PowerShell: ${script}`)
  type Raw = { type: string; text: string; namedChildren: (Raw | null)[] }
  const copy = (node: Raw): Node => ({
    type: node.type,
    text: node.text,
    children: node.namedChildren.flatMap((child) => (child ? [copy(child)] : [])),
  })
  const root = copy(tree.rootNode)
  tree.delete()
  return root
}

/** What a tree is built of, without the text in its literals. */
export function shape(node: Node): unknown {
  if (node.type === 'verbatim_string_characters') return 'text'
  if (node.children.length === 0) return `${node.type} ${node.text}`
  return [node.type, ...node.children.map(shape)]
}

export function all(node: Node, type: string): Node[] {
  return [...(node.type === type ? [node] : []), ...node.children.flatMap((child) => all(child, type))]
}

/** What a literal stands for: two quotes are one. */
export const literalValue = (literal: string) => literal.slice(1, -1).replace(/(['\u2018\u2019\u201a\u201b])\1/g, '$1')
