import { expect, test } from 'vitest'
import { messageIds, parentIds } from '../../server/mail/thread.ts'

test('the answered mail is sought first by In-Reply-To, then by References from the newest to the oldest', () => {
  expect(parentIds({ inReplyTo: 'c@x', references: ['a@x', 'b@x', 'c@x'] })).toEqual([
    { id: 'c@x', from: 'in-reply-to' },
    { id: 'b@x', from: 'references' },
    { id: 'a@x', from: 'references' },
  ])
  expect(parentIds({ inReplyTo: null, references: [] })).toEqual([])
})

test.each([
  ['<a@x> <b@x>', ['a@x', 'b@x']],
  ['<a@x><A@x> <a@x>', ['a@x', 'A@x']],
  ['<a@\r\n x>', ['a@x']],
  ['a@x', ['a@x']],
  ['Your message of Monday <a@x>', ['a@x']],
  ['Your message of Monday', []],
  ['<>', []],
])('the ids in %j are %j', (field, ids) => {
  expect(messageIds(field)).toEqual(ids)
})

test('of very long References the first and the newest are kept', () => {
  const field = Array.from({ length: 300 }, (_, at) => `<${at}@x>`).join(' ')
  const ids = messageIds(field)
  expect([ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([100, '0@x', '201@x', '299@x'])
})
