import { eq, getTableName, is, Table } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { postgres } from '../../db/columns.ts'
import { uuidv7 } from '../../db/ids.ts'
import * as schema from '../../db/schema.ts'
import { issues, messages, notifications } from '../../db/schema.ts'
import { findIssue } from '../../server/issues/issue.ts'
import { reply } from '../../server/issues/reply.ts'
import { openIndexing } from '../../server/mail/place/indexer.ts'
import { wantNewDatabase } from '../database.ts'
import { arrive, arriveRaw, issuesOf } from '../issues/story.ts'
import { openWorld } from '../world.ts'

// What people wait for must not grow with the archive: each statement that an answer takes goes by an index, whatever
// route it is for. New routes and new tables are in this without anybody thinking of it.

/** Tables that grow with the people, the settings and the proposals of a team, and not with its mail. */
const BOUNDED = new Set(
  [
    'members second_factors recovery_codes teams team_members invitations sessions api_tokens attempts leases cursors settings turn push_devices drafts',
    'mailboxes mailbox_teams mailbox_sign_ins access_tokens folders watches shared_domains address_book_keys',
    'tags views rules signatures saved_replies saved_reply_files notification_settings presence counts',
    'exchange_connections exchange_mailboxes exchange_flips exchange_ledger provisioning_runs provisioning_steps',
    'pipelines stages outcome_reasons custom_fields fx_rates goals sequences',
    'proposals proposal_history proposal_touches proposal_reasons proposal_competitors proposal_milestones',
    'proposal_amendments proposal_members proposal_contacts proposal_threads proposal_notes proposal_fields',
  ].flatMap((line) => line.split(' ')),
)
const grows = new Set(
  Object.values(schema)
    .filter((one) => is(one, Table))
    .map((table) => getTableName(table).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .filter((name) => !BOUNDED.has(name)),
)

/**
 * What is read as a whole on purpose: an index that has nothing but what is counted, and on the page of a mailbox, which
 * admins look at now and then, how many mails each folder has.
 */
const WHOLE = ['file_texts_failed', 'deliveries_state (mailbox_id=?)']

/**
 * Lines of a plan by which a table that grows is read from one end to the other. The beginning of an index, up to a limit
 * and whatever is there, is no such thing.
 */
function scansIn(statement: string, plan: string): string[] {
  const lines = plan.split('\n').filter((line) => !WHOLE.some((index) => line.includes(index)))
  if (!postgres) return lines.filter((line) => isScan(statement, line) || isWeak(statement, line))
  return lines.filter((line, i) => {
    const [, isSequential, , name = ''] =
      /(Seq Scan|(Index(?: Only)? Scan(?: Backward)? using \w+)) on (\w+)/.exec(line) ?? []
    if (!grows.has(name) && name !== 'search_index') return false
    if (isSequential === 'Seq Scan') return true
    if (isBeginning(statement)) return false
    // An index that is read without a condition is read as a whole.
    const depth = line.search(/\S/)
    const own = lines.slice(i + 1)
    const end = own.findIndex((next) => next.search(/\S/) <= depth || next.includes('->'))
    return !own.slice(0, end < 0 ? undefined : end).some((next) => next.includes('Index Cond'))
  })
}

/** Whether SQLite reads all of a table that grows. */
function isScan(statement: string, line: string): boolean {
  const [, shown = ''] = /^SCAN (\w+)/.exec(line) ?? []
  // FTS5 says behind the colon what it goes by: nothing there is everything.
  if (shown === 'search_index') return !/VIRTUAL TABLE INDEX \d+:\S/.test(line)
  return grows.has(tableOf(statement, shown)) && !(isBeginning(statement) && line.includes(' USING '))
}

/** Columns by which a very large part of a table is found. */
const COMMON = /^(mailbox_id|status|direction|member_id|assignee_id|team_id)$/

/**
 * Whether SQLite makes an index of its own each time, or goes by an index but through a large part of a table: that is
 * fine only where a limit ends it, as in lists.
 */
function isWeak(statement: string, line: string): boolean {
  if (line.includes('AUTOMATIC')) return true
  const [, shown = '', conditions = ''] = /^SEARCH (\w+) .*\(([^()]*)\)/.exec(line) ?? []
  if (!LARGE.has(tableOf(statement, shown)) || / limit (\?|\d+)(\) "\w+")?$/.test(statement)) return false
  return conditions.split(' AND ').every((one) => COMMON.test(one.replace(/[=<>].*/, '')))
}

/** Tables with a row for each mail or issue and more. */
const LARGE = new Set('issues messages threads bodies events deliveries search_docs issue_tags'.split(' '))

