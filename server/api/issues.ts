import { and, desc, eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader, Tx } from '../../db/index.ts'
import { bodies, type Issue, type Mailbox, type Member, type Message, messages, threads } from '../../db/schema.ts'
import { CHOSEN_STATUSES, DOINGS, DONE_REASONS, ORDERS, VIEWS } from '../../db/vocabulary.ts'
import { mailboxForMember, visibleMailboxIds } from '../access/may.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { changeContact } from '../issues/contact.ts'
import { countIssues } from '../issues/count.ts'
import { draftsOf, removeDraft } from '../issues/draft.ts'
import { forward, forwardSubject } from '../issues/forward.ts'
import { assign, setStatus } from '../issues/issue.ts'
import { listedIssue, listIssues, MAX_PAGE_SIZE } from '../issues/list.ts'
import { arrivedSince, checkNothingCame } from '../issues/meanwhile.ts'
import { messageById } from '../issues/message.ts'
import { MAX_SUBJECT_CHARACTERS, sendNew } from '../issues/new-mail.ts'
import { addNote, MAX_NOTE_CHARACTERS } from '../issues/note.ts'
import { checkNotOvertaken } from '../issues/overtaken.ts'
import { enter, leave } from '../issues/presence.ts'
import { recipientsOf } from '../issues/recipients.ts'
import { dropReminder, remindAt } from '../issues/reminder.ts'
import { quote, reply, replySubject } from '../issues/reply.ts'
import { markSeen, markUnseen } from '../issues/seen.ts'
import { snooze, takeSnoozeBack } from '../issues/snooze.ts'
import { heldMsOf } from '../issues/take-back.ts'
import { readIssue } from '../issues/timeline.ts'
import { MAX_ATTACHED_FILES, MAX_UPLOAD_BYTES } from '../issues/upload.ts'
import { assigneeOf } from '../jobs/act.ts'
import { maxAttachedBytes } from '../mail/fetch/mail-size.ts'
import { domainOf, ownMessageId } from '../mail/send/own-id.ts'
import { passedOnHead } from '../mail/send/quoted-html.ts'
import type { Env } from './deps.ts'
import { shownDraft } from './drafts.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { homeFor, issueFor } from './visible.ts'
import { address, type Below, mailFields, makeReady, type Ready, withFiles } from './written.ts'

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
/** `newest` of the issue as the writer saw it: what came in since is answered with 409. Left out: not asked. */
const seen = z.string().nullish()
/** The version of the issue that the page showed: what somebody else changed since is answered with 409. */
const inVersion = z.number().int()

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
      const page = await readIssue(read, c.var.member.id, issue.id, c.req.valid('query').before)
      return c.json({ ...page, drafts: (await draftsOf(read, issue.id)).map(shownDraft) })
    },
  )
  .put(
    '/:id/assignee',
    rule('triage', 'Gives an issue to a member, a team or nobody'),
    inPath,
    valid(
      'json',
      z.object({ memberId: z.string().nullish(), teamId: z.string().nullish(), version: inVersion.optional() }),
    ),
    async (c) => {
      const { member, now } = c.var
      const { memberId, teamId, version } = c.req.valid('json')
      if (memberId && teamId)
        throw new Invalid([{ field: 'teamId', message: 'teamId must be left out where memberId is given.' }])
      const id = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        if (issue.assigneeId !== (memberId ?? null) || issue.teamId !== (teamId ?? null))
          await checkNotOvertaken(tx, issue, 'assignee', version, member)
        return (
          await assign(
            tx,
            issue,
            await assigneeOf(tx, { memberId: memberId ?? null, teamId: teamId ?? null }),
            member,
            now,
          )
        ).id
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
    valid(
      'json',
      z.object({
        status: z.enum(CHOSEN_STATUSES),
        reason: z.enum(DONE_REASONS).nullish(),
        version: inVersion.optional(),
      }),
    ),
    async (c) => {
      const { member, now } = c.var
      const { status, reason, version } = c.req.valid('json')
      const id = await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        if (issue.status !== status) await checkNotOvertaken(tx, issue, 'status', version, member)
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
        const { issue } = await homeFor(tx, member, c.req.valid('param').id)
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
      const { issue, mailbox } = await homeFor(read, c.var.member, c.req.valid('param').id)
      const answered = await answeredMessage(read, issue.id, c.req.valid('query').messageId)
      const ours = [mailbox.address, ...mailbox.aliases]
      const customer = toCustomer(answered, issue)
      return c.json({
        messageId: answered.id,
        ...sendingAs(mailbox, answered),
        subject: replySubject(answered.subject),
        forwardSubject: forwardSubject(answered.subject),
        reply: recipientsOf(customer, ours, false),
        replyAll: recipientsOf(customer, ours, true),
        quoted: quote(answered, await textOf(read, answered.id)),
        passedOn: `${passedOnHead(answered)}\n\n${await textOf(read, answered.id)}`,
        ...limitsOf(mailbox),
      })
    },
  )
  .get(
    '/:id/meanwhile',
    rule('read', 'What came in since an event: what would stop an answer'),
    inPath,
    valid('query', z.object({ since: z.string() })),
    async (c) => {
      const { read } = c.var.db
      const { issue } = await homeFor(read, c.var.member, c.req.valid('param').id)
      return c.json(await arrivedSince(read, issue, c.req.valid('query').since, c.var.member))
    },
  )
  .post(
    '/:id/replies',
    rule('reply', 'Queues an answer from the shared address'),
    inPath,
    valid('json', z.object({ ...mailFields, messageId: z.string(), quote: z.boolean().default(true), seen })),
    async (c) => {
      const { member, now, deps } = c.var
      const input = c.req.valid('json')
      const { id } = c.req.valid('param')
      const { issue, mailbox } = await homeFor(c.var.db.read, member, id)
      const answered = await answeredMessage(c.var.db.read, issue.id, input.messageId)
      const below: Below | null = input.quote ? { message: answered, how: 'quoted' } : null
      const ready = await makeReady(deps, mailbox, input, 'reply', below)
      const message = await c.var.db.write(async (tx) => {
        const { issue } = await homeFor(tx, member, id)
        const written = await checked(tx, { issue, mailbox, ready, seen: input.seen, member })
        const internetMessageId = ownMessageId(deps.secrets, issue.id, input.id, domainOf(mailbox.address))
        const draft = { ...written, internetMessageId, status: input.status }
        const queued = await reply(tx, issue, mailbox, answered, draft, member, now)
        await removeDraft(tx, input.id)
        return queued
      })
      return c.json({ messageId: message.id, heldMs: heldMsOf(member) }, 201)
    },
  )
  .post(
    '/:id/forwards',
    rule('reply', 'Passes a mail on to somebody else, with a comment'),
    inPath,
    valid(
      'json',
      z.object({ ...mailFields, status: z.enum(['waiting', 'done']).nullish(), messageId: z.string(), seen }),
    ),
    async (c) => {
      const { member, now, deps } = c.var
      const input = { ...c.req.valid('json'), status: c.req.valid('json').status ?? null }
      const { id } = c.req.valid('param')
      const { issue, mailbox } = await homeFor(c.var.db.read, member, id)
      const passedOn = await answeredMessage(c.var.db.read, issue.id, input.messageId)
      const below: Below = { message: passedOn, how: 'passed on' }
      const ready = await makeReady(deps, mailbox, { ...input, status: 'waiting' }, 'forward', below)
      const message = await c.var.db.write(async (tx) => {
        const { issue } = await homeFor(tx, member, id)
        const written = await checked(tx, { issue, mailbox, ready, seen: input.seen, member })
        const internetMessageId = ownMessageId(deps.secrets, issue.id, input.id, domainOf(mailbox.address))
        const queued = await forward(
          tx,
          issue,
          mailbox,
          passedOn,
          { ...written, internetMessageId, status: input.status },
          member,
          now,
        )
        await removeDraft(tx, input.id)
        return queued
      })
      return c.json({ messageId: message.id, heldMs: heldMsOf(member) }, 201)
    },
  )
  .post(
    '/',
    rule('reply', 'Queues a new mail, which begins an issue of its own'),
    valid(
      'json',
      z.object({ ...mailFields, mailboxId: z.string(), subject: z.string().trim().max(MAX_SUBJECT_CHARACTERS) }),
    ),
    async (c) => {
      const { member, now, deps } = c.var
      const input = c.req.valid('json')
      const mailbox = await mailboxForMember(c.var.db.read, member, input.mailboxId)
      const ready = await makeReady(deps, mailbox, input, 'new', null, input.subject)
      const { issue, message } = await c.var.db.write(async (tx) => {
        const isKnown = (await messageById(tx, input.id)) !== undefined
        const { content, ...written } = await withFiles(
          tx,
          isKnown ? { ...ready, ...NO_FILES } : ready,
          mailbox,
          member,
        )
        const nameIn = (issueId: string) => ownMessageId(deps.secrets, issueId, input.id, domainOf(mailbox.address))
        const mail = {
          ...written,
          ...(content ? { content } : {}),
          subject: input.subject,
          status: input.status,
          nameIn,
        }
        const queued = await sendNew(tx, mailbox, mail, member, now)
        await removeDraft(tx, input.id)
        return queued
      })
      return c.json({ issueId: issue.id, messageId: message.id, heldMs: heldMsOf(member) }, 201)
    },
  )
  .put(
    '/:id/presence',
    rule('read', 'Says that your page shows an issue, and whether you write in it; good for 45 seconds'),
    inPath,
    valid('json', z.object({ pageId: z.uuid(), doing: z.enum(DOINGS) })),
    async (c) => {
      const { member, now } = c.var
      const { pageId, doing } = c.req.valid('json')
      await c.var.db.write(async (tx) => {
        const { issue } = await homeFor(tx, member, c.req.valid('param').id)
        await enter(tx, issue, { id: pageId, doing }, member, now)
      })
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id/presence/:pageId',
    rule('read', 'Says that your page does not show an issue any more'),
    valid('param', z.object({ id: z.string(), pageId: z.string() })),
    async (c) => {
      await c.var.db.write((tx) => leave(tx, c.req.valid('param').pageId, c.var.member))
      return c.body(null, 204)
    },
  )
  .put(
    '/:id/reminder',
    rule('triage', 'Brings an issue back at a time where nobody answers'),
    inPath,
    valid('json', z.object({ id: z.uuid(), at: z.int() })),
    async (c) => {
      const { member, now } = c.var
      const { id, at } = c.req.valid('json')
      await c.var.db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        await remindAt(tx, { id, issue, dueAt: at, messageId: null }, member, now)
      })
      return c.body(null, 204)
    },
  )
  .delete('/:id/reminder', rule('triage', 'Lets go of the reminder of an issue'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      const { issue } = await issueFor(tx, member, c.req.valid('param').id)
      await dropReminder(tx, issue, member, now)
    })
    return c.body(null, 204)
  })
  .delete('/:id/seen', rule('read', 'Makes an issue unread for you'), inPath, async (c) => {
    const { member } = c.var
    await c.var.db.write(async (tx) => {
      const { issue } = await issueFor(tx, member, c.req.valid('param').id)
      await markUnseen(tx, issue, member)
    })
    return c.body(null, 204)
  })
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

