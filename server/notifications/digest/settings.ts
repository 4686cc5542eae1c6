import { inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../../db/index.ts'
import { type DigestSettings, digestSettings, type Member } from '../../../db/schema.ts'

/** Whether, when and in which language a member gets the digest. */
export type DigestChoice = Pick<DigestSettings, 'active' | 'weekday' | 'minute' | 'language'>

/** Monday at eight, until a member says otherwise. */
const AT_FIRST: DigestChoice = { active: true, weekday: 0, minute: 8 * 60, language: 'en' }

export async function digestChoices(read: Reader, memberIds: string[]): Promise<Map<string, DigestChoice>> {
  const rows =
    memberIds.length === 0
      ? []
      : await read.select().from(digestSettings).where(inArray(digestSettings.memberId, memberIds))
  const own = new Map(
    rows.map(({ memberId, active, weekday, minute, language }) => [memberId, { active, weekday, minute, language }]),
  )
  return new Map(memberIds.map((id) => [id, own.get(id) ?? AT_FIRST]))
}

export async function chooseDigest(tx: Tx, { id }: Pick<Member, 'id'>, to: DigestChoice, now: number): Promise<void> {
  const row = { ...to, changedAt: now }
  await tx
    .insert(digestSettings)
    .values({ memberId: id, ...row })
    .onConflictDoUpdate({ target: digestSettings.memberId, set: row })
}
