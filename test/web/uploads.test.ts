import { beforeEach, expect, test, vi } from 'vitest'
import { loadDraft, newDraft, saveDraft } from '../../web/drafts.ts'
import { draftOf } from '../../web/take-back.ts'
import { say, toasts, undoLast } from '../../web/toasts.ts'
import { freeName } from '../../web/uploads.ts'

beforeEach(() => localStorage.clear())

test.each([
  ['offer.pdf', [], 'offer.pdf'],
  ['image.png', ['image.png'], 'image 2.png'],
  ['image.png', ['image.png', 'image 2.png'], 'image 3.png'],
  ['archive.tar.gz', ['archive.tar.gz'], 'archive.tar 2.gz'],
  ['README', ['README'], 'README 2'],
  ['.env', ['.env'], '.env 2'],
])('%s beside %j is %s', (filename, taken, free) => {
  expect(freeName(filename, taken)).toBe(free)
})

test('a draft of nothing but files is kept, with the files', () => {
  const attachments = [{ id: 'a', filename: 'offer.pdf', size: 5 }]
  saveDraft('issue', { ...newDraft('reply'), attachments }, 5000)
  expect(loadDraft('issue')?.attachments).toEqual(attachments)
})

test('a draft that an older version kept has no files', () => {
  localStorage.setItem('draft::issue', '{"text":"Dear Dana,"}')
  expect(loadDraft('issue')).toMatchObject({ text: 'Dear Dana,', attachments: [], seen: null })
})

const held = {
  issueId: 'issue',
  answeredId: 'question',
  to: [{ name: 'Dana', address: 'dana@tacoma.example' }],
  cc: [],
  text: 'Yes.',
  quote: false,
  attachments: [{ id: 'a', filename: 'offer.pdf', contentType: 'application/pdf', size: 5 }],
}

test('what is taken back is a draft under a new id, before what was begun since, of which nothing is lost', () => {
  const since = {
    ...newDraft('note'),
    text: 'And also',
    note: 'Ask Omar',
    attachments: [{ id: 'b', filename: 'b.txt', size: 1 }],
  }
  const draft = draftOf(held, since)
  expect(draft).toEqual({
    ...since,
    id: expect.any(String),
    kind: 'reply',
    messageId: 'question',
    recipients: { to: held.to, cc: [] },
    text: 'Yes.\n\nAnd also',
    quote: false,
    attachments: [
      { id: 'a', filename: 'offer.pdf', size: 5 },
      { id: 'b', filename: 'b.txt', size: 1 },
    ],
    seen: null,
  })
  expect(draft.id).not.toBe(since.id)
  expect(draftOf(held, undefined)).toMatchObject({ text: 'Yes.', note: '', kind: 'reply' })
})

test('what can be taken back only for a while is passed over afterwards', () => {
  vi.useFakeTimers()
  const undone: string[] = []
  say('Assigned to Ben.', () => undone.push('assign'))
  say('It goes out in 10 seconds.', () => undone.push('send'), 10_000)
  vi.advanceTimersByTime(9_000)
  expect(toasts().map(({ text }) => text)).toEqual(['It goes out in 10 seconds.'])
  vi.advanceTimersByTime(1_500)
  undoLast()
  vi.useRealTimers()
  expect(undone).toEqual(['assign'])
})
