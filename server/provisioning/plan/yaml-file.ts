import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { fieldErrors } from '../../wording.ts'
import { BadInput, type Blocker } from '../bad-input.ts'
import { CONTROL } from '../one-line.ts'
import { unquoted } from './user-list.ts'

const MAX_CHARACTERS = 1_000_000

/** Text as people paste it: quotes that a word processor put around it are none of it. */
const line = z
  .string()
  .transform(unquoted)
  .refine((text) => !CONTROL.test(text), 'must be one line without control characters.')
/** What Exchange calls something: one thing, not all. */
export const name = line
  .refine((text) => text !== '', 'must not be empty.')
  .refine((text) => !text.includes('*'), 'must be one name: * would stand for all.')
export const address = name.refine(
  (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  'must be an address such as ada@example.org.',
)
/** Says where something stands: "wanted.yaml line 3". */
export type LineOf = (path: readonly PropertyKey[], key?: string) => string

/**
 * Reads a file in YAML, or in JSON, which is YAML too.
 * @param fileName how the file is called in messages
 * @throws BadInput that names each line it can't read
 */
export function readYaml<T>(schema: z.ZodType<T>, source: string, fileName: string): { data: T; lineOf: LineOf } {
  const { value, lineOf } = parse(source, fileName)
  const read = schema.safeParse(value)
  if (read.success) return { data: read.data, lineOf }
  throw new BadInput(
    read.error.issues.flatMap((issue) => {
      const at = lineOf(issue.path, issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined)
      return fieldErrors([issue], 'the file').map(({ field, message }) =>
        blocker(field || fileName, `${at}: ${message}`),
      )
    }),
  )
}

/** Whether the file has such a key at its top. A file that can't be read has none. */
export function hasKey(source: string, key: string): boolean {
  const { contents } = parseDocument(source.slice(0, MAX_CHARACTERS).replace(/^\ufeff/, ''))
  return isMap(contents) && contents.has(key)
}

type Parsed = { value: unknown; lineOf: LineOf }

function parse(source: string, fileName: string): Parsed {
  if (source.length > MAX_CHARACTERS)
    throw new BadInput([blocker(fileName, `${fileName} is too large for a wanted state.`)])
  const text = source.replace(/^\ufeff/, '')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const at = `${fileName} line ${lines.linePos(error.pos[0]).line}`
    throw new BadInput([blocker(fileName, `${at}: ${error.message.replace(/\.?$/, '.')}`)])
  }
  const lineOf = (path: readonly PropertyKey[], key?: string) => {
    const offset = offsetOf(document, path, key)
    return offset === undefined ? fileName : `${fileName} line ${lines.linePos(offset).line}`
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), lineOf }
  } catch {
    throw new BadInput([blocker(fileName, `${fileName} repeats too much by reference. Write it out.`)])
  }
}

/** Where the node of a path starts, or the nearest one around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (key !== undefined && isMap(node)) return keyOffset(node.items, key)
    if (isNode(node) && node.range) return node.range[0]
    const parent = length > 1 ? document.getIn(path.slice(0, length - 1), true) : document.contents
    const found = isMap(parent) ? keyOffset(parent.items, String(path[length - 1])) : undefined
    if (found !== undefined) return found
  }
  if (key !== undefined && isMap(document.contents)) return keyOffset(document.contents.items, key)
  return document.contents?.range?.[0]
}

function keyOffset(items: unknown[], key: string): number | undefined {
  const pair = items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === key)
  return isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : undefined
}

function blocker(subject: string, message: string): Blocker {
  return { code: 'BAD_INPUT', subject, message }
}
