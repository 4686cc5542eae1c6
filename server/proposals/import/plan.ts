import type { ImportPlan, Member, Stage } from '../../../db/schema.ts'
import { nameKey } from '../../people/names.ts'
import { decimalOfColumn, readPercent } from './amounts.ts'
import { dateOrderOf } from './dates.ts'
import { DATE_FIELDS, type ImportField } from './fields.ts'
import { meaningOf, outcomeNamed } from './meaning.ts'
import type { Table } from './read-table.ts'
import { columnsOf, stageEntered } from './sources.ts'

/** More words than a person would go through: the column is no stage, or no owner. */
export const MAX_WORDS = 500

/** What plans are made with. */
export type PlanGround = {
  /** Those in use of the pipeline that the proposals go to, in their order. */
  stages: readonly Stage[]
  members: readonly Pick<Member, 'id' | 'name' | 'email' | 'disabledAt'>[]
  currency: string
}

/** How a file is most likely to be read; what can not be known for certain is left open. */
export function proposePlan(table: Table, source: string, ground: PlanGround): ImportPlan {
  const columns = columnsOf(table.head, source)
  const plan = {
    columns,
    dateOrder: null,
    decimal: null,
    currency: ground.currency,
    stages: {},
    people: {},
    onKnown: 'skip',
  } as const
  return withWords(table, plan, ground)
}

/** A plan with all that follows from its columns; what was chosen before stays. */
export function withWords(table: Table, plan: ImportPlan, ground: PlanGround): ImportPlan {
  const usual = usualPercents(table, plan.columns)
  const stages = Object.fromEntries(
    [...wordsOf(table, plan.columns, 'stage').keys()].map((word) => [
      word,
      plan.stages[word] ?? meaningOf(word, ground.stages, usual.get(word) ?? null),
    ]),
  )
  const people = Object.fromEntries(
    [...wordsOf(table, plan.columns, 'owner').keys()].map((word) => [
      word,
      word in plan.people ? (plan.people[word] ?? null) : memberOf(word, ground.members),
    ]),
  )
  const order = dateOrderOf(valuesOf(table, plan.columns, DATE_FIELDS))
  const decimal = decimalOfColumn(valuesOf(table, plan.columns, ['value', 'award']))
  return {
    ...plan,
    stages,
    people,
    dateOrder: order === 'any' ? plan.dateOrder : (plan.dateOrder ?? order),
    decimal: decimal === 'any' ? plan.decimal : (plan.decimal ?? decimal),
  }
}

/** A question that the file leaves open, with values that show why. */
export type Question = { about: 'title' | 'dateOrder' | 'decimal' | 'stages'; examples: string[] }

const EXAMPLES = 3

/** What must be answered before anything can be imported. */
export function questionsOf(table: Table, plan: ImportPlan): Question[] {
  const questions: Question[] = []
  if (!plan.columns.includes('title')) questions.push({ about: 'title', examples: [] })
  const dates = [...valuesOf(table, plan.columns, DATE_FIELDS)]
  if (plan.dateOrder === null && dateOrderOf(dates) === null)
    questions.push({ about: 'dateOrder', examples: some(dates.filter((text) => dateOrderOf([text]) !== 'any')) })
  const amounts = [...valuesOf(table, plan.columns, ['value', 'award'])]
  if (plan.decimal === null && decimalOfColumn(amounts) === null)
    questions.push({ about: 'decimal', examples: some(amounts.filter((text) => decimalOfColumn([text]) !== 'any')) })
  const open = Object.entries(plan.stages).flatMap(([word, meaning]) => (meaning ? [] : [word]))
  if (open.length > 0) questions.push({ about: 'stages', examples: some(open) })
  return questions
}

const some = (texts: string[]): string[] => [...new Set(texts)].slice(0, EXAMPLES)

/** How often each word stands in the columns of a field; where they are too many, the first ones. */
export function wordsOf(table: Table, columns: ImportPlan['columns'], field: ImportField): Map<string, number> {
  const at = columns.flatMap((one, i) => (one === field ? [i] : []))
  const words = new Map<string, number>()
  if (field === 'stage')
    for (const [i, one] of columns.entries()) {
      const word = one === 'enteredStage' ? stageEntered(table.head[i] ?? '') : undefined
      if (word && (outcomeNamed(word) ?? 'open') === 'open') words.set(word, 0)
    }
  for (const { cells } of table.rows) {
    const word = at.map((i) => (cells[i] ?? '').trim()).find((text) => text !== '')
    if (word === undefined || (!words.has(word) && words.size >= MAX_WORDS)) continue
    words.set(word, (words.get(word) ?? 0) + 1)
  }
  return words
}

/** The probability that most rows of each stage have: what the other system gives the stage itself. */
export function usualPercents(table: Table, columns: ImportPlan['columns']): Map<string, number> {
  const [stage, percent] = [columns.indexOf('stage'), columns.indexOf('probability')]
  const counts = new Map<string, Map<number, number>>()
  if (stage < 0 || percent < 0) return new Map()
  for (const { cells } of table.rows) {
    const word = (cells[stage] ?? '').trim()
    const value = readPercent((cells[percent] ?? '').trim(), null)
    if (word === '' || value === undefined) continue
    const ofWord = counts.get(word) ?? new Map<number, number>()
    counts.set(word, ofWord.set(value, (ofWord.get(value) ?? 0) + 1))
  }
  return new Map(
    [...counts].map(([word, values]) => [word, [...values].reduce((most, one) => (one[1] > most[1] ? one : most))[0]]),
  )
}

function* valuesOf(table: Table, columns: ImportPlan['columns'], fields: readonly ImportField[]): Generator<string> {
  const at = columns.flatMap((one, i) => (fields.some((field) => field === one) ? [i] : []))
  for (const { cells } of table.rows)
    for (const i of at) {
      const text = (cells[i] ?? '').trim()
      if (text !== '') yield text
    }
}

/** The member who is meant: by address, or by a name that one alone has, also as "Hopper, Grace". */
function memberOf(word: string, members: PlanGround['members']): string | null {
  const address = word.toLowerCase()
  const byAddress = members.find(({ email }) => email === address)
  if (byAddress) return byAddress.id
  const turned = nameKey(word.replace(/^([^,]+),\s*(.+)$/, '$2 $1'))
  const named = members.filter(({ name }) => nameKey(name) === turned)
  const [only] = named
  return only && named.length === 1 ? only.id : null
}
