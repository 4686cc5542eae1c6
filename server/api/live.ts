import { and, eq, gt, isNull, or } from 'drizzle-orm'
import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Reader } from '../../db/index.ts'
import { apiTokens, type Event, type Member, members, sessions } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { type Here, whoIsHere } from '../issues/presence.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'

/** The first change is told at once; those that follow it sooner than this are gathered into one wave. */
const GATHER_MS = 80
/** Proxies close what is silent for long; a gone reader is noticed by it too, and a page notices that we are. */
const HEARTBEAT_MS = 20_000
/** With more at once than this the page does better to ask for what it shows. */
const MAX_CHANGES = 100

/**
 * What changed, as it changes (server-sent events): `hello` first, then `change` for each issue, mailbox or member
 * concerned, `reset` when there was too much to tell, `here` who looks and writes where, `presence` what of that changed, `still` when there is nothing. After `hello` and `reset` a page fetches what it shows anew.
 */
export const live = new Hono<Env>().get('/', rule('read', 'What changes, as it changes'), (c) => {
  const { member, session, token, db, deps } = c.var
  const clock = deps.now ?? Date.now
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    let gathered: Event[] = []
    let moved = new Map<string, Here>()
    let toldAt = 0
    let wake = Promise.withResolvers<void>()
    const unsubscribe = deps.feed.subscribe((event) => {
      gathered.push(event)
      wake.resolve()
    })
    const unwatch = deps.feed.presence.subscribe((here) => {
      moved.set(here.issueId, here)
      wake.resolve()
    })
    const end = () => wake.resolve()
    stream.onAbort(end)
    deps.closing.addEventListener('abort', end)
    try {
      await stream.writeSSE({ event: 'hello', data: '{}' })
      const here = await whoIsHere(db.read, clock())
      await tellWhere(stream, 'here', [...here.values()], await visibleMailboxIds(db.read, member))
      while (!stream.aborted && !deps.closing.aborted) {
        const timer = setTimeout(() => wake.resolve(), HEARTBEAT_MS)
        await wake.promise
        clearTimeout(timer)
        const soon = toldAt + GATHER_MS - performance.now()
        if (gathered.length + moved.size > 0 && soon > 0) await stream.sleep(soon)
        toldAt = performance.now()
        wake = Promise.withResolvers<void>()
        const events = gathered
        const places = [...moved.values()]
        gathered = []
        moved = new Map()
        const known = await memberNow(db.read, { memberId: member.id, session, token }, clock())
        if (!known) return
        const visible = await visibleMailboxIds(db.read, known)
        if (events.length + places.length === 0) await stream.writeSSE({ event: 'still', data: '{}' })
        if (places.length > 0) await tellWhere(stream, 'presence', places, visible)
        if (events.length > 0)
          await tell(
            stream,
            events.filter((event) => isFor(event, member.id)),
            visible,
          )
      }
    } finally {
      unsubscribe()
      unwatch()
      deps.closing.removeEventListener('abort', end)
    }
  })
})

type Asking = { memberId: string; session: { id: string } | null; token: { id: string } | null }

/**
 * The member as they are now, with the role that they have by now. None where they signed out, were signed out or lost
 * access, or where the token was taken back or has expired: they hear nothing more.
 */
async function memberNow(read: Reader, { memberId, session, token }: Asking, now: number): Promise<Member | undefined> {
  const [member] = await read
    .select()
    .from(members)
    .where(and(eq(members.id, memberId), isNull(members.disabledAt)))
  if (!member) return undefined
  const [holds] = session
    ? await read.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, session.id))
    : await read
        .select({ id: apiTokens.id })
        .from(apiTokens)
        .where(and(eq(apiTokens.id, token?.id ?? ''), or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now))))
  return holds && member
}

/** Who looks where and writes where: all of it as `here`, and as `presence` what changed. */
async function tellWhere(
  stream: SSEStreamingApi,
  event: 'here' | 'presence',
  places: Here[],
  visible: string[] | 'all',
) {
  const seen = places.filter(({ mailboxId }) => visible === 'all' || visible.includes(mailboxId))
  const data = seen.map(({ issueId, people }) => ({ issueId, people }))
  if (event === 'here' || data.length > 0) await stream.writeSSE({ event, data: JSON.stringify(data) })
}

/** That there is something new to be told is told to those whom it is for. */
function isFor({ action, detail }: Event, memberId: string): boolean {
  return action !== 'notified' || (Array.isArray(detail.memberIds) && detail.memberIds.includes(memberId))
}

async function tell(stream: SSEStreamingApi, events: Event[], visible: string[] | 'all'): Promise<void> {
  const changes = new Map<string, Event>()
  for (const event of events) {
    if (event.mailboxId !== null && visible !== 'all' && !visible.includes(event.mailboxId)) continue
    changes.set(`${event.proposalId ?? event.issueId ?? event.mailboxId ?? event.action}`, event)
  }
  if (changes.size > MAX_CHANGES) {
    await stream.writeSSE({ event: 'reset', data: '{}' })
    return
  }
  for (const { action, issueId, proposalId, mailboxId, memberId, at } of changes.values()) {
    const data = { action, issueId, ...(proposalId ? { proposalId } : {}), mailboxId, memberId, at }
    await stream.writeSSE({ event: 'change', data: JSON.stringify(data) })
  }
}
