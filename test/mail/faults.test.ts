import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, eq, inArray, notInArray } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { openBlobs } from '../../db/blobs.ts'
import { uuidv7 } from '../../db/ids.ts'
import { openDb } from '../../db/index.ts'
import { type Mailbox, type Member, messages, type Outgoing, outbox, threads } from '../../db/schema.ts'
import type { SendingState } from '../../db/vocabulary.ts'
import { createMember } from '../../server/access/member.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { readConfig } from '../../server/config.ts'
import { openIssue } from '../../server/issues/issue.ts'
import { reply } from '../../server/issues/reply.ts'
import { type Dovecot, freePort, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { type Fault, STAGES, startFaultySmtp } from '../faulty-smtp.ts'
import { addMailbox } from '../world.ts'

const REPLIES = Number(process.env.DOWNFIELD_TEST_REPLIES ?? 1_000)
const KILLS = Number(process.env.DOWNFIELD_TEST_KILLS ?? 4)
const SEED = Number(process.env.DOWNFIELD_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32))
const MAILBOXES = 6
/** So many sessions of a hundred go wrong. */
const FAULTY = 30
const LONGEST_MS = 180_000
const LOOK_EVERY_MS = 10
const PACE = { lookInSentAfterMs: [0], retryAfterMs: [20, 50, 100], silenceMs: 300 }
const OVER: SendingState[] = ['accepted', 'rejected', 'uncertain']

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What goes wrong in a session, if anything does. Nearly half of it where the mail changes hands. */
function faultFrom(random: () => number): Fault | null {
  if (random() * 100 >= FAULTY) return null
  const stage = random() < 0.4 ? 'end' : STAGES[Math.floor(random() * STAGES.length)]!
  const whats =
    stage === 'text' || stage === 'connect' ? (['cut', 'hang'] as const) : (['cut', '4xx', 'hang', '5xx'] as const)
  // Silence costs time: it is the rarest.
  const what = random() < 0.7 ? whats[random() < 0.5 ? 0 : 1]! : whats[Math.floor(random() * whats.length)]!
  // Who refuses a mail has not taken it.
  return { stage, what, takes: random() < 0.5 && (what === 'cut' || what === 'hang') }
}

/** What a recipient's address says about how they are answered: some for good, some the first times. */
function refusalOf(address: string, asked: number): string | null {
  if (address.startsWith('gone')) return '550 5.1.1 No such user'
  if (address.startsWith('busy') && asked <= 2) return '450 4.2.1 Come back later'
  return null
}

/** A reply to come: from which mailbox and to whom, in all mixes of who is taken, refused and put off. */
function planOf(number: number, boxes: Mailbox[]) {
  const named = (name: string) => `${name}${number}@tacoma.example`
  const mixes = [[], [], [], ['gone'], ['busy'], ['eve'], ['gone', 'busy'], ['gone', 'busy', 'eve']]
  const recipients = number % 16 === 3 ? [named('gone')] : ['dana', ...mixes[number % mixes.length]!].map(named)
  return { number, mailbox: boxes[number % boxes.length]!, id: uuidv7(), threadId: uuidv7(), recipients }
}

const idOf = (id: string) => `${id}@northwind.example`

