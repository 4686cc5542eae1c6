import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import type { Draft, Member } from '../../db/schema.ts'
import { mailboxForMember, visibleMailboxIds } from '../access/may.ts'
import { findMember } from '../access/member.ts'
import { Invalid, NotFound } from '../errors.ts'
import { discardDraft, findDraft, giveDraft, listDrafts, restoreDraft, saveDraft } from '../issues/draft.ts'
import { MAX_SUBJECT_CHARACTERS } from '../issues/new-mail.ts'
import { MAX_NOTE_CHARACTERS } from '../issues/note.ts'
import { MAX_RECIPIENTS, MAX_REPLY_CHARACTERS } from '../issues/outgoing.ts'
import { MAX_REMIND_AFTER_MS } from '../issues/reminder.ts'
import { MAX_SIGNATURE_CHARACTERS } from '../issues/signature.ts'
import { MAX_ATTACHED_FILES } from '../issues/upload.ts'
import { writtenHtml } from '../mail/send/written-html.ts'
import { writtenText } from '../mail/send/written-text.ts'
import type { Env } from './deps.ts'
import { chosenLanguage } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.uuid() }))
// Looser than what is sent: a draft is what somebody has written so far.
const person = z.object({ name: z.string().max(500), address: z.string().max(320) })
const people = z.array(person).max(MAX_RECIPIENTS)
const content = z.object({
  kind: z.enum(['reply', 'forward', 'new', 'note']),
  messageId: z.string().nullable(),
  recipients: z.object({ to: people, cc: people, bcc: people }).nullable(),
  all: z.boolean(),
  from: z.string().max(320).nullable(),
  subject: z.string().max(MAX_SUBJECT_CHARACTERS),
  plain: z.boolean(),
  text: z.string().max(MAX_REPLY_CHARACTERS),
  html: z.string().max(MAX_REPLY_CHARACTERS),
  quote: z.boolean(),
  signature: z.string().max(MAX_SIGNATURE_CHARACTERS).nullable().default(null),
  language: chosenLanguage.nullable().default(null),
  remindAfterMs: z.int().min(60_000).max(MAX_REMIND_AFTER_MS).nullable().default(null),
  attachments: z
    .array(z.object({ id: z.string(), filename: z.string().max(1_000), size: z.number() }))
    .max(MAX_ATTACHED_FILES),
  copies: z
    .object({ of: z.string(), ids: z.array(z.string()).max(MAX_ATTACHED_FILES) })
    .nullable()
    .default(null),
  noteId: z.string(),
  note: z.string().max(MAX_NOTE_CHARACTERS),
  seen: z.string().nullable(),
})

/** What members are writing: theirs to go on with, and for colleagues to see and take over. */
export const drafts = new Hono<Env>()
  .get('/', rule('read', 'What is being written, and by whom'), async (c) => {
    const { read } = c.var.db
    return c.json(await listDrafts(read, await visibleMailboxIds(read, c.var.member)))
  })
  .get('/:id', rule('read', 'A draft as it is now'), inPath, async (c) =>
    c.json(shownDraft(await draftFor(c.var.db.read, c.var.member, c.req.valid('param').id))),
  )
  .put(
    '/:id',
    rule('reply', 'Keeps what you have written so far'),
    inPath,
    valid(
      'json',
      z.object({
        issueId: z.string().nullable(),
        /** Of a new mail; else that of the issue. */
        mailboxId: z.string().nullish(),
        content,
        /** The version that this goes on from; 0 for a new draft. */
        version: z.number().int().min(0),
      }),
    ),
    async (c) => {
      const { member, now } = c.var
      const { id } = c.req.valid('param')
      const { issueId, mailboxId, content, version } = c.req.valid('json')
      const snippet = snippetOf(content)
      const draft = await c.var.db.write(async (tx) => {
        const mailbox = issueId
          ? (await issueFor(tx, member, issueId)).mailbox
          : await mailboxForMember(tx, member, mailboxId ?? '').catch(() => {
              throw new Invalid([{ field: 'mailboxId', message: 'mailboxId must name a mailbox that you see.' }])
            })
        return await saveDraft(tx, mailbox, { id, issueId, content, version, snippet }, member, now)
      })
      return c.json({ id: draft.id, version: draft.version, updatedAt: draft.updatedAt })
    },
  )
  .put(
    '/:id/member',
    rule('reply', 'Takes a draft over, or hands it to a colleague'),
    inPath,
    valid('json', z.object({ memberId: z.string() })),
    async (c) => {
      const { member, now } = c.var
      const draft = await c.var.db.write(async (tx) => {
        const draft = await draftFor(tx, member, c.req.valid('param').id)
        const to = await findMember(tx, c.req.valid('json').memberId)
        // Who does not see the mailbox would not find it.
        await mailboxForMember(tx, to, draft.mailboxId).catch(() => {
          throw new Invalid([{ field: 'memberId', message: `memberId must name somebody who sees this mailbox.` }])
        })
        return await giveDraft(tx, draft, to, member, now)
      })
      return c.json(shownDraft(draft))
    },
  )
  .delete('/:id', rule('reply', 'Throws a draft away; it can be had back'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      await discardDraft(tx, await draftFor(tx, member, c.req.valid('param').id), member, now)
    })
    return c.body(null, 204)
  })
  .post('/:id/restoration', rule('reply', 'Has a draft back that was thrown away'), inPath, async (c) => {
    const { member, now } = c.var
    const draft = await c.var.db.write(
      async (tx) => await restoreDraft(tx, await draftFor(tx, member, c.req.valid('param').id), member, now),
    )
    return c.json(shownDraft(draft))
  })

/** The draft, if the member sees its mailbox; else NotFound. */
async function draftFor(read: Reader, member: Member, id: string): Promise<Draft> {
  const draft = await findDraft(read, id)
  await mailboxForMember(read, member, draft.mailboxId).catch(() => {
    throw new NotFound('There is no such draft. It may have been sent.')
  })
  return draft
}

/** A draft for colleagues: with its text, and its HTML harmless. */
export function shownDraft(draft: Draft) {
  return { ...draft, read: readOf(draft) }
}

/** What a draft says, as text. */
function readOf({ content }: Pick<Draft, 'content'>): string {
  return content.plain ? content.text : writtenText(writtenHtml(content.html, 'draft').html)
}

function snippetOf(content: Draft['content']): string {
  return readOf({ content }).trim() || content.note.trim()
}
