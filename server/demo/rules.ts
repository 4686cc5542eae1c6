import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import { type Member, tags } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import { makeRule, newSecret } from '../rules/rule.ts'

/** What Northwind lets happen by itself: one rule that is on, and one that somebody still thinks about. */
export async function addRules(
  { db, secrets }: { db: Db; secrets: Secrets },
  [jane, omar]: Member[],
  now: number,
): Promise<void> {
  const [tender] = await db.read.select().from(tags).where(eq(tags.folded, 'tender'))
  if (!jane || !omar || !tender) return
  const [first, second] = [secrets.encrypt(newSecret()), secrets.encrypt(newSecret())]
  const [tenders, newsletters] = [uuidv7(), uuidv7()]
  const common = { trigger: 'mail', stops: false } as const
  await db.write(async (tx) => {
    await makeRule(
      tx,
      tenders,
      {
        ...common,
        name: 'Tenders go to Omar',
        active: true,
        match: 'any',
        conditions: [
          { field: 'subject', test: 'word', value: 'tender' },
          { field: 'subject', test: 'word', value: 'RFP' },
        ],
        acts: [
          { do: 'tag', tagId: tender.id },
          { do: 'assign', memberId: omar.id, teamId: null },
        ],
      },
      first,
      jane,
      now,
    )
    await makeRule(
      tx,
      newsletters,
      {
        ...common,
        name: 'Newsletters are done',
        active: false,
        match: 'all',
        conditions: [{ field: 'writer', test: 'is', value: 'list' }],
        acts: [{ do: 'status', status: 'done' }],
      },
      second,
      jane,
      now,
    )
  })
}
