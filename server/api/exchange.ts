import { eq } from 'drizzle-orm'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import { type ExchangeConnectionRow, type ExchangeMailbox, exchangeMailboxes } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { record } from '../issues/event.ts'
import { type Dns, openDns } from '../net/dns.ts'
import { accessOf } from '../provisioning/access.ts'
import { takeDown } from '../provisioning/apply/by-hand.ts'
import { checkDrift } from '../provisioning/apply/drift.ts'
import { planHash, snapshotHash } from '../provisioning/apply/fingerprint.ts'
import { exchangeSteps, keepDraft, keepSteps } from '../provisioning/apply/flow.ts'
import { readLedger } from '../provisioning/apply/ledger.ts'
import { type Lists, type Looked, lookAt, planNow, readStored } from '../provisioning/apply/look.ts'
import { findManaged, findManagedOf, listManaged, standingAlarms } from '../provisioning/apply/managed.ts'
import { adopt, beginRun, findRun, listRuns } from '../provisioning/apply/run.ts'
import { watchSteps } from '../provisioning/apply/watched.ts'
import { gatherEvidence } from '../provisioning/connection/evidence.ts'
import { findConnection } from '../provisioning/connection/stored.ts'
import { readAutodiscover } from '../provisioning/doctor/autodiscover.ts'
import { diagnose, domainsInQuestion } from '../provisioning/doctor/doctor.ts'
import { CLIENTS, SYMPTOMS } from '../provisioning/doctor/finding.ts'
import { askAutodiscover, askDomain } from '../provisioning/domain/ask.ts'
import { noteLine } from '../provisioning/notes.ts'
import { optionsOf } from '../provisioning/options.ts'
import {
  OUTLOOK_VERSIONS,
  type OutlookVersion,
  outlookRegistry,
  REGISTRY_FORMATS,
  sentCopies,
} from '../provisioning/outlook-registry.ts'
import { planScript } from '../provisioning/plan/script.ts'
import { readUserList } from '../provisioning/plan/user-list.ts'
import { simulatedDns } from '../provisioning/simulator/dns.ts'
import { readSnapshot, type Snapshot } from '../provisioning/snapshot.ts'
import { viewsOf } from '../provisioning/views.ts'
import type { Env } from './deps.ts'
import { exchangeConnections } from './exchange-connections.ts'
import { exchangeWatch } from './exchange-watch.ts'
import { actingOn, exchanging } from './exchanging.ts'
import { email, idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const RIGHT = 'manage mailboxes'
const MAX_WANTED = 500_000
const MAX_LISTS = 20
const MAX_DOMAINS = 10
const MAX_SNAPSHOT = 900_000

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash of a plan that was shown.')
const lists = z
  .record(z.string().max(200), z.string().max(MAX_WANTED))
  .refine((all) => Object.keys(all).length <= MAX_LISTS, `must be at most ${MAX_LISTS}.`)
  .default({})
/** Which mailbox is meant, and how it is known: by asking Exchange, or by the file that collect.ps1 wrote. */
const of = {
  connectionId: z.uuid(),
  identity: email,
  snapshot: z.string().max(MAX_SNAPSHOT).optional(),
}
const wish = { wanted: z.string().min(1).max(MAX_WANTED), lists }
const looking = valid('json', z.object({ ...of, names: z.array(line(320)).max(500).default([]) }))
const planning = valid('json', z.object({ ...of, ...wish }))
const applying = valid('json', z.object({ ...of, ...wish, id: z.uuid(), planHash: hash, snapshotHash: hash }))
const reporting = valid(
  'json',
  z.object({ ...of, ...wish, id: z.uuid(), planHash: hash, transcript: z.string().max(MAX_WANTED) }),
)
const beginning = valid('json', z.object({ id: z.uuid(), connectionId: z.uuid(), identity: email, draft: wish.wanted }))
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[^\s@/:]+\.[^\s@/:]+$/, 'must be a domain such as contoso.com.')
const naming = valid('json', z.object({ connectionId: z.uuid(), domains: z.array(domain).min(1).max(MAX_DOMAINS) }))
const drafting = valid('json', z.object({ draft: wish.wanted.nullable(), version: z.int().min(0) }))
const asking = valid(
  'json',
  z.object({
    ...of,
    user: line(320),
    client: z.enum(CLIENTS).default('outlook-classic'),
    symptom: z.enum(SYMPTOMS).default('missing'),
    /** What Outlook shows under "Test E-mail AutoConfiguration", as it was copied. */
    xml: z.string().max(600_000).optional(),
    computerDomain: line(255).optional(),
    needsArchive: z.boolean().optional(),
    copiesByRegistry: z.boolean().optional(),
  }),
)
const VERSIONS = Object.keys(OUTLOOK_VERSIONS)
const outlook = valid(
  'query',
  z.object({
    version: z.enum(VERSIONS, `must be one of ${VERSIONS.join(', ')}.`).default('365'),
    what: z.enum(['sent', 'deleted', 'both']).default('both'),
    copiesByServer: z.enum(['true', 'false']).default('false'),
  }),
)
const listed = valid('json', z.object({ name: line(200), text: z.string().max(MAX_WANTED) }))
const inMailbox = idInPath

