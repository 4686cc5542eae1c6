import { z } from 'zod'
import { readUserList } from './user-list.ts'
import { address, name, readYaml } from './yaml-file.ts'

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

const right = z
  .string()
  .transform(
    (text) => RIGHTS.find((right) => right.toLowerCase() === text.replace(/[\s_-]/g, '').toLowerCase()) ?? text,
  )
  .pipe(z.enum(RIGHTS))
/** One right alone, or several in one line, are a list too. */
const rights = z
  .preprocess((one) => (typeof one === 'string' ? one.split(',').map((part) => part.trim()) : one), z.array(right))
  .transform((list) => RIGHTS.filter((right) => list.includes(right)))

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
  removeAliases: z.array(address).optional(),
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
  const { data, lineOf } = readYaml(file, source, fileName)
  const { delegates, delegatesFrom, delegateDefaults, ...rest } = data
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
