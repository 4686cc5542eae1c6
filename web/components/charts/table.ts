import { count } from '../../format.ts'
import { money, plainAmount } from '../../money.ts'

// The numbers of a chart as a table: what is shown beside it, and what its CSV holds.

type Kind = 'text' | 'money' | 'count' | 'share' | 'days'
export type Head = { label: string; kind: Kind }
/** `ids`: the proposals that the number is made of; `href` where they are better named in another way. */
export type Cell = { value: string | number | null; ids?: readonly string[] | undefined; href?: string }
export type Table = { head: Head[]; rows: Cell[][] }

/** 41 %, or – where there is nothing to share. */
export const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)}%`)

/** A cell as one reads it. */
export function cellWords({ value }: Cell, kind: Kind, currency: string): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (kind === 'money') return money(value, currency)
  if (kind === 'share') return percent(value)
  return count(kind === 'days' ? Math.round(value) : value)
}

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * A table as CSV (RFC 4180) in UTF-8 with a mark at its beginning, by which spreadsheets know it. Amounts are in whole
 * units of their currency, shares from 0 to 1; text that would run as a formula gets an apostrophe in front.
 */
export function csvText({ head, rows }: Table, currency: string): string {
  const first = head.map(({ label, kind }) => quoted(kind === 'money' ? `${label} (${currency})` : label))
  const lines = rows.map((row) => row.map(({ value }, i) => plainCell(value, head[i]?.kind ?? 'text', currency)))
  return `\uFEFF${[first, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`
}

function plainCell(value: string | number | null, kind: Kind, currency: string): string {
  if (value === null) return ''
  if (typeof value === 'string') return quoted(value)
  if (kind === 'money') return plainAmount(value, currency)
  return String(kind === 'share' ? Number(value.toFixed(4)) : kind === 'days' ? Math.round(value) : value)
}

function quoted(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
