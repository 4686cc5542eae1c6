import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, followers, issues, issueTags, mentions, tags } from '../../db/schema.ts'
import { audience, audienceOf } from '../../server/issues/audience.ts'
import { follow } from '../../server/issues/follow.ts'
import { assign, findIssue, setStatus } from '../../server/issues/issue.ts'
import { mentionsIn } from '../../server/issues/mentions.ts'
import { addNote } from '../../server/issues/note.ts'
import { changeTags } from '../../server/issues/tags.ts'
import { openIndexing } from '../../server/mail/place/indexer.ts'
import { openWorld, type World } from '../world.ts'
import { arrive, issuesOf } from './story.ts'

async function withIssues(n = 1) {
  const world = await openWorld()
  for (let i = 0; i < n; i++) await arrive(world, world.proposals, { id: `${i}@t`, subject: `Matter ${i}` })
  return { world, all: await issuesOf(world, world.proposals), now: world.now() }
}

const named = async ({ db }: World, name: string) =>
  (await db.read.select().from(tags).where(eq(tags.folded, name)))[0]!

async function search(
  world: World,
  q: string,
  more = '',
): Promise<Record<string, unknown> & { issues: { id: string }[] }> {
  const answer = await world.as(world.ada)(`/api/search?q=${encodeURIComponent(q)}${more}`)
  // The cast: the shape is asserted by who asks.
  return (await answer.json()) as Record<string, unknown> & { issues: { id: string }[] }
}

