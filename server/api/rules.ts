import { Hono } from 'hono'
import { z } from 'zod'
import { CHOSEN_STATUSES, RULE_FIELDS, RULE_MATCHES, RULE_TESTS, RULE_TRIGGERS } from '../../db/vocabulary.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { MAX_ACTS, MAX_CONDITIONS, MAX_RULES, MAX_VALUE } from '../rules/check.ts'
import { dryRun } from '../rules/dry-run.ts'
import {
  changeRule,
  changeSecret,
  findRule,
  listRules,
  makeRule,
  newSecret,
  orderRules,
  removeRule,
  shown,
} from '../rules/rule.ts'
import type { Env } from './deps.ts'
import { idInPath, line } from './fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_NAME = 100
const MAX_URL = 2_000
const nobody = z.uuid().nullable()
const condition = z.object({
  field: z.enum(RULE_FIELDS),
  test: z.enum(RULE_TESTS),
  value: z.string().max(MAX_VALUE),
  header: z.string().max(76).optional(),
})
const act = z.discriminatedUnion('do', [
  z.object({ do: z.literal('assign'), memberId: nobody, teamId: nobody }),
  z.object({ do: z.literal('tag'), tagId: z.uuid() }),
  z.object({ do: z.literal('status'), status: z.enum(CHOSEN_STATUSES) }),
  z.object({ do: z.literal('notify'), memberId: nobody, teamId: nobody }),
  z.object({ do: z.literal('follow'), memberId: z.uuid() }),
  z.object({ do: z.literal('webhook'), url: z.string().max(MAX_URL) }),
])
const looks = {
  trigger: z.enum(RULE_TRIGGERS),
  match: z.enum(RULE_MATCHES),
  conditions: z.array(condition).max(MAX_CONDITIONS),
}
const input = z.object({
  name: line(MAX_NAME),
  active: z.boolean(),
  ...looks,
  acts: z.array(act).max(MAX_ACTS),
  stops: z.boolean(),
})

/** A condition as it is kept: what was not given is not there. */
const kept = (conditions: z.infer<typeof condition>[]) =>
  conditions.map(({ header, ...rest }) => (header === undefined ? rest : { ...rest, header }))

/** Rules: what happens by itself when a mail arrives or an issue changes. */
export const rules = new Hono<Env>()
  .get('/', rule('manage desk', 'All rules, in their order'), async (c) =>
    c.json((await listRules(c.var.db.read)).map(shown)),
  )
  .put(
    '/:id',
    rule('manage desk', 'Make a rule, or change one. The id is yours to choose'),
    idInPath,
    valid('json', input),
    async (c) => {
      const { db, deps, member, now } = c.var
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      const to = { ...given, conditions: kept(given.conditions) }
      const sealed = deps.secrets.encrypt(newSecret())
      const made = await db.write(async (tx) => {
        const known = (await listRules(tx)).find((one) => one.id === id)
        return known ? await changeRule(tx, known, to, member, now) : await makeRule(tx, id, to, sealed, member, now)
      })
      return c.json(shown(made))
    },
  )
  .patch(
    '/:id',
    rule('manage desk', 'Switch a rule on or off'),
    idInPath,
    valid('json', z.object({ active: z.boolean() })),
    async (c) => {
      const { db, member, now } = c.var
      const { id } = c.req.valid('param')
      const to = c.req.valid('json')
      return c.json(shown(await db.write(async (tx) => changeRule(tx, await findRule(tx, id), to, member, now))))
    },
  )
  .delete('/:id', rule('manage desk', 'Remove a rule'), idInPath, async (c) => {
    const { db, member, now } = c.var
    const { id } = c.req.valid('param')
    await db.write(async (tx) => removeRule(tx, await findRule(tx, id), member, now))
    return c.body(null, 204)
  })
  .post(
    '/order',
    rule('manage desk', 'Put the rules in another order'),
    valid('json', z.object({ ids: z.array(z.uuid()).max(MAX_RULES) })),
    async (c) => {
      const { db, member, now } = c.var
      await db.write((tx) => orderRules(tx, c.req.valid('json').ids, member, now))
      return c.json((await listRules(db.read)).map(shown))
    },
  )
  .post(
    '/:id/secret',
    rule('manage desk', 'Make a new secret for the webhooks of a rule; it is shown this once'),
    idInPath,
    async (c) => {
      const { db, deps, member, now } = c.var
      const { id } = c.req.valid('param')
      const secret = newSecret()
      const sealed = deps.secrets.encrypt(secret)
      await db.write(async (tx) => changeSecret(tx, await findRule(tx, id), sealed, member, now))
      return c.json({ secret })
    },
  )
  .post(
    '/dry-run',
    rule('manage desk', 'For which of the newest mails a rule would have fired'),
    valid('json', z.object(looks)),
    async (c) => {
      const { db, deps, member } = c.var
      const { conditions, ...rest } = c.req.valid('json')
      const visible = await visibleMailboxIds(db.read, member)
      return c.json(
        await dryRun({ read: db.read, blobs: deps.blobs }, { ...rest, conditions: kept(conditions) }, visible),
      )
    },
  )
