import { openPostgresSide } from '../../db/portable/postgres-side.ts'
import { openSqliteFile } from '../../db/portable/sqlite-file.ts'
import { Refused } from '../errors.ts'
import { inPages } from './snapshot.ts'

/** Called as rows are copied. */
export type OnProgress = (table: string, done: number, total: number) => void

/**
 * Copies all rows of a snapshot into a PostgreSQL database, then compares them by hash, table by table. May be cut short
 * and begun again: what is there stays, tables that are complete are passed over.
 * @param file a SQLite file with the schema of this version
 * @throws Refused where the database has other rows, or where the comparison finds a difference
 */
export async function loadIntoPostgres(file: string, url: string, on: OnProgress): Promise<{ rows: number }> {
  const source = openSqliteFile(file, { readonly: true })
  const target = await openPostgresSide(url, { migrate: true })
  try {
    // What a migration writes is in the snapshot already, or was removed there.
    if (target.isNew) await target.empty(source.tables)
    let all = 0
    const total = new Map<string, number>()
    for (const { name } of source.tables)
      total.set(name, Number(source.all(`select count(*) as n from "${name}"`)[0]?.n))
    for (const table of source.tables) {
      const rows = total.get(table.name) ?? 0
      const there = await target.count(table)
      if (there > rows) throw new Refused(`The database has rows of its own in ${table.name}. Give an empty one.`)
      let done = 0
      if (there < rows) {
        for await (const page of inPages(source.rows(table))) {
          await target.insert(table, page)
          done += page.length
          on(table.name, done, rows)
        }
      } else on(table.name, rows, rows)
      all += rows
    }
    for (const table of source.tables.filter(({ later }) => later.length > 0)) {
      for await (const page of inPages(source.rows(table))) await target.fill(table, page)
    }
    for (const table of source.tables) {
      const [wanted, is] = [source.digest(table), await target.digest(table)]
      if (wanted.rows !== is.rows || wanted.sum !== is.sum)
        throw new Refused(`The rows of ${table.name} differ after copying. Empty the database, and begin again.`)
    }
    return { rows: all }
  } finally {
    source.close()
    await target.close()
  }
}
