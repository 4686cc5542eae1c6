import { Hono } from 'hono'
import { z } from 'zod'
import { TAG_COLOURS } from '../../db/vocabulary.ts'
import { changeTag, findTag, listTags, MAX_TAG_CHARACTERS, mergeTag } from '../issues/tags.ts'
import type { Env } from './deps.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** The name of a tag, as it is typed. */
export const tagName = line(MAX_TAG_CHARACTERS)

/** Tags: made where they are put on an issue, kept in order here. */
export const tags = new Hono<Env>()
  .get('/', rule('read directory', 'All tags'), async (c) => c.json(await listTags(c.var.db.read)))
  .patch(
    '/:id',
    rule('manage desk', 'Rename a tag or give it a colour'),
    idInPath,
    valid('json', z.object({ name: tagName.optional(), colour: z.enum(TAG_COLOURS).optional() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      const to = c.req.valid('json')
      return c.json(await db.write(async (tx) => await changeTag(tx, await findTag(tx, id), to, member, now)))
    },
  )
  .post(
    '/:id/merge',
    rule('manage desk', 'Make one tag of two: this one becomes the other'),
    idInPath,
    valid('json', z.object({ intoId: z.uuid() })),
    async (c) => {
      const { db, member, now } = c.var
      const from = await findTag(db.read, c.req.valid('param').id)
      const into = await findTag(db.read, c.req.valid('json').intoId)
      await mergeTag(db, from, into, member, now)
      return c.json(into)
    },
  )
  .delete('/:id', rule('manage desk', 'Take a tag off every issue, and remove it'), idInPath, async (c) => {
    const { db, member, now } = c.var
    await mergeTag(db, await findTag(db.read, c.req.valid('param').id), null, member, now)
    return c.body(null, 204)
  })
