import { Hono } from 'hono'
import { z } from 'zod'
import {
  COMPETITOR_ROLES,
  CONTACT_ROLES,
  LINK_KINDS,
  MILESTONE_KINDS,
  MILESTONE_RESULTS,
  PROPOSAL_ROLES,
} from '../../db/vocabulary.ts'
import { issueOfThread } from '../issues/message.ts'
import { acknowledge, amend } from '../proposals/amendment.ts'
import { recordOf } from '../proposals/change.ts'
import { removeCompetitor, setCompetitor } from '../proposals/competitor.ts'
import { instantOf } from '../proposals/deadline.ts'
import { BY_HAND, linkThread, unlinkThread } from '../proposals/link.ts'
import { addMilestone, changeMilestone, removeMilestone } from '../proposals/milestone.ts'
import { addProposalNote } from '../proposals/note.ts'
import { setContactRole, setMemberRoles } from '../proposals/team.ts'
import { proposalFor } from '../proposals/visible.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { minor, moment, note, wallTime } from './proposal-fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const label = z.string().trim().max(200)
const inMilestone = valid('param', z.object({ id: z.uuid(), milestoneId: z.uuid() }))
const inThread = valid('param', z.object({ id: z.uuid(), threadId: z.uuid() }))
const inCompetitor = valid('param', z.object({ id: z.uuid(), organizationId: z.uuid() }))

