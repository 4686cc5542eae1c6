import { and, desc, eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader, Tx } from '../../db/index.ts'
import {
  bodies,
  type Issue,
  type Mailbox,
  type Member,
  type Message,
  members,
  messages,
  threads,
} from '../../db/schema.ts'
import { mailboxForMember } from '../access/may.ts'
import { Invalid, Refused } from '../errors.ts'
import { removeDraft } from '../issues/draft.ts'
import { forward, forwardSubject } from '../issues/forward.ts'
import { arrivedSince, checkNothingCame } from '../issues/meanwhile.ts'
import { messageById } from '../issues/message.ts'
import { MAX_SUBJECT_CHARACTERS, sendNew } from '../issues/new-mail.ts'
import { recipientsOf } from '../issues/recipients.ts'
import { quote, reply, replySubject } from '../issues/reply.ts'
import { heldMsOf } from '../issues/take-back.ts'
import { MAX_ATTACHED_FILES, MAX_UPLOAD_BYTES } from '../issues/upload.ts'
import { writingLanguage } from '../issues/writing-language.ts'
import { maxAttachedBytes } from '../mail/fetch/mail-size.ts'
import { domainOf, ownMessageId } from '../mail/send/own-id.ts'
import { passedOnHead } from '../mail/send/quoted-html.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { homeFor } from './visible.ts'
import { type Below, mailFields, makeReady, type Ready, withFiles } from './written.ts'

const inPath = valid('param', z.object({ id: z.string() }))
/** `newest` of the issue as the writer saw it: what came in since is answered with 409. Left out: not asked. */
const seen = z.string().nullish()

/** What goes out from an issue: whom an answer goes to, answers, mail that is passed on, and new mail. */
export const answering = new Hono<Env>()
  .get(
    '/:id/recipients',
    rule('reply', 'Whom an answer would go to'),
    inPath,
    valid('query', z.object({ messageId: z.string().optional() })),
    async (c) => {
      const { read } = c.var.db
      const { issue, mailbox } = await homeFor(read, c.var.member, c.req.valid('param').id)
      const answered = await answeredMessage(read, issue.id, c.req.valid('query').messageId)
      const isDefault = answered.id === (await answeredMessage(read, issue.id, undefined)).id
      const ours = [mailbox.address, ...mailbox.aliases]
      const customer = toCustomer(answered, issue)
      return c.json({
        messageId: answered.id,
        answered: { by: await writerOf(read, answered), at: answered.at, isDefault },
        ...sendingAs(mailbox, answered),
        subject: replySubject(answered.subject),
        forwardSubject: forwardSubject(answered.subject),
        reply: recipientsOf(customer, ours, false),
        replyAll: recipientsOf(customer, ours, true),
        quoted: quote(answered, await textOf(read, answered.id)),
        language: await writingLanguage(read, answered),
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

/** Who wrote a mail: the member behind our address, else as it names itself. */
async function writerOf(read: Reader, { authorId, fromName, fromAddress }: Message): Promise<string> {
  const [author] = authorId
    ? await read.select({ name: members.name }).from(members).where(eq(members.id, authorId))
    : []
  return author?.name ?? (fromName || fromAddress)
}

async function textOf(read: Reader, messageId: string): Promise<string> {
  const [body] = await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, messageId))
  return body?.text ?? ''
}
