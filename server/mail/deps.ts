import type { Logger } from 'pino'
import type { Blobs } from '../../db/blobs.ts'
import type { Db } from '../../db/index.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Parsers } from './read/parsers.ts'

/** What everything that handles mail needs. */
export type MailDeps = { db: Db; blobs: Blobs; parsers: Parsers; secrets: Secrets; log: Logger }
