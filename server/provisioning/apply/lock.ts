import type { Db } from '../../../db/index.ts'
import { HEARTBEAT_MS, nodeName, releaseLease, takeLease } from '../../../db/lease.ts'

const me = nodeName()
/** What this process does at this moment: its own lease does not keep it from itself. */
const busy = new Set<string>()

/**
 * Does something to a mailbox of Exchange that nobody else may do at the same time, in whatever process.
 * @returns undefined where somebody else is at it
 */
export async function alone<T>(
  db: Db,
  connectionId: string,
  identity: string,
  work: () => Promise<T>,
): Promise<{ did: T } | undefined> {
  const name = `exchange:${connectionId}:${identity.toLowerCase()}`
  if (busy.has(name)) return undefined
  busy.add(name)
  try {
    if (!(await takeLease(db, name, me, Date.now()))) return undefined
    const heart = setInterval(() => void takeLease(db, name, me, Date.now()).catch(() => {}), HEARTBEAT_MS).unref()
    try {
      return { did: await work() }
    } finally {
      clearInterval(heart)
      await releaseLease(db, name, me)
    }
  } finally {
    busy.delete(name)
  }
}
