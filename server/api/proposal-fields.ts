import { z } from 'zod'
import {
  DUE_CHOICES,
  FORECAST_CATEGORIES,
  OUTCOMES,
  PRIORITIES,
  SOLICITATION_KINDS,
  VALUE_BASES,
} from '../../db/vocabulary.ts'
import { CARD_SORTS } from '../proposals/card.ts'
import { isCurrency, MAX_MINOR } from '../proposals/currency.ts'
import { line } from './fields.ts'

// What routes about proposals take as input.

/** A day, YYYY-MM-DD. */
export const day = z.iso.date()
/** A moment, ms since the epoch. */
export const moment = z.number().int().min(0)
/** An amount in minor units of its currency. */
export const minor = z.number().int().min(0).max(MAX_MINOR)
export const currency = z
  .string()
  .toUpperCase()
  .refine(isCurrency, 'must be the code of a currency such as USD (ISO 4217).')
export const percent = z.number().int().min(0).max(100)
export const note = z.string().max(10_000)

export const wallTime = z.object({
  local: z.string(),
  zone: z.string().max(100),
  choice: z.enum(DUE_CHOICES).optional(),
})

/** What makes up the state of a proposal; what is left out stays. */
export const state = {
  override: percent.nullish(),
  categoryOverride: z.enum(FORECAST_CATEGORIES).nullish(),
  valueMinor: minor.nullish(),
  currency: currency.optional(),
  expectedDecision: day.nullish(),
  ownerId: z.uuid().nullish(),
  teamId: z.uuid().nullish(),
}

/** What is said about a proposal beside its state. */
export const about = {
  title: line(300),
  valueBasis: z.enum(VALUE_BASES).optional(),
  valueUnits: z.number().int().min(1).max(100_000).nullish(),
  organizationId: z.uuid().nullish(),
  source: z.string().trim().max(100).optional(),
  priority: z.enum(PRIORITIES).optional(),
  solicitationNumber: z.string().trim().max(100).optional(),
  solicitationKind: z.enum(SOLICITATION_KINDS).nullish(),
  portalUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_000)]).optional(),
  setAside: z.string().trim().max(200).optional(),
  due: wallTime.nullish(),
  receivedAt: moment.nullish(),
  bidDecidedAt: moment.nullish(),
  nextStep: z.string().trim().max(500).optional(),
  nextStepOn: day.nullish(),
}

/** Values of fields of one's own, by the ids of the fields; null empties one. */
export const ownFields = z.record(z.uuid(), z.string().max(2_000).nullable())

const MAX_STATES = 500

/** A proposal to be made. `history` is for who brings one along with its past. */
export const newProposal = z.object({
  id: z.uuid(),
  ...about,
  ...state,
  pipelineId: z.uuid().optional(),
  stageId: z.uuid().optional(),
  createdAt: moment.optional(),
  fields: ownFields.optional(),
  history: z
    .array(
      z.object({
        at: moment,
        note: note.optional(),
        ...state,
        stageId: z.uuid().optional(),
        outcome: z.enum(OUTCOMES).optional(),
        awardMinor: minor.nullish(),
      }),
    )
    .max(MAX_STATES)
    .optional(),
})

/** Where a change says which version it is a change of: another one is answered with 409. */
export const version = z.number().int().optional()

/** Which proposals a list, a board or a report is about. */
export const filter = {
  pipelineId: z.string().optional(),
  stageId: z.string().optional(),
  ownerId: z.string().optional(),
  teamId: z.string().optional(),
  source: z.string().optional(),
  /** Of forecasts: that of the stage, or its own. */
  category: z.enum(FORECAST_CATEGORIES).optional(),
  organizationId: z.string().optional(),
  q: z.string().max(200).optional(),
}

/** As of when: a moment in ms, or a day, which is meant as its end in the organization's zone; left out: now. */
export const asOf = z
  .string()
  .regex(/^(\d{1,16}|\d{4}-\d\d-\d\d)$/, 'must be a moment in ms or a day such as 2026-04-01.')
  .optional()

export const order = {
  sort: z.enum(CARD_SORTS).default('due'),
  order: z.enum(['asc', 'desc']).default('asc'),
}
