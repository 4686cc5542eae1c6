import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import { CHOSEN_STATUSES, DOINGS, DONE_REASONS, ORDERS, VIEWS } from '../../db/vocabulary.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { Invalid, NotFound } from '../errors.ts'
import { changeContact } from '../issues/contact.ts'
import { countIssues } from '../issues/count.ts'
import { draftsOf } from '../issues/draft.ts'
import { assign, setStatus } from '../issues/issue.ts'
import { listedIssue, listIssues, MAX_PAGE_SIZE } from '../issues/list.ts'
import { addNote, MAX_NOTE_CHARACTERS } from '../issues/note.ts'
import { checkNotOvertaken } from '../issues/overtaken.ts'
import { enter, leave } from '../issues/presence.ts'
import { dropReminder, remindAt } from '../issues/reminder.ts'
import { markSeen, markUnseen } from '../issues/seen.ts'
import { snooze, takeSnoozeBack } from '../issues/snooze.ts'
import { readIssue } from '../issues/timeline.ts'
import { assigneeOf } from '../jobs/act.ts'
import type { Env } from './deps.ts'
import { shownDraft } from './drafts.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { homeFor, issueFor } from './visible.ts'
import { address } from './written.ts'

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
