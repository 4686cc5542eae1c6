import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { HEARTBEAT_MS, nodeName, releaseLease, takeLease } from '../../db/lease.ts'
import type { Event } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { runFollower } from '../issues/follower.ts'
import { backfillStep, isBackfilled } from './backfill.ts'
import { forgetSpam, mailOf } from './forget.ts'
import { grow } from './grow.ts'

const TOLD: ReadonlySet<Action> = new Set(['received', 'reopened', 'sent', 'status_changed'])
/** Where much comes in, most of it is of the same people: together it costs half. */
const EVENTS_A_ROUND = 200
const LEASE = 'people'
/** What a start brings goes first. */
const AFTER_START_MS = 2_000
/** Between two steps of the pass others have a turn. */
const REST_MS = 20
const AFTER_A_FAULT_MS = 5_000

type Deps = { db: Db; log: Logger; now?: () => number }

/** Grows people and organizations by what these events tell. */
export async function growBehind(db: Db, events: readonly Event[], now: number): Promise<void> {
  const arrived = new Set<string>()
  for (const { action, issueId, detail } of events) {
    if (action !== 'status_changed') {
      if (typeof detail.messageId === 'string') arrived.add(detail.messageId)
    } else if (issueId && detail.to === 'spam') await forgetSpam(db, issueId)
    else if (issueId && detail.from === 'spam') for (const id of await mailOf(db.read, issueId)) arrived.add(id)
  }
  if (arrived.size > 0) await grow(db, [...arrived], now)
}

/** Grows people and organizations behind the events, and goes once through what was here before. */
export function runPeople(deps: Deps): { stop(): Promise<void> } {
  const { db, now = Date.now } = deps
  const stop = new AbortController()
  const handle = (events: Event[]) => growBehind(db, events, now())
  const following = runFollower(deps, 'people', TOLD, handle, EVENTS_A_ROUND)
  // Not before the events are followed: what comes in meanwhile is in one of the two.
  const passing = following.then(() => goThrough(deps, stop.signal))
  return {
    async stop() {
      stop.abort()
      await passing
      await (await following).stop()
    },
  }
}

async function goThrough({ db, log, now = Date.now }: Deps, signal: AbortSignal): Promise<void> {
  const me = nodeName()
  let renewAt = 0
  let isMine = false
  const rest = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {})
  await rest(AFTER_START_MS)
  while (!signal.aborted) {
    try {
      if (await isBackfilled(db.read)) break
      if (now() >= renewAt) {
        isMine = await takeLease(db, LEASE, me, now())
        renewAt = now() + HEARTBEAT_MS
      }
      if (!isMine) await rest(HEARTBEAT_MS)
      else if (await backfillStep(db, now())) await rest(REST_MS)
    } catch (error) {
      log.error({ err: error }, 'people could not be gathered from the mail that was here before; trying again')
      await rest(AFTER_A_FAULT_MS)
    }
  }
  if (isMine) await releaseLease(db, LEASE, me)
}
