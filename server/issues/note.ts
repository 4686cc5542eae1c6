import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Issue, type Member, type Note, notes } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { change } from './issue.ts'
import { mention } from './mentions.ts'

export const MAX_NOTE_CHARACTERS = 50_000

/**
 * Adds a note that only the team sees. Who is named in it with an @ follows the issue from then on.
 * @param said its id is chosen by who sends the request, so that sending it again adds nothing
 */
export async function addNote(
  tx: Tx,
  issue: Issue,
  { id, text }: { id: string; text: string },
  by: Member,
  now: number,
): Promise<Note> {
  const [known] = await tx.select().from(notes).where(eq(notes.id, id))
  if (known?.issueId === issue.id) return known
  if (known) throw new Invalid([{ field: 'id', message: 'id must be a new one.' }])
  if (!text.trim()) throw new Invalid([{ field: 'text', message: 'text must not be empty. Write something first.' }])
  const note: Note = { id, issueId: issue.id, memberId: by.id, text, at: now }
  await tx.insert(notes).values(note)
  const named = await mention(tx, issue, note, by, now)
  await change(tx, issue, {}, { action: 'noted', memberId: by.id, detail: { noteId: note.id, ...named } }, now)
  return note
}
