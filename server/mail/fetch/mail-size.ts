import type { Mailbox } from '../../../db/schema.ts'
import { MAX_ATTACHED_BYTES } from '../../issues/upload.ts'
import { MAX_GRAPH_MAIL_BYTES } from '../send/graph.ts'

/** Base64 in lines of 76 characters, each ended by two more. */
const GROWS = (4 / 3) * (78 / 76)
/** Room for headers, text and what is quoted. */
const REST_BYTES = 200_000

/** How large the files of one mail may be together, in bytes, so that what the mailbox sends by takes it. */
export function maxAttachedBytes({ sendBy }: Pick<Mailbox, 'sendBy'>): number {
  return sendBy === 'graph' ? Math.floor((MAX_GRAPH_MAIL_BYTES - REST_BYTES) / GROWS) : MAX_ATTACHED_BYTES
}
