import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areRelated, messageIds, type Placed, parentIds, soughtIds, threadsOf } from '../../server/mail/read/thread.ts'

const US = ['info@us.example']
const mail = (id: string, written: Partial<Placed> = {}): Placed => ({
  internetMessageId: id,
  inReplyTo: null,
  references: [],
  subject: 'Chairs',
  from: 'ada@x.example',
  to: US,
  threadId: id,
  ...written,
})

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
  ['ada@x.example (Ada Lovelace)', []],
  ['"Ada" ada@x.example, Chairs', []],
  ['<>', []],
])('the ids in %j are %j', (field, ids) => {
  expect(messageIds(field)).toEqual(ids)
})

test('of very long References the first and the newest are kept', () => {
  const field = Array.from({ length: 300 }, (_, at) => `<${at}@x>`).join(' ')
  const ids = messageIds(field)
  expect([ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([100, '0@x', '201@x', '299@x'])
})

const stranger = { subject: 'Tables', from: 'eve@z.example' }

test.each([
  ['answers the other', { inReplyTo: 'a', ...stranger }, {}, true],
  ['refers to the other, about the same', { references: ['a', 'gone'], from: 'eve@z.example' }, {}, true],
  ['refers to the other, by somebody known to it', { references: ['a'], subject: 'Tables' }, {}, true],
  [
    'refers to the other and names what it was about',
    { references: ['a'], ...stranger, subject: 'Tables (was: Chairs)' },
    {},
    true,
  ],
  ['reuses the references of the other for something else', { references: ['a'], ...stranger }, {}, false],
  ['is about the same', { from: 'eve@z.example' }, {}, false],
  ['is about the same, by the same', {}, {}, false],
  ['answers the same newsletter', { inReplyTo: 'gone', from: 'eve@z.example' }, { inReplyTo: 'gone' }, false],
  [
    'answers the same mail to several',
    { inReplyTo: 'gone', from: 'eve@z.example', to: [...US, 'ada@x.example'] },
    { inReplyTo: 'gone' },
    true,
  ],
  [
    'refers to what the other refers to, about the same',
    { references: ['gone', 'too'] },
    { references: ['gone'] },
    true,
  ],
  [
    'refers to what the other refers to, about something else',
    { references: ['gone'], subject: 'Tables' },
    { references: ['gone'] },
    false,
  ],
])('a mail that %s: one conversation or not', (_, written, other, related) => {
  const [a, b] = [mail('a', other), mail('b', written)]
  expect([areRelated(a, b, US), areRelated(b, a, US)]).toEqual([related, related])
})

test('of those who answer a circular of ours each begins a conversation, unless they answer to one another', () => {
  const everybody = ['ada', 'bob', 'eve', 'joe', 'kim', 'lee'].map((name) => `${name}@x.example`)
  const circular = mail('a', { from: 'info@us.example', to: everybody })
  const answer = (id: string, from: string, to = US) => mail(id, { inReplyTo: 'a', references: ['a'], from, to })
  const toUs = answer('b', 'ada@x.example')
  const ours = mail('c', { inReplyTo: 'b', references: ['a', 'b'], from: 'info@us.example', to: ['ada@x.example'] })
  const toAll = answer('d', 'bob@x.example', [...US, ...everybody])
  const related = (one: Placed, other: Placed) => areRelated(one, other, US)
  expect([related(toUs, circular), related(ours, circular), related(toUs, answer('e', 'bob@x.example'))]).toEqual([
    false,
    false,
    false,
  ])
  expect([
    related(ours, toUs),
    related(toAll, circular),
    related(toUs, { ...circular, to: everybody.slice(1) }),
  ]).toEqual([true, true, true])
})

test('a mail goes to the thread of what it answers first, and joins those that it was missing between', () => {
  const known = [
    mail('child', { inReplyTo: 'new', threadId: 'below' }),
    mail('root', { threadId: 'above' }),
    mail('parent', { threadId: 'beside' }),
    mail('nothing', { threadId: 'elsewhere' }),
  ]
  const answer = mail('new', { inReplyTo: 'parent', references: ['root', 'parent'] })
  expect(threadsOf(answer, known, US)).toEqual(['beside', 'above', 'below'])
  expect(threadsOf(mail('alone'), known, US)).toEqual([])
})

test('relatives are sought by the newest of many ids, and the first', () => {
  const references = Array.from({ length: 100 }, (_, at) => `${at}`)
  const ids = soughtIds(mail('own', { inReplyTo: '99', references }))
  expect([ids.length, ...ids.slice(0, 3), ids.at(-1)]).toEqual([30, 'own', '99', '98', '0'])
})

/** The conversations that mails form when they arrive one after another. */
function conversations(arriving: Placed[]): string[] {
  const placed: Placed[] = []
  for (const one of arriving) {
    const ids = soughtIds(one)
    const relatives = placed.filter(
      (other) =>
        ids.includes(other.internetMessageId) ||
        [other.inReplyTo, ...other.references].some((id) => id !== null && ids.includes(id)),
    )
    const [threadId = one.internetMessageId, ...others] = threadsOf(one, relatives, US)
    for (const other of placed) if (others.includes(other.threadId)) other.threadId = threadId
    placed.push({ ...one, threadId })
  }
  const threads = Map.groupBy(placed, ({ threadId }) => threadId)
  return [...threads.values()]
    .map((mails) =>
      mails
        .map(({ internetMessageId: id }) => id)
        .sort()
        .join(' '),
    )
    .sort()
}

test('the conversations are the same in whatever order the mails arrive', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'gone', 'lost')
  const written = fc.record({
    inReplyTo: fc.option(id),
    references: fc.uniqueArray(id, { maxLength: 3 }),
    subject: fc.constantFrom('Chairs', 'Re: Chairs', 'Tables'),
    from: fc.constantFrom('ada@x.example', 'bob@y.example', 'eve@z.example', 'info@us.example'),
    to: fc.constantFrom(
      US,
      [...US, 'ada@x.example'],
      [...'abcdefg'].map((name) => `${name}@x.example`),
    ),
  })
  fc.assert(
    fc.property(fc.tuple(written, written, written, written), fc.array(fc.nat(3)), (mails, order) => {
      const all = mails.map((one, at) => mail('abcd'[at]!, one))
      const shuffled = [...new Set([...order, 0, 1, 2, 3])].map((at) => all[at]!)
      expect(conversations(shuffled)).toEqual(conversations(all))
    }),
    { numRuns: 500 },
  )
})