type Body = { connectionId: string; identity: string; snapshot?: string | undefined }

/** Shared mailboxes of Exchange: what is there, what is wanted, the way between them, and what was done. */
export const exchange = new Hono<Env>()
  .route('/connections', exchangeConnections)
  .route('/mailboxes', exchangeWatch)
  .post('/look', rule(RIGHT, 'What is known about a mailbox of Exchange'), looking, async (c) => {
    const { names, ...body } = c.req.valid('json')
    const { db, now } = c.var
    const row = await findManagedOf(db.read, body)
    const snapshot = await snapshotOf(c, body, [...names, ...(await namesWanted(row))])
    const connection = await findConnection(db.read, body.connectionId)
    const steps = await exchangeSteps(actingOn(c), connection, body, row, snapshot)
    if (row) await db.write((tx) => keepSteps(tx, row.id, steps))
    return c.json({
      snapshot,
      access: accessOf(snapshot),
      checks: viewsOf(snapshot),
      options: optionsOf(snapshot, Boolean(row?.mailboxId)),
      flow: [...steps, ...(await watchSteps(db.read, row, now))],
    })
  })
  .post('/flows', rule(RIGHT, 'Begins the way from nothing to a watched mailbox'), beginning, async (c) => {
    const { db, member, now } = c.var
    const { draft, ...mailbox } = c.req.valid('json')
    await findConnection(db.read, mailbox.connectionId)
    await readStored(draft, {})
    const id = await db.write(async (tx) => {
      const row = await adopt(tx, mailbox, null, now)
      await keepDraft(tx, row, draft, row.flow.version ?? 0, now)
      const detail = { identity: row.identity, change: 'begun' }
      await record(tx, { action: 'exchange_changed', at: now, memberId: member.id, detail })
      return row.id
    })
    return c.json({ id }, 201)
  })
  .post('/plan', rule(RIGHT, 'The steps from what is there to what is wanted'), planning, async (c) => {
    const { wanted, lists, ...body } = c.req.valid('json')
    const looked = await lookedAt(c, body, wanted, lists)
    return c.json(shown(looked, body.identity, c.var.now))
  })
  .post('/apply', rule(RIGHT, 'Carries out a plan that was shown'), applying, async (c) => {
    const { id, planHash, snapshotHash, wanted, lists, ...body } = c.req.valid('json')
    const { db, member, now } = c.var
    if (body.snapshot !== undefined)
      throw new Invalid([
        { field: 'snapshot', message: 'snapshot must be left out: a plan is carried out where Exchange can be asked.' },
      ])
    const looked = await lookedAt(c, body, wanted, lists)
    const mailboxId = uuidv7()
    const run = await db.write(async (tx) => {
      const mailbox = await adopt(tx, { ...body, id: mailboxId }, { wanted, lists }, now)
      const shownBefore = { planHash, snapshotHash }
      return await beginRun(tx, mailbox, looked, shownBefore, { id, wanted, lists, memberId: member.id }, now)
    })
    return c.json({ id: run.id, state: run.state }, 202)
  })
  .post('/done-by-hand', rule(RIGHT, 'Takes down what the script of a plan did'), reporting, async (c) => {
    const { id, planHash: agreed, transcript, wanted, lists, ...body } = c.req.valid('json')
    const { db, member, now } = c.var
    const looked = await lookedAt(c, body, wanted, lists)
    if (looked.planHash !== agreed)
      throw new Invalid([
        {
          field: 'planHash',
          message: 'planHash must be that of the plan whose script was run, with the snapshot that it was made from.',
        },
      ])
    const mailboxId = uuidv7()
    await db.write(async (tx) => {
      const mailbox = await adopt(tx, { ...body, id: mailboxId }, { wanted, lists }, now)
      await takeDown(tx, mailbox, looked, transcript, { id, wanted, lists, memberId: member.id }, now)
    })
    return c.json(await findRun(db.read, id), 201)
  })
  .get('/runs/:id', rule(RIGHT, 'How far a plan has come, step by step'), idInPath, async (c) =>
    c.json(await findRun(c.var.db.read, c.req.valid('param').id)),
  )
  .get('/alarms', rule(RIGHT, 'Who lost access on the way and does not have it back'), async (c) =>
    c.json(await standingAlarms(c.var.db.read)),
  )
  .get('/mailboxes', rule(RIGHT, 'The mailboxes of Exchange that are looked after'), async (c) =>
    c.json(await listManaged(c.var.db.read)),
  )
  .get(
    '/mailboxes/:id',
    rule(RIGHT, 'What is wanted of a mailbox of Exchange, and what was done'),
    inMailbox,
    async (c) => {
      const { read } = c.var.db
      const mailbox = await findManaged(read, c.req.valid('param').id)
      const { steps: seen = [], ...flow } = mailbox.flow
      const steps = [...seen, ...(await watchSteps(read, mailbox, c.var.now))]
      const runs = await listRuns(read, mailbox.id)
      return c.json({ ...mailbox, flow: { ...flow, steps }, runs, ledger: await readLedger(read, mailbox) })
    },
  )
  .put(
    '/mailboxes/:id/flow',
    rule(RIGHT, 'Keeps what is wanted of a mailbox of Exchange until it is applied'),
    inMailbox,
    drafting,
    async (c) => {
      const { draft, version } = c.req.valid('json')
      const { db, now } = c.var
      if (draft !== null) await readStored(draft, (await findManaged(db.read, c.req.valid('param').id)).lists)
      const next = await db.write((tx) => keepDraft(tx, c.req.valid('param'), draft, version, now))
      return c.json({ version: next })
    },
  )
  .delete(
    '/mailboxes/:id',
    rule(RIGHT, 'Looks after a mailbox of Exchange no more; changes nothing there'),
    inMailbox,
    async (c) => {
      const { db, member, now } = c.var
      await db.write(async (tx) => {
        const { id, identity } = await findManaged(tx, c.req.valid('param').id)
        await tx.delete(exchangeMailboxes).where(eq(exchangeMailboxes.id, id))
        await record(tx, {
          action: 'exchange_changed',
          at: now,
          memberId: member.id,
          detail: { identity, change: 'left alone' },
        })
      })
      return c.body(null, 204)
    },
  )
  .post('/mailboxes/:id/compare', rule(RIGHT, 'Compares what is there with what is wanted'), inMailbox, async (c) => {
    const mailbox = await findManaged(c.var.db.read, c.req.valid('param').id)
    await exchanging(checkDrift(actingOn(c), mailbox))
    const { drift, trouble, checkedAt } = await findManaged(c.var.db.read, mailbox.id)
    return c.json({ drift, trouble, checkedAt })
  })
  .post('/doctor', rule(RIGHT, 'Why somebody does not see a mailbox in Outlook'), asking, async (c) => {
    const { user, xml, client, symptom, computerDomain, needsArchive, copiesByRegistry, ...body } = c.req.valid('json')
    const snapshot = await snapshotOf(c, body, [user])
    const answer = xml === undefined ? undefined : readAutodiscover(xml)
    const question = { user, client, symptom, answer, computerDomain, needsArchive, copiesByRegistry, now: c.var.now }
    const dns = dnsOf(c, await findConnection(c.var.db.read, body.connectionId))
    const domains = await askAutodiscover(dns, domainsInQuestion(snapshot, question), snapshot)
    return c.json(diagnose(snapshot, { ...question, domains }))
  })
  .post(
    '/domains',
    rule(RIGHT, 'What DNS says of domains, and what that means for mail and Outlook'),
    naming,
    async (c) => {
      const { connectionId, domains } = c.req.valid('json')
      const connection = await findConnection(c.var.db.read, connectionId)
      const asked = [...new Set(domains)].map(async (domain) => ({
        domain,
        findings: await askDomain(dnsOf(c, connection), domain, connection),
      }))
      return c.json(await Promise.all(asked))
    },
  )
  .post('/lists', rule(RIGHT, 'Reads a list of users as a file has them'), listed, (c) => {
    const { name, text } = c.req.valid('json')
    return c.json(readUserList(text, name))
  })
  .get('/outlook', rule(RIGHT, 'Settings for classic Outlook on the computers of delegates'), outlook, (c) => {
    const { version, what, copiesByServer } = c.req.valid('query')
    // The cast: the query was checked against these very words.
    const wish = { version: Number(version) as OutlookVersion, sent: what !== 'deleted', deleted: what !== 'sent' }
    const files = Object.fromEntries(REGISTRY_FORMATS.map((format) => [format, outlookRegistry(wish, format)]))
    return c.json({ files, copies: sentCopies(wish.sent, copiesByServer === 'true') })
  })

