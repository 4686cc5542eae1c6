import { z } from 'zod'
import { Invalid } from '../errors.ts'
import { fieldErrors } from '../wording.ts'

/**
 * The value as the schema reads it.
 * @param name what the value is called on the command line: "--imap", "EMAIL"
 * @throws Invalid with that name in front
 */
export function check<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new Invalid(fieldErrors(read.error.issues, name))
}

/** An e-mail address, lower case as all are kept. */
export const address = z.email().max(320).toLowerCase()

/** Lines of words in columns, as wide as they need to be. */
export function columns(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
