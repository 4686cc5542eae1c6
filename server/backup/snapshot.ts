import { openPostgresSide, ROWS_AT_ONCE } from '../../db/portable/postgres-side.ts'
import { copySqlite, createSqliteFile, openSqliteFile, type SqliteFile } from '../../db/portable/sqlite-file.ts'

/**
 * Writes all rows of a running installation into a SQLite file, as they were at one moment. Nobody is held up.
 * @param databaseUrl a postgres:// URL, or the path of a SQLite file
 * @throws Refused where a PostgreSQL database has not the schema of this version
 */
export async function takeSnapshot(databaseUrl: string, file: string): Promise<void> {
  if (!isPostgres(databaseUrl)) return copySqlite(databaseUrl, file)
  const target = createSqliteFile(file)
  const source = await openPostgresSide(databaseUrl)
  try {
    await source.asOfNow(async () => {
      for (const table of target.tables) {
        for await (const rows of inPages(source.rows(table))) target.insert(table, rows)
      }
    })
  } finally {
    await source.close()
    target.close()
  }
}

/** Opens a snapshot for as long as `use` takes. */
export async function withSnapshot<T>(file: string, use: (snapshot: SqliteFile) => Promise<T>): Promise<T> {
  const snapshot = openSqliteFile(file)
  try {
    return await use(snapshot)
  } finally {
    snapshot.close()
  }
}

export const isPostgres = (databaseUrl: string) => /^postgres(ql)?:/.test(databaseUrl)

/** Rows by the page, as they are copied. */
export async function* inPages<T>(rows: AsyncIterable<T> | Iterable<T>): AsyncIterable<T[]> {
  let page: T[] = []
  for await (const row of rows) {
    page.push(row)
    if (page.length < ROWS_AT_ONCE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
