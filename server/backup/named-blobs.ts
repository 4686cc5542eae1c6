import { quoted, type SqliteFile } from '../../db/portable/sqlite-file.ts'

/** A column that names a blob ends so, in any table. */
const NAMES_BLOB = /(^|_)(raw|blob)_hash$/
const BLOB = /^[0-9a-f]{64}$/

/** The hashes of all blobs that a snapshot needs, each once, in order. */
export function* namedBlobs(snapshot: SqliteFile): Iterable<string> {
  const selects = blobColumns(snapshot).map(
    ({ table, column }) => `select ${quoted(column)} as hash from ${quoted(table)} where ${quoted(column)} is not null`,
  )
  for (const { hash } of snapshot.all(`select distinct hash from (${selects.join(' union all ')}) order by hash`)) {
    if (typeof hash === 'string' && BLOB.test(hash)) yield hash
  }
}

/** Every column that names blobs. */
function blobColumns(snapshot: SqliteFile): { table: string; column: string }[] {
  return snapshot.tables.flatMap(({ name, columns }) =>
    columns.filter((column) => NAMES_BLOB.test(column)).map((column) => ({ table: name, column })),
  )
}

/** Takes uploads whose bytes are gone out of a snapshot: somebody took them back while it was made. */
export function dropTakenBack(snapshot: SqliteFile, missing: string[]): string[] {
  return missing.filter((hash) => {
    const dropped = snapshot.run('delete from uploads where blob_hash = ? and message_id is null', hash)
    return dropped === 0
  })
}
