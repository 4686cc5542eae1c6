import { and, eq, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type ApiToken, apiTokens, type Member, members } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { hashToken, newToken } from './token.ts'

/** Marks our tokens, so that scanners for leaked secrets can find them. */
const PREFIX = 'df_'
/** `lastUsedAt` is written no more often than this. */
const USED_MS = 10 * 60_000
const MAX_TOKENS = 50

/** What is chosen for a token; `expiresAt` null: it does not expire. */
export type NewApiToken = { name: string; readOnly: boolean; expiresAt: number | null }

/** The text of a new token. It is shown once; only its hash is kept. */
export const newApiTokenText = () => newToken(PREFIX)

/** Gives the member a token with the text that `newApiTokenText` made before the transaction. */
export async function createApiToken(
  tx: Tx,
  member: Pick<Member, 'id'>,
  { name, readOnly, expiresAt }: NewApiToken,
  text: string,
  now: number,
): Promise<ApiToken> {
  if (expiresAt !== null && expiresAt <= now) throw new Refused('expiresAt must be in the future.')
  if ((await listApiTokens(tx, member)).length >= MAX_TOKENS) {
    throw new Refused(`A member has at most ${MAX_TOKENS} tokens. Delete one that is no longer used.`)
  }
  const row = {
    id: uuidv7(),
    memberId: member.id,
    name,
    readOnly,
    expiresAt,
    tokenHash: hashToken(text),
    createdAt: now,
  }
  const [token] = await tx.insert(apiTokens).values(row).returning()
  return token!
}

const byHash = prepared((read) =>
  read
    .select({ token: apiTokens, member: members })
    .from(apiTokens)
    .innerJoin(members, eq(members.id, apiTokens.memberId))
    .where(eq(apiTokens.tokenHash, sql.placeholder('hash')))
    .prepare(UNNAMED),
)

/** Who holds this token; none where it is unknown, expired, or its member is disabled. */
export async function findApiToken(
  db: Db,
  text: string,
  now: number,
): Promise<{ member: Member; token: ApiToken } | undefined> {
  const [row] = await byHash(db.read).execute({ hash: hashToken(text) })
  if (!row) return undefined
  const { token, member } = row
  if (member.disabledAt !== null || (token.expiresAt !== null && token.expiresAt <= now)) return undefined
  if ((token.lastUsedAt ?? 0) <= now - USED_MS) {
    await db.write((tx) => tx.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, token.id)))
  }
  return row
}

/** The member's tokens, in the order they were made. */
export async function listApiTokens(read: Reader, member: Pick<Member, 'id'>): Promise<ApiToken[]> {
  return await read.select().from(apiTokens).where(eq(apiTokens.memberId, member.id)).orderBy(apiTokens.id)
}

/** Takes a token back: whoever holds it is out at once. */
export async function deleteApiToken(tx: Tx, member: Pick<Member, 'id'>, tokenId: string): Promise<void> {
  const deleted = await tx
    .delete(apiTokens)
    .where(and(eq(apiTokens.id, tokenId), eq(apiTokens.memberId, member.id)))
    .returning({ id: apiTokens.id })
  if (deleted.length === 0) throw new NotFound('There is no such token.')
}

/** Takes all tokens of the member back. */
export async function deleteApiTokens(tx: Tx, member: Pick<Member, 'id'>): Promise<void> {
  await tx.delete(apiTokens).where(eq(apiTokens.memberId, member.id))
}
