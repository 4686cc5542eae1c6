import { Hono } from 'hono'
import { setFields } from '../proposals/choices.ts'
import { promote, proposalOfIssue } from '../proposals/promote.ts'
import { findProposal } from '../proposals/proposal.ts'
import { suggestedFields } from '../proposals/read/suggested.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { newProposal } from './proposal-fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

/** From an issue to its proposal. */
export const issueProposal = new Hono<Env>()
  .get(
    '/:id/proposal',
    rule('read', 'The proposal that an issue became; null where it is none'),
    idInPath,
    async (c) => {
      const { read } = c.var.db
      const { issue } = await issueFor(read, c.var.member, c.req.valid('param').id)
      const proposal = await proposalOfIssue(read, issue.id)
      return c.json({ proposal: proposal?.deletedAt === null ? proposal : null })
    },
  )
  .get(
    '/:id/proposal/suggested',
    rule('triage', 'What the mails of an issue say for the fields of its proposal: values, sentences, and how sure'),
    idInPath,
    async (c) => {
      const { now } = c.var
      const { read } = c.var.db
      const { issue } = await issueFor(read, c.var.member, c.req.valid('param').id)
      return c.json({ fields: await suggestedFields(read, issue, now) })
    },
  )
  .post(
    '/:id/proposal',
    rule('triage', 'Make a proposal of an issue, with all its mail; what is left out is taken from the issue'),
    idInPath,
    valid('json', newProposal.partial().required({ id: true })),
    async (c) => {
      const { member, now, db } = c.var
      const { fields, ...asked } = c.req.valid('json')
      const made = await db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        const proposal = await promote(tx, issue, asked, member, now)
        if (fields && proposal.version === 1) await setFields(tx, proposal, fields, member, now)
        return proposal.id
      })
      return c.json(await findProposal(db.read, made), 201)
    },
  )
