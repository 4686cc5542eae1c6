import type { Logger } from 'pino'
import type { Blobs } from '../../db/blobs.ts'
import type { Db } from '../../db/index.ts'
import type { Event } from '../../db/schema.ts'
import type { Secrets } from '../access/secrets.ts'
import { runRounds } from '../dispatch/rounds.ts'
import { runFollower } from '../issues/follower.ts'
import { messageById } from '../issues/message.ts'
import type { Outside } from '../net/outside.ts'
import { FIRES, fire, rulesFor, triggerOf } from './fire.ts'
import { heavyOf, readHeavy } from './subject.ts'
import { callWebhooks, pruneWebhooks } from './webhooks.ts'

const LOOK_EVERY_MS = 2_000

type Deps = { db: Db; blobs: Pick<Blobs, 'get'>; secrets: Secrets; log: Logger; outside: Outside; now?: () => number }

/** Lets rules fire for these events; what of a mail has to be read for that is read before the transaction. */
export async function fireRules(
  { db, blobs }: Pick<Deps, 'db' | 'blobs'>,
  events: Event[],
  now: number,
): Promise<number> {
  let fired = 0
  const known = new Map<string, Awaited<ReturnType<typeof rulesFor>>>()
  for (const event of events) {
    const asked = triggerOf(event)
    if (!asked) continue
    const active = known.get(asked.trigger) ?? (await rulesFor(db.read, asked.trigger))
    known.set(asked.trigger, active)
    if (active.length === 0) continue
    const message = asked.messageId ? await messageById(db.read, asked.messageId) : undefined
    if (asked.messageId && !message) continue
    const mail = message
      ? { message, heavy: await readHeavy({ read: db.read, blobs }, message, heavyOf(active)) }
      : null
    fired += (await db.write((tx) => fire(tx, event, mail, now))).length
  }
  return fired
}

/** Lets rules fire behind the events, and makes the calls that they ask for. */
export function runRules(deps: Deps): { stop(): Promise<void> } {
  const { db, log, now = Date.now } = deps
  const following = runFollower(deps, 'rules', FIRES, async (events) => {
    await fireRules(deps, events, now())
  })
  const rounds = runRounds(
    { log, now, everyMs: LOOK_EVERY_MS, fault: 'webhooks could not be called; trying again' },
    () => callWebhooks(deps, now),
    () => pruneWebhooks(db, now()),
  )
  return {
    async stop() {
      await Promise.all([rounds.stop(), following.then((follower) => follower.stop())])
    },
  }
}
