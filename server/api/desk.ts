import { Hono } from 'hono'
import { z } from 'zod'
import { FOLLOWINGS } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { follow, followersOf } from '../issues/follow.ts'
import { listedIssue } from '../issues/list.ts'
import { changeTags } from '../issues/tags.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { tagName } from './tags.ts'
import { valid } from './valid.ts'
import { issueFor } from './visible.ts'

const MAX_TAGS_AT_ONCE = 20
const inPath = valid('param', z.object({ id: z.string() }))
const names = z.array(tagName).max(MAX_TAGS_AT_ONCE).default([])

/** How a team keeps order among its issues: tags, and who hears of what. */
export const desk = new Hono<Env>()
  .patch(
    '/:id/tags',
    rule('triage', 'Puts tags on an issue and takes others off; what does not exist is made'),
    inPath,
    valid('json', z.object({ add: names, remove: names })),
    async (c) => {
      const { db, member, now } = c.var
      const id = await db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        return (await changeTags(tx, issue, c.req.valid('json'), member, now)).id
      })
      const issue = await listedIssue(db.read, member.id, id)
      if (!issue) throw new NotFound('There is no such issue.')
      return c.json(issue)
    },
  )
  .put(
    '/:id/following',
    rule('read', 'Says whether you hear of an issue: following, muted, or as it comes'),
    inPath,
    valid('json', z.object({ state: z.enum(FOLLOWINGS).nullable() })),
    async (c) => {
      const { db, member, now } = c.var
      const { state } = c.req.valid('json')
      const id = await db.write(async (tx) => {
        const { issue } = await issueFor(tx, member, c.req.valid('param').id)
        await follow(tx, issue, member, state, 'chosen', member, now)
        return issue.id
      })
      return c.json(await followersOf(db.read, id))
    },
  )
