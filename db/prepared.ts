import type { Reader } from './index.ts'

/** Prepared by us, not on the server: a pooler in front of PostgreSQL need not keep track of names. */
export const UNNAMED = ''

/**
 * A query that every request asks: built once for each handle, not each time, which is most of what a short query costs.
 * Values that differ are `sql.placeholder`s.
 */
export function prepared<Query>(build: (read: Reader) => Query): (read: Reader) => Query {
  const built = new WeakMap<Reader, Query>()
  return (read) => {
    const known = built.get(read)
    if (known) return known
    const query = build(read)
    built.set(read, query)
    return query
  }
}
