import type Database from 'better-sqlite3'

/** A table as both engines have it. */
export type PortableTable = {
  name: string
  columns: string[]
  /** The primary key, in its order. */
  key: string[]
  /** Columns that refer to rows which are copied later, or to its own: they are filled in when all are there. */
  later: string[]
}

/** Not data: what is derived from the rest, belongs to the moment, or is the engine's own. */
const LEFT_OUT =
  /^(sqlite_.*|__drizzle_migrations|search_index.*|search_docs|search_queue|file_texts|text_queue|leases|turn)$/

/** The tables of a SQLite file, those that others refer to first. */
export function tablesOf(db: Database.Database): PortableTable[] {
  const names = (
    db.prepare("select name from sqlite_schema where type = 'table' order by name").all() as { name: string }[]
  )
    .map(({ name }) => name)
    .filter((name) => !LEFT_OUT.test(name))
  const refers = new Map(names.map((name) => [name, referencesOf(db, name)]))
  const ordered: PortableTable[] = []
  const placed = new Set<string>()
  while (placed.size < names.length) {
    const left = names.filter((name) => !placed.has(name))
    const free = left.filter((name) => refers.get(name)!.every(({ table }) => table === name || placed.has(table)))
    // A circle is cut where the fewest columns have to wait.
    const next = free.length > 0 ? free : [fewest(left, (name) => waiting(refers.get(name)!, placed).length)]
    for (const name of next) {
      ordered.push({ name, ...columnsOf(db, name), later: waiting(refers.get(name)!, placed) })
      placed.add(name)
    }
  }
  return ordered
}

type Reference = { column: string; table: string }

function referencesOf(db: Database.Database, name: string): Reference[] {
  const rows = db.prepare('select "from" as "column", "table" from pragma_foreign_key_list(?)').all(name)
  return rows as Reference[]
}

function columnsOf(db: Database.Database, name: string): { columns: string[]; key: string[] } {
  const rows = db.prepare('select name, pk from pragma_table_info(?)').all(name) as { name: string; pk: number }[]
  const key = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  return { columns: rows.map(({ name }) => name), key: key.map(({ name }) => name) }
}

const waiting = (references: Reference[], placed: Set<string>) =>
  references.filter(({ table }) => !placed.has(table)).map(({ column }) => column)

function fewest<T>(all: T[], count: (one: T) => number): T {
  return all.reduce((best, one) => (count(one) < count(best) ? one : best))
}
