import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import type { Secrets } from '../access/secrets.ts'
import { runFollower } from '../issues/follower.ts'
import { pruneNotifications } from './list.ts'
import { makeMails } from './mail.ts'
import { sendMails } from './mail-sending.ts'
import { notify } from './notify.ts'
import { TOLD } from './telling.ts'

/** How often it is looked whether a mail is due. */
const LOOK_EVERY_MS = 5_000
const PRUNE_EVERY_MS = 3_600_000

type Deps = { db: Db; secrets: Secrets; log: Logger; url: string; now?: () => number }

/** Tells members what happens, in the app and by mail, behind the events: whoever causes one waits for none of it. */
export function runNotifications(deps: Deps): { stop(): Promise<void> } {
  const { db, log, now = Date.now } = deps
  const stop = new AbortController()
  const following = runFollower(deps, 'notifications', TOLD, async (events) => {
    await notify(db, events, now())
  })
  const loop = (async () => {
    let prunedAt = 0
    while (!stop.signal.aborted) {
      try {
        await makeMails(deps, now())
        await sendMails(deps, now)
        if (now() - prunedAt > PRUNE_EVERY_MS) {
          await db.write((tx) => pruneNotifications(tx, now()))
          prunedAt = now()
        }
      } catch (error) {
        log.error({ err: error }, 'mails of notifications could not be made; trying again')
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stop.abort()
      await (await following).stop()
      await loop
    },
  }
}