/** What belongs to a proposal: milestones, amendments, notes, team, contacts, competitors and mail. */
export const proposalParts = new Hono<Env>()
  .get(
    '/instant',
    rule('read', 'The instant that a wall time in a zone is; explained where clocks show it twice'),
    valid('query', wallTime),
    (c) => c.json(instantOf(c.req.valid('query'))),
  )
  .post(
    '/:id/notes',
    rule('note', 'Add a note to a proposal'),
    idInPath,
    valid('json', z.object({ id: z.uuid(), text: note.min(1), at: moment.optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const added = await db.write(async (tx) =>
        addProposalNote(tx, await proposalFor(tx, member, c.req.valid('param').id), c.req.valid('json'), member, now),
      )
      return c.json(added, 201)
    },
  )
  .post(
    '/:id/milestones',
    rule('triage', 'Add a milestone'),
    idInPath,
    valid(
      'json',
      z.object({
        id: z.uuid(),
        kind: z.enum(MILESTONE_KINDS),
        label: label.optional(),
        due: wallTime,
        note: note.optional(),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id, ...input } = c.req.valid('json')
      const added = await db.write(async (tx) =>
        addMilestone(tx, await proposalFor(tx, member, c.req.valid('param').id), id, input, member, now),
      )
      return c.json(added, 201)
    },
  )
  .patch(
    '/:id/milestones/:milestoneId',
    rule('triage', 'Change a milestone, or say how it went'),
    inMilestone,
    valid(
      'json',
      z
        .object({ label, due: wallTime, doneAt: moment.nullable(), result: z.enum(MILESTONE_RESULTS).nullable(), note })
        .partial(),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id, milestoneId } = c.req.valid('param')
      const changed = await db.write(async (tx) =>
        changeMilestone(tx, await proposalFor(tx, member, id), milestoneId, c.req.valid('json'), member, now),
      )
      return c.json(changed)
    },
  )
  .delete('/:id/milestones/:milestoneId', rule('triage', 'Remove a milestone'), inMilestone, async (c) => {
    const { db, member, now } = c.var
    const { id, milestoneId } = c.req.valid('param')
    await db.write(async (tx) => removeMilestone(tx, await proposalFor(tx, member, id), milestoneId, member, now))
    return c.body(null, 204)
  })
  .post(
    '/:id/amendments',
    rule('triage', 'Write down what the customer changed; a new deadline moves the proposal with it'),
    idInPath,
    valid(
      'json',
      z.object({
        id: z.uuid(),
        receivedAt: moment,
        summary: note.min(1),
        threadId: z.uuid().nullish(),
        newDue: wallTime.optional(),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const { id, ...input } = c.req.valid('json')
      const added = await db.write(async (tx) => {
        if (input.threadId) await issueFor(tx, member, (await issueOfThread(tx, input.threadId)).issue.id)
        return await amend(tx, await proposalFor(tx, member, c.req.valid('param').id), id, input, member, now)
      })
      return c.json(added, 201)
    },
  )
  .put(
    '/:id/amendments/:amendmentId/acknowledgement',
    rule('triage', 'Say that an amendment was read and is taken into account'),
    valid('param', z.object({ id: z.uuid(), amendmentId: z.uuid() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, amendmentId } = c.req.valid('param')
      const done = await db.write(async (tx) =>
        acknowledge(tx, await proposalFor(tx, member, id), amendmentId, member, now),
      )
      return c.json(done)
    },
  )
  .put(
    '/:id/members/:memberId',
    rule('triage', 'Say which parts a member has in a proposal; none takes them out of its team'),
    valid('param', z.object({ id: z.uuid(), memberId: z.uuid() })),
    valid('json', z.object({ roles: z.array(z.enum(PROPOSAL_ROLES)) })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, memberId } = c.req.valid('param')
      const { roles } = c.req.valid('json')
      await db.write(async (tx) => setMemberRoles(tx, await proposalFor(tx, member, id), memberId, roles, member, now))
      return c.body(null, 204)
    },
  )
  .put(
    '/:id/contacts/:contactId',
    rule('triage', 'Say what a contact is to a proposal; null: nothing any more'),
    valid('param', z.object({ id: z.uuid(), contactId: z.uuid() })),
    valid('json', z.object({ role: z.enum(CONTACT_ROLES).nullable() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, contactId } = c.req.valid('param')
      const { role } = c.req.valid('json')
      await db.write(async (tx) => setContactRole(tx, await proposalFor(tx, member, id), contactId, role, member, now))
      return c.body(null, 204)
    },
  )
  .put(
    '/:id/competitors/:organizationId',
    rule('triage', 'Say who else bids'),
    inCompetitor,
    valid('json', z.object({ role: z.enum(COMPETITOR_ROLES), priceMinor: minor.nullish(), note: note.optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, organizationId } = c.req.valid('param')
      await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, id)
        await setCompetitor(tx, proposal, organizationId, c.req.valid('json'))
        await recordOf(
          tx,
          proposal,
          { action: 'proposal_changed', by: member, detail: { competitorId: organizationId } },
          now,
        )
      })
      return c.body(null, 204)
    },
  )
  .delete('/:id/competitors/:organizationId', rule('triage', 'Take a competitor out'), inCompetitor, async (c) => {
    const { db, member, now } = c.var
    const { id, organizationId } = c.req.valid('param')
    await db.write(async (tx) => {
      const proposal = await proposalFor(tx, member, id)
      await removeCompetitor(tx, proposal, organizationId)
      await recordOf(
        tx,
        proposal,
        { action: 'proposal_changed', by: member, detail: { competitorId: organizationId } },
        now,
      )
    })
    return c.body(null, 204)
  })
  .put(
    '/:id/threads/:threadId',
    rule('triage', 'Say that mail belongs to a proposal'),
    inThread,
    valid('json', z.object({ kind: z.enum(LINK_KINDS).default('other') })),
    async (c) => {
      const { db, member, now } = c.var
      const { id, threadId } = c.req.valid('param')
      const { kind } = c.req.valid('json')
      await db.write(async (tx) => {
        const proposal = await proposalFor(tx, member, id)
        await issueFor(tx, member, (await issueOfThread(tx, threadId)).issue.id)
        await linkThread(tx, proposal, threadId, { ...BY_HAND, kind }, member, now)
      })
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id/threads/:threadId',
    rule('triage', 'Take mail away from a proposal; no rule links it again'),
    inThread,
    async (c) => {
      const { db, member, now } = c.var
      const { id, threadId } = c.req.valid('param')
      await db.write(async (tx) => unlinkThread(tx, await proposalFor(tx, member, id), threadId, member, now))
      return c.body(null, 204)
    },
  )
