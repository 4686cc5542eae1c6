import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import type { Job, Member } from '../../db/schema.ts'
import { CHOSEN_STATUSES, DONE_REASONS, VIEWS } from '../../db/vocabulary.ts'
import { isZone } from '../../time/zone.ts'
import { Invalid } from '../errors.ts'
import { MAX_QUERY_CHARACTERS } from '../issues/search/query.ts'
import { assigneeOf } from '../jobs/act.ts'
import { jobOf, jobsUnderWay, startJob, startUndo } from '../jobs/job.ts'
import { issuesOver } from '../jobs/over.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { rule } from './rule.ts'
import { tagName } from './tags.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const MAX_TAGS_AT_ONCE = 20
/** More than a page ever shows; the rest is named by the list that it is in. */
const MAX_NAMED_ISSUES = 5_000
const names = z.array(tagName).max(MAX_TAGS_AT_ONCE).default([])

const act = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('assign'),
    memberId: z.string().nullable().default(null),
    teamId: z.string().nullable().default(null),
  }),
  z.object({
    do: z.literal('status'),
    status: z.enum(CHOSEN_STATUSES),
    reason: z.enum(DONE_REASONS).nullable().default(null),
  }),
  z.object({ do: z.literal('tag'), add: names, remove: names }),
  z.object({
    do: z.literal('snooze'),
    until: z.int().positive().nullable(),
    onReply: z.boolean().default(false),
  }),
  z.object({ do: z.literal('unread'), unread: z.boolean() }),
  z.object({ do: z.literal('merge'), intoId: z.string() }),
])

const over = z.union([
  z.object({
    issues: z
      .array(z.object({ id: z.string(), version: z.int().nullable().default(null) }))
      .min(1)
      .max(MAX_NAMED_ISSUES),
  }),
  z.object({
    q: z.string().min(1).max(MAX_QUERY_CHARACTERS),
    zone: z.string().max(64).refine(isZone, 'must be a time zone, as Europe/Paris.').optional(),
  }),
  z.object({ view: z.enum(VIEWS), teamId: z.string().optional() }),
])

/** Jobs: what is done to many issues at once, with how far it has come, and the way back. */
export const jobs = new Hono<Env>()
  .get('/', rule('triage', 'Your jobs that are under way'), async (c) =>
    c.json((await jobsUnderWay(c.var.db.read, c.var.member)).map(shown)),
  )
  .post(
    '/',
    rule('triage', 'Does the same to many issues: those that are named, or all that a list or search holds now'),
    valid('json', z.object({ id: z.uuid(), act, over })),
    async (c) => {
      const { db, member, now } = c.var
      const input = c.req.valid('json')
      await checkAct(db.read, member, input.act, now)
      const found = await issuesOver(db.read, member, input.over, now)
      return c.json(shown(await db.write((tx) => startJob(tx, input.id, input.act, found, member, now))), 201)
    },
  )
  .get('/:id', rule('triage', 'How far a job of yours has come'), idInPath, async (c) =>
    c.json(shown(await jobOf(c.var.db.read, c.req.valid('param').id, c.var.member))),
  )
  .post(
    '/:id/undo',
    rule('triage', 'Takes a job back: each issue that nobody else changed since is what it was'),
    idInPath,
    valid('json', z.object({ id: z.uuid() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('json')
      return c.json(shown(await db.write((tx) => startUndo(tx, id, c.req.valid('param').id, member, now))), 201)
    },
  )

const shown = ({ id, act, state, total, done, skipped, undoneById, error }: Job) => ({
  id,
  act,
  state,
  total,
  done,
  skipped,
  undoneById,
  error,
})

/**
 * What would go wrong with every issue is said at once.
 * @throws Invalid, NotFound
 */
async function checkAct(read: Reader, member: Member, to: z.infer<typeof act>, now: number): Promise<void> {
  const wrong = (field: string, message: string) => new Invalid([{ field, message }])
  switch (to.do) {
    case 'assign':
      if (to.memberId && to.teamId) throw wrong('teamId', 'teamId must be left out where memberId is given.')
      await assigneeOf(read, to)
      return
    case 'tag':
      if (to.add.length + to.remove.length === 0) throw wrong('add', 'add or remove must name a tag.')
      return
    case 'snooze':
      if (to.until === null && !to.onReply) throw wrong('until', 'until must be a time where onReply is not set.')
      if (to.until !== null && to.until <= now) throw wrong('until', 'until must be in the future.')
      return
    case 'merge':
      await issueFor(read, member, to.intoId)
  }
}
