// Money is a whole number of minor units beside its currency (ISO 4217). Values without imports, as in db/vocabulary.ts.

/** How many decimal digits the minor unit of a currency has (ISO 4217, list one), where it is not 2. */
const DIGITS: Record<string, number> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((c) => [c, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((c) => [c, 3])),
  CLF: 4,
  UYW: 4,
}

/** Decimal digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => DIGITS[currency] ?? 2
