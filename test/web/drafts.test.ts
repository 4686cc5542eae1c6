import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createSaving } from '../../web/draft-saving.ts'
import {
  type Draft,
  forgetDraft,
  freshest,
  isMailEmpty,
  keepDraft,
  loadDraft,
  newDraft,
  sweepDrafts,
} from '../../web/drafts.ts'
import { client } from '../../web/query-client.ts'

beforeEach(() => localStorage.clear())

const plain = (text: string): Draft => ({ ...newDraft('reply'), plain: true, text })

test('what the server may not have is there again after a crash, with the id that keeps it from being sent twice', () => {
  const draft = plain('Dear Dana,')
  keepDraft('issue', draft, 5000)
  expect(loadDraft('issue')).toEqual({ ...draft, savedAt: 5000 })
})

test('a draft without words is not kept, and an empty paragraph is no word', () => {
  keepDraft('issue', plain('Dear'), 5000)
  keepDraft('issue', { ...newDraft('reply'), html: '<p> <br></p>' }, 6000)
  expect(localStorage.length).toBe(0)
  expect(isMailEmpty({ plain: false, text: '', html: '<p><img src="/api/uploads/1"></p>' })).toBe(false)
})

test('each issue has its own draft', () => {
  keepDraft('one', { ...newDraft('note'), note: 'Ask Omar' }, 5000)
  expect([loadDraft('one')?.note, loadDraft('two')]).toEqual(['Ask Omar', undefined])
})

test('a draft is not shown to another member who uses the same browser', () => {
  const enters = (id: string | null) => client.setQueryData(['session'], id && { member: { id } })
  enters('ada')
  keepDraft('issue', { ...newDraft('note'), note: 'Between us' }, 5000)
  enters('ben')
  const seenByBen = loadDraft('issue')
  enters('ada')
  const seenByAda = loadDraft('issue')?.note
  enters(null)
  expect([seenByBen, seenByAda]).toEqual([undefined, 'Between us'])
})

test('what an older version kept is plain text, and what cannot be read is no draft', () => {
  keepDraft('issue', { ...newDraft('note'), note: 'Whole' }, 5000)
  const [key = ''] = Object.keys(localStorage)
  localStorage.setItem(key, '{"id":"a","kind":"reply","text":"Dear Dana,","note":"","attachments":[]}')
  expect(loadDraft('issue')).toMatchObject({ id: 'a', plain: true, text: 'Dear Dana,', version: 0, html: '' })
  localStorage.setItem(key, '{"text":')
  expect(loadDraft('issue')).toBeUndefined()
})

test('one goes on with the draft of the server, unless the browser has what never got there', () => {
  const kept = { ...plain('Saved'), version: 3, savedAt: 5000 }
  const ahead = { ...kept, text: 'Saved, and more' }
  const behind = { ...kept, text: 'Older', version: 2 }
  const neverSaved = { ...plain('Never saved'), savedAt: 9000 }
  expect([
    freshest(kept, undefined),
    freshest(undefined, neverSaved),
    freshest(kept, ahead),
    freshest(kept, behind),
    freshest(kept, neverSaved),
    freshest({ ...kept, savedAt: 10_000 }, neverSaved),
  ]).toEqual([kept, neverSaved, ahead, kept, neverSaved, { ...kept, savedAt: 10_000 }])
})

test('drafts that nobody came back to are let go, and nothing else', () => {
  const day = 86_400_000
  localStorage.setItem('theme', 'dark')
  keepDraft('old', plain('Dear'), 0)
  keepDraft('new', plain('Dear'), 50 * day)
  sweepDrafts(61 * day)
  expect(Object.keys(localStorage).map((key) => key.split(':').at(-1))).toEqual(
    expect.arrayContaining(['new', 'theme']),
  )
  expect(localStorage.length).toBe(2)
  forgetDraft('new')
  expect(loadDraft('new')).toBeUndefined()
})

test('nothing is saved while it is sent, and what was written meanwhile is saved where that fails', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    asked.push(JSON.parse(String(init.body)).content.text)
    return Response.json({ version: asked.length, updatedAt: 0 })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const saving = createSaving({ issueId: 'issue', mailboxId: () => 'mailbox' }, () => {})
  const draft = plain('Dear Dana')
  saving.change(draft)
  await vi.advanceTimersByTimeAsync(5_000)
  saving.change({ ...draft, text: 'Dear Dana, yes' })
  await saving.hold()
  saving.change({ ...draft, text: 'Dear Dana, yes.' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual(['Dear Dana'])
  saving.release()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(asked).toEqual(['Dear Dana', 'Dear Dana, yes.'])
})
