import { beforeEach, expect, test, vi } from 'vitest'
import { keepDraft, loadDraft, newDraft } from '../../web/drafts.ts'
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
  keepDraft('issue', { ...newDraft('reply'), attachments }, 5000)
  expect(loadDraft('issue')?.attachments).toEqual(attachments)
})

test('a draft that an older version kept has no files', () => {
  localStorage.setItem('draft::issue', '{"text":"Dear Dana,"}')
  expect(loadDraft('issue')).toMatchObject({ text: 'Dear Dana,', attachments: [], seen: null })
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
