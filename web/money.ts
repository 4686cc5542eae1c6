import { minorDigits } from '../db/vocabulary.ts'

// Money is a whole number of minor units beside its currency; here it becomes readable, and what is typed becomes money.

const formats = new Map<string, Intl.NumberFormat>()
function formatOf(currency: string, kind: 'compact' | 'whole' | 'exact'): Intl.NumberFormat {
  const key = `${currency} ${kind}`
  const known = formats.get(key)
  if (known) return known
  const digits = kind === 'exact' ? minorDigits(currency) : 0
  const made = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  formats.set(key, made)
  return made
}

const units = (minor: number, currency: string): number => minor / 10 ** minorDigits(currency)

const STEPS = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** As short as a card needs it: $420k, €54k, $3.42M, $800. */
export function shortMoney(minor: number, currency: string): string {
  const amount = units(minor, currency)
  const size = Math.abs(amount)
  // What rounds to the next step is told in it: 999,999 is 1M, not 1,000k.
  const found = STEPS.find(([step]) => size >= step * 0.9995)
  if (!found) return formatOf(currency, 'whole').format(amount)
  const [step, letter] = found
  const value = amount / step
  const short = step === 1e3 ? Math.round(value) : Number(value.toFixed(2))
  const sign = formatOf(currency, 'whole')
    .format(0)
    .replace('0', String(Math.abs(short)))
  return `${amount < 0 ? '−' : ''}${sign}${letter}`
}

/** In full: $420,000, and cents only where there are any. */
export function money(minor: number, currency: string): string {
  const isWhole = minor % 10 ** minorDigits(currency) === 0
  return formatOf(currency, isWhole ? 'whole' : 'exact').format(units(minor, currency))
}

/** A change of an amount, with its sign: +$240k, −$12k. */
export const signedMoney = (minor: number, currency: string): string =>
  minor > 0 ? `+${shortMoney(minor, currency)}` : shortMoney(minor, currency)

/** An amount as a field shows it, to be changed: 420000, 420000.50. */
export function plainAmount(minor: number | null, currency: string): string {
  if (minor === null) return ''
  const digits = minorDigits(currency)
  return minor % 10 ** digits === 0 ? String(units(minor, currency)) : units(minor, currency).toFixed(digits)
}

/**
 * Reads an amount that was typed: 420000, 420,000.50, 420k, 1.2m. Commas group, the point parts the decimals.
 * @returns minor units; null for nothing, undefined for what is no amount
 */
export function readAmount(typed: string, currency: string): number | null | undefined {
  const text = typed.replace(/[\s$€£¥]/g, '').toLowerCase()
  if (text === '') return null
  const found = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?([kmb])?$/.exec(text)
  if (!found) return undefined
  const times = { k: 3, m: 6, b: 9 }[found[3] ?? ''] ?? 0
  const decimals = found[2] ?? ''
  const shift = minorDigits(currency) + times - decimals.length
  if (shift < 0) return undefined
  const minor = Number(`${found[1]!.replaceAll(',', '')}${decimals}`) * 10 ** shift
  return Number.isSafeInteger(minor) ? minor : undefined
}
