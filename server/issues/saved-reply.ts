import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Member,
  type SavedReply,
  type SavedReplyFile,
  savedReplies,
  savedReplyFiles,
  teamMembers,
} from '../../db/schema.ts'
import { Forbidden, Invalid, NotFound } from '../errors.ts'
import { unknownIn, VARIABLES } from './variables.ts'

/** Who asks, and whether they write what everybody uses. */
export type Editor = Pick<Member, 'id'> & { managesAll: boolean }

export const MAX_SAVED_REPLY_CHARACTERS = 50_000
const MAX_LISTED = 1_000

/** A saved reply as somebody writes it down. With a team it is theirs, `own` only the writer's, with neither for all. */
export type SavedReplyInput = Pick<SavedReply, 'id' | 'name' | 'language' | 'html' | 'text'> & {
  own: boolean
  teamId: string | null
  /** All of its files, in order: those it keeps by their ids, and new ones. */
  files: SavedReplyFile[]
}

export type ListedReply = SavedReply & { files: Pick<SavedReplyFile, 'id' | 'filename' | 'contentType' | 'size'>[] }

/** The saved replies that a member may insert: their own, those of their teams, and those for all; most used first. */
export async function listSavedReplies(read: Reader, by: Editor): Promise<ListedReply[]> {
  const teamIds = await teamsOf(read, by)
  const rows = await read
    .select()
    .from(savedReplies)
    .where(visibleTo(by, teamIds))
    .orderBy(sql`${savedReplies.uses} desc`, asc(savedReplies.name), asc(savedReplies.id))
    .limit(MAX_LISTED)
  const ids = rows.map(({ id }) => id)
  const files = ids.length > 0 ? await filesOf(read, ids) : []
  return rows.map((row) => ({
    ...row,
    files: files
      .filter(({ savedReplyId }) => savedReplyId === row.id)
      .map(({ id, filename, contentType, size }) => ({ id, filename, contentType, size })),
  }))
}

/** The saved reply, or NotFound, in the same words where it is somebody else's. */
export async function findSavedReply(
  read: Reader,
  id: string,
  by: Editor,
): Promise<{ reply: SavedReply; files: SavedReplyFile[] }> {
  const visible = visibleTo(by, await teamsOf(read, by))
  const [reply] = await read
    .select()
    .from(savedReplies)
    .where(and(eq(savedReplies.id, id), visible))
  if (!reply) throw new NotFound('There is no such saved reply.')
  return { reply, files: await filesOf(read, [id]) }
}

/**
 * Writes a saved reply down, or changes it: the same again changes nothing more.
 * @returns the blobs of files that it has no more, to be deleted
 */
export async function writeSavedReply(tx: Tx, input: SavedReplyInput, by: Editor, now: number): Promise<string[]> {
  const { id, own, files, ...said } = input
  const unknown = unknownIn(`${said.text} ${said.name}`)
  if (unknown.length > 0) {
    const message = `{{${unknown[0]}}} is no variable. There are ${Object.keys(VARIABLES).join(', ')}.`
    throw new Invalid([{ field: 'html', message }])
  }
  const [known] = await tx.select().from(savedReplies).where(eq(savedReplies.id, id))
  const owner = { memberId: own ? by.id : null, teamId: own ? null : said.teamId }
  if (known) await checkMayChange(tx, known, by)
  await checkMayChange(tx, owner, by)
  const row = { ...said, ...owner, changedById: by.id, changedAt: now }
  await tx
    .insert(savedReplies)
    .values({ id, ...row, createdAt: now })
    .onConflictDoUpdate({ target: savedReplies.id, set: row })
  const before = known ? await filesOf(tx, [id]) : []
  const kept = new Set(files.map((file) => file.id))
  await tx.delete(savedReplyFiles).where(eq(savedReplyFiles.savedReplyId, id))
  if (files.length > 0)
    await tx.insert(savedReplyFiles).values(files.map((file, position) => ({ ...file, savedReplyId: id, position })))
  return before.filter((file) => !kept.has(file.id)).map(({ blobHash }) => blobHash)
}

/** @returns the blobs of its files, to be deleted */
export async function deleteSavedReply(tx: Tx, id: string, by: Editor): Promise<string[]> {
  const { reply, files } = await findSavedReply(tx, id, by)
  await checkMayChange(tx, reply, by)
  await tx.delete(savedReplies).where(eq(savedReplies.id, id))
  return files.map(({ blobHash }) => blobHash)
}

/** Counts that somebody inserted it: what is used often stands first. */
export async function countUse(tx: Tx, id: string, now: number): Promise<void> {
  await tx
    .update(savedReplies)
    .set({ uses: sql`${savedReplies.uses} + 1`, usedAt: now })
    .where(eq(savedReplies.id, id))
}

/** One's own is one's own, a team's is its members', and what all use is for admins and managers to write. */
async function checkMayChange(read: Reader, of: Pick<SavedReply, 'memberId' | 'teamId'>, by: Editor): Promise<void> {
  if (of.memberId !== null) {
    if (of.memberId !== by.id) throw new NotFound('There is no such saved reply.')
    return
  }
  if (by.managesAll) return
  if (of.teamId === null)
    throw new Forbidden('Admins and managers write what everybody uses. Keep it for yourself or your team.')
  if (!(await teamsOf(read, by)).includes(of.teamId))
    throw new Forbidden('Only the members of a team change its saved replies.')
}

function visibleTo(by: Editor, teamIds: string[]) {
  return or(
    eq(savedReplies.memberId, by.id),
    teamIds.length > 0 ? inArray(savedReplies.teamId, teamIds) : undefined,
    and(isNull(savedReplies.memberId), isNull(savedReplies.teamId)),
    // Who manages them all sees those of every team.
    by.managesAll ? isNull(savedReplies.memberId) : undefined,
  )
}

async function teamsOf(read: Reader, by: Editor): Promise<string[]> {
  const rows = await read
    .select({ teamId: teamMembers.teamId })
    .from(teamMembers)
    .where(eq(teamMembers.memberId, by.id))
  return rows.map(({ teamId }) => teamId)
}

async function filesOf(read: Reader, ids: string[]): Promise<SavedReplyFile[]> {
  return await read
    .select()
    .from(savedReplyFiles)
    .where(inArray(savedReplyFiles.savedReplyId, ids))
    .orderBy(asc(savedReplyFiles.position))
}
