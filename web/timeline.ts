import type { Entry } from './api.ts'
import { clock, dayName, listed, plural, untilWords } from './format.ts'
import { STATUS_WORDS } from './words.ts'

/** So many of the newest emails are always shown. */
const SHOWN_EMAILS = 2
/** Fewer than this are not worth a fold. */
const LEAST_FOLDED = 3

/** What is shown of a timeline, and what lies folded before it. */
export type Folded = { shown: Entry[]; emails: number; people: number }

/** Whether an entry tells something that the email beside it does not. */
const tells = (entry: Entry): boolean =>
  entry.kind !== 'event' || entry.event.memberId !== null || entry.event.action !== 'opened'

/**
 * Folds the earlier part of a timeline: the newest emails stay, with all that happened since the first of them, and
 * everything from the first entry that was not seen.
 * @param total emails and people in the issue, loaded or not
 */
export function fold(all: readonly Entry[], total: { emails: number; people: number }, unfolded: boolean): Folded {
  const entries = all.filter(tells)
  const emails = entries.filter(({ kind }) => kind === 'message')
  const notLoaded = Math.max(0, total.emails - emails.length)
  const first = emails.at(-SHOWN_EMAILS)
  const from = first ? entries.indexOf(first) : 0
  const before = entries.slice(0, from).filter(({ kind }) => kind === 'message')
  if (unfolded || before.length + notLoaded < LEAST_FOLDED) {
    return { shown: [...entries], emails: notLoaded, people: notLoaded > 0 ? total.people : 0 }
  }
  const writers = new Set(before.map((entry) => (entry.kind === 'message' ? entry.message.from.address : '')))
  return {
    shown: entries.slice(from),
    emails: before.length + notLoaded,
    people: notLoaded > 0 ? total.people : writers.size,
  }
}

/** "11 earlier emails from 4 people" */
export function foldWords({ emails, people }: Pick<Folded, 'emails' | 'people'>): string {
  return `${plural(emails, 'earlier email')} from ${plural(people, 'person', 'people')}`
}

/** What happened, as a sentence: "Omar assigned it to Jane Doe". */
export function sentence(
  event: Extract<Entry, { kind: 'event' }>['event'],
  nameOf: (memberId: string | null) => string,
): string {
  const { action, memberId, detail } = event
  const who = memberId ? nameOf(memberId) : ''
  const text = (key: string) => (typeof detail[key] === 'string' ? (detail[key] as string) : '')
  switch (action) {
    case 'opened':
      return who ? `${who} opened the issue` : 'Opened by an email'
    case 'reopened':
      return 'Opened again by an answer'
    case 'assigned': {
      const to = text('name')
      if (!to) return `${who} assigned it to nobody`
      return text('assigneeId') === memberId ? `${who} took it` : `${who} assigned it to ${to}`
    }
    case 'status_changed':
      return statusSentence(who, text('to'), text('from'), text('reason'))
    case 'united':
      return text('intoIssueId')
        ? `Its emails are now in issue ${detail.intoNumber}, which is about the same matter`
        : `An email showed that issue ${detail.fromNumber} is about the same matter; its emails are here now`
    case 'merged':
      return text('intoIssueId')
        ? `${who} brought it into issue ${detail.intoNumber}`
        : `${who} brought issue ${detail.fromNumber} in: ${text('fromSubject') || 'without a subject'}`
    case 'unmerged':
      return text('intoIssueId')
        ? `${who} took it out of issue ${detail.intoNumber}`
        : `${who} took issue ${detail.fromNumber} out again`
    case 'split':
      return text('intoIssueId')
        ? `${who} took ${plural(Number(detail.emails ?? 1), 'email')} out into issue ${detail.intoNumber}`
        : `${who} took it out of issue ${detail.fromNumber}`
    case 'unsplit':
      return text('intoIssueId')
        ? `${who} put it back into issue ${detail.intoNumber}`
        : `${who} put the emails of issue ${detail.fromNumber} back`
    case 'continued':
      return text('intoIssueId')
        ? `It goes on in issue ${detail.intoNumber}`
        : `It began with an answer to issue ${detail.fromNumber}`
    case 'snoozed': {
      const until = { at: typeof detail.until === 'number' ? detail.until : null, onReply: detail.onReply === true }
      return `${who} snoozed it ${untilWords(until, Date.now())}`
    }
    case 'snooze_taken_back':
      return `${who} took back that it was snoozed`
    case 'woken':
      return detail.by === 'reply' ? 'Back from snooze, since they wrote' : 'Back from snooze at its time'
    case 'tagged': {
      const [added, removed] = [namesOf(detail.added), namesOf(detail.removed)]
      if (!removed) return `${who} tagged it ${added}`
      return added ? `${who} tagged it ${added}, and no longer ${removed}` : `${who} took off the tag ${removed}`
    }
    case 'rule_fired':
      return ruleSentence(detail)
    case 'contact_changed':
      return `${who} changed the customer to ${addressIn(detail.to)}`
    case 'exported':
      return `${who} exported it`
    case 'send_retried':
      return `${who} sent it again`
    case 'send_cancelled':
      return `${who} gave up sending it`
    case 'proposal_opened':
      return who ? `${who} made it a proposal` : 'It became a proposal'
    case 'rescheduled':
      return typeof detail.sendAt === 'number'
        ? `${who} let an email go out ${dayName(detail.sendAt, Date.now())} ${clock(detail.sendAt)}`
        : `${who} let an email go out at once`
    case 'reminder_set':
      return typeof detail.dueAt === 'number'
        ? `${who} wants to be reminded ${dayName(detail.dueAt, Date.now())} if nobody answers`
        : `${who} wants to be reminded if nobody answers`
    case 'reminder_dropped':
      return `${who} let go of the reminder`
    case 'reminded':
      return 'Back again, since nobody answered'
    case 'acknowledged':
      return 'They were told by itself that their email came in'
    case 'automatic_stopped':
      return 'Automatic sending was stopped'
    case 'automatic_resumed':
      return `${who} let automatic sending go on`
    default:
      return listed([who, action.replaceAll('_', ' ')].filter(Boolean))
  }
}

