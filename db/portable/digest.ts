import { createHash } from 'node:crypto'

/** A row as SQLite stores it: truth values are 0 and 1, JSON is text. */
export type PortableRow = Record<string, string | number | null>

const MODULUS = 2n ** 128n

/** What a table holds, in one number that does not depend on the order of its rows. */
export type Digest = { rows: number; sum: string }

/** Adds up the hashes of rows: equal sums and counts mean equal tables, whichever engine sorts them how. */
export function openDigest(columns: readonly string[]) {
  const names = [...columns].sort()
  let rows = 0
  let sum = 0n
  return {
    add(row: PortableRow) {
      const hash = createHash('sha256')
      for (const name of names) hash.update(`${JSON.stringify(canonical(row[name] ?? null))}\n`)
      sum = (sum + BigInt(`0x${hash.digest('hex').slice(0, 32)}`)) % MODULUS
      rows++
    },
    end: (): Digest => ({ rows, sum: sum.toString(16) }),
  }
}

/** JSON says the same in any order of its keys; PostgreSQL keeps none. */
function canonical(value: string | number | null): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return sorted(JSON.parse(value))
  } catch {
    return value // text that only looks like JSON
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}
