import { and, desc, eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import { type Address, bodies, type Issue, type Message, members, messages, teams, threads } from '../../db/schema.ts'
import { CHOSEN_STATUSES, DONE_REASONS, ORDERS, VIEWS } from '../../db/vocabulary.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { changeContact } from '../issues/contact.ts'
import { countIssues } from '../issues/count.ts'
import { type Assignee, assign, setStatus } from '../issues/issue.ts'
import { listedIssue, listIssues, MAX_PAGE_SIZE } from '../issues/list.ts'
import { checkNothingCame } from '../issues/meanwhile.ts'
import { messageById } from '../issues/message.ts'
import { addNote, MAX_NOTE_CHARACTERS } from '../issues/note.ts'
import { recipientsOf } from '../issues/recipients.ts'
import { MAX_RECIPIENTS, MAX_REPLY_CHARACTERS, quote, reply, replySubject } from '../issues/reply.ts'
import { markSeen } from '../issues/seen.ts'
import { snooze, takeSnoozeBack } from '../issues/snooze.ts'
import { HELD_MS } from '../issues/take-back.ts'
import { readIssue } from '../issues/timeline.ts'
import { findUploads, MAX_ATTACHED_FILES, MAX_UPLOAD_BYTES } from '../issues/upload.ts'
import { maxAttachedBytes } from '../mail/fetch/mail-size.ts'
import { ownMessageId } from '../mail/send/own-id.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.string() }))
const inList = valid(
  'query',
  z.object({
    view: z.enum(VIEWS).default('inbox'),
    teamId: z.string().optional(),
    mailboxId: z.string().optional(),
    order: z.enum(ORDERS).optional(),
    cursor: z.string().optional(),
    limit: z.coerce.number<string>().int().min(1).max(MAX_PAGE_SIZE).optional(),
  }),
)
const address = z.object({ name: z.string().max(500).default(''), address: z.email().max(320).toLowerCase() })
const recipients = z.array(address).max(MAX_RECIPIENTS)

/** Issues: the lists, one issue with its timeline, and what a team does with it. */
export const issues = new Hono<Env>()
  .get('/', rule('read', 'A page of a list of issues'), inList, async (c) => {
    const { read } = c.var.db
    const visible = await visibleMailboxIds(read, c.var.member)
    return c.json(await listIssues(read, c.var.member.id, visible, c.req.valid('query')))
  })
  .get('/counts', rule('read', 'How many issues each list has'), async (c) => {
    const { read } = c.var.db
    const visible = await visibleMailboxIds(read, c.var.member)
    return c.json(await countIssues(read, c.var.member.id, visible, c.var.now))
  })
  .get(
    '/:id',
    rule('read', 'An issue with what happened in it'),
    inPath,
    valid('query', z.object({ before: z.coerce.number<string>().int().optional() })),
    async (c) => {
      const { read } = c.var.db
      const { issue } = await issueFor(read, c.var.member, c.req.valid('param').id)
      return c.json(await readIssue(read, c.var.member.id, issue.id, c.req.valid('query').before))
    },
  )
  .put(
    '/:id/assignee',
    rule('triage', 'Gives an issue to a member, a team or nobody'),
    inPath,
    valid('json', z.object({ memberId: z.string().nullish(), teamId: z.string().nullish() })),
    async (c) => {
      const { member, now } = c.var
      const { memberId, teamId } = c.req.valid('json')
      if (memberId && teamId)
        throw new Invalid([{ field: 'teamId', message: 'teamId must be left out where memberId is given.' }])
      const id = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        return (await assign(tx, issue, await assigneeOf(tx, memberId, teamId), member, now)).id
      })
      return c.json(await shown(c.var.db.read, member.id, id))
    },
  )
  .put('/:id/contact', rule('triage', 'Says who the customer is'), inPath, valid('json', address), async (c) => {
    const { member, now } = c.var
    const id = await c.var.db.write(async (tx) => {
      const { issue } = await issueFor(tx, member, c.req.valid('param').id)
      return (await changeContact(tx, issue, c.req.valid('json'), member, now)).id
    })
    return c.json(await shown(c.var.db.read, member.id, id))
  })
  .put(
    '/:id/status',
    rule('triage', 'Moves an issue to a status'),
    inPath,
    valid('json', z.object({ status: z.enum(CHOSEN_STATUSES), reason: z.enum(DONE_REASONS).nullish() })),
    async (c) => {
      const { member, now } = c.var
      const { status, reason } = c.req.valid('json')
      const id = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        return (await setStatus(tx, issue, status, reason ?? null, member, now)).id
      })
      return c.json(await shown(c.var.db.read, member.id, id))
    },
  )
  .put(
    '/:id/snooze',
    rule('triage', 'Puts an issue off until a time, until they write, or whichever comes first'),
    inPath,
    valid('json', z.object({ until: z.int().positive().nullable(), onReply: z.boolean().default(false) })),
    async (c) => {
      const { member, now } = c.var
      const { until, onReply } = c.req.valid('json')
      const id = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        return (await snooze(tx, issue, { at: until, onReply }, member, now)).id
      })
      return c.json(await shown(c.var.db.read, member.id, id))
    },
  )
  .delete('/:id/snooze', rule('triage', 'Takes back that an issue was put off'), inPath, async (c) => {
    const { member, now } = c.var
    const id = await c.var.db.write(async (tx) => {
      const { issue } = await issueFor(tx, member, c.req.valid('param').id)
      return (await takeSnoozeBack(tx, issue, member, now)).id
    })
    return c.json(await shown(c.var.db.read, member.id, id))
  })
  .post(
    '/:id/notes',
    rule('note', 'Adds a note that only the team sees'),
    inPath,
    valid('json', z.object({ id: z.uuid(), text: z.string().min(1).max(MAX_NOTE_CHARACTERS) })),
    async (c) => {
      const { member, now } = c.var
      const { id, text } = c.req.valid('json')
      const note = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        return await addNote(tx, issue, { id, text }, member, now)
      })
      return c.json(note, 201)
    },
  )
  .get(
    '/:id/recipients',
    rule('reply', 'Whom an answer would go to'),
    inPath,
    valid('query', z.object({ messageId: z.string().optional() })),
    async (c) => {
      const { read } = c.var.db
      const { issue, mailbox } = await issueFor(read, c.var.member, c.req.valid('param').id)
      const answered = await answeredMessage(read, issue.id, c.req.valid('query').messageId)
      const ours = [mailbox.address, ...mailbox.aliases]
      const from: Address = { name: mailbox.name, address: mailbox.address }
      return c.json({
        messageId: answered.id,
        from,
        subject: replySubject(answered.subject),
        reply: recipientsOf(toCustomer(answered, issue), ours, false),
        replyAll: recipientsOf(toCustomer(answered, issue), ours, true),
        quoted: quote(answered, await textOf(read, answered.id)),
        /** In bytes: one file, and all that go along together. */
        maxFileBytes: MAX_UPLOAD_BYTES,
        maxAttachedBytes: maxAttachedBytes(mailbox),
        maxAttachedFiles: MAX_ATTACHED_FILES,
      })
    },
  )
  .post(
    '/:id/replies',
    rule('reply', 'Queues an answer from the shared address'),
    inPath,
    valid(
      'json',
      z.object({
        id: z.uuid(),
        messageId: z.string(),
        to: recipients.min(1),
        cc: recipients.default([]),
        text: z.string().min(1).max(MAX_REPLY_CHARACTERS),
        quote: z.boolean().default(true),
        status: z.enum(['waiting', 'done']).default('waiting'),
        /** The ids of files that POST /api/uploads took. */
        attachments: z.array(z.string()).max(MAX_ATTACHED_FILES).default([]),
        /** `newest` of the issue as the writer saw it: what came in since is answered with 409. Left out: not asked. */
        seen: z.string().nullish(),
      }),
    ),
    async (c) => {
      const { member, now, deps } = c.var
      const draft = c.req.valid('json')
      const message = await c.var.db.write(async (tx) => {
        const { issue, mailbox } = await issueFor(tx, member, c.req.valid('param').id)
        const answered = await answeredMessage(tx, issue.id, draft.messageId)
        const quoted = draft.quote ? quote(answered, await textOf(tx, answered.id)) : ''
        const domain = mailbox.address.split('@')[1] ?? 'localhost'
        const internetMessageId = ownMessageId(deps.secrets, issue.id, draft.id, domain)
        // Sent again, it is there already, and its files and what came meanwhile are settled.
        const isKnown = (await messageById(tx, draft.id)) !== undefined
        if (draft.seen && !isKnown) await checkNothingCame(tx, issue, draft.seen, member)
        const attachments = isKnown ? [] : await findUploads(tx, draft.attachments, member, maxAttachedBytes(mailbox))
        const whole = { ...draft, quoted, internetMessageId, attachments, heldMs: HELD_MS }
        return await reply(tx, issue, mailbox, answered, whole, member, now)
      })
      return c.json({ messageId: message.id, heldMs: HELD_MS }, 201)
    },
  )
  .put('/:id/seen', rule('read', 'Remembers that you have seen an issue'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      const { issue } = await issueFor(tx, member, c.req.valid('param').id)
      await markSeen(tx, issue, member, now)
    })
    return c.body(null, 204)
  })

