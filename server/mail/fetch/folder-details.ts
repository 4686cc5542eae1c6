import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { deliveries, folders } from '../../../db/schema.ts'
import { timeLeft } from './pace.ts'

/** The folders of a mailbox: what each has on the server and here, and how far its old mail has come. */
export async function folderDetails(read: Reader, mailboxId: string) {
  const isHere = or(
    eq(folders.role, 'import'),
    and(eq(deliveries.uidValidity, folders.uidValidity), isNull(deliveries.goneAt)),
  )
  const rows = await read.select().from(folders).where(eq(folders.mailboxId, mailboxId)).orderBy(asc(folders.path))
  const counted = await read
    .select({ folderId: deliveries.folderId, n: sql<number>`count(*)`.mapWith(Number) })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(deliveries.mailboxId, mailboxId), isHere))
    .groupBy(deliveries.folderId)
  return rows.map((folder) => {
    const { path, role, serverCount, lookedAt, checkedAt, foundMissing, foundGone, leftAlone, missingAt } = folder
    const { toCome, toComeAtFirst, comePerMinute } = folder
    const stored = counted.find(({ folderId }) => folderId === folder.id)?.n ?? 0
    return {
      path,
      role,
      serverCount,
      lookedAt,
      stored,
      /** Older than is wanted. */
      leftAlone,
      missingAt,
      checked: checkedAt === null ? null : { at: checkedAt, missing: foundMissing, gone: foundGone },
      coming:
        toCome && role !== 'import'
          ? {
              done: Math.max(0, toComeAtFirst - toCome),
              total: Math.max(toComeAtFirst, toCome),
              perMinute: comePerMinute,
              msLeft: timeLeft(toCome, comePerMinute),
            }
          : null,
    }
  })
}

/** The progress over all folders together; none where no old mail is to come. */
export function progressOf(details: Awaited<ReturnType<typeof folderDetails>>) {
  const coming = details.flatMap((folder) => folder.coming ?? [])
  if (coming.length === 0) return null
  const done = coming.reduce((sum, each) => sum + each.done, 0)
  const total = coming.reduce((sum, each) => sum + each.total, 0)
  const perMinute = Math.max(...coming.map((each) => each.perMinute ?? 0)) || null
  return { done, total, perMinute, msLeft: timeLeft(total - done, perMinute) }
}
