import { Temporal } from 'temporal-polyfill'
import type { ImportPlan, OutcomeReason, Stage, StageMeaning } from '../../../db/schema.ts'
import type { Outcome } from '../../../db/vocabulary.ts'
import { nameKey } from '../../people/names.ts'
import { isCurrency } from '../currency.ts'
import { instantOf, isZone, type WallTime } from '../deadline.ts'
import { readAmount, readPercent } from './amounts.ts'
import { type ReadDate, readDate } from './dates.ts'
import type { ImportField } from './fields.ts'
import { outcomeNamed } from './meaning.ts'
import type { Table, TableRow } from './read-table.ts'
import { stageEntered } from './sources.ts'

/** What is wrong with a row, and what to do about it. */
export type Complaint = { line: number; column: string; value: string; message: string }

/** A row as the proposal that it is. */
export type Imported = {
  line: number
  externalId: string
  title: string
  organization: string
  valueMinor: number | null
  currency: string
  awardMinor: number | null
  stageId: string
  outcome: Outcome
  /** Percent; null: that of the stage. */
  override: number | null
  expectedDecision: string | null
  createdAt: number | null
  submittedAt: number | null
  decidedAt: number | null
  stageSince: number | null
  entered: { stageId: string; at: number }[]
  ownerId: string | null
  reasonId: string | null
  reason: string
  nextStep: string
  nextStepOn: string | null
  description: string
  source: string
  solicitation: string
  due: WallTime | null
}

/** What rows are read with. */
export type Reading = {
  table: Table
  plan: ImportPlan
  source: string
  stages: ReadonlyMap<string, Stage>
  /** Where a row names no stage. */
  firstStage: Stage | undefined
  /** The probability that most rows of a stage have, by its word in the file. */
  usual: ReadonlyMap<string, number>
  reasons: readonly OutcomeReason[]
  zone: string
  now: number
}

const MAX_TITLE = 300
const MAX_NAME = 200
const MAX_STEP = 500
const MAX_SHORT = 100
const MAX_TEXT = 10_000
const MAX_SHOWN = 100
/** A date further back is a slip of the pen, as server/proposals/change.ts has it. */
const EARLIEST_DAY = '1990-01-02'

