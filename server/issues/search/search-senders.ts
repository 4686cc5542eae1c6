import { desc, eq, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { type Address, messages, searchDocs } from '../../../db/schema.ts'
import { EVERYTHING, type Match, matches, searchIndex } from '../../../db/search-index.ts'
import type { Searcher } from './search-messages.ts'
import { mailboxWord } from './search-plan.ts'

/** So many of the newest mails are looked through: who wrote lately is meant. */
const LOOKED_AT = 300

/** Who wrote to us lately, the newest first; their name or address begins with the last word, and has those before. */
export async function newestSenders(
  read: Reader,
  { visible }: Searcher,
  typed: string[],
  most: number,
): Promise<Address[]> {
  if (visible.length === 0) return []
  const all: Match[] = typed.map((word, i) => ({
    phrase: [word],
    prefix: i === typed.length - 1 && word.length > 1,
    field: 'sender',
  }))
  if (all.length === 0) all.push({ phrase: [EVERYTHING] })
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
      direction: messages.direction,
      name: messages.fromName,
      address: messages.fromAddress,
    })
    .from(found)
    .innerJoin(searchDocs, eq(searchDocs.n, found.n))
    .innerJoin(messages, eq(messages.id, searchDocs.messageId))
  // Here and not in the question, or an engine may begin with all mails of a mailbox.
  const seen = rows.filter(
    ({ mailboxId, direction }) => direction === 'in' && (visible === 'all' || visible.includes(mailboxId)),
  )
  const senders = new Map<string, Address>()
  for (const { name, address } of seen.sort((a, b) => b.n - a.n))
    if (address && !senders.has(address)) senders.set(address, { name, address })
  return [...senders.values()].slice(0, most)
}
