import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { bodies, messages, searchDocs, searchQueue } from '../../db/schema.ts'
import { assign, setStatus } from '../../server/issues/issue.ts'
import { reply } from '../../server/issues/reply.ts'
import { indexAgain, indexBatch } from '../../server/issues/search/index-messages.ts'
import { searchIssues } from '../../server/issues/search/search.ts'
import { suggest } from '../../server/issues/search/suggestions.ts'
import { openIndexing } from '../../server/mail/place/indexer.ts'
import { openWorld, type World } from '../world.ts'
import { arrive, arriveRaw, issuesOf, type Letter } from './story.ts'

/** Indexes what waits, as the server does behind the coming in. */
async function index(world: World): Promise<void> {
  const indexing = openIndexing(world.mail)
  while ((await indexing.next()) !== 'nothing');
  await indexing.end()
}

let day = 0
const letter = (some: Letter): Letter => ({ date: new Date(Date.UTC(2026, 9, 1 + (day++ % 40), 9)), ...some })

/** A mailbox with some mail, all of it searchable. */
async function openMail(...letters: Letter[]) {
  const world = await openWorld()
  await arrive(world, world.proposals, ...letters.map(letter))
  await index(world)
  return { ...world, world }
}

async function find(world: World, q: string, options: { visible?: string[] | 'all'; memberId?: string } = {}) {
  const searcher = { memberId: options.memberId ?? world.ben.id, visible: options.visible ?? ('all' as const) }
  return await searchIssues(world.db.read, searcher, { q }, Date.parse('2026-11-21T12:00:00Z'))
}

const subjects = async (world: World, q: string) => (await find(world, q)).issues.map(({ subject }) => subject)

const SOME: Letter[] = [
  { subject: 'Fleet telematics', from: 'Dana Whitfield <dana@tacoma.example>', text: 'The price sheet is attached.' },
  {
    subject: 'Harbor renewal',
    from: 'Sam Ortiz <sam@harbor.example>',
    text: 'Sheet of the price, not a price list. Größe XL.',
  },
  {
    subject: 'Site visit',
    from: 'Lea Brandt <lea@bluewater.example>',
    text: 'Badges for the visit of Dana, please.',
    cc: 'Ravi Menon <ravi@kern.example>',
  },
  { subject: '見積書の件', from: '山田 <yamada@tokyo.example>', text: '東京タワーへ行く' },
]

test.each([
  ['telematics', ['Fleet telematics']],
  ['TELEMATICS fleet', ['Fleet telematics']],
  ['price', ['Harbor renewal', 'Fleet telematics']],
  ['"price sheet"', ['Fleet telematics']],
  ['price -attached', ['Harbor renewal']],
  ['-price', ['見積書の件', 'Site visit']],
  ['tele*', ['Fleet telematics']],
  ['"price li*"', ['Harbor renewal']],
  ['grosse', ['Harbor renewal']],
  ['gröss*', ['Harbor renewal']],
  ['dana', ['Site visit', 'Fleet telematics']],
  ['from:dana', ['Fleet telematics']],
  ['from:dana@tacoma.example', ['Fleet telematics']],
  ['to:ravi', ['Site visit']],
  ['subject:visit', ['Site visit']],
  ['subject:badges', []],
  ['badges or telematics', ['Site visit', 'Fleet telematics']],
  ['dana (badges or nothing)', ['Site visit']],
  ['price from:sam or from:lea', ['Harbor renewal']],
  ['-(price or 東京)', ['Site visit']],
  ['東京', ['見積書の件']],
  ['京タワ', ['見積書の件']],
  ['京東', []],
  ['"visit badges"', []],
])('%s finds what it says, the newest first', async (q, expected) => {
  day = 0
  const { world } = await openMail(...SOME)
  const found = await find(world, q)
  expect(found.issues.map(({ subject }) => subject)).toEqual(expected)
  expect(found.explained.problems).toEqual([])
})

test('an issue is found once, by its newest mail with the words, which are marked', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    letter({ id: 'one@x', subject: 'Chairs', text: 'Forty oak chairs for the Größe hall.' }),
    letter({
      id: 'two@x',
      inReplyTo: 'one@x',
      subject: 'Re: Chairs',
      text: 'Make it fifty oak chairs.\n\n> Forty oak chairs',
      date: new Date('2026-11-19T10:00:00Z'),
    }),
  )
  await index(world)
  const { issues: found, next } = await find(world, 'oak chair*')
  const [second] = await world.db.read.select().from(messages).where(eq(messages.internetMessageId, 'two@x'))
  expect(next).toBeNull()
  expect(found.map(({ hit }) => hit)).toEqual([
    {
      messageId: second!.id,
      from: 'Dana Whitfield',
      at: Date.parse('2026-11-19T10:00:00Z'),
      subject: [{ text: 'Chairs', marked: true }],
      excerpt: [
        { text: 'Make it fifty ', marked: false },
        { text: 'oak', marked: true },
        { text: ' ', marked: false },
        { text: 'chairs', marked: true },
        { text: '.', marked: false },
      ],
      file: null,
    },
  ])
  // Quoted text stands in the mail that it is from.
  expect((await find(world, 'forty')).issues[0]?.hit?.messageId).not.toBe(second!.id)
})