async function shown(read: Reader, memberId: string, issueId: string) {
  const issue = await listedIssue(read, memberId, issueId)
  if (!issue) throw new NotFound('There is no such issue.')
  return issue
}

async function assigneeOf(read: Reader, memberId?: string | null, teamId?: string | null): Promise<Assignee> {
  if (memberId) {
    const [member] = await read.select().from(members).where(eq(members.id, memberId))
    if (!member)
      throw new Invalid([{ field: 'memberId', message: 'memberId must name a member. There is none like it.' }])
    return { member }
  }
  if (teamId) {
    const [team] = await read.select().from(teams).where(eq(teams.id, teamId))
    if (!team) throw new Invalid([{ field: 'teamId', message: 'teamId must name a team. There is none like it.' }])
    return { team }
  }
  return null
}

/** So many of the newest messages are looked through for one to answer. */
const NEWEST = 50

/** The message to answer: the named one if it belongs to the issue, else the newest that a person sent us. */
async function answeredMessage(read: Reader, issueId: string, messageId: string | undefined): Promise<Message> {
  const rows = await read
    .select({ message: messages })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issueId), messageId ? eq(messages.id, messageId) : undefined))
    .orderBy(desc(messages.at))
    .limit(NEWEST)
  const found = rows.map(({ message }) => message)
  const people = found.filter(({ direction, writer }) => direction === 'in' && writer === 'person')
  // Who joined a thread unasked is not answered by default: answering that mail is for a person to choose.
  const newest = people.find(({ extras }) => !extras.newParticipant) ?? people[0] ?? found[0]
  if (newest) return newest
  if (messageId) throw new Invalid([{ field: 'messageId', message: 'messageId must name a message of this issue.' }])
  throw new Refused('There is no mail in this issue to answer.')
}

/** A mail that one of us passed on is answered to its customer, not to us. */
function toCustomer(answered: Message, { contactName, contactAddress }: Issue): Message {
  if (!answered.extras.forwarded) return answered
  return { ...answered, replyTo: [{ name: contactName, address: contactAddress }] }
}

async function textOf(read: Reader, messageId: string): Promise<string> {
  const [body] = await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, messageId))
  return body?.text ?? ''
}
