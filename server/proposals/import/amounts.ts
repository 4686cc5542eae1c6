import { minorDigits } from '../../../db/vocabulary.ts'
import { isCurrency, MAX_MINOR } from '../currency.ts'

/** The sign before the decimals. */
export type DecimalSign = '.' | ','

/** An amount in parts: what is left after the currency was taken off, and that currency. */
type Parts = { digits: string; currency: string | null; negative: boolean }

/** Signs that stand for one currency; $, ¥ and kr stand for several, so the currency of the file counts. */
const SIGNS: Record<string, string> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  US$: 'USD',
  CHF: 'CHF',
  C$: 'CAD',
  A$: 'AUD',
}
const SHARED_SIGNS = /^(\$|¥|kr\.?)$/i

/**
 * Reads an amount into minor units of its currency, exactly.
 * @param fallback the currency where it names none
 * @returns undefined where it is none; `decimal` where the sign before the decimals has to be known and is not
 */
export function readAmount(
  text: string,
  decimal: DecimalSign | null,
  fallback: string,
): { minor: number; currency: string } | 'decimal' | undefined {
  const parts = partsOf(text)
  if (!parts || parts.negative) return undefined
  const currency = parts.currency ?? fallback
  const plain = plainOf(parts.digits, decimal)
  if (plain === undefined || plain === 'decimal') return plain
  const [whole = '', fraction = ''] = plain.split('.')
  const places = minorDigits(currency)
  // More decimals than the currency has say nothing only where they are zeros.
  if (/[1-9]/.test(fraction.slice(places))) return undefined
  const minor = Number(whole + fraction.slice(0, places).padEnd(places, '0'))
  return minor <= MAX_MINOR ? { minor, currency } : undefined
}

/** Reads a percentage, 0 to 100, rounded half up to whole percents. */
export function readPercent(text: string, decimal: DecimalSign | null): number | undefined {
  const plain = plainOf(text.replace(/\s*%$/, '').trim(), decimal ?? (text.includes(',') ? ',' : '.'))
  if (plain === undefined || plain === 'decimal') return undefined
  const percent = Math.round(Number(plain))
  return percent >= 0 && percent <= 100 ? percent : undefined
}

/**
 * The sign before the decimals that the amounts of a column prove.
 * @returns null where it has to be asked; `any` where no amount needs it
 */
export function decimalOfColumn(texts: Iterable<string>): DecimalSign | null | 'any' {
  let [point, comma, open] = [0, 0, 0]
  for (const text of texts) {
    const digits = partsOf(text)?.digits
    if (digits === undefined || plainOf(digits, null) !== 'decimal') continue
    const [a, b] = [plainOf(digits, '.'), plainOf(digits, ',')]
    if (a && b) open++
    else if (a) point++
    else if (b) comma++
  }
  if (point > 0 && comma > 0) return null
  if (point > 0) return '.'
  if (comma > 0) return ','
  return open > 0 ? null : 'any'
}

function partsOf(text: string): Parts | undefined {
  const trimmed = text.trim().replace(/[\u00A0\u202F\u2009]/g, ' ')
  const found =
    /^(?<minus>[-−(]?)\s*(?<before>[^\d\s(+−-]{0,4}?)\s*(?<inner>[-−]?)(?<digits>\d[\d.,'’ ]*?)\s*(?<after>[^\d\s)]{0,4})\)?$/u.exec(
      trimmed,
    )
  const groups = found?.groups
  if (!groups?.digits) return undefined
  const mark = [groups.before, groups.after].filter((one) => one !== undefined && one !== '')
  if (mark.length > 1) return undefined
  const [sign = ''] = mark
  const currency = sign === '' || SHARED_SIGNS.test(sign) ? null : (SIGNS[sign] ?? sign.toUpperCase())
  if (currency !== null && !isCurrency(currency)) return undefined
  return { digits: groups.digits, currency, negative: groups.minus !== '' || groups.inner !== '' }
}

/** An amount with a point before its decimals and nothing between its thousands. */
function plainOf(digits: string, decimal: DecimalSign | null): string | 'decimal' | undefined {
  const text = digits.replace(/(?<=\d)['’ ](?=\d{3}(\D|$))/g, '')
  if (/^\d+$/.test(text)) return text
  const as = (sign: DecimalSign): string | undefined => {
    const thousands = sign === '.' ? ',' : '\\.'
    const point = sign === '.' ? '\\.' : ','
    // Groups of three, of Indian amounts also of two before the last (en-IN).
    const form = new RegExp(`^(\\d{1,3}(${thousands}\\d{2,3})*${thousands}\\d{3}|\\d+)(${point}\\d*)?$`)
    if (!form.test(text)) return undefined
    return (sign === '.' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.')).replace(/\.$/, '')
  }
  if (decimal) return as(decimal)
  const [a, b] = [as('.'), as(',')]
  return a === undefined && b === undefined ? undefined : a === b ? a : 'decimal'
}
