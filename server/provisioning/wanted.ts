import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { fieldErrors } from '../wording.ts'
import { BadInput, type Blocker } from './bad-input.ts'
import { CONTROL } from './registry.ts'
import { readUserList, unquoted } from './user-list.ts'

const MAX_CHARACTERS = 1_000_000

/** The rights that a delegate can be given, in the order in which they are planned. */
export const RIGHTS = ['FullAccess', 'SendAs', 'SendOnBehalf'] as const
export type Right = (typeof RIGHTS)[number]

/** Who is to have what. An undefined `autoMapping` means: as it is, and on for a new grant, which is Exchange's own way. */
export type Delegate = {
  user: string
  rights: Right[]
  autoMapping?: boolean | undefined
  allowGroup: boolean
  /** Named in a list, which gives way to what the file itself says. */
  isListed: boolean
  /** The file and the line. */
  at: string
}

/** Text as people paste it: quotes that a word processor put around it are none of it. */
const line = z
  .string()
  .transform(unquoted)
  .refine((text) => !CONTROL.test(text), 'must be one line without control characters.')
const name = line
  .refine((text) => text !== '', 'must not be empty.')
  .refine((text) => !text.includes('*'), 'must be one name: * would stand for all.')
const address = name.refine((text) => /^[^\s@]+@[^\s@]+$/.test(text), 'must be an address such as ada@example.org.')
const right = z
  .string()
  .transform(
    (text) => RIGHTS.find((right) => right.toLowerCase() === text.replace(/[\s_-]/g, '').toLowerCase()) ?? text,
  )
  .pipe(z.enum(RIGHTS))
const rights = z.array(right).transform((list) => RIGHTS.filter((right) => list.includes(right)))

const mailbox = z.strictObject({
  identity: name,
  name: name.pipe(z.string().max(64)).optional(),
  displayName: name.pipe(z.string().max(256)).optional(),
  alias: name.pipe(z.string().max(64)).optional(),
  userPrincipalName: address.optional(),
  organizationalUnit: name.optional(),
  type: z.enum(['shared', 'user']).optional(),
  aliases: z.array(address).optional(),
  exclusiveAliases: z.boolean().optional(),
  signInBlocked: z.boolean().optional(),
  hiddenFromAddressLists: z.boolean().optional(),
  copySentAs: z.boolean().optional(),
  copySendOnBehalf: z.boolean().optional(),
  forwarding: z.strictObject({ to: name, keepCopy: z.boolean().default(true) }).nullish(),
})

const shares = { rights: rights.optional(), autoMapping: z.boolean().optional(), allowGroup: z.boolean().optional() }
/** A name alone is a delegate too. */
const delegate = z.preprocess(
  (one) => (typeof one === 'string' ? { user: one } : one),
  z.strictObject({ user: name, ...shares }),
)

const file = z.strictObject({
  version: z.literal(1).optional(),
  mailbox,
  delegates: z.array(delegate).nullish(),
  delegatesFrom: z.preprocess((one) => (typeof one === 'string' ? [one] : one), z.array(name).nullish()),
  delegateDefaults: z.strictObject(shares).nullish(),
  allowGroup: z.boolean().optional(),
  exclusive: z.boolean().default(false),
  pruneOrphans: z.boolean().default(false),
  autoMappingPolicy: z.enum(['onGrant', 'enforce']).default('onGrant'),
  editAdLink: z.boolean().default(false),
})

export type WantedMailbox = z.output<typeof mailbox>
export type Wanted = Omit<z.output<typeof file>, 'delegates' | 'delegatesFrom' | 'delegateDefaults'> & {
  delegates: Delegate[]
}

type NamedDelegate = { user: string } & { [Key in 'rights' | 'autoMapping' | 'allowGroup']?: Delegate[Key] | undefined }

/** The rule of the first article: to work with a shared mailbox takes both. */
const USUAL_RIGHTS: Right[] = ['FullAccess', 'SendAs']

/**
 * Reads what is wanted of a mailbox; see docs/exchange.md.
 * @param source YAML, or JSON, which is YAML too
 * @param fileName how the file is called in messages
 * @param readList gives the text of a file named in delegatesFrom
 * @throws BadInput that names each line it can't read
 */
export async function readWanted(
  source: string,
  fileName: string,
  readList: (name: string) => Promise<string>,
): Promise<Wanted> {
  const { value, lineOf } = parse(source, fileName)
  const read = file.safeParse(value)
  if (!read.success) {
    const blockers = read.error.issues.flatMap((issue) => {
      const at = lineOf(issue.path, issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined)
      return fieldErrors([issue], 'the file').map(({ field, message }) =>
        blocker(field || fileName, `${at}: ${message}`),
      )
    })
    throw new BadInput(blockers)
  }
  const { delegates, delegatesFrom, delegateDefaults, ...rest } = read.data
  const asDelegate = (one: NamedDelegate, isListed: boolean, at: string): Delegate => ({
    user: one.user,
    rights: one.rights ?? delegateDefaults?.rights ?? USUAL_RIGHTS,
    autoMapping: one.autoMapping ?? delegateDefaults?.autoMapping,
    allowGroup: one.allowGroup ?? delegateDefaults?.allowGroup ?? rest.allowGroup ?? false,
    isListed,
    at,
  })
  const named = (delegates ?? []).map((one, i) => asDelegate(one, false, lineOf(['delegates', i])))
  const listed: Delegate[] = []
  for (const listName of delegatesFrom ?? []) {
    const users = readUserList(await readList(listName), listName)
    listed.push(...users.map(({ user, at }) => asDelegate({ user }, true, at)))
  }
  return { ...rest, delegates: [...named, ...listed] }
}

type Parsed = { value: unknown; lineOf: (path: readonly PropertyKey[], key?: string) => string }

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
