/** A number of a report and the proposals that it is made of. */
export type Figure = {
  count: number
  /** Minor units of the reporting currency. */
  minor: number
  /** How many of them are not in `minor`, because nobody knows their value, or the rate of their currency. */
  unknown: number
  ids: string[]
}

/** Adds up an amount of rows; what is unknown is left out and counted. */
export function figureOf<Row extends { id: string }>(
  rows: readonly Row[],
  amount: (row: Row) => number | undefined,
): Figure {
  let minor = 0
  let unknown = 0
  for (const row of rows) {
    const one = amount(row)
    if (one === undefined) unknown++
    else minor += one
  }
  return { count: rows.length, minor, unknown, ids: rows.map(({ id }) => id) }
}

/** A share: what of how much, and what that is. Null where there is nothing to share: "–", not 0 %. */
export type Rate = { of: number; n: number; rate: number | null }
export const rateOf = (of: number, n: number): Rate => ({ of, n, rate: n === 0 ? null : of / n })