/** Sent again, a mail is there already, and its files and what came meanwhile are settled. */
const NO_FILES = { pictureIds: [], fileIds: [], copiedPictureIds: [] }

type Checked = { issue: Issue; mailbox: Mailbox; ready: Ready; seen: string | null | undefined; member: Member }

/** What was written with its files, unless something came in that its writer can't know of. */
async function checked(tx: Tx, { issue, mailbox, ready, seen, member }: Checked) {
  const isKnown = (await messageById(tx, ready.id)) !== undefined
  if (seen && !isKnown) await checkNothingCame(tx, issue, seen, member)
  return await withFiles(tx, isKnown ? { ...ready, ...NO_FILES } : ready, mailbox, member)
}

/** The addresses that an answer may come from, the one that was written to first. */
function sendingAs(mailbox: Mailbox, { to, cc, fromAddress, direction }: Message) {
  const addresses = [mailbox.address, ...mailbox.aliases]
  const written = direction === 'out' ? [fromAddress] : [...to, ...cc].map(({ address }) => address)
  const used = written.find((one) => addresses.includes(one)) ?? mailbox.address
  return { from: { name: mailbox.name, address: used }, addresses }
}

/** In bytes: one file, and all that go along together. */
function limitsOf(mailbox: Mailbox) {
  return {
    maxFileBytes: MAX_UPLOAD_BYTES,
    maxAttachedBytes: maxAttachedBytes(mailbox),
    maxAttachedFiles: MAX_ATTACHED_FILES,
  }
}

async function textOf(read: Reader, messageId: string): Promise<string> {
  const [body] = await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, messageId))
  return body?.text ?? ''
}
