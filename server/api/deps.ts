import type { Logger } from 'pino'
import type { Blobs } from '../../db/blobs.ts'
import type { Db } from '../../db/index.ts'
import type { ApiToken, Member, Session } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import type { Config } from '../config.ts'
import type { Feed } from '../issues/feed.ts'
import type { Parsers } from '../mail/read/parsers.ts'
import type { Dns } from '../net/dns.ts'
import type { Outside } from '../net/outside.ts'
import type { Connections } from '../provisioning/apply/deps.ts'

/** What the routes work with; server/main.ts makes it once, tests make their own. */
export type Deps = {
  db: Db
  blobs: Blobs
  config: Config
  secrets: Secrets
  log: Logger
  parsers: Parsers
  /** What changes, for those who watch. */
  feed: Feed
  /** Looks into a mailbox at once, without waiting for its timer; may also compare all of it with what is here. */
  lookNow: (mailboxId: string, more?: 'and check') => void
  /** Ends what would go on for ever, such as live updates, when the server stops. */
  closing: AbortSignal
  /** The ways to Exchange, where shared mailboxes come from. */
  exchange: Connections
  /** The way to addresses that other people chose. */
  outside: Outside
  /** DNS, for domains of mail; without it as the settings say. Tests set it. */
  dns?: Dns
  /** In the demo: whom anyone may be with one click. */
  demo?: { memberIds: string[] }
  /** The clock, ms since the epoch; tests set it. */
  now?: () => number
}

/** What a handler finds in `c.var`. */
export type Env = {
  Variables: {
    deps: Deps
    db: Db
    /** With the id of the request. */
    log: Logger
    requestId: string
    /** When the request came, ms since the epoch: one time for all that it changes. */
    now: number
    /** Who asks. Set by `rule`, so not under the rule 'anyone'. */
    member: Member
    /** How they signed in: one of the two is set. */
    session: Session | null
    token: ApiToken | null
  }
}
