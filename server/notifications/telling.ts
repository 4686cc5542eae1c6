import type { Event, Message } from '../../db/schema.ts'
import type { Action, NotificationKind, NotificationReason } from '../../db/vocabulary.ts'

/** Mail that is older than this is no news: what an import or a long outage brings in wakes nobody. */
const MAX_AGE_MS = 3 * 86_400_000

/** What happens that somebody may be told of. */
export const TOLD: ReadonlySet<Action> = new Set<Action>([
  'received',
  'reopened',
  'replied',
  'noted',
  'assigned',
  'woken',
  'reminded',
  'send_failed',
  'send_uncertain',
  'bounced',
  'rule_fired',
])

/** Whether an event is about mail that is too old to be told of, as far as it says by itself. */
export function isOldMail({ action, at, detail }: Pick<Event, 'action' | 'at' | 'detail'>): boolean {
  const isMail = action === 'received' || action === 'reopened'
  return isMail && typeof detail.messageAt === 'number' && at - detail.messageAt > MAX_AGE_MS
}

/** That a member is told of an event, and why. */
export type Telling = { memberId: string; kind: NotificationKind; reason: NotificationReason }

/** What an event is about. */
export type About = {
  /** Who hears of its issue, by audience.ts. */
  audience: ReadonlyMap<string, 'assignee' | 'team' | 'follower'>
  /** The message that its detail names. */
  message: Pick<Message, 'direction' | 'writer' | 'at' | 'authorId'> | null
  /** The members of a team. */
  membersOf: (teamId: string) => readonly string[]
}

/**
 * Who is told of an event, each once and by the strongest reason: a pure judgement. Of what somebody wrote only the
 * assignee, or their team, and the followers hear; nobody hears of their own acts; a machine's mail is told to nobody,
 * except that a mail did not arrive to its author and the assignee (mail.md 5.5).
 */
export function tellingsOf(event: Event, about: About): Telling[] {
  const actor = event.memberId ?? (event.detail.direction === 'out' ? (about.message?.authorId ?? null) : null)
  const told = new Map<string, Telling>()
  for (const telling of candidates(event, about))
    if (telling.memberId !== actor && !told.has(telling.memberId)) told.set(telling.memberId, telling)
  return [...told.values()]
}

function candidates(event: Event, { audience, message, membersOf }: About): Telling[] {
  const { action, detail } = event
  const all = (kind: NotificationKind) =>
    [...audience].map(([memberId, reason]): Telling => ({ memberId, kind, reason }))
  const mine = (kind: NotificationKind) => all(kind).filter(({ reason }) => reason !== 'follower')
  const text = (key: string) => (typeof detail[key] === 'string' ? detail[key] : null)
  switch (action) {
    case 'received':
    case 'reopened': {
      if (!message || detail.again === true || event.at - message.at > MAX_AGE_MS) return []
      if (message.direction === 'out') return all('replied')
      return message.writer === 'person' ? all('received') : []
    }
    case 'replied':
      return all('replied')
    case 'noted': {
      const named = Array.isArray(detail.mentioned) ? detail.mentioned.map(String) : []
      return [
        ...named.map((memberId): Telling => ({ memberId, kind: 'mentioned', reason: 'mentioned' })),
        ...all('noted'),
      ]
    }
    case 'assigned':
      return given(text('assigneeId'), text('teamId'), membersOf)
    case 'woken':
      // The mail that woke it is told of itself.
      return detail.by === 'reply' ? [] : mine('woken')
    case 'reminded': {
      const setBy = text('setBy')
      return [...(setBy ? [{ memberId: setBy, kind: 'woken', reason: 'author' } as const] : []), ...mine('woken')]
    }
    case 'send_failed':
    case 'send_uncertain':
    case 'bounced': {
      const author = message?.authorId
      const own = author ? [{ memberId: author, kind: 'failed', reason: 'author' } as const] : []
      return [...own, ...all('failed').filter(({ reason }) => reason === 'assignee')]
    }
    case 'rule_fired': {
      const members = Array.isArray(detail.notify) ? detail.notify.map(String) : []
      return [
        ...given(text('assigneeId'), text('teamId'), membersOf),
        ...members.map((memberId): Telling => ({ memberId, kind: 'rule', reason: 'rule' })),
      ]
    }
    default:
      return []
  }
}

function given(assigneeId: string | null, teamId: string | null, membersOf: About['membersOf']): Telling[] {
  if (assigneeId) return [{ memberId: assigneeId, kind: 'assigned', reason: 'assignee' }]
  return teamId ? membersOf(teamId).map((memberId) => ({ memberId, kind: 'assigned', reason: 'team' })) : []
}