test('what is asked of the issue holds beside what is asked of its mail', async () => {
  day = 0
  const { world, db, ben, ada, desk } = await openMail(...SOME)
  const [fleet, harbor, visit] = await issuesOf(world, world.proposals)
  await db.write(async (tx) => void (await assign(tx, fleet!, { member: ben }, ada, 1)))
  await db.write(async (tx) => void (await assign(tx, harbor!, { team: desk }, ada, 1)))
  await db.write(async (tx) => void (await setStatus(tx, visit!, 'spam', null, ada, 1)))

  expect(await subjects(world, 'price assignee:me')).toEqual(['Fleet telematics'])
  expect(await subjects(world, 'price assignee:ben')).toEqual(['Fleet telematics'])
  expect(await subjects(world, 'price -assignee:me')).toEqual(['Harbor renewal'])
  expect(await subjects(world, 'price assignee:desk')).toEqual(['Harbor renewal'])
  expect(await subjects(world, 'assignee:me')).toEqual(['Fleet telematics'])
  expect(await subjects(world, 'assignee:me or assignee:desk')).toEqual(['Harbor renewal', 'Fleet telematics'])
  expect(await subjects(world, 'is:unassigned')).toEqual(['見積書の件'])
  expect(await subjects(world, 'dana')).toEqual(['Fleet telematics'])
  expect(await subjects(world, 'dana status:spam')).toEqual(['Site visit'])
  expect(await subjects(world, 'is:spam')).toEqual(['Site visit'])
  expect(await subjects(world, 'badges or assignee:me status:spam,open')).toEqual(['Site visit', 'Fleet telematics'])
  expect(await subjects(world, 'is:open -price')).toEqual([])
  expect(await subjects(world, 'mailbox:proposals is:new')).toEqual(['見積書の件'])
  expect(await subjects(world, 'mailbox:desk')).toEqual([])
  expect(await subjects(world, 'before:2026-10-02')).toEqual(['Fleet telematics'])
  expect(await subjects(world, 'price after:2026-10-02 before:2026-10-03')).toEqual(['Harbor renewal'])
  expect(await subjects(world, 'is:unread price')).toEqual(['Harbor renewal', 'Fleet telematics'])
})

test('nobody finds what is in a mailbox that they do not see', async () => {
  day = 0
  const { world, as, vic, ben } = await openMail(...SOME)
  await arrive(world, world.closed, letter({ subject: 'Secret price' }))
  await index(world)
  const found = async (member: { id: string }, q: string) => {
    const response = await as(member)(`/api/search?q=${encodeURIComponent(q)}`)
    const page = (await response.json()) as { issues: { subject: string }[] }
    return page.issues.map(({ subject }) => subject)
  }
  expect(await found(ben, 'price')).toEqual(['Secret price', 'Harbor renewal', 'Fleet telematics'])
  for (const q of ['price', '-zebra price', 'subject:secret or subject:fleet price', 'is:new price'])
    expect(await found(vic, q)).not.toContain('Secret price')
  expect(await found(vic, 'is:new')).not.toContain('Secret price')
  expect(await found(vic, 'mailbox:desk is:new')).not.toContain('Secret price')
})

test('names of files are found, and has:attachment', async () => {
  const world = await openWorld()
  const csv = Buffer.from('item;price\nwalnut table;400\n').toString('base64')
  const raw = [
    'From: Dana <dana@tacoma.example>',
    'To: proposals@northwind.example',
    'Subject: Offer',
    'Message-ID: <a@x>',
    'Date: Fri, 20 Nov 2026 09:41:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'See below.',
    '--b',
    'Content-Type: text/csv; name="Price-sheet-v2.csv"',
    'Content-Disposition: attachment; filename="Price-sheet-v2.csv"',
    'Content-Transfer-Encoding: base64',
    '',
    csv,
    '--b--',
    '',
  ].join('\r\n')
  await arriveRaw(world, world.proposals, Buffer.from(raw))
  await arrive(world, world.proposals, letter({ subject: 'Nothing attached' }))
  await index(world)
  expect(await subjects(world, '"price sheet v2"')).toEqual(['Offer'])
  expect(await subjects(world, 'has:attachment')).toEqual(['Offer'])
  expect(await subjects(world, '-has:attachment')).toEqual(['Nothing attached'])
  expect((await find(world, 'sheet')).issues[0]?.hit?.excerpt).toEqual([
    { text: 'Price-', marked: false },
    { text: 'sheet', marked: true },
    { text: '-v2.csv', marked: false },
  ])
})