/** Domains that are made up are in no DNS: those of the simulator are as they should be. */
function dnsOf({ var: { deps } }: Context<Env>, { kind }: Pick<ExchangeConnectionRow, 'kind'>): Dns {
  if (deps.dns) return deps.dns
  return kind === 'simulator' ? simulatedDns() : openDns(deps.config.dnsServers)
}

/** Everybody that what is wanted names, so that it can be planned; nobody where it can't be read. */
async function namesWanted(row: ExchangeMailbox | undefined): Promise<string[]> {
  const source = row?.flow.draft ?? row?.wanted ?? ''
  if (!row || source === '') return []
  return await readStored(source, row.lists).then(
    ({ names }) => names,
    () => [],
  )
}

async function snapshotOf(
  c: Context<Env>,
  { connectionId, identity, snapshot }: Body,
  names: string[],
): Promise<Snapshot> {
  const mailbox = { connectionId, identity }
  // That there is such a connection is checked for a file too.
  const connection = await findConnection(c.var.db.read, connectionId)
  if (snapshot === undefined) return await exchanging(lookAt(actingOn(c), mailbox, names))
  const read = readSnapshot(snapshot, 'snapshot.json')
  // The directory may be asked where Exchange may not.
  const { links } = c.var.deps.exchange.of(connection).witnesses
  const seen = links ? await gatherEvidence(read, { links }, c.var.now) : []
  const ledger = [...read.ledger, ...(await readLedger(c.var.db.read, mailbox))]
  return { ...read, autoMapping: [...read.autoMapping, ...seen], ledger }
}

async function lookedAt(c: Context<Env>, body: Body, wanted: string, lists: Lists): Promise<Looked> {
  if (body.snapshot === undefined) return await exchanging(planNow(actingOn(c), body, { wanted, lists }))
  const file = await readStored(wanted, lists)
  const snapshot = await snapshotOf(c, body, [])
  const plan = file.plan(snapshot)
  return {
    wanted: file,
    snapshot,
    plan,
    planHash: planHash(plan),
    snapshotHash: snapshotHash(snapshot),
    checks: file.checks(snapshot),
  }
}

/** A plan with everything that is shown of it. */
function shown({ plan, snapshot, planHash, snapshotHash, checks }: Looked, identity: string, now: number) {
  const notes = plan.notes.map((note) => ({ ...note, says: noteLine(note) }))
  const script = plan.blockers.length > 0 ? null : planScript(plan, identity, snapshot.platform, checks, now)
  return { ...plan, notes, planHash, snapshotHash, checks, script }
}
