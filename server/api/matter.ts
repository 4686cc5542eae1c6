import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader, Tx } from '../../db/index.ts'
import type { Issue, Member } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'
import { suggestionsFor } from '../issues/candidates.ts'
import { issuesAsListed, listedIssue } from '../issues/list.ts'
import { merge, unmerge } from '../issues/merge.ts'
import { refuse } from '../issues/refusal.ts'
import { split, unsplit } from '../issues/split.ts'
import { normalizedSubject } from '../mail/read/subject.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor, messageFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.string() }))
const MAX_SPLIT = 500
/** The rest of what may be meant is in the picker. */
const MAX_SUGGESTIONS = 5

/** One matter, one issue: bringing issues together, and taking them apart. */
export const matter = new Hono<Env>()
  .put(
    '/:id/merge',
    rule('triage', 'Brings an issue into another'),
    inPath,
    valid('json', z.object({ intoId: z.string() })),
    async (c) => {
      const { member, now } = c.var
      const into = await c.var.db.write(async (tx) => {
        const from = await issueOf(tx, member, c.req.valid('param').id)
        const to = await issueOf(tx, member, c.req.valid('json').intoId)
        // Asked again, it is there already.
        return from.mergedIntoId === to.id ? to : await merge(tx, from, to, member, now)
      })
      return c.json(await shown(c.var.db.read, member.id, into.id))
    },
  )
  .delete('/:id/merge', rule('triage', 'Takes an issue out of the one it was brought into'), inPath, async (c) => {
    const { member, now } = c.var
    const { from, into } = await c.var.db.write(async (tx) =>
      unmerge(tx, await issueOf(tx, member, c.req.valid('param').id), member, now),
    )
    const { read } = c.var.db
    return c.json({ from: await shown(read, member.id, from.id), into: await shown(read, member.id, into.id) })
  })
  .post(
    '/:id/splits',
    rule('triage', 'Takes emails out of an issue into one of their own'),
    inPath,
    valid('json', z.object({ id: z.uuid(), messageIds: z.array(z.string()).min(1).max(MAX_SPLIT) })),
    async (c) => {
      const { member, now } = c.var
      const { id, messageIds } = c.req.valid('json')
      const made = await c.var.db.write(async (tx) => {
        const issue = await issueOf(tx, member, c.req.valid('param').id)
        const { message } = await messageFor(tx, member, messageIds[0]!)
        const subject = normalizedSubject(message.subject)
        return await split(tx, issue, { id, messageIds, subject }, member, now)
      })
      // An id that somebody else's issue has.
      await issueFor(c.var.db.read, member, made.id)
      return c.json(await shown(c.var.db.read, member.id, made.id), 201)
    },
  )
  .delete('/:id/split', rule('triage', 'Puts the emails of a split back'), inPath, async (c) => {
    const { member, now } = c.var
    const home = await c.var.db.write(async (tx) =>
      unsplit(tx, await issueOf(tx, member, c.req.valid('param').id), member, now),
    )
    return c.json(await shown(c.var.db.read, member.id, home.id))
  })
  .get('/:id/suggestions', rule('read', 'Issues that may be about the same matter, and why'), inPath, async (c) => {
    const { member } = c.var
    const { read } = c.var.db
    const { issue } = await issueFor(read, member, c.req.valid('param').id)
    if (issue.status === 'merged') return c.json([])
    const found = (await suggestionsFor(read, issue)).slice(0, MAX_SUGGESTIONS)
    const listed = await issuesAsListed(
      read,
      member.id,
      found.map(({ id }) => id),
    )
    return c.json(listed.map((one) => ({ issue: one, reasons: found.find(({ id }) => id === one.id)!.reasons })))
  })
  .put(
    '/:id/refusals/:otherId',
    rule('triage', 'Says that two issues are not about the same matter'),
    valid('param', z.object({ id: z.string(), otherId: z.string() })),
    async (c) => {
      const { member, now } = c.var
      const { id, otherId } = c.req.valid('param')
      await c.var.db.write(async (tx) =>
        refuse(tx, await issueOf(tx, member, id), await issueOf(tx, member, otherId), member, now),
      )
      return c.body(null, 204)
    },
  )

const issueOf = async (tx: Tx, member: Member, id: string): Promise<Issue> => (await issueFor(tx, member, id)).issue

async function shown(read: Reader, memberId: string, issueId: string) {
  const issue = await listedIssue(read, memberId, issueId)
  if (!issue) throw new NotFound('There is no such issue.')
  return issue
}