/** The table that a statement gives this name: `from "issues" "i"`. */
function tableOf(statement: string, alias: string): string {
  if (alias === '') return ''
  return new RegExp(`(?:from|join) "?(\\w+)"? (?:as )?"?${alias}"?\\b`, 'i').exec(statement)?.[1] ?? alias
}

const isBeginning = (statement: string) => statement.includes(' limit ') && !statement.includes(' where ')

/** What stands in a path or a query of the routes below. */
type Known = Record<string, string>

/** Routes without rows that grow, or that answer by what is outside: they are not asked here. */
const NOT_ASKED = [
  /^\/(healthz|readyz)$/,
  /^\/api\/(openapi\.json|demo|events|setup|oauth\/callback|invitation\/\{token\})$/,
  /^\/api\/exchange\//,
  /^\/api\/messages\/\{id\}\/(remote\/\{mac\}|raw|attachments\/\{position\})$/,
  /^\/api\/uploads\/\{id\}$/,
  /^\/api\/(drafts|jobs|organizations|imports|reports\/stage-times)\/\{id\}/,
  /^\/calendar\//,
  /^\/api\/proposals\/(instant|\{id\})$/,
]

/** Queries of routes that answer in several ways. */
const FURTHER: ((known: Known) => string[])[] = [
  () =>
    ['inbox', 'mine', 'unassigned', 'snoozed', 'waiting', 'done', 'spam', 'trash', 'all'].flatMap((view) => [
      `/api/issues?view=${view}`,
      `/api/issues?view=${view}&order=oldest`,
    ]),
  ({ team, mailbox, cursor }) => [
    `/api/issues?view=team&teamId=${team}`,
    `/api/issues?view=inbox&mailboxId=${mailbox}`,
    `/api/issues?view=inbox&cursor=${cursor}`,
    `/api/issues?view=inbox&order=oldest&mailboxId=${mailbox}&cursor=${cursor}`,
  ],
  () =>
    [
      'telematics',
      'fleet telematics',
      '"fleet telematics"',
      'tele*',
      'offer -telematics',
      '-telematics',
      'telematics or offer',
      'from:dana offer',
      'to:proposals',
      'subject:fleet',
      'has:attachment',
      'offer after:30d',
      'offer is:unassigned',
      'offer is:unread tag:none',
      'offer mailbox:proposals',
      'is:unassigned',
      'is:unread',
      'is:following',
      'is:untagged',
      'assignee:me',
      'assignee:ben or tag:fleet',
      'tag:fleet',
      'tag:fleet status:done',
      'tag:none status:open',
      'waiting:>2d',
      'status:waiting mailbox:proposals',
    ].flatMap((q) => [
      `/api/search?q=${encodeURIComponent(q)}`,
      `/api/search?q=${encodeURIComponent(q)}&order=oldest`,
      `/api/search?q=${encodeURIComponent(q)}&cursor=${/^(is|assignee|tag|waiting|status):/.test(q) ? `i.${Date.now()}.x` : 'm.99999999999999'}`,
    ]),
  () => ['d', 'from:d', 'to:da', 'tag:f', 'assignee:b', 'offer is:'].map((q) => `/api/search/suggestions?q=${q}`),
  () => [
    '/api/contacts?q=da',
    `/api/notifications?cursor=${Date.now()}.${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`,
  ],
]

