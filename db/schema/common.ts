import { int, text } from '../columns.ts'
import { uuidv7 } from '../ids.ts'

// Times are integers: ms since the epoch, named …At. Ids are UUIDs of version 7 made by the server. Addresses are
// lower case. JSON is opaque: no query looks into it.

export const id = () => text().primaryKey().$defaultFn(uuidv7)
export const at = () => int().notNull()

/** A name and an address of a header field (RFC 5322, section 3.4). The name may be empty. */
export type Address = { name: string; address: string }
