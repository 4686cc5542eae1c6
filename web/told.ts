import type { NotificationKind } from '../db/vocabulary.ts'
import type { Told } from './api.ts'

/** What is told, as a sentence before the subject of its issue. */
export function toldWords({ kind, reason, actor }: Pick<Told, 'kind' | 'reason' | 'actor'>): {
  who: string
  did: string
} {
  const who = actor || 'Downfield'
  switch (kind) {
    case 'assigned':
      return { who, did: reason === 'team' ? 'assigned to your team' : 'assigned to you' }
    case 'mentioned':
      return { who, did: 'mentioned you in' }
    case 'received':
      return { who, did: 'wrote about' }
    case 'replied':
      return { who, did: 'replied to' }
    case 'noted':
      return { who, did: 'added a note to' }
    case 'woken':
      return { who: '', did: 'Back again:' }
    case 'failed':
      return { who: '', did: 'An email did not arrive:' }
    case 'rule':
      return { who: `The rule ${who}`, did: 'points out' }
    case 'due_soon':
      return { who: '', did: 'A deadline comes up:' }
    case 'due_now':
      return { who: '', did: 'A deadline is reached:' }
  }
}

/** What each kind is called where one chooses what to be told. */
export const KIND_WORDS: Record<NotificationKind, string> = {
  assigned: 'An issue is assigned to you or your team',
  mentioned: 'Somebody mentions you in a note',
  received: 'A customer writes in an issue of yours, or one that you follow',
  replied: 'A colleague replies there',
  noted: 'A colleague adds a note there',
  woken: 'A snoozed issue or a reminder comes back',
  failed: 'An email of yours did not arrive',
  rule: 'A rule wants you to know',
  due_soon: 'A deadline of a proposal of yours is on the next working day',
  due_now: 'A deadline of a proposal of yours is reached',
}
