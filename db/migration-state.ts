import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The database was written by a version that this one does not know. */
export class NewerDatabase extends Error {
  override name = 'NewerDatabase'
  readonly code = 'NEWER_DATABASE'
  constructor() {
    super(
      'The database was used by a newer Downfield, whose data this one would misread. Start the newer version again, or restore a backup from before.',
    )
  }
}

/** Whether a database lacks migrations of this version; a new one lacks all. */
export type MigrationState = 'new' | 'behind' | 'current'

/**
 * How a database stands to the migrations of this version.
 * @param applied when the newest migration that it has was written, as the migrator keeps it; none: it has none
 * @throws NewerDatabase where it has one that this version does not
 */
export function migrationState(engine: 'sqlite' | 'postgres', applied: number | undefined): MigrationState {
  const file = path.join(import.meta.dirname, `../migrations/${engine}/meta/_journal.json`)
  // The cast: drizzle-kit's own file.
  const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { entries: { when: number }[] }
  const newest = Math.max(...entries.map(({ when }) => when))
  if (applied === undefined) return 'new'
  if (applied > newest) throw new NewerDatabase()
  return applied < newest ? 'behind' : 'current'
}