test('every statement of every answer goes by an index, however large the archive', async () => {
  wantNewDatabase()
  const world = await openWorld()
  const { db, ada, ben, proposals } = world
  await arrive(
    world,
    proposals,
    { subject: 'Fleet telematics RFQ 2026-17', id: 'one@x' },
    {
      subject: 'Re: Fleet telematics RFQ 2026-17',
      id: 'two@x',
      inReplyTo: 'one@x',
      text: 'Our offer for RFQ 2026-17?',
    },
    { subject: 'RFQ 2026-17, delivery', from: 'Sam <sam@tacoma.example>', text: 'telematics offer' },
  )
  await arriveRaw(world, proposals, Buffer.from(PAGE))
  const indexing = openIndexing(world.mail)
  while ((await indexing.next()) !== 'nothing');
  await indexing.end()
  const [issue] = await issuesOf(world, proposals)
  const [message] = await db.read.select().from(messages)
  const [page] = await db.read.select().from(messages).where(eq(messages.internetMessageId, 'page@x'))
  const answerId = uuidv7()
  const as = { ada: world.as(ada), ben: world.as(ben) }
  await as.ben(`/api/issues/${issue!.id}/tags`, { method: 'POST', json: { add: ['fleet'], remove: [] } })
  const written = await as.ben('/api/people', {
    method: 'POST',
    json: { id: uuidv7(), name: 'Dana Quill', email: 'dana@tacoma.example' },
  })
  const person = (await written.json()) as { id: string }
  const views = ['tag:fleet', 'offer is:unread', 'is:unassigned', 'waiting:>2d']
  for (const [i, query] of views.entries())
    await as.ada('/api/views', {
      method: 'POST',
      json: { id: crypto.randomUUID(), name: `View ${i}`, query, shared: true },
    })
  await db.write(async (tx) => {
    const draft = {
      id: answerId,
      to: [{ name: '', address: 'dana@tacoma.example' }],
      cc: [],
      text: 'Yes.',
      quoted: '',
      status: 'waiting' as const,
      internetMessageId: 'r@x',
    }
    await reply(tx, await findIssue(tx, issue!.id), proposals, message!, draft, ben, world.now())
    await tx.insert(notifications).values({
      memberId: ben.id,
      eventId: uuidv7(),
      issueId: issue!.id,
      kind: 'assigned',
      reason: 'assignee',
      actor: 'Ada',
      said: '',
      at: 1,
      shown: true,
    })
    await tx.update(issues).set({ hasAttachments: true })
  })
  const known: Known = {
    issue: issue!.id,
    message: page!.id,
    mailbox: proposals.id,
    team: world.desk.id,
    cursor: `new.${Date.now()}.x`,
    person: person.id,
  }
  const document = (await (await as.ada('/api/openapi.json')).json()) as { paths: Record<string, { get?: unknown }> }
  const paths = Object.entries(document.paths)
    .filter(([path, { get }]) => get && !NOT_ASKED.some((pattern) => pattern.test(path)))
    .map(([path]) => path.replace('messages/{id}/sending', `messages/${answerId}/sending`))
    .map((path) => path.replace(/(issue|message|mailbox)(s|es)\/\{id\}/, (_, kind, s) => `${kind}${s}/${known[kind]}`))
    .map((path) => path.replace('people/{id}', `people/${known.person}`))
  expect(paths.filter((path) => path.includes('{'))).toEqual([])
  const urls = [
    ...paths.map((path) => path + (REQUIRED[path.split('/').at(-1)!]?.(known) ?? '')),
    ...FURTHER.flatMap((make) => make(known)),
  ]
  expect(urls.length).toBeGreaterThan(100)
  const wrong: Record<string, string[]> = {}
  const explained = new Map<string, string[]>()
  for (const url of urls)
    for (const [who, ask] of Object.entries(as)) {
      world.queries.length = 0
      const answer = await ask(url)
      await answer.text()
      // Ben may not ask for everything.
      if (answer.status === 403 && who === 'ben') continue
      // What is refused has been looked at as well.
      if (answer.status !== 422) expect([url, who, answer.status]).toEqual([url, who, 200])
      for (const { statement, parameters } of [...world.queries]) {
        const scans = explained.get(statement) ?? scansIn(statement, await db.explain(statement, parameters))
        explained.set(statement, scans)
        if (scans.length > 0) wrong[`${url}: ${statement}`] = scans
      }
    }
  expect(wrong).toEqual({})
  expect(explained.size).toBeGreaterThan(80)
})

/** A mail with a form. */
const PAGE = [
  'From: Lea <lea@kern.example>',
  'Subject: Pictures',
  'Message-ID: <page@x>',
  'Content-Type: text/html',
  '',
  '<p>One <b>offer</b></p>',
].join('\n')

/** What routes can not do without, by their last word. */
const REQUIRED: Record<string, (known: Known) => string> = {
  meanwhile: () => '?since=0',
  at: () => '?address=dana@tacoma.example',
  here: ({ mailbox }) => `?mailboxId=${mailbox}`,
}

test('a statement that reads a whole table would be noticed', async () => {
  wantNewDatabase()
  const { db } = await openWorld()
  const whole = async (statement: string) => scansIn(statement, await db.explain(statement, []))
  const column = postgres ? "words @@ 'x'::tsquery" : "search_index match 'x'"
  for (const [statement, found] of [
    ["select * from issues where subject = 'x'", 1],
    ["select * from issues where subject = 'x' order by listed_at limit 3", 1],
    ['select * from issues order by contact_name limit 3', 1],
    ['select * from messages m join bodies b on b.message_id = m.id where m.size > 3', 1],
    ["select * from issues where status = 'new' order by listed_at desc limit 3", 0],
    ["select * from messages where thread_id = 'x'", 0],
    ["select * from members where name = 'x'", 0],
    [`select ${postgres ? 'n' : 'rowid'} from search_index where ${column}`, 0],
  ] as const)
    expect([statement, (await whole(statement)).length]).toEqual([statement, found])
})
