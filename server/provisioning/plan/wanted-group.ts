import { z } from 'zod'
import { readUserList } from './user-list.ts'
import { address, type LineOf, name, readYaml } from './yaml-file.ts'

const file = z.strictObject({
  version: z.literal(1).optional(),
  group: z.strictObject({
    identity: address,
    name: name.pipe(z.string().max(64)).optional(),
    displayName: name.pipe(z.string().max(256)).optional(),
    /** Whether people outside may write to it: without that no customer can. */
    outsideSenders: z.boolean().default(true),
  }),
  members: z.array(name).nullish(),
  membersFrom: z.preprocess((one) => (typeof one === 'string' ? [one] : one), z.array(name).nullish()),
  exclusive: z.boolean().default(false),
})

/** A group whose mail goes to each of its members: the second of the five ways to share an address. */
export type WantedGroup = Pick<z.output<typeof file>, 'group' | 'exclusive'> & {
  members: { user: string; at: string }[]
}

/**
 * Reads what is wanted of a distribution group; see docs/exchange.md.
 * @throws BadInput that names each line it can't read
 */
export async function readWantedGroup(
  source: string,
  fileName: string,
  readList: (name: string) => Promise<string>,
): Promise<WantedGroup> {
  const read: { data: z.output<typeof file>; lineOf: LineOf } = readYaml(file, source, fileName)
  const { members, membersFrom, group, exclusive } = read.data
  const named = (members ?? []).map((user, i) => ({ user, at: read.lineOf(['members', i]) }))
  for (const list of membersFrom ?? []) named.push(...readUserList(await readList(list), list))
  return { group, exclusive, members: named }
}
