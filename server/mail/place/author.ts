import { and, inArray, isNull } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { members } from '../../../db/schema.ts'
import type { ParsedMail } from '../read/parse.ts'

const PROGRAMS: [RegExp, string][] = [
  [/outlook|exchange/i, 'Outlook'],
  [/thunderbird/i, 'Thunderbird'],
  [/apple mail|iphone mail|ipad mail/i, 'Apple Mail'],
  [/gmail|google/i, 'Gmail'],
]
const MAX_CLIENT = 60

/**
 * Who of us wrote a mail that was sent with another program: Sender names the person behind a shared mailbox (RFC 5322,
 * section 3.6.2), else From does where people send under their own address.
 */
export async function authorIdOf(read: Reader, { sender, from }: Pick<ParsedMail, 'sender' | 'from'>) {
  const addresses = [sender?.address, from.address].filter((address): address is string => Boolean(address))
  if (addresses.length === 0) return null
  const found = await read
    .select({ id: members.id, email: members.email })
    .from(members)
    .where(and(inArray(members.email, addresses), isNull(members.disabledAt)))
  const [first] = addresses.flatMap((address) => found.filter(({ email }) => email === address))
  return first?.id ?? null
}

/** The program that a mail was written with, by the name that people know; empty where it names none. */
export function clientName(client: string): string {
  const known = PROGRAMS.find(([pattern]) => pattern.test(client))
  return known ? known[1] : client.replace(/[\s/(;].*$/, '').slice(0, MAX_CLIENT)
}