describe('tags', () => {
  test('a tag is made where it is put on an issue, once whatever its letters, and the event says so', async () => {
    const { world, all } = await withIssues(2)
    const as = world.as(world.ben)
    const put = (id: string, json: unknown) => as(`/api/issues/${id}/tags`, { method: 'PATCH', json })
    const first = (await (await put(all[0]!.id, { add: ['Telematics', ' telematics '] })).json()) as {
      tagIds: string[]
    }
    const second = (await (await put(all[1]!.id, { add: ['TELEMATICS'] })).json()) as { tagIds: string[] }
    expect(first.tagIds).toHaveLength(1)
    expect(second.tagIds).toEqual(first.tagIds)
    expect(await (await as('/api/tags')).json()).toMatchObject([{ id: first.tagIds[0], name: 'Telematics' }])
    const removed = (await (await put(all[0]!.id, { remove: ['telematics'] })).json()) as { tagIds: string[] }
    expect(removed.tagIds).toEqual([])
    const told = await world.db.read.select().from(events).where(eq(events.action, 'tagged')).orderBy(asc(events.id))
    expect(told.map(({ issueId, detail }) => [issueId, detail])).toEqual([
      [all[0]!.id, { added: [{ id: first.tagIds[0], name: 'Telematics' }], removed: [] }],
      [all[1]!.id, { added: [{ id: first.tagIds[0], name: 'Telematics' }], removed: [] }],
      [all[0]!.id, { added: [], removed: [{ id: first.tagIds[0], name: 'Telematics' }] }],
    ])
  })

  test('managers rename and merge tags, others do not, and the lists follow', async () => {
    const { world, all, now } = await withIssues(3)
    const { db, ben, mo } = world
    for (const [i, add] of [['Fleet'], ['Fleet', 'Vehicles'], ['Vehicles']].entries())
      await db.write(async (tx) => changeTags(tx, await findIssue(tx, all[i]!.id), { add, remove: [] }, ben, now))
    const fleet = await named(world, 'fleet')
    const vehicles = await named(world, 'vehicles')
    const merge = { method: 'POST', json: { intoId: fleet.id } }
    expect((await world.as(ben)(`/api/tags/${vehicles.id}/merge`, merge)).status).toBe(403)
    expect((await world.as(mo)(`/api/tags/${vehicles.id}/merge`, merge)).status).toBe(200)
    expect((await issuesOf(world, world.proposals)).map(({ tagIds }) => tagIds)).toEqual([
      [fleet.id],
      [fleet.id],
      [fleet.id],
    ])
    expect(await db.read.$count(issueTags)).toBe(3)
    const renamed = await world.as(mo)(`/api/tags/${fleet.id}`, {
      method: 'PATCH',
      json: { name: 'Rolling stock', colour: 'teal' },
    })
    expect(await renamed.json()).toMatchObject({ name: 'Rolling stock', colour: 'teal' })
    expect((await search(world, 'tag:"rolling stock"')).issues).toHaveLength(3)
    expect((await world.as(mo)(`/api/tags/${fleet.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await issuesOf(world, world.proposals)).map(({ tagIds }) => tagIds)).toEqual([[], [], []])
  })

  test('a list of a tag is a range of its index, whatever becomes of the issues', async () => {
    const { world, all, now } = await withIssues(3)
    const { db, ben } = world
    for (const { id } of all)
      await db.write(async (tx) => changeTags(tx, await findIssue(tx, id), { add: ['Fleet'], remove: [] }, ben, now))
    await db.write(async (tx) => setStatus(tx, await findIssue(tx, all[0]!.id), 'done', null, ben, now))
    const ids = async (q: string) => (await search(world, q)).issues.map(({ id }) => id).sort()
    expect(await ids('tag:fleet status:done')).toEqual([all[0]!.id])
    expect(await ids('tag:fleet status:new')).toEqual([all[1]!.id, all[2]!.id].sort())
    expect(await ids('-tag:fleet')).toEqual([])
    expect(await ids('is:untagged')).toEqual([])
    const indexing = openIndexing(world.mail)
    while ((await indexing.next()) !== 'nothing');
    await indexing.end()
    expect(await ids('tag:fleet Matter')).toHaveLength(3)
    world.queries.length = 0
    await search(world, 'tag:fleet status:done')
    const [asked] = world.queries.filter(({ statement }) => statement.includes('from "issue_tags"'))
    const plan = await db.explain(asked!.statement, asked!.parameters)
    expect(plan).toMatch(/issue_tags_list/)
    expect(plan).not.toMatch(/TEMP B-TREE|SCAN issue/)
  })

  test('a tag that nobody made is explained', async () => {
    const { world } = await withIssues()
    expect(await search(world, 'tag:nothing')).toMatchObject({
      explained: { problems: [{ message: 'No tag is called "nothing", so this is left out. There are none yet.' }] },
    })
  })
})

describe('who hears of an issue', () => {
  test.each([
    ['its assignee', { assigneeId: 'a', teamMemberIds: [], followers: [] }, { a: 'assignee' }],
    [
      'the members of its team',
      { assigneeId: null, teamMemberIds: ['b', 'c'], followers: [] },
      { b: 'team', c: 'team' },
    ],
    [
      'who follows',
      { assigneeId: 'a', teamMemberIds: [], followers: [{ memberId: 'f', state: 'following' }] },
      { a: 'assignee', f: 'follower' },
    ],
    [
      'not who muted it',
      {
        assigneeId: 'a',
        teamMemberIds: ['b'],
        followers: [
          { memberId: 'a', state: 'muted' },
          { memberId: 'b', state: 'muted' },
        ],
      },
      {},
    ],
  ] as const)('%s', (_, interested, expected) => {
    const { assigneeId, teamMemberIds, followers } = interested
    const found = audienceOf({ assigneeId, teamMemberIds: [...teamMemberIds], followers: [...followers] })
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  test('following and muting is each member’s own, and undone by nothing chosen', async () => {
    const { world, all, now } = await withIssues()
    const { db, ben, ada, vic } = world
    await db.write(async (tx) => assign(tx, await findIssue(tx, all[0]!.id), { member: ben }, ada, now))
    const say = async (who: typeof ben, state: string | null) =>
      await world.as(who)(`/api/issues/${all[0]!.id}/following`, { method: 'PUT', json: { state } })
    expect((await say(vic, 'following')).status).toBe(200)
    await say(ben, 'muted')
    expect(Object.fromEntries(await audience(db.read, all[0]!.id))).toEqual({ [vic.id]: 'follower' })
    await say(ben, null)
    expect(Object.fromEntries(await audience(db.read, all[0]!.id))).toEqual({
      [ben.id]: 'assignee',
      [vic.id]: 'follower',
    })
    const following = await world.as(vic)('/api/search?q=is:following')
    expect(await following.json()).toMatchObject({ issues: [{ id: all[0]!.id }] })
  })
})

const people = {
  members: [
    { id: 'jane', name: 'Jane Doe' },
    { id: 'omar', name: 'Omar Kaya' },
    { id: 'omar2', name: 'Omar Nasser' },
    { id: 'joerg', name: 'Jörg Weiß' },
  ],
  teams: [{ id: 'desk', name: 'Bid desk' }],
}
test.each([
  ['@Jane the 72 hours is fine', ['jane']],
  ['Ask @jane doe, or @Omar Kaya', ['jane', 'omar']],
  ['@Omar could be two', []],
  ['(@Jörg Weiß) and @jörg', ['joerg', 'joerg']],
  ['@Bid desk: who has time?', ['desk']],
  ['@Janet and @Bid desks', []],
  ['write to dana@jane.example', []],
  ['@', []],
  ['@@Jane', []],
  ["@Jane's list", ['jane']],
])('%s names %j', (text, expected) => {
  const found = mentionsIn(text, people)
  expect(found.flatMap(({ memberIds, teamId }) => (teamId ? [teamId] : memberIds))).toEqual(expected)
  for (const { at } of found) expect(text[at]).toBe('@')
})

test('who is mentioned follows the issue, teams by each member, and nobody hears of what they do not see', async () => {
  const world = await openWorld()
  const { db, ada, ben, mo, desk } = world
  await arrive(world, world.closed, { id: 'a@t', to: 'desk@northwind.example' })
  const [issue] = await issuesOf(world, world.closed)
  const id = uuidv7()
  const said = { id, text: '@Mo and @Desk: the price sheet is due Friday. @Ada wrote it.' }
  for (let i = 0; i < 2; i++)
    await db.write(async (tx) => addNote(tx, await findIssue(tx, issue!.id), said, ada, world.now()))
  expect(await db.read.select().from(mentions)).toMatchObject([{ noteId: id, memberId: ben.id, teamId: desk.id }])
  expect(await db.read.select().from(followers)).toMatchObject([
    { memberId: ben.id, state: 'following', reason: 'mentioned' },
  ])
  const [told] = await db.read.select().from(events).where(eq(events.action, 'noted'))
  expect(told!.detail).toEqual({ noteId: id, mentioned: [ben.id], teamIds: [desk.id], unseen: [mo.id] })
  const page = (await (await world.as(ada)(`/api/issues/${issue!.id}`)).json()) as { timeline: { note?: unknown }[] }
  expect(page.timeline.find(({ note }) => note)).toMatchObject({
    note: {
      mentions: [
        { at: 0, length: 3 },
        { at: 8, length: 5 },
        { at: 46, length: 4 },
      ],
    },
  })
})

test('who muted an issue stays so when they are mentioned', async () => {
  const { world, all, now } = await withIssues()
  const { db, ben, ada } = world
  await db.write((tx) => follow(tx, all[0]!, ben, 'muted', 'chosen', ben, now))
  await db.write(async (tx) =>
    addNote(tx, await findIssue(tx, all[0]!.id), { id: uuidv7(), text: '@Ben look' }, ada, now),
  )
  expect(await db.read.select().from(followers)).toMatchObject([{ memberId: ben.id, state: 'muted' }])
  expect(await db.read.$count(mentions)).toBe(1)
})

describe('saved views', () => {
  const draft = (more = {}) => ({ id: uuidv7(), name: 'Mine to answer', query: 'assignee:me status:open', ...more })

  test('a view ships that shows what waits for longer than two days, and counts with the hours of work', async () => {
    const { world, all } = await withIssues(2)
    const as = world.as(world.mo)
    const days = Array.from({ length: 7 }, () => [0, 1440])
    await as('/api/hours', { method: 'PUT', json: { zone: 'UTC', days, holidays: [] } })
    const at = (ms: number) =>
      world.db.write((tx) =>
        tx
          .update(issues)
          .set({ waitingSince: world.now() - ms })
          .where(eq(issues.id, all[0]!.id)),
      )
    await world.db.write((tx) => tx.update(issues).set({ waitingSince: world.now() }))
    await at(3 * 86_400_000)
    const [shipped] = (await (await as('/api/views')).json()) as { id: string; name: string }[]
    expect(shipped).toMatchObject({
      name: 'No reply in 2 days',
      query: 'waiting:>2d',
      ownerId: null,
      oldestFirst: true,
    })
    expect(await (await as('/api/views/counts?zone=UTC')).json()).toEqual({ [shipped!.id]: { n: 1, more: false } })
    // With a mailbox whose people never work, nothing waits.
    const never = { zone: 'UTC', days: days.map(() => null), holidays: [] }
    await as(`/api/hours/${world.proposals.id}`, { method: 'PUT', json: { hours: never } })
    expect(await (await as('/api/views/counts')).json()).toEqual({ [shipped!.id]: { n: 0, more: false } })
  })

  test('one’s own views are one’s own, those of everybody are for managers to arrange', async () => {
    const { world } = await withIssues()
    const { ben, mo } = world
    const own = draft()
    for (let i = 0; i < 2; i++)
      expect((await world.as(ben)('/api/views', { method: 'POST', json: own })).status).toBe(201)
    expect((await world.as(ben)('/api/views', { method: 'POST', json: draft({ shared: true }) })).status).toBe(403)
    const shared = draft({ name: 'Fleet', query: 'tag:fleet', shared: true })
    expect((await world.as(mo)('/api/views', { method: 'POST', json: shared })).status).toBe(201)
    const names = async (who: typeof ben) => {
      const found = (await (await world.as(who)('/api/views')).json()) as { name: string }[]
      return found.map(({ name }) => name)
    }
    expect(await names(ben)).toEqual(['No reply in 2 days', 'Fleet', 'Mine to answer'])
    expect(await names(mo)).toEqual(['No reply in 2 days', 'Fleet'])
    const first = (await (await world.as(mo)('/api/views')).json()) as { id: string }[]
    await world.as(mo)('/api/views/order', { method: 'PUT', json: { ids: first.map(({ id }) => id).toReversed() } })
    expect(await names(ben)).toEqual(['Fleet', 'No reply in 2 days', 'Mine to answer'])
    expect((await world.as(mo)(`/api/views/${own.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await world.as(ben)(`/api/views/${shared.id}`, { method: 'PATCH', json: { name: 'Mine' } })).status).toBe(
      403,
    )
    expect((await world.as(ben)(`/api/views/${own.id}`, { method: 'DELETE' })).status).toBe(204)
  })

  test('counts end at 99, read an index, and look at no more than they need', async () => {
    const { world } = await withIssues()
    const { db, ada, proposals } = world
    const rows = Array.from({ length: 1_500 }, (_, i) => ({
      id: uuidv7(),
      mailboxId: proposals.id,
      number: 100 + i,
      subject: 'Old',
      status: 'done' as const,
      contactName: '',
      contactAddress: '',
      lastDirection: 'in' as const,
      lastMessageAt: i,
      listedAt: i,
      assigneeId: i === 0 ? ada.id : null,
      createdAt: 1,
      updatedAt: 1,
    }))
    await db.write(async (tx) => {
      for (let i = 0; i < rows.length; i += 500) await tx.insert(issues).values(rows.slice(i, i + 500))
    })
    const view = async (query: string) => {
      const json = draft({ query })
      await world.as(ada)('/api/views', { method: 'POST', json })
      return json.id
    }
    const all = await view('status:done')
    const mine = await view('status:done assignee:me')
    const unread = await view('status:done -is:unassigned')
    world.queries.length = 0
    const counts = (await (await world.as(ada)('/api/views/counts')).json()) as Record<string, unknown>
    expect(counts[all]).toEqual({ n: 99, more: true })
    expect(counts[mine]).toEqual({ n: 1, more: false })
    // It stands behind a thousand others: nobody looks so far for a count.
    expect(counts[unread]).toEqual({ n: 0, more: true })
    for (const { statement, parameters } of world.queries.filter((one) => one.statement.includes('"issues"')))
      expect(await db.explain(statement, parameters)).not.toMatch(/SCAN issues\b(?! USING)|Seq Scan on issues/)
  })

  test('the oldest first is an order of what is searched for, page after page', async () => {
    const { world, all } = await withIssues(5)
    for (const [i, { id }] of all.entries())
      await world.db.write((tx) =>
        tx
          .update(issues)
          .set({ waitingSince: 1_000 - i * 10 })
          .where(eq(issues.id, id)),
      )
    const found: string[] = []
    for (let cursor = ''; ; ) {
      const page = await search(world, 'is:new', `&order=oldest&limit=2${cursor && `&cursor=${cursor}`}`)
      found.push(...page.issues.map(({ id }) => id))
      if (typeof page.next !== 'string') break
      cursor = page.next
    }
    expect(found).toEqual(all.map(({ id }) => id).toReversed())
  })
})

test('answering takes what nobody had, unless the mailbox has it otherwise', async () => {
  const { world, all } = await withIssues(2)
  const as = world.as(world.ben)
  const answer = async (id: string) => {
    const offered = (await (await as(`/api/issues/${id}/recipients`)).json()) as { messageId: string }
    const to = [{ name: '', address: 'dana@tacoma.example' }]
    const json = { id: uuidv7(), messageId: offered.messageId, to, text: 'Yes.' }
    expect((await as(`/api/issues/${id}/replies`, { method: 'POST', json })).status).toBe(201)
    return (await findIssue(world.db.read, id)).assigneeId
  }
  expect(await answer(all[0]!.id)).toBe(world.ben.id)
  const box = `/api/mailboxes/${world.proposals.id}`
  expect((await world.as(world.ada)(box, { method: 'PATCH', json: { assignOnReply: false } })).status).toBe(204)
  expect(await answer(all[1]!.id)).toBe(null)
  const counts = (await (await as('/api/issues/counts')).json()) as { load: Record<string, number> }
  expect(counts.load).toEqual({})
})
