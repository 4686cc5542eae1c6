import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { and, eq } from 'drizzle-orm'
import type { Db } from './index.ts'
import { leases } from './schema.ts'

/** How long a node may keep silent before another takes over what it was doing. */
export const LEASE_MS = 30_000
export const HEARTBEAT_MS = 10_000

/** The names that this process gave itself. */
const mine = new Set<string>()

/** A name of this process that no other had or will have: host, process id, and a random part. */
export function nodeName(): string {
  const name = `${hostname()}/${process.pid}/${randomUUID()}`
  mine.add(name)
  return name
}

/**
 * Whether an owner is certainly gone, so that nobody needs to wait for its lease to end: a process of this machine that
 * no longer runs, or the one that had this number before, as in a container that was started again.
 */
export function isGone(owner: string): boolean {
  const [host, pid] = owner.split('/')
  if (host !== hostname() || !pid) return false
  if (Number(pid) === process.pid) return !mine.has(owner)
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Takes a lease, or keeps it. False where another node has it. */
export async function takeLease(db: Db, name: string, me: string, now: number): Promise<boolean> {
  const [held] = await db.read.select().from(leases).where(eq(leases.name, name))
  const gone = held !== undefined && held.owner !== me && isGone(held.owner)
  return await db.write(async (tx) => {
    const [lease] = await tx.select().from(leases).where(eq(leases.name, name))
    if (lease && lease.owner !== me && lease.until > now && !(gone && lease.owner === held.owner)) return false
    const taken = { owner: me, until: now + LEASE_MS }
    await tx
      .insert(leases)
      .values({ name, ...taken })
      .onConflictDoUpdate({ target: leases.name, set: taken })
    return true
  })
}

/** Gives a lease back, so that nobody waits for it. */
export async function releaseLease(db: Db, name: string, me: string): Promise<void> {
  await db.write(async (tx) => {
    await tx.delete(leases).where(and(eq(leases.name, name), eq(leases.owner, me)))
  })
}
