import { desc, eq, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { type Address, mailboxes, messages, searchDocs } from '../../../db/schema.ts'
import { type Match, matches, searchIndex } from '../../../db/search-index.ts'
import type { Searcher } from './search-messages.ts'
import { mailboxWord } from './search-plan.ts'
import { words } from './words.ts'

/** So many of the newest mails are looked through: with whom one wrote lately is meant. */
const LOOKED_AT = 300
const FIELDS = ['sender', 'recipients'] as const

/**
 * People who wrote to us or were written to, in mail that the searcher may see: their name or address has all the words
 * that were typed, the last one perhaps only begun. With whom there was most mail lately come first; our own mailboxes
 * are left out. One range of the search index, however much mail there is.
 */
export async function peopleLike(
  read: Reader,
  { visible }: Pick<Searcher, 'visible'>,
  typed: string,
  most: number,
): Promise<Address[]> {
  const asked = words(typed)
  if (visible.length === 0 || asked.length === 0) return []
  const all: Match[] = asked.map((word, i) => ({
    any: FIELDS.map((field) => ({ phrase: [word], prefix: i === asked.length - 1, field })),
  }))
  if (visible !== 'all') all.push({ any: visible.map((id) => ({ phrase: [mailboxWord(id)] })) })
  const found = read
    .select({ n: sql<number>`${searchIndex.n}`.as('found_n') })
    .from(searchIndex)
    .where(matches({ all }))
    .orderBy(desc(searchIndex.n))
    .limit(LOOKED_AT)
    .as('found')
  const rows = await read
    .select({
      n: found.n,
      mailboxId: messages.mailboxId,
      name: messages.fromName,
      address: messages.fromAddress,
      to: messages.to,
      cc: messages.cc,
    })
    .from(found)
    .innerJoin(searchDocs, eq(searchDocs.n, found.n))
    .innerJoin(messages, eq(messages.id, searchDocs.messageId))
  const ours = await read.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes)
  const own = new Set(ours.flatMap(({ address, aliases }) => [address, ...aliases]))
  const people = new Map<string, Address & { times: number }>()
  // Here and not in the question, or an engine may begin with all mails of a mailbox.
  const seen = rows.filter(({ mailboxId }) => visible === 'all' || visible.includes(mailboxId))
  for (const { name, address, to, cc } of seen.sort((a, b) => b.n - a.n))
    for (const person of [{ name, address }, ...to, ...cc]) {
      if (!person.address || own.has(person.address) || !isMeant(person, asked)) continue
      const known = people.get(person.address) ?? { ...person, times: 0 }
      people.set(person.address, { ...known, name: known.name || person.name, times: known.times + 1 })
    }
  return [...people.values()]
    .sort((a, b) => b.times - a.times)
    .slice(0, most)
    .map(({ name, address }) => ({ name, address }))
}

/** Among all who are on a mail, those whom the words name. */
function isMeant({ name, address }: Address, asked: string[]): boolean {
  const has = words(`${name} ${address}`)
  return asked.every((word, i) => has.some((one) => (i === asked.length - 1 ? one.startsWith(word) : one === word)))
}
