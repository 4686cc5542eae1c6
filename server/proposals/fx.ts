import { and, asc, desc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type FxRate, fxRates, type Member } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { record } from '../issues/event.ts'
import { convert, isCurrency, readRate } from './currency.ts'

/** What currencies were worth in the reporting currency, day by day. */
export type Rates = {
  base: string
  /**
   * The rate of a day: that day's, or else the last one before it. Undefined where nobody said one by then: such an
   * amount is left out of sums and counted, never taken one to one.
   */
  on(currency: string, day: string): string | undefined
}

const ONE = '1'
const allRates = prepared((read) =>
  read
    .select({ currency: fxRates.currency, day: fxRates.day, rate: fxRates.rate })
    .from(fxRates)
    .orderBy(asc(fxRates.currency), asc(fxRates.day))
    .prepare(UNNAMED),
)

export async function loadRates(read: Reader, base: string): Promise<Rates> {
  return ratesFrom(await allRates(read).execute(), base)
}

/** @param rows in the order of their days */
export function ratesFrom(rows: Pick<FxRate, 'currency' | 'day' | 'rate'>[], base: string): Rates {
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  const known = new Map<string, Map<string, string | undefined>>()
  return {
    base,
    on(currency, day) {
      if (currency === base) return ONE
      const ofDay = known.get(day) ?? new Map<string, string | undefined>()
      known.set(day, ofDay)
      const found = ofDay.get(currency)
      if (found !== undefined || ofDay.has(currency)) return found
      const rate = byCurrency.get(currency)?.findLast((row) => row.day <= day)?.rate
      ofDay.set(currency, rate)
      return rate
    },
  }
}

/** An amount in the reporting currency, or undefined where the amount or the rate is unknown. */
export function inBase(minor: number | null, currency: string, rate: string | undefined | null, base: string) {
  if (minor === null) return undefined
  if (currency === base) return minor
  const decimal = rate ? decimalOfRate(rate) : undefined
  return decimal && convert(minor, currency, base, decimal)
}

const MAX_READ = 10_000
const read = new Map<string, ReturnType<typeof readRate>>()

/** A rate as a number. The same few are needed thousands of times. */
function decimalOfRate(rate: string) {
  const known = read.get(rate)
  if (known) return known
  if (read.size >= MAX_READ) read.clear()
  const decimal = readRate(rate)
  read.set(rate, decimal)
  return decimal
}

export type RateInput = { currency: string; day: string; rate: string }

export async function listRates(read: Reader): Promise<FxRate[]> {
  return await read.select().from(fxRates).orderBy(asc(fxRates.currency), desc(fxRates.day))
}

/** Sets rates, each for its day; a rate of the same day is replaced. */
export async function setRates(tx: Tx, rates: RateInput[], base: string, by: Member, now: number): Promise<void> {
  for (const { currency, day, rate } of rates) {
    checkRate({ currency, day, rate }, base)
    const row = { currency, day, rate, setById: by.id, setAt: now }
    await tx
      .insert(fxRates)
      .values(row)
      .onConflictDoUpdate({ target: [fxRates.currency, fxRates.day], set: row })
  }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'rates', n: rates.length } })
}

const MAX_LINES = 5_000

/**
 * Reads lines of currency, day and rate, with commas, semicolons or tabs between; a first line of names is passed over.
 * @throws Invalid, which names the first line that is wrong
 */
export function readRates(text: string): RateInput[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const rates = lines.flatMap((line, i): RateInput[] => {
    if (line.trim() === '' || (i === 0 && /^"?currency/i.test(line))) return []
    const [currency = '', day = '', rate = ''] = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ''))
    const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
    if (!isCurrency(currency.toUpperCase()) || !isDay || !readRate(rate))
      throw new Invalid([
        { field: 'text', message: `Line ${i + 1} must be like EUR,2026-03-01,1.0852, not "${line}".` },
      ])
    return [{ currency: currency.toUpperCase(), day, rate }]
  })
  if (rates.length === 0 || rates.length > MAX_LINES)
    throw new Invalid([{ field: 'text', message: `text must have 1 to ${MAX_LINES} lines of rates.` }])
  return rates
}

export async function deleteRate(tx: Tx, currency: string, day: string, by: Member, now: number): Promise<void> {
  await tx.delete(fxRates).where(and(eq(fxRates.currency, currency), eq(fxRates.day, day)))
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'rates', currency, day } })
}

function checkRate({ currency, rate }: RateInput, base: string): void {
  const refuse = (field: string, message: string) => new Invalid([{ field, message }])
  if (!isCurrency(currency)) throw refuse('currency', `currency must be a code such as EUR, not "${currency}".`)
  if (currency === base) throw refuse('currency', `currency must not be ${base}: that is what the others are told in.`)
  if (!readRate(rate)) throw refuse('rate', `rate must be a decimal number above 0, such as 1.0852, not "${rate}".`)
}
