import { beforeEach, expect, test } from 'vitest'
import { forgetDraft, loadDraft, newDraft, saveDraft, sweepDrafts } from '../../web/drafts.ts'
import { client } from '../../web/query-client.ts'

beforeEach(() => localStorage.clear())

test('a draft is there again after a reload, with the id that keeps it from being sent twice', () => {
  const draft = { ...newDraft('reply'), text: 'Dear Dana,' }
  saveDraft('issue', draft, 5000)
  expect(loadDraft('issue')).toEqual({ ...draft, savedAt: 5000 })
})

test('a draft without words is not kept', () => {
  saveDraft('issue', { ...newDraft('reply'), text: 'Dear' }, 5000)
  saveDraft('issue', { ...newDraft('reply'), text: ' ' }, 6000)
  expect(localStorage.length).toBe(0)
})

test('each issue has its own draft', () => {
  saveDraft('one', { ...newDraft('note'), note: 'Ask Omar' }, 5000)
  expect([loadDraft('one')?.note, loadDraft('two')]).toEqual(['Ask Omar', undefined])
})

test('a draft is not shown to another member who uses the same browser', () => {
  const enters = (id: string | null) => client.setQueryData(['session'], id && { member: { id } })
  enters('ada')
  saveDraft('issue', { ...newDraft('note'), note: 'Between us' }, 5000)
  enters('ben')
  const seenByBen = loadDraft('issue')
  enters('ada')
  const seenByAda = loadDraft('issue')?.note
  enters(null)
  expect([seenByBen, seenByAda]).toEqual([undefined, 'Between us'])
})

test('what cannot be read is no draft', () => {
  saveDraft('issue', { ...newDraft('note'), note: 'Whole' }, 5000)
  const [key = ''] = Object.keys(localStorage)
  localStorage.setItem(key, '{"text":')
  expect(loadDraft('issue')).toBeUndefined()
})

test('drafts that nobody came back to are let go, and nothing else', () => {
  const day = 86_400_000
  localStorage.setItem('theme', 'dark')
  saveDraft('old', { ...newDraft('reply'), text: 'Dear' }, 0)
  saveDraft('new', { ...newDraft('reply'), text: 'Dear' }, 50 * day)
  sweepDrafts(61 * day)
  expect(Object.keys(localStorage).map((key) => key.split(':').at(-1))).toEqual(
    expect.arrayContaining(['new', 'theme']),
  )
  expect(localStorage.length).toBe(2)
  forgetDraft('new')
  expect(loadDraft('new')).toBeUndefined()
})
