import { uuidv7 } from '../../db/ids.ts'
import type { Tx } from '../../db/index.ts'
import { type Issue, type Member, type Note, notes } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { change } from './issue.ts'

export const MAX_NOTE_CHARACTERS = 50_000

/** Adds a note that only the team sees. */
export async function addNote(tx: Tx, issue: Issue, text: string, by: Member, now: number): Promise<Note> {
  if (!text.trim()) throw new Invalid([{ field: 'text', message: 'text must not be empty. Write something first.' }])
  const note: Note = { id: uuidv7(), issueId: issue.id, memberId: by.id, text, at: now }
  await tx.insert(notes).values(note)
  await change(tx, issue, {}, { action: 'noted', memberId: by.id, detail: { noteId: note.id } }, now)
  return note
}