test(
  `of ${REPLIES} replies through a server that fails at random and a Downfield that is killed ${KILLS} times, each is delivered once or stands as failed or uncertain`,
  async () => {
    console.log(`seed: DOWNFIELD_TEST_SEED=${SEED}`)
    const random = randomFrom(SEED)
    const folder = await mkdtemp(path.join(tmpdir(), 'df-faults-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const key = path.join(folder, 'tls.key')
    const cert = path.join(folder, 'tls.crt')
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
    const pair = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', '-nodes', ...pair, ...subject], { stdio: 'ignore' })

    const dovecot: Dovecot | undefined = noDovecot ? undefined : await startDovecot()
    onTestFinished(() => dovecot?.stop())
    const filing = 'filing@northwind.example'
    const asked = new Map<string, number>()
    const refuse = (address: string) => {
      asked.set(address, (asked.get(address) ?? 0) + 1)
      return refusalOf(address, asked.get(address) ?? 1)
    }
    const common = { fault: () => faultFrom(random), refuse }
    const plain = await startFaultySmtp(common)
    const secure = await startFaultySmtp({ ...common, key: await readFile(key), cert: await readFile(cert) })
    // This one files what it takes in Sent by itself, as large providers do.
    const filed = await startFaultySmtp({
      ...common,
      onTaken: ({ raw }, fault) => void (fault?.stage === 'end' && dovecot?.save(filing, 'Sent Items', raw)),
    })
    const servers = [plain, secure, filed]
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))))

    const { DB_TWICE: _, DATABASE_URL: __, ...inherited } = process.env
    const env = {
      ...inherited,
      DOWNFIELD_DATA: folder,
      DOWNFIELD_PORT: '0',
      NODE_EXTRA_CA_CERTS: cert,
      DOWNFIELD_TEST_SEND_PACE: JSON.stringify(PACE),
    }
    const config = readConfig(env)
    const secrets = openSecrets(config)
    const db = await openDb(config.databaseUrl)
    onTestFinished(() => db.close())
    const password = secrets.encrypt(PASSWORD)
    const closed = await freePort()
    const boxes: Mailbox[] = []
    const ben: Member = await db.write((tx) =>
      createMember(tx, { email: 'ben@northwind.example', name: 'Ben', role: 'member', passwordHash: null }, null, 0),
    )
    for (let i = 0; i < MAILBOXES; i++) {
      const server = servers[i % servers.length]!
      const address = server === filed && i < servers.length ? filing : `desk${i}@northwind.example`
      const signsIn = { smtpUser: address, smtpPassword: password }
      const smtp = { smtpHost: server === secure ? 'localhost' : '127.0.0.1', smtpPort: server.port }
      const imap = { imapHost: '127.0.0.1', imapPort: dovecot?.imapPort ?? closed, imapPassword: password }
      boxes.push(
        await db.write((tx) =>
          addMailbox(tx, {
            ...smtp,
            ...imap,
            ...(i % 2 === 0 ? signsIn : {}),
            address,
            imapSecurity: 'none',
            smtpSecurity: server === secure ? 'starttls' : 'none',
            sentCopy: 'server',
          }),
        ),
      )
    }

    const wanted = new Map<string, { id: string; recipients: string[] }>()
    const queue = async (n: number) => {
      const planned = Array.from({ length: n }, (_, i) => planOf(wanted.size + i, boxes))
      await db.write(async (tx) => {
        for (const { number, mailbox, id, threadId, recipients } of planned) {
          const now = Date.now()
          const contact = { name: 'Dana', address: recipients[0]! }
          const issue = await openIssue(tx, mailbox, { subject: `Matter ${number}`, contact, at: now }, now)
          const thread = { id: threadId, mailboxId: mailbox.id, issueId: issue.id, subject: issue.subject }
          await tx.insert(threads).values({ ...thread, apart: false, createdAt: now })
          const internetMessageId = idOf(id)
          // The cast: of what is answered, a reply needs no more.
          const answered = { threadId, subject: issue.subject, internetMessageId: `q-${id}`, references: [] } as never
          const to = recipients.map((address) => ({ name: '', address }))
          const text = `Reply number ${number}.\n.\nEnd`
          const draft = { id, to, cc: [], text, quoted: '', internetMessageId, status: 'waiting' as const }
          await reply(tx, issue, mailbox, answered, draft, ben, now)
        }
      })
      for (const { id, recipients } of planned) wanted.set(idOf(id), { id, recipients })
    }
    const rows = async (): Promise<Outgoing[]> => await db.read.select().from(outbox)
    const numberOver = async () =>
      (await db.read.select({ n: count() }).from(outbox).where(inArray(outbox.state, OVER)))[0]?.n ?? 0
    const isSending = async () => (await db.read.$count(outbox, eq(outbox.state, 'sending'))) > 0

    let child: ChildProcess | undefined
    onTestFinished(() => void child?.kill('SIGKILL'))
    const startServer = () =>
      fork(path.join(import.meta.dirname, 'serve.ts'), { env, execArgv: process.execArgv, stdio: 'inherit' })
    // Part of them is there at the start, the others come while it runs.
    await queue(Math.ceil(REPLIES / 2))
    let cutShort = 0
    for (let i = 0; i < KILLS; i++) {
      child = startServer()
      const after = (REPLIES * (i + 0.5 + random() / 2)) / (KILLS + 1)
      const more = Math.min(Math.ceil(REPLIES / 2 / KILLS), REPLIES - wanted.size)
      if (more > 0) await queue(more)
      while ((await numberOver()) < after && child.exitCode === null) await sleep(LOOK_EVERY_MS)
      await sleep(random() * 30)
      child.kill('SIGKILL')
      await once(child, 'exit')
      if (await isSending()) cutShort++
    }
    expect(wanted.size).toBe(REPLIES)
    child = startServer()
    const notOver = notInArray(outbox.state, OVER)
    while ((await db.read.$count(outbox, notOver)) > 0) await sleep(LOOK_EVERY_MS)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)

    // The whole sets, by Message-ID: none twice, none vanished, none that nobody wrote.
    const all = await rows()
    expect(all.map(({ messageId }) => messageId).sort()).toEqual([...wanted.values()].map(({ id }) => id).sort())
    const deliveries = new Map<string, string[]>()
    const taken = servers.flatMap((server) => server.taken)
    for (const { id, to } of taken) deliveries.set(id, [...(deliveries.get(id) ?? []), ...to])
    const twice = [...deliveries].filter(([, to]) => new Set(to).size < to.length)
    expect(twice).toEqual([])
    expect([...deliveries.keys()].filter((id) => !wanted.has(id))).toEqual([])

    const wrong: unknown[] = []
    for (const [internetMessageId, { id, recipients }] of wanted) {
      const row = all.find(({ messageId }) => messageId === id)!
      const had = [...(deliveries.get(internetMessageId) ?? [])].sort()
      const refused = row.rejected.map(({ address }) => address)
      const due = recipients.filter((address) => !refused.includes(address)).sort()
      const { state } = row
      const isSubset = had.length > 0 && had.every((address) => recipients.includes(address))
      // Of one that was cut short by a kill the Sent folder tells that it is out, and not who was refused.
      const isKnown = !row.response?.startsWith('Downfield was stopped')
      const fits: Record<string, boolean> = {
        accepted: isKnown ? JSON.stringify(had) === JSON.stringify(due) : isSubset,
        rejected: had.length === 0,
        uncertain: had.length === 0 || isSubset,
      }
      if (!fits[state]) wrong.push({ id, state, had, due, refused, response: row.response })
    }
    expect(wrong).toEqual([])

    // What was taken is what is kept here, byte for byte.
    const blobs = await openBlobs(path.join(folder, 'blobs'))
    const kept = await db.read.select().from(messages)
    for (const { id, raw } of taken.slice(0, 50)) {
      const { rawHash } = kept.find(({ internetMessageId }) => internetMessageId === id)!
      expect(`${raw}`).toBe((await blobs.get(rawHash!))!.toString('latin1').replace(/(\r\n)*$/, '\r\n'))
    }

    const by = (state: string) => all.filter((row) => row.state === state).length
    const figures = { accepted: by('accepted'), rejected: by('rejected'), uncertain: by('uncertain') }
    const faults = Object.fromEntries(servers.flatMap(({ seen }) => [...seen]).map(([fault]) => [fault, 0]))
    for (const { seen } of servers) for (const [fault, n] of seen) faults[fault] = (faults[fault] ?? 0) + n
    const sessions = servers.reduce((sum, server) => sum + server.sessions, 0)
    const found = all.filter(({ response }) => response?.includes('It lies in the Sent folder')).length
    console.log(JSON.stringify({ ...figures, sessions, cutShort, foundInSent: found, faults }))
    expect(figures.accepted).toBeGreaterThan(REPLIES / 2)
    expect(Math.min(figures.rejected, figures.uncertain)).toBeGreaterThan(0)
    expect(cutShort).toBeGreaterThan(0)
  },
  LONGEST_MS,
)
