import { describe, expect, test } from 'vitest'
import type { Entry, ShownMessage } from '../../web/api.ts'
import { fold, foldWords, sentence } from '../../web/timeline.ts'

const email = (id: string, from = 'dana@tacoma.example'): Entry => ({
  kind: 'message',
  id,
  at: Number(id.slice(1)),
  // The cast: folding looks at the writer alone.
  message: { id, from: { name: '', address: from } } as ShownMessage,
})
const note = (id: string): Entry => ({
  kind: 'note',
  id,
  at: 0,
  note: { memberId: 'omar', text: 'Yes', mentions: [] },
})
const opened: Entry = {
  kind: 'event',
  id: 'opened',
  at: 0,
  event: { action: 'opened', memberId: null, detail: {} },
}
const shownIds = (entries: Entry[]) => entries.map(({ id }) => id)

describe('a long timeline', () => {
  const entries = [
    email('m1'),
    email('m2', 'ravi@kern.example'),
    note('n1'),
    email('m3'),
    email('m4'),
    note('n2'),
    email('m5'),
  ]

  test('shows the newest emails and what happened among them', () => {
    const folded = fold(entries, { emails: 5, people: 9 }, false)
    expect([shownIds(folded.shown), folded.emails, folded.people]).toEqual([['m4', 'n2', 'm5'], 3, 2])
  })

  test('counts what is not loaded yet, and everybody in it', () => {
    const folded = fold(entries, { emails: 14, people: 4 }, false)
    expect(foldWords(folded)).toBe('12 earlier emails from 4 people')
  })

  test('is shown whole when it is unfolded, with what is still to be loaded', () => {
    const folded = fold(entries, { emails: 14, people: 4 }, true)
    expect([folded.shown.length, folded.emails]).toEqual([7, 9])
  })
})

test('a short timeline is not folded', () => {
  const folded = fold([email('m1'), email('m2'), email('m3')], { emails: 3, people: 1 }, false)
  expect([shownIds(folded.shown), folded.emails]).toEqual([['m1', 'm2', 'm3'], 0])
})

test('that an email opened the issue is told by the email', () => {
  expect(shownIds(fold([email('m1'), opened], { emails: 1, people: 1 }, false).shown)).toEqual(['m1'])
})

describe('what happened is told in a sentence', () => {
  const nameOf = (id: string | null) => ({ omar: 'Omar Kaya' })[id ?? ''] ?? 'Somebody'

  test.each([
    ['assigned', { assigneeId: 'jane', name: 'Jane Doe' }, 'Omar Kaya assigned it to Jane Doe'],
    ['assigned', { assigneeId: 'omar', name: 'Omar Kaya' }, 'Omar Kaya took it'],
    ['assigned', { teamId: 'desk', name: 'Bid desk' }, 'Omar Kaya assigned it to Bid desk'],
    ['assigned', { name: null }, 'Omar Kaya assigned it to nobody'],
    ['status_changed', { from: 'open', to: 'waiting' }, 'Omar Kaya set it to waiting on them'],
    ['status_changed', { from: 'open', to: 'done', reason: 'answered' }, 'Omar Kaya finished it'],
    ['status_changed', { from: 'open', to: 'done', reason: 'no_action' }, 'Omar Kaya finished it: no action needed'],
    ['status_changed', { from: 'spam', to: 'new' }, 'Omar Kaya brought it back'],
    ['status_changed', { from: 'new', to: 'trash' }, 'Omar Kaya moved it to the trash'],
    ['send_retried', {}, 'Omar Kaya sent it again'],
  ] as const)('%s %o', (action, detail, words) => {
    expect(sentence({ action, memberId: 'omar', detail }, nameOf)).toBe(words)
  })

  test('an answer that reopens it has nobody of us behind it', () => {
    expect(sentence({ action: 'reopened', memberId: null, detail: {} }, nameOf)).toBe('Opened again by an answer')
  })
})
