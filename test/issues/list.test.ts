import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { issues } from '../../db/schema.ts'
import { ORDERS, STATUSES, VIEWS } from '../../db/vocabulary.ts'
import { countIssues } from '../../server/issues/count.ts'
import { type ListQuery, listIssues } from '../../server/issues/list.ts'
import { openWorld, type World } from '../world.ts'

async function many({ db, proposals, closed, ben, desk }: World, n: number) {
  const rows = Array.from({ length: n }, (_, i) => ({
    id: uuidv7(),
    mailboxId: i % 3 === 0 ? closed.id : proposals.id,
    number: i + 1,
    subject: `Matter ${i}`,
    status: STATUSES[i % 5]!,
    assigneeId: i % 7 === 0 ? ben.id : null,
    teamId: i % 7 === 1 ? desk.id : null,
    contactName: 'Dana',
    contactAddress: 'dana@tacoma.example',
    lastDirection: 'in' as const,
    // Several with the same time: the id decides.
    lastMessageAt: 1_000 + Math.floor(i / 4) * 10,
    listedAt: 1_000 + Math.floor(i / 4) * 10,
    waitingSince: ['new', 'open'].includes(STATUSES[i % 5]!) ? 1_000 + ((i * 7) % 50) * 10 : null,
    snoozedUntil: STATUSES[i % 5] === 'snoozed' ? 9_000 - i : null,
    createdAt: 1,
    updatedAt: 1,
  }))
  await db.write(async (tx) => {
    await tx.insert(issues).values(rows)
  })
  return rows
}

async function allPages(world: World, memberId: string, mailboxIds: string[] | 'all', query: ListQuery) {
  const found = []
  for (let cursor: string | undefined; ; ) {
    const page = await listIssues(world.db.read, memberId, mailboxIds, { ...query, cursor, limit: 7 })
    found.push(...page.issues)
    if (!page.next) return found
    cursor = page.next
  }
}

test('pages follow each other without a gap or a double, in groups, newest first', async () => {
  const world = await openWorld()
  const rows = await many(world, 120)
  const found = await allPages(world, world.ben.id, 'all', { view: 'inbox' })
  const expected = ['new', 'open'].flatMap((status) =>
    rows
      .filter((row) => row.status === status)
      .sort((a, b) => b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id),
  )
  expect(found.map(({ id }) => id)).toEqual(expected)
})

test('who sees only some mailboxes gets theirs, in the same order', async () => {
  const world = await openWorld()
  const rows = await many(world, 120)
  const ids = [world.proposals.id]
  const found = await allPages(world, world.ben.id, ids, { view: 'inbox' })
  expect(found.every(({ mailboxId }) => mailboxId === world.proposals.id)).toBe(true)
  const both = await allPages(world, world.ben.id, [world.proposals.id, world.closed.id], { view: 'inbox' })
  const all = await allPages(world, world.ben.id, 'all', { view: 'inbox' })
  expect(both).toEqual(all)
  expect(found).toHaveLength(
    rows.filter(({ mailboxId, status }) => mailboxId === ids[0] && ['new', 'open'].includes(status)).length,
  )
})

test('my list has what is assigned to me, my team’s list what is assigned to it', async () => {
  const world = await openWorld()
  await many(world, 60)
  const mine = await allPages(world, world.ben.id, 'all', { view: 'mine' })
  expect(mine.length).toBeGreaterThan(0)
  expect(mine.every(({ assigneeId }) => assigneeId === world.ben.id)).toBe(true)
  const team = await allPages(world, world.ben.id, 'all', { view: 'team', teamId: world.desk.id })
  expect(team.length).toBeGreaterThan(0)
  expect(team.every(({ teamId }) => teamId === world.desk.id)).toBe(true)
})

test('a cursor that no page gave is refused by name', async () => {
  const world = await openWorld()
  await expect(
    listIssues(world.db.read, world.ben.id, 'all', { view: 'inbox', cursor: 'nonsense' }),
  ).rejects.toMatchObject({ fields: [{ field: 'cursor' }] })
})

test('the oldest order shows what is longest ours to move first, group by group', async () => {
  const world = await openWorld()
  const rows = await many(world, 120)
  const found = await allPages(world, world.ben.id, 'all', { view: 'inbox', order: 'oldest' })
  const expected = ['new', 'open'].flatMap((status) =>
    rows
      .filter((row) => row.status === status)
      .sort((a, b) => a.waitingSince! - b.waitingSince! || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id),
  )
  expect(found.map(({ id }) => id)).toEqual(expected)
})

test('what is snoozed is listed by when it comes back, whoever looks', async () => {
  const world = await openWorld()
  const rows = await many(world, 60)
  const expected = rows
    .filter(({ status }) => status === 'snoozed')
    .sort((a, b) => a.snoozedUntil! - b.snoozedUntil!)
    .map(({ id }) => id)
  for (const visible of ['all', [world.proposals.id, world.closed.id]] as const) {
    const found = await allPages(world, world.ben.id, visible === 'all' ? 'all' : [...visible], { view: 'snoozed' })
    expect(found.map(({ id }) => id)).toEqual(expected)
  }
})

test.each(VIEWS.flatMap((view) => ORDERS.map((order) => ({ view, order }))))(
  'the view $view, $order first, reads an index, in its order, whoever looks',
  async ({ view, order }) => {
    const world = await openWorld()
    await many(world, 40)
    for (const visible of ['all', [world.proposals.id]] as const) {
      world.queries.length = 0
      await listIssues(world.db.read, world.ben.id, visible === 'all' ? 'all' : [...visible], {
        view,
        order,
        teamId: world.desk.id,
      })
      const asked = world.queries.filter(({ statement }) => statement.includes('from "issues"'))
      expect(asked.length).toBeGreaterThan(0)
      for (const { statement, parameters } of asked) {
        const plan = await world.db.explain(statement, parameters)
        expect(plan).toMatch(
          /USING INDEX issues_|Index (Only )?Scan (Backward )?using issues_|Bitmap Index Scan on issues_/,
        )
        expect(plan).not.toMatch(/USE TEMP B-TREE|SCAN issues\b(?! USING)|Seq Scan on issues/)
      }
    }
  },
)

test('the counts read no issue at all', async () => {
  const world = await openWorld()
  await countIssues(world.db.read, world.ben.id, 'all', 1)
  expect(world.queries.some(({ statement }) => statement.includes('"issues"'))).toBe(false)
})
