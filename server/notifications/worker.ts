import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import type { Secrets } from '../access/secrets.ts'
import { runRounds } from '../dispatch/rounds.ts'
import { runFollower } from '../issues/follower.ts'
import type { Outside } from '../net/outside.ts'
import { warnOfDeadlines } from './deadlines.ts'
import { makeDigests } from './digest/make.ts'
import { pruneNotifications } from './list.ts'
import { makeMails } from './mail.ts'
import { sendMails } from './mail-sending.ts'
import { notify } from './notify.ts'
import { prunePushes, sendPushes } from './push/push-sending.ts'
import { TOLD } from './telling.ts'

const LOOK_EVERY_MS = 5_000
/** How exactly a warning of a deadline keeps its time. */
const LOOK_AT_DEADLINES_EVERY_MS = 30_000

/** `everyMs`: how often it is looked whether something is due; tests set it. */
type Deps = {
  db: Db
  secrets: Secrets
  outside: Outside
  log: Logger
  url: string
  now?: () => number
  everyMs?: number
}

/** Tells members what happens, in the app, by mail and on their devices, behind the events: whoever causes one waits for none of it. */
export function runNotifications(deps: Deps): { stop(): Promise<void> } {
  const { db, log, now = Date.now, everyMs = LOOK_EVERY_MS } = deps
  const following = runFollower(deps, 'notifications', TOLD, async (events) => {
    await notify(db, events, now())
  })
  const rounds = runRounds(
    { log, now, everyMs, fault: 'notifications could not be sent; trying again' },
    async () => {
      await makeMails(deps, now())
      await sendMails(deps, now)
      await sendPushes(deps, now)
    },
    () =>
      db.write(async (tx) => {
        await pruneNotifications(tx, now())
        await prunePushes(tx, now())
      }),
  )
  const deadlines = runRounds(
    {
      log,
      now,
      everyMs: deps.everyMs ?? LOOK_AT_DEADLINES_EVERY_MS,
      fault: 'deadlines could not be looked at; trying again',
    },
    async () => {
      await warnOfDeadlines(db, now())
      await makeDigests(deps, now())
    },
    async () => {},
  )
  return {
    async stop() {
      await Promise.all([rounds.stop(), deadlines.stop(), following.then((follower) => follower.stop())])
    },
  }
}
