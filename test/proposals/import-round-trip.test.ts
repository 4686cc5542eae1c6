import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { readTable } from '../../server/proposals/import/read-table.ts'
import { workImports } from '../../server/proposals/import/worker.ts'
import { json, openField } from './story.ts'

const RUNS = 4
const BEGIN = Date.UTC(2025, 0, 1)
const HOUR_MS = 3_600_000

/** What counts from today, is given anew, or is not kept: a number, ages, a category of one's own. */
const OTHERWISE = ['Number', 'Days in stage', 'Idle days', 'Pushed', 'Category']

const words = fc
  .string({ unit: fc.constantFrom(...'aZ é,;"\'=+-@|ß漢0/'), minLength: 1, maxLength: 30 })
  .map((text) => text.trim())
  .filter((text) => text !== '')
const day = fc.integer({ min: 0, max: 900 }).map((n) => new Date(BEGIN + n * 24 * HOUR_MS).toISOString().slice(0, 10))
const proposal = fc.record({
  title: words,
  organization: fc.option(words),
  stage: fc.nat(),
  override: fc.option(fc.integer({ min: 0, max: 100 })),
  valueMinor: fc.option(fc.integer({ min: 0, max: 999_999_999_999 })),
  currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
  expectedDecision: fc.option(day),
  due: fc.option(day.map((local) => ({ local: `${local}T14:30`, zone: 'Europe/Berlin' }))),
  nextStep: fc.option(words),
  nextStepOn: fc.option(day),
  owned: fc.boolean(),
  createdAt: fc.integer({ min: 0, max: 9_000 }).map((hours) => BEGIN + hours * HOUR_MS + 123),
  end: fc.option(
    fc.record({
      outcome: fc.constantFrom('won', 'lost', 'no_bid', 'withdrawn', 'cancelled'),
      after: fc.integer({ min: 1, max: 3_000 }),
    }),
  ),
})

test('what is exported and imported elsewhere is the same', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(proposal, { minLength: 1, maxLength: 25 }), async (all) => {
      const here = await openField()
      const api = here.client(here.mo)
      for (const { organization, stage, owned, end, nextStep, ...more } of all) {
        const named =
          organization && (await api.post<{ id: string }>('organizations', { id: uuidv7(), name: organization }))
        await api.create({
          ...more,
          ...(nextStep ? { nextStep } : {}),
          organizationId: named ? named.id : null,
          stageId: here.pipeline.stages[stage % here.pipeline.stages.length]!.id,
          ownerId: owned ? here.ben.id : null,
          history: end ? [{ at: more.createdAt + end.after * HOUR_MS, outcome: end.outcome }] : [],
        })
      }
      const text = await (await here.as(here.mo)('/api/proposals/export.csv')).text()
      const there = await openField()
      const at = `/api/imports?id=${uuidv7()}&filename=proposals.csv`
      const sent = await json<{ id: string; source: string }>(there.as(there.mo)(at, { method: 'POST', body: text }))
      expect(sent.source).toBe('downfield')
      await there.client(there.mo).post(`imports/${sent.id}/start`)
      await workImports(there.db, there.blobs, there.now, 'test')
      const check = await there.client(there.mo).get<{ broken: unknown[] }>(`imports/${sent.id}/check`)
      expect(check.broken).toEqual([])
      const back = await (await there.as(there.mo)('/api/proposals/export.csv')).text()
      expect(kept(back)).toEqual(kept(text))
    }),
    { numRuns: RUNS },
  )
})

function kept(text: string): Record<string, string>[] {
  const { head, rows } = readTable(new TextEncoder().encode(text))
  return rows.map(({ cells }) =>
    Object.fromEntries(head.flatMap((name, i) => (OTHERWISE.includes(name) ? [] : [[name, cells[i] ?? '']]))),
  )
}
