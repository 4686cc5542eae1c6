import { expect, test } from 'vitest'
import { ISSUES_A_PAGE } from '../../server/people/issues-of.ts'
import { issuesOf } from '../issues/story.ts'
import { type IssuesPage, openBook } from './story.ts'

const subjects = ({ issues }: IssuesPage) => issues.map(({ subject }) => subject)

test('the issues of a person are those with mail of them, as writer or reader, and of nobody with a like address', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    { from: 'Smith <smith@tacoma.example>', subject: 'Own', date: new Date('2026-11-03T09:00:00Z') },
    { from: 'Jane <jane-smith@tacoma.example>', subject: 'Like', date: new Date('2026-11-04T09:00:00Z') },
    { from: 'Smith Tacoma Example <x@gmail.com>', subject: 'Name', date: new Date('2026-11-05T09:00:00Z') },
    { from: 'ravi@mill.example', cc: 'smith@tacoma.example', subject: 'Copy', date: new Date('2026-11-06T09:00:00Z') },
  )
  const { id, organizationId } = await book.personAt('smith@tacoma.example')
  const api = book.client(book.mo)
  expect(subjects(await api.get(`people/${id}/issues`))).toEqual(['Copy', 'Own'])
  expect(subjects(await api.get(`organizations/${organizationId}/issues`))).toEqual(['Copy', 'Like', 'Own'])
  const [own] = await issuesOf(book, book.proposals)
  await api.put(`issues/${own!.id}/status`, { status: 'trash' })
  expect(subjects(await api.get(`people/${id}/issues`))).toEqual(['Copy'])
})

test('of what one of us passed on, the issue is that of who wrote the mail within', async () => {
  const book = await openBook()
  await book.letters(book.proposals, {
    from: 'Ada <ada@northwind.example>',
    subject: 'Fwd: Crane',
    text: 'Please look.\n\n---------- Forwarded message ---------\nFrom: Ravi Menon <ravi@mill.example>\nDate: Fri, Nov 20, 2026 at 9:41 AM\nSubject: Crane\nTo: Ada <ada@northwind.example>\n\nCould you send us an offer?',
  })
  const { id } = await book.personAt('ravi@mill.example')
  expect(subjects(await book.client(book.mo).get(`people/${id}/issues`))).toEqual(['Crane'])
})

test('pages of issues follow each other, each issue once, however many mails it has', async () => {
  const book = await openBook()
  const n = ISSUES_A_PAGE + 5
  for (const round of [0, 1])
    await book.letters(
      book.proposals,
      ...Array.from({ length: n }, (_, i) => ({
        from: 'Dana <dana@tacoma.example>',
        subject: `Matter ${i}`,
        id: `${round}-${i}@tacoma.example`,
        ...(round === 1 ? { inReplyTo: `0-${i}@tacoma.example` } : {}),
        date: new Date(Date.UTC(2026, 9, 1 + round * 10, 0, i)),
      })),
    )
  const { id } = await book.personAt('dana@tacoma.example')
  const api = book.client(book.mo)
  const first = await api.get<IssuesPage>(`people/${id}/issues`)
  const second = await api.get<IssuesPage>(`people/${id}/issues?cursor=${first.next}`)
  expect([first.issues.length, second.issues.length, second.next]).toEqual([ISSUES_A_PAGE, 5, null])
  expect(new Set([...subjects(first), ...subjects(second)]).size).toBe(n)
  expect(subjects(first)[0]).toBe(`Matter ${n - 1}`)
})
