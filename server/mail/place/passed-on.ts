import { and, eq, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Reader, Tx } from '../../../db/index.ts'
import { type Issue, type Member, members } from '../../../db/schema.ts'
import type { Direction } from '../../../db/vocabulary.ts'
import { addNote, MAX_NOTE_CHARACTERS } from '../../issues/note.ts'
import type { ParsedMail } from '../read/parse.ts'

/** One of us passed a customer's mail on to a mailbox. */
export type PassedOn = { forwarded: NonNullable<ParsedMail['forwarded']>; by: Member }

/**
 * Whether a mail is a customer's that one of us passed on, and who that was. From anybody else a forwarded mail is what
 * they wrote, about which the one in it may know nothing.
 */
export async function passedOnByUs(tx: Tx, direction: Direction, mail: ParsedMail): Promise<PassedOn | null> {
  const { forwarded } = mail
  if (!forwarded?.from.address || direction === 'out') return null
  const by = await writtenByOneOfUs(tx, mail)
  return by ? { forwarded, by } : null
}

/** Who of us wrote a mail that came in, as far as that can be believed. */
export async function writtenByOneOfUs(read: Reader, { from, writer, vouched }: ParsedMail): Promise<Member | null> {
  // Anybody can write a name of ours above a mail. What our server has looked into and not confirmed is a stranger's.
  if (writer !== 'person' || vouched === false) return null
  const [by] = await read
    .select()
    .from(members)
    .where(and(eq(members.email, from.address), isNull(members.disabledAt)))
  return by ?? null
}

/** What stood above the mail that was passed on was meant for us: it becomes a note by who passed it on. */
export async function noteWords(tx: Tx, issue: Issue, words: string, by: Member, now: number, id = uuidv7()) {
  const text = words.trim().slice(0, MAX_NOTE_CHARACTERS)
  if (text) await addNote(tx, issue, { id, text }, by, now)
}
