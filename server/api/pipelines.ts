import { Hono } from 'hono'
import { z } from 'zod'
import { CLOSED_OUTCOMES, FIELD_KINDS, FORECAST_CATEGORIES } from '../../db/vocabulary.ts'
import { listFields, listReasons, saveFields, saveReasons } from '../proposals/choices.ts'
import { csvOf } from '../proposals/csv.ts'
import { deleteRate, listRates, readRates, setRates } from '../proposals/fx.ts'
import { deleteGoal, listGoals, saveGoal } from '../proposals/goals.ts'
import { archivePipeline, listPipelines, savePipeline } from '../proposals/pipeline.ts'
import { changeSettings, proposalSettings } from '../proposals/settings.ts'
import type { Env } from './deps.ts'
import { idInPath, line } from './fields.ts'
import { currency, day, minor, percent } from './proposal-fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_RATES = 5_000
const label = line(60)
const stage = z.object({
  id: z.uuid(),
  label,
  probability: percent,
  category: z.enum(FORECAST_CATEGORIES),
  idleAfterDays: z.number().int().min(1).max(3_650).nullable(),
  submitted: z.boolean(),
  idleFromExpected: z.boolean(),
})
const rate = z.object({ currency, day, rate: z.string().max(30) })
const inOutcome = valid('param', z.object({ outcome: z.enum(CLOSED_OUTCOMES) }))

/** What proposals move through and are counted by; managers change it. */
export const pipelines = new Hono<Env>()
  .get('/', rule('read', 'The pipelines with their stages'), async (c) => c.json(await listPipelines(c.var.db.read)))
  .get('/settings', rule('read', 'Reporting currency, zone and rules'), async (c) =>
    c.json(await proposalSettings(c.var.db.read)),
  )
  .patch(
    '/settings',
    rule('manage pipeline', 'Change reporting currency, zone or rules'),
    valid(
      'json',
      z
        .object({
          currency,
          zone: z.string().max(100),
          onStageChange: z.enum(['clear', 'keep']),
          autoLink: z.boolean(),
        })
        .partial(),
    ),
    async (c) => {
      const { db, member, now } = c.var
      return c.json(await db.write((tx) => changeSettings(tx, c.req.valid('json'), member, now)))
    },
  )
  .get('/reasons', rule('read', 'Why proposals end, to choose from'), async (c) =>
    c.json(await listReasons(c.var.db.read)),
  )
  .put(
    '/reasons/:outcome',
    rule('manage pipeline', 'Write the reasons of an outcome in their order'),
    inOutcome,
    valid('json', z.object({ reasons: z.array(z.object({ id: z.uuid(), label, needsNote: z.boolean() })).max(50) })),
    async (c) => {
      const { db, member, now } = c.var
      const { outcome } = c.req.valid('param')
      await db.write((tx) => saveReasons(tx, outcome, c.req.valid('json').reasons, member, now))
      return c.json(await listReasons(db.read))
    },
  )
  .get('/fields', rule('read', 'The fields of one’s own'), async (c) => c.json(await listFields(c.var.db.read)))
  .put(
    '/fields',
    rule('manage pipeline', 'Write the fields of one’s own in their order'),
    valid(
      'json',
      z.object({
        fields: z.array(
          z.object({
            id: z.uuid(),
            label,
            kind: z.enum(FIELD_KINDS),
            choices: z.array(line(100)).max(100).default([]),
          }),
        ),
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      await db.write((tx) => saveFields(tx, c.req.valid('json').fields, member, now))
      return c.json(await listFields(db.read))
    },
  )
  .get('/rates', rule('read', 'Exchange rates by day'), async (c) => c.json(await listRates(c.var.db.read)))
  .get('/rates.csv', rule('read', 'Exchange rates as CSV'), async (c) => {
    const rows = (await listRates(c.var.db.read)).map(({ currency, day, rate }) => [currency, day, rate])
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="rates.csv"',
    }
    return c.body(csvOf(['currency', 'day', 'rate'], rows), 200, headers)
  })
  .put(
    '/rates.csv',
    rule('manage pipeline', 'Set exchange rates by lines of currency, day and rate'),
    valid('json', z.object({ text: z.string().max(500_000) })),
    async (c) => {
      const { db, member, now } = c.var
      const rates = readRates(c.req.valid('json').text)
      await db.write(async (tx) => setRates(tx, rates, (await proposalSettings(tx)).currency, member, now))
      return c.json(await listRates(db.read))
    },
  )
  .put(
    '/rates',
    rule('manage pipeline', 'Set exchange rates, each for its day'),
    valid('json', z.object({ rates: z.array(rate).min(1).max(MAX_RATES) })),
    async (c) => {
      const { db, member, now } = c.var
      await db.write(async (tx) => {
        const settings = await proposalSettings(tx)
        await setRates(tx, c.req.valid('json').rates, settings.currency, member, now)
      })
      return c.json(await listRates(db.read))
    },
  )
  .delete(
    '/rates/:currency/:day',
    rule('manage pipeline', 'Remove an exchange rate'),
    valid('param', z.object({ currency, day })),
    async (c) => {
      const { db, member, now } = c.var
      const { currency, day } = c.req.valid('param')
      await db.write((tx) => deleteRate(tx, currency, day, member, now))
      return c.body(null, 204)
    },
  )
  .get('/goals', rule('read', 'What is to be won in which period'), async (c) => c.json(await listGoals(c.var.db.read)))
  .put(
    '/goals/:id',
    rule('manage pipeline', 'Set a goal'),
    idInPath,
    valid(
      'json',
      z.object({
        periodStart: day,
        periodEnd: day,
        memberId: z.uuid().nullable().default(null),
        teamId: z.uuid().nullable().default(null),
        pipelineId: z.uuid().nullable().default(null),
        amountMinor: minor,
      }),
    ),
    async (c) => {
      const { db, member, now } = c.var
      const goal = { id: c.req.valid('param').id, ...c.req.valid('json') }
      return c.json(await db.write((tx) => saveGoal(tx, goal, member, now)))
    },
  )
  .delete('/goals/:id', rule('manage pipeline', 'Remove a goal'), idInPath, async (c) => {
    const { db, member, now } = c.var
    await db.write((tx) => deleteGoal(tx, c.req.valid('param').id, member, now))
    return c.body(null, 204)
  })
  .put(
    '/:id',
    rule('manage pipeline', 'Make a pipeline, or write it anew with its stages in their order'),
    idInPath,
    valid('json', z.object({ name: label, stages: z.array(stage) })),
    async (c) => {
      const { db, member, now } = c.var
      await db.write((tx) => savePipeline(tx, c.req.valid('param').id, c.req.valid('json'), member, now))
      return c.json(await listPipelines(db.read))
    },
  )
  .put(
    '/:id/archived',
    rule('manage pipeline', 'Put a pipeline out of use, or back into it'),
    idInPath,
    valid('json', z.object({ archived: z.boolean() })),
    async (c) => {
      const { db, member, now } = c.var
      await db.write((tx) => archivePipeline(tx, c.req.valid('param').id, c.req.valid('json').archived, member, now))
      return c.json(await listPipelines(db.read))
    },
  )