test('pages follow each other without a gap or a double', async () => {
  const world = await openWorld()
  const letters = Array.from({ length: 30 }, (_, i): Letter => {
    const thread = i % 9
    return {
      id: `${i}@x`,
      ...(i >= 9 && { inReplyTo: `${thread}@x` }),
      subject: `Matter ${thread}`,
      text: `oak ${i % 2 ? 'even' : 'odd'} ${i}`,
      date: new Date(Date.UTC(2026, 10, 1 + (i % 11), 9)),
    }
  })
  await arrive(world, world.proposals, ...letters)
  await index(world)
  for (const q of ['oak', 'oak even', 'odd or is:open', '-odd', 'is:new', 'after:2026-11-03']) {
    const whole = await find(world, q)
    expect(whole.issues.length).toBeGreaterThan(2)
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await searchIssues(
        world.db.read,
        { memberId: world.ben.id, visible: 'all' },
        { q, cursor, limit: 2, zone: 'UTC' },
        1,
      )
      expect(page.issues.length).toBeLessThanOrEqual(2)
      ids.push(...page.issues.map(({ id }) => id))
      if (!page.next) break
      cursor = page.next
    }
    expect(ids).toEqual(whole.issues.map(({ id }) => id))
  }
})

test('mail that is read again, answered or gone is found as it is now', async () => {
  const world = await openWorld()
  const { db, ben, proposals, now } = world
  await arrive(world, proposals, letter({ text: 'walnut' }))
  await index(world)
  const [issue] = await issuesOf(world, proposals)
  const [message] = await db.read.select().from(messages)
  await db.write(async (tx) => {
    const draft = {
      id: uuidv7(),
      to: [{ name: '', address: 'dana@tacoma.example' }],
      cc: [],
      text: 'We have birch.',
      quoted: '> walnut',
      status: 'waiting' as const,
      internetMessageId: 'r@x',
    }
    await reply(tx, issue!, proposals, message!, draft, ben, now())
  })
  await db.write(
    async (tx) => void (await tx.update(bodies).set({ text: 'maple' }).where(eq(bodies.messageId, message!.id))),
  )
  expect(await db.read.$count(searchQueue)).toBe(2)
  await index(world)
  expect(await db.read.$count(searchQueue)).toBe(0)
  expect(await subjects(world, 'walnut')).toEqual([])
  expect(await subjects(world, 'maple')).toHaveLength(1)
  expect(await subjects(world, 'birch')).toHaveLength(1)
  expect(await subjects(world, 'maple birch')).toEqual([])
  await db.write(async (tx) => void (await tx.delete(searchDocs).where(eq(searchDocs.messageId, message!.id))))
  expect(await subjects(world, 'maple')).toEqual([])
})

test('indexing all of it again changes nothing', async () => {
  day = 0
  const { world } = await openMail(...SOME)
  const before = await find(world, 'price or dana or 東京')
  const docs = await world.db.read.select().from(searchDocs).orderBy(searchDocs.n)
  const indexing = openIndexing(world.mail)
  expect(await indexing.again()).toBe(4)
  await index(world)
  expect(await find(world, 'price or dana or 東京')).toEqual(before)
  expect(await world.db.read.select().from(searchDocs).orderBy(searchDocs.n)).toEqual(docs)
})

test('many mails of one second all have their place', async () => {
  const world = await openWorld()
  const date = new Date('2026-11-20T09:41:00Z')
  await arrive(
    world,
    world.proposals,
    ...Array.from({ length: 40 }, (_, i) => ({ date, subject: `Matter ${i}`, text: 'oak' })),
  )
  await index(world)
  expect(new Set(await subjects(world, 'oak')).size).toBe(40)
})

test.each([
  ['assignee:zoe price', /Nobody here is called "zoe".*There are Ada, Mo, Ben, Vic, Desk/],
  ['mailbox:sales price', /no mailbox called "sales".*proposals@northwind\.example/],
  ['price "telematics', /Close the quotation mark/],
  ['form:dana or price', /no operator form:.*Did you mean from:/],
])('%s is explained beside what the rest finds', async (q, explained) => {
  day = 0
  const { world } = await openMail(...SOME)
  const found = await find(world, q)
  expect(found.explained.problems.map(({ message }) => message).join(' ')).toMatch(explained)
  if (!q.includes('"telematics')) expect(found.issues.length).toBeGreaterThan(0)
})

