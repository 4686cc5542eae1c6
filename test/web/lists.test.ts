import { describe, expect, test } from 'vitest'
import type { ListedIssue } from '../../web/api.ts'
import { belongs, hrefOf, linesOf, neighbour, stepFrom, withIssue } from '../../web/lists.ts'

const issue = (id: string, over: Partial<ListedIssue> = {}): ListedIssue => ({
  id,
  mailboxId: 'box',
  number: 1,
  subject: id,
  status: 'new',
  doneReason: null,
  assigneeId: null,
  teamId: null,
  contactName: '',
  contactAddress: 'dana@tacoma.example',
  lastFrom: 'Dana',
  snippet: '',
  lastDirection: 'in',
  messageCount: 1,
  hasAttachments: false,
  sending: null,
  lastMessageAt: 1000,
  listedAt: 1000,
  snoozedUntil: null,
  wakesOnReply: false,
  tagIds: [],
  waitingSince: null,
  version: 1,
  unread: false,
  ...over,
})
const ids = (pages: { issues: ListedIssue[] }[]) => pages.map(({ issues }) => issues.map(({ id }) => id))

test('a list has a head before each of its groups', () => {
  const found = [issue('a'), issue('b'), issue('c', { status: 'open' })]
  expect(linesOf(found, 'inbox')).toEqual(['group:new', 'issue:a', 'issue:b', 'group:open', 'issue:c'])
})

test('a list of one group needs no head', () => {
  expect(linesOf([issue('a', { status: 'done' })], 'done')).toEqual(['issue:a'])
})

describe('which list shows an issue', () => {
  test.each([
    ['inbox', {}, true],
    ['inbox', { status: 'waiting' }, false],
    ['mine', { assigneeId: 'me', status: 'waiting' }, true],
    ['mine', { assigneeId: 'other' }, false],
    ['unassigned', { teamId: 'desk' }, false],
    ['unassigned', { status: 'open' }, true],
    ['all', { status: 'done' }, true],
    ['all', { status: 'spam' }, false],
    ['spam', { status: 'spam' }, true],
  ] as const)('%s shows %o: %s', (view, over, shown) => {
    expect(belongs({ view }, issue('a', over), 'me')).toBe(shown)
  })

  test('a team shows its own', () => {
    expect(
      ['desk', 'sales'].map((teamId) => belongs({ view: 'team', teamId }, issue('a', { teamId: 'desk' }), 'me')),
    ).toEqual([true, false])
  })
})

describe('a changed issue', () => {
  const pages = () => [
    { issues: [issue('n2', { listedAt: 90 }), issue('n1', { listedAt: 80 })], next: 'x' },
    {
      issues: [issue('o2', { status: 'open', listedAt: 99 }), issue('o1', { status: 'open', listedAt: 70 })],
      next: null,
    },
  ]

  test('goes to its place in its new group', () => {
    const changed = issue('n1', { status: 'open', listedAt: 80 })
    expect(ids(withIssue(pages(), { view: 'inbox' }, changed, 'me'))).toEqual([['n2'], ['o2', 'n1', 'o1']])
  })

  test('leaves a list that does not show it any more', () => {
    expect(ids(withIssue(pages(), { view: 'inbox' }, issue('n1', { status: 'done' }), 'me'))).toEqual([
      ['n2'],
      ['o2', 'o1'],
    ])
  })

  test('comes in at the top when it is the newest', () => {
    expect(ids(withIssue(pages(), { view: 'inbox' }, issue('n3', { listedAt: 100 }), 'me'))[0]).toEqual([
      'n3',
      'n2',
      'n1',
    ])
  })

  test('comes to the end when nothing more is to be loaded', () => {
    const oldest = issue('o0', { status: 'open', listedAt: 1 })
    expect(ids(withIssue(pages(), { view: 'inbox' }, oldest, 'me'))[1]).toEqual(['o2', 'o1', 'o0'])
  })

  test('waits behind what is not loaded yet', () => {
    const [first] = pages()
    const oldest = issue('o0', { status: 'open', listedAt: 1 })
    expect(ids(withIssue([first!], { view: 'inbox' }, oldest, 'me'))).toEqual([['n2', 'n1']])
  })

  test('changes nothing in the pages it was given', () => {
    const before = pages()
    withIssue(before, { view: 'inbox' }, issue('n1', { status: 'done' }), 'me')
    expect(ids(before)).toEqual([
      ['n2', 'n1'],
      ['o2', 'o1'],
    ])
  })
})

test('the next issue opens when one is done, and the one before at the end', () => {
  expect(['a', 'b', 'c', 'x'].map((id) => neighbour(['a', 'b', 'c'], id))).toEqual(['b', 'c', 'b', 'a'])
  expect(neighbour(['a'], 'a')).toBeUndefined()
})

test('J and K go along the list and stop at its ends', () => {
  const all = ['a', 'b']
  expect([
    stepFrom(all, undefined, 1),
    stepFrom(all, 'a', 1),
    stepFrom(all, 'b', 1),
    stepFrom(all, undefined, -1),
  ]).toEqual(['a', 'b', undefined, 'b'])
})

test('each list has its address', () => {
  expect([
    hrefOf({ view: 'inbox' }),
    hrefOf({ view: 'all' }, 'i1'),
    hrefOf({ view: 'team', teamId: 't' }, 'i1'),
  ]).toEqual(['/inbox', '/issues/i1', '/team/t/i1'])
})

test('what a search found goes by time, without heads, and keeps its place and its marks', () => {
  const hit = { messageId: 'm', from: 'Dana', at: 1, subject: [], excerpt: [{ text: 'oak', marked: true }], file: null }
  const found = [issue('a', { status: 'done', hit }), issue('b', { status: 'new' })]
  const place = { view: 'search', q: 'oak is:done' } as const
  expect(linesOf(found, 'search')).toEqual(['issue:a', 'issue:b'])
  expect(hrefOf(place, 'a')).toBe('/search/a?q=oak%20is%3Adone')
  const pages = withIssue([{ issues: found, next: null }], place, issue('a', { status: 'open' }), 'me')
  expect(pages).toEqual([{ issues: [issue('a', { status: 'open', hit }), found[1]], next: null }])
})
