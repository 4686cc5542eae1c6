import { minorDigits } from '../../db/vocabulary.ts'

// Money is a whole number of minor units beside its currency (ISO 4217).

const KNOWN = new Set(Intl.supportedValuesOf('currency'))

/** The largest amount, in minor units: the product of two such never leaves what BigInt keeps exactly, sums stay safe. */
export const MAX_MINOR = 1_000_000_000_000_00

/** Whether it is the code of a currency, in capitals. */
export const isCurrency = (code: string): boolean => KNOWN.has(code)

/** An amount as people write it, without the currency: 1234.50. */
export function decimalOf(minor: number, currency: string): string {
  const digits = minorDigits(currency)
  if (digits === 0) return String(minor)
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  return `${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** A decimal number exactly: `units` divided by ten to the `digits`. */
type Decimal = { units: bigint; digits: number }

/** Reads a decimal number such as 1.0852; undefined where it is none, or not above 0. */
export function readRate(text: string): Decimal | undefined {
  const found = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text)
  if (!found) return undefined
  const fraction = found[2] ?? ''
  const units = BigInt(found[1] + fraction)
  return units > 0n ? { units, digits: fraction.length } : undefined
}

/**
 * An amount in another currency. Rounded once, half up, to the minor unit: sums are made of rounded amounts, so that
 * what a list shows adds up to what is said above it, whatever it is grouped by.
 * @param rate what one unit of `from` is worth in `to`
 */
export function convert(minor: number, from: string, to: string, rate: Decimal): number {
  if (from === to) return minor
  const shift = minorDigits(to) - minorDigits(from) - rate.digits
  const small = shift < 0 ? halfUp(minor * Number(rate.units), 10 ** -shift) : undefined
  if (small !== undefined) return small
  const product = BigInt(minor) * rate.units
  return Number(shift >= 0 ? product * 10n ** BigInt(shift) : divideHalfUp(product, 10n ** BigInt(-shift)))
}

/** A share of an amount, in whole percent: rounded once, half up, as `convert` is. */
export function percentOf(minor: number, percent: number): number {
  return halfUp(minor * percent, 100) ?? Number(divideHalfUp(BigInt(minor) * BigInt(percent), 100n))
}

/** The same as `divideHalfUp` where all of it is exact in a number, which is much faster; else undefined. */
function halfUp(value: number, by: number): number | undefined {
  const twice = value * 2 + by
  if (value < 0 || !Number.isSafeInteger(twice)) return undefined
  return (twice - (twice % (by * 2))) / (by * 2)
}

function divideHalfUp(value: bigint, by: bigint): bigint {
  return value >= 0n ? (value * 2n + by) / (by * 2n) : -((-value * 2n + by) / (by * 2n))
}