/** "The rule Tenders tagged it Fleet, assigned it to Ben Ito and called a webhook" */
function ruleSentence(detail: Record<string, unknown>): string {
  const did = Array.isArray(detail.did) ? detail.did : []
  const to = typeof detail.to === 'string' ? detail.to : null
  const words = [
    detail.added ? `tagged it ${namesOf(detail.added)}` : '',
    typeof detail.name === 'string' ? `assigned it to ${detail.name}` : '',
    to ? `set it to ${(STATUS_WORDS[to as keyof typeof STATUS_WORDS] ?? to).toLowerCase()}` : '',
    detail.notify ? 'told who should know' : '',
    did.includes('follow') ? 'added a follower' : '',
    did.includes('webhook') ? 'called a webhook' : '',
  ].filter(Boolean)
  const rule = `The rule ${typeof detail.rule === 'string' ? detail.rule : ''}`
  return `${rule} ${words.length > 0 ? listed(words) : 'fired, and nothing was left to do'}`
}

/** The names of tags as a sentence has them. */
const namesOf = (list: unknown): string =>
  Array.isArray(list) ? listed(list.map((one: { name?: unknown }) => String(one.name ?? ''))) : ''

function addressIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'address' in value ? String(value.address) : 'somebody else'
}

/** The other issue that an event speaks of, where it is still there to look at. */
export function otherIssue({ action, detail }: Extract<Entry, { kind: 'event' }>['event']): string | null {
  if (!['united', 'continued', 'split', 'unmerged'].includes(action) || detail.known === false) return null
  const id = detail.intoIssueId ?? detail.fromIssueId
  return typeof id === 'string' ? id : null
}

/** The issue that was brought in or taken out by an event, where that can be taken back: the last word on it counts. */
export function undoable(
  entries: readonly Entry[],
  eventId: string,
): { undo: 'merge' | 'split'; issueId: string } | null {
  const happened = entries.flatMap((entry) => (entry.kind === 'event' ? [entry] : []))
  const asked = happened.find(({ id }) => id === eventId)
  if (!asked) return null
  const other = aboutIssue(asked.event)
  if (!other) return null
  const last = happened.findLast(({ event }) => aboutIssue(event)?.issueId === other.issueId)
  return last?.id === eventId && other.undo !== null ? { undo: other.undo, issueId: other.issueId } : null
}

function aboutIssue({ action, detail }: Extract<Entry, { kind: 'event' }>['event']) {
  const of = (key: string) => (typeof detail[key] === 'string' ? (detail[key] as string) : '')
  if (action === 'merged' || action === 'unsplit') return { undo: 'merge' as const, issueId: of('fromIssueId') }
  if (action === 'split') return { undo: 'split' as const, issueId: of('intoIssueId') }
  return action === 'unmerged' ? { undo: null, issueId: of('fromIssueId') } : null
}

function statusSentence(who: string, to: string, from: string, reason: string): string {
  if (to === 'done')
    return `${who} finished it${reason === 'no_action' ? ': no action needed' : reason === 'duplicate' ? ' as a duplicate' : ''}`
  if (to === 'spam') return `${who} marked it as spam`
  if (to === 'trash') return `${who} moved it to the trash`
  if (from === 'spam' || from === 'trash' || from === 'done') return `${who} brought it back`
  const words = STATUS_WORDS[to as keyof typeof STATUS_WORDS] ?? to
  return `${who} set it to ${words.toLowerCase()}`
}