test('whatever somebody types is answered', async () => {
  day = 0
  const { world } = await openMail(...SOME)
  const pieces = fc.constantFrom(
    'price',
    '"',
    '-',
    '(',
    ')',
    ' or ',
    ' ',
    '*',
    'from:',
    'is:unassigned',
    'status:open',
    "'",
    '\\',
    ':',
    '東京',
    'te*',
    '&',
    '|',
    '!',
    '<->',
    'NEAR',
    'has:attachment',
    'before:7d',
    '\0',
    '\ue000all',
    '{',
    '}',
    '^',
    '+',
  )
  const typed = fc.oneof(
    fc.array(pieces, { maxLength: 14 }).map((all) => all.join('')),
    fc.string({ unit: 'binary' }),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(typed, async (q) => {
      const { explained } = await find(world, q)
      for (const { at, length } of explained.problems) expect(at >= 0 && at + length <= q.length).toBe(true)
      await suggest(world.db.read, { memberId: world.ben.id, visible: 'all' }, q)
    }),
    { numRuns: 150 },
  )
})

test.each([
  'walnut',
  'walnut table',
  '"walnut table"',
  'wal*',
  'walnut -table',
  'from:dana table',
  'subject:matter',
  'has:attachment',
  'is:unassigned',
  'assignee:me',
  'status:done',
  'mailbox:proposals',
  'before:7d',
  '-walnut',
  'walnut or is:unread',
  'walnut is:open',
])('%s is answered from indexes, whoever asks', async (q) => {
  day = 0
  const { world, db, ben, proposals } = await openMail(...SOME, { text: 'walnut table' })
  for (const visible of ['all', [proposals.id]] as const) {
    world.queries.length = 0
    await find(world, q, { visible: visible === 'all' ? 'all' : [...visible], memberId: ben.id })
    const asked = world.queries.filter(({ statement }) => /"(issues|messages)"|search_index/.test(statement))
    expect(asked.length).toBeGreaterThan(0)
    for (const { statement, parameters } of asked) {
      const plan = await db.explain(statement, parameters)
      expect(plan).not.toMatch(/SCAN (issues|messages|search_docs|threads|bodies|seen)\b(?! USING)|Seq Scan/)
      if (statement.includes('search_index'))
        expect(plan).toMatch(/search_index VIRTUAL TABLE INDEX|search_index_words|search_index_pkey/)
    }
  }
})

test('suggestions go on with the word that is being typed', async () => {
  day = 0
  const { db, ben } = await openMail(...SOME)
  const made = async (q: string) =>
    (await suggest(db.read, { memberId: ben.id, visible: 'all' }, q)).map(({ query }) => query)
  expect(await made('price fr')).toEqual(['price from:'])
  expect(await made('price from:da')).toEqual(['price from:dana@tacoma.example'])
  expect(await made('dan')).toEqual(['from:dana@tacoma.example'])
  expect(await made('-is:una')).toEqual(['-is:unassigned'])
  expect(await made('assignee:')).toEqual(
    ['me', 'nobody', 'Ada', 'Mo', 'Ben', 'Vic', 'Desk'].map((name) => `assignee:${name}`),
  )
  expect(await made('mailbox:desk')).toEqual(['mailbox:desk@northwind.example'])
  expect(await made('')).toContain('from:')
})

test('a message that can not be indexed is left out and told of, and holds up no other', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    letter({ id: 'bad@x', text: 'walnut' }),
    letter({ id: 'good@x', text: 'walnut' }),
  )
  const [bad] = await world.db.read.select().from(messages).where(eq(messages.internetMessageId, 'bad@x'))
  await world.db.write(async (tx) => {
    await tx.delete(searchDocs)
    await indexAgain(tx)
  })
  const told: string[] = []
  const write: typeof world.db.write = (change) =>
    world.db.write(async (tx) => {
      const result = await change(tx)
      const docs = await tx.select().from(searchDocs).where(eq(searchDocs.messageId, bad!.id))
      if (docs.length > 0) throw new Error('no room for this one')
      return result
    })
  const db = { ...world.db, read: world.db.read, write }
  await indexBatch(db, (id) => told.push(id))
  expect(told).toEqual([bad!.id])
  expect(await world.db.read.$count(searchQueue)).toBe(0)
  expect((await find(world, 'walnut')).issues).toHaveLength(1)
})
