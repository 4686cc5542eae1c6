import { expect, test } from 'vitest'
import type { Access } from '../../web/exchange.ts'
import { fileOf, NOTHING, rowsOf, type Wish, wishOf, withDelegate, withPeople } from '../../web/exchange-wanted.ts'

const jane: Access = {
  user: 'jane@contoso.com',
  name: 'Jane Doe',
  kind: 'person',
  rights: ['FullAccess', 'SendAs'],
  denied: false,
  autoMapping: { state: 'on', source: 'ledger', at: null },
}
const rowOf = (wish: Wish, user: string) => {
  const row = rowsOf([jane], wish).find((one) => one.user === user)
  if (!row) throw new Error(`${user} is not in the table`)
  return row
}

test('only who is changed is in what is wanted, and a change taken back leaves nothing behind', () => {
  const less = withDelegate(NOTHING, rowOf(NOTHING, jane.user), { rights: ['FullAccess'] })
  expect(less.delegates).toEqual([{ user: jane.user, rights: ['FullAccess'] }])
  expect(withDelegate(less, rowOf(less, jane.user), { rights: ['SendAs', 'FullAccess'] })).toEqual(NOTHING)
  const none = withDelegate(withPeople(NOTHING, [jane.user], true), rowOf(NOTHING, jane.user), { rights: [] })
  expect(none.delegates).toEqual([{ user: jane.user, rights: [] }])
})

test('people who are added get the usual rights, once, and are gone again when all is taken from them', () => {
  const added = withPeople(withPeople(NOTHING, ['mia@contoso.com'], false), ['MIA@contoso.com', jane.user], true)
  expect(added.delegates.map(({ user, autoMapping }) => [user, autoMapping])).toEqual([
    ['mia@contoso.com', false],
    [jane.user, true],
  ])
  expect(rowsOf([jane], added).map(({ user, isChanged }) => [user, isChanged])).toEqual([
    [jane.user, false],
    ['mia@contoso.com', true],
  ])
  expect(withDelegate(added, rowOf(added, 'mia@contoso.com'), { rights: [] }).delegates).toHaveLength(1)
})

test('the file is read again as it was written, and one written by hand is not guessed at', () => {
  const wish = withPeople({ ...NOTHING, mailbox: { type: 'shared' } }, [jane.user], true)
  expect(wishOf(fileOf('bids@contoso.com', wish))).toEqual(wish)
  expect([
    wishOf('mailbox: {identity: bids@contoso.com}'),
    wishOf('{"mailbox":{},"delegates":[],"exclusive":true}'),
  ]).toEqual([undefined, undefined])
})
