import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The version of this Downfield, as package.json has it. */
export function version(): string {
  const file = path.join(import.meta.dirname, '../package.json')
  // The cast: our own file.
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