/** Reads one row: the proposal that it is, or all that is wrong with it. */
export function readLine(row: TableRow, reading: Reading): Imported | Complaint[] {
  const { table, plan, now, zone } = reading
  const complaints: Complaint[] = []
  if (row.cells.length !== table.head.length) {
    const few = row.cells.length < table.head.length
    const message = `The line has ${row.cells.length} fields where the others have ${table.head.length}. ${few ? 'One is missing' : 'A comma or quotation mark too many'}: mend it in the file.`
    return [{ line: row.line, column: '', value: '', message }]
  }
  const columnsOf = (field: ImportField) => plan.columns.flatMap((one, i) => (one === field ? [i] : []))
  const cell = (i: number | undefined): string => {
    const text = i === undefined ? '' : (row.cells[i] ?? '').trim()
    // What our own export wrote so that no spreadsheet runs it as a formula.
    return reading.source === 'downfield' && /^'+[=+\-@]/.test(text) ? text.slice(1) : text
  }
  const indexOf = (field: ImportField) => columnsOf(field).find((i) => cell(i) !== '') ?? columnsOf(field)[0]
  const text = (field: ImportField) => cell(indexOf(field))
  const complain = (field: ImportField, message: string, i = indexOf(field)) => {
    const value = cell(i).slice(0, MAX_SHOWN)
    complaints.push({ line: row.line, column: i === undefined ? '' : (table.head[i] ?? ''), value, message })
  }
  const short = (field: ImportField, most: number, what: string): string => {
    // Line breaks within a field become spaces; other control characters have no meaning.
    const value = text(field)
      .replace(/\s*[\r\n\t\v]+\s*/g, ' ')
      .replace(/\p{Cc}/gu, '')
    if (value.length > most) complain(field, `The ${what} has more than ${most} characters. Shorten it.`)
    return value
  }
  const dateIn = (field: ImportField, i = indexOf(field)): ReadDate | null => {
    const value = cell(i)
    if (value === '') return null
    const date = readDate(value, plan.dateOrder)
    if (date && date !== 'order') return date
    complain(
      field,
      date === 'order'
        ? 'It is not known whether the day or the month comes first. Choose it above.'
        : `This is no date${plan.dateOrder === null ? '' : ` with the ${plan.dateOrder === 'dmy' ? 'day' : 'month'} first`}. Write it as 2026-03-31.`,
      i,
    )
    return null
  }
  const momentIn = (field: ImportField, i = indexOf(field)): number | null => {
    const date = dateIn(field, i)
    if (!date) return null
    const at = momentOf(date, zone)
    if (date.day < EARLIEST_DAY) complain(field, 'The date is before 1990. Correct it in the file.', i)
    // A day without a time is over at any moment of it.
    else if (at > now) complain(field, 'The date is in the future. Correct it in the file.', i)
    return at
  }
  const amountIn = (field: ImportField, fallback: string) => {
    const value = text(field)
    if (value === '') return null
    const amount = readAmount(value, plan.decimal, fallback)
    if (amount && amount !== 'decimal') return amount
    complain(
      field,
      amount === 'decimal'
        ? 'It is not known whether a point or a comma comes before the decimals. Choose it above.'
        : 'This is no amount of 0 or more. Write it as 12500.00, or leave it empty.',
    )
    return null
  }
  const percentIn = (field: ImportField): number | null => {
    const value = text(field)
    if (value === '') return null
    const percent = readPercent(value, plan.decimal)
    if (percent === undefined)
      complain(field, 'A probability is a number from 0 to 100. Correct it, or leave it empty.')
    return percent ?? null
  }

  const title = short('title', MAX_TITLE, 'name')
  if (title === '') complain('title', 'The name is empty. Give the proposal one.')
  const organization = short('organization', MAX_NAME, 'organization')
  let currency = text('currency').toUpperCase() || plan.currency
  if (!isCurrency(currency)) {
    complain('currency', 'This is no currency. Write its code, such as EUR or USD.')
    currency = plan.currency
  }
  const value = amountIn('value', currency)
  if (value && text('currency') !== '' && value.currency !== currency)
    complain(
      'value',
      `The amount says ${value.currency}, the column for the currency ${currency}. Correct one of them.`,
    )
  currency = value?.currency ?? currency
  const award = amountIn('award', currency)

  const { meaning, word } = stageOf()
  const status = statusOf()
  const outcome: Outcome = status && status !== 'open' ? status : (meaning?.outcome ?? 'open')

  const closing = outcome === 'open' ? null : (indexOf('decidedAt') ?? null)
  const decidedAt =
    outcome === 'open'
      ? null
      : closing !== null && cell(closing) !== ''
        ? momentIn('decidedAt')
        : text('closeDate') !== ''
          ? momentIn('closeDate')
          : null
  if (outcome !== 'open' && decidedAt === null && complaints.every(({ column }) => column !== nameOfDecision()))
    complain(
      columnsOf('decidedAt').length > 0 ? 'decidedAt' : 'closeDate',
      'It ended, and no date says when. Fill in the close date.',
    )
  const expected = dateIn('expectedDecision') ?? (outcome === 'open' ? dateIn('closeDate') : null)
  const createdAt = momentIn('createdAt')
  const submittedAt = momentIn('submittedAt')
  const stageSince = momentIn('stageSince')
  const entered = columnsOf('enteredStage').flatMap((i) => {
    const at = cell(i) === '' ? null : momentIn('enteredStage', i)
    const stage = plan.stages[stageEntered(table.head[i] ?? '') ?? '']
    return at === null || !stage || stage.outcome ? [] : [{ stageId: stage.stageId, at }]
  })
  const own = percentIn('ownProbability')
  const percent = percentIn('probability')
  const override =
    own ?? (outcome === 'open' && percent !== null && percent !== reading.usual.get(word) ? percent : null)

  const reason = text('reason').slice(0, MAX_TEXT)
  const found = reading.reasons.find((one) => one.outcome === outcome && nameKey(one.label) === nameKey(reason))
  const description = text('description')
  if (description.length > MAX_TEXT)
    complain('description', `The description has more than ${MAX_TEXT.toLocaleString('en')} characters. Shorten it.`)
  const externalId = short('externalId', MAX_NAME, 'id')
  const imported: Imported = {
    line: row.line,
    externalId,
    title,
    organization,
    valueMinor: value?.minor ?? null,
    currency,
    awardMinor: outcome === 'won' ? (award?.minor ?? null) : null,
    stageId: meaning?.stageId ?? '',
    outcome,
    override,
    expectedDecision: expected?.day ?? null,
    createdAt,
    submittedAt,
    decidedAt,
    stageSince,
    entered,
    ownerId: plan.people[text('owner')] ?? null,
    reasonId: found?.id ?? null,
    reason: outcome === 'open' ? '' : reason,
    nextStep: short('nextStep', MAX_STEP, 'next step'),
    nextStepOn: dateIn('nextStepOn')?.day ?? null,
    description: description.replaceAll('\0', ''),
    source: short('source', MAX_SHORT, 'source'),
    solicitation: short('solicitation', MAX_SHORT, 'solicitation number'),
    due: dueOf(),
  }
  return complaints.length > 0 ? complaints : imported

  function nameOfDecision(): string {
    const i = columnsOf('decidedAt').find((one) => cell(one) !== '') ?? columnsOf('closeDate')[0]
    return i === undefined ? '' : (table.head[i] ?? '')
  }

  function stageOf(): { meaning: StageMeaning | null; word: string } {
    const word = text('stage')
    if (word === '') {
      const first = reading.firstStage
      if (columnsOf('stage').length > 0 && columnsOf('status').length === 0)
        complain('stage', 'The stage is empty. Fill it in.')
      return { meaning: first ? { stageId: first.id, outcome: null } : null, word }
    }
    const meaning = plan.stages[word]
    if (!meaning)
      complain(
        'stage',
        `What the stage "${word.slice(0, MAX_SHOWN)}" is here was not chosen. Choose it under Stages and people.`,
      )
    return { meaning: meaning ?? null, word }
  }

  function statusOf(): Outcome | undefined {
    const word = text('status')
    if (word === '') return undefined
    const status = outcomeNamed(word)
    if (!status)
      complain(
        'status',
        'This status is not known. Write open, won, lost, no bid, withdrawn or cancelled, or leave the column out.',
      )
    return status
  }

  function dueOf(): WallTime | null {
    const date = dateIn('due')
    if (!date) return null
    const due: WallTime = {
      local: date.time ? `${date.day}T${date.time.slice(0, 5)}` : date.day,
      zone: text('dueZone') || zone,
    }
    if (!isZone(due.zone)) {
      complain('dueZone', 'This is no time zone. Write one such as Europe/Berlin or America/Denver.')
      return null
    }
    try {
      instantOf(due)
      return due
    } catch (error) {
      complain('due', error instanceof Error ? error.message : String(error))
      return null
    }
  }
}

const DAYS = new Map<string, number>()
const MAX_DAYS = 20_000

/** The moment of a date: of a day without a time its beginning in the zone; of a time without an offset that of the zone. */
function momentOf({ day, time, offset }: ReadDate, zone: string): number {
  if (time && offset) return Date.parse(`${day}T${time}${offset}`)
  const key = `${zone} ${day} ${time ?? ''}`
  const known = DAYS.get(key)
  if (known !== undefined) return known
  const at = Temporal.PlainDateTime.from(`${day}T${time ?? '00:00'}`).toZonedDateTime(zone).epochMilliseconds
  if (DAYS.size >= MAX_DAYS) DAYS.clear()
  DAYS.set(key, at)
  return at
}
