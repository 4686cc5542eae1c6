import { QueryObserver } from '@tanstack/solid-query'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { IssueList, ListedIssue } from '../../web/api.ts'
import { change, show } from '../../web/changes.ts'
import { listKey } from '../../web/queries.ts'
import { client } from '../../web/query-client.ts'

beforeEach(() => client.clear())

// The cast: what a list sorts by is enough here.
const issue = (id: string, over: Partial<ListedIssue> = {}) =>
  ({ id, status: 'new', assigneeId: null, teamId: null, listedAt: 0, ...over }) as ListedIssue
const pages = (...issues: ListedIssue[]) => ({ pages: [{ issues, next: null }], pageParams: [null] })
const inbox = listKey({ view: 'inbox' })
const idsIn = () =>
  client.getQueryData<{ pages: IssueList[] }>(inbox)?.pages.flatMap(({ issues }) => issues.map(({ id }) => id))

/** The inbox as it is shown, read from what `answer` gives. */
function watchInbox(answer: () => Promise<ReturnType<typeof pages>>) {
  const observer = new QueryObserver(client, { queryKey: inbox, queryFn: answer, staleTime: 30_000 })
  onTestFinished(observer.subscribe(() => {}))
}

test('a list that is behind stays so until it is read, whatever the page itself changes in it', async () => {
  client.setQueryData(inbox, pages(issue('a'), issue('b')))
  await client.invalidateQueries({ queryKey: ['issues'], refetchType: 'none' })
  show(issue('a', { status: 'open' }))
  expect(client.getQueryState(inbox)?.isInvalidated).toBe(true)
  watchInbox(async () => pages(issue('c')))
  await expect.poll(idsIn).toEqual(['c'])
})

test('what a colleague did is read after a change of our own that came in between', async () => {
  let theirs = pages(issue('a'), issue('b'))
  let reading = Promise.withResolvers<void>()
  reading.resolve()
  watchInbox(async () => {
    const answer = theirs
    await reading.promise
    return answer
  })
  await expect.poll(idsIn).toEqual(['a', 'b'])

  // A colleague took b; while the page reads that, somebody is done with a.
  theirs = pages(issue('a'))
  reading = Promise.withResolvers()
  void client.invalidateQueries({ queryKey: ['issues'] })
  const answered = Promise.withResolvers<void>()
  const made = change(
    'a',
    { status: 'done' },
    async () => {
      await answered.promise
      theirs = pages()
      return issue('a', { status: 'done' })
    },
    null,
  )
  await expect.poll(idsIn).toEqual(['b'])
  reading.resolve()
  answered.resolve()
  expect(await made).toBe(true)
  await expect.poll(idsIn).toEqual([])
})
