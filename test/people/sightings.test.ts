import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyRange, keysOf } from '../../server/people/keys.ts'
import { bestName, cleanName } from '../../server/people/names.ts'
import {
  isSame,
  type Mail,
  oursOf,
  type Sighting,
  seenOnce,
  sightingsOf,
  together,
} from '../../server/people/sightings.ts'

const OURS = oursOf(['proposals@northwind.example', 'bids@gmail.com'], ['ada@elsewhere.example'])

const mail = (more: Partial<Mail>): Mail => ({
  mailboxId: 'm',
  direction: 'in',
  writer: 'person',
  at: 1_000,
  fromName: 'Dana Whitfield',
  fromAddress: 'dana@tacoma.example',
  to: [{ name: '', address: 'proposals@northwind.example' }],
  cc: [],
  bcc: [],
  extras: {},
  ...more,
})
const seen = (more: Partial<Mail>) => sightingsOf(mail(more), OURS).map(({ address, how }) => `${address} ${how}`)

test('who wrote and who is on the mail count, and none of us', () => {
  const cc = ['ravi@tacoma.example', 'colleague@northwind.example', 'bids@gmail.com', 'ada@elsewhere.example']
  expect(seen({ cc: cc.map((address) => ({ name: '', address })) })).toEqual([
    'dana@tacoma.example received',
    'ravi@tacoma.example seen',
  ])
  expect(seen({ direction: 'out', to: [{ name: '', address: 'dana@tacoma.example' }] })).toEqual([
    'dana@tacoma.example sent',
  ])
})

test.each(['auto_reply', 'out_of_office', 'bounce', 'list', 'notification'] as const)(
  'what is written as %s tells of nobody',
  (writer) => {
    expect(seen({ writer })).toEqual([])
  },
)

test('of a mailing to many only who wrote it counts', () => {
  const to = Array.from({ length: 50 }, (_, i) => ({ name: '', address: `p${i}@crowd.example` }))
  expect(seen({ to })).toEqual(['dana@tacoma.example received'])
})

test('of what one of us passed on, who wrote the mail within counts', () => {
  const forwarded = { from: { name: 'Ravi', address: 'ravi@mill.example' }, subject: '', sentAt: null, byId: 'x' }
  expect(seen({ fromAddress: 'ada@elsewhere.example', extras: { forwarded } })).toEqual(['ravi@mill.example received'])
})

test.each([
  ["'Dana Whitfield'", 'Dana Whitfield'],
  ['  Dana\n Whitfield ', 'Dana Whitfield'],
  ['dana@tacoma.example', ''],
  ['Dana \u202egnp.exe', 'Dana gnp.exe'],
  ['\u200b\u2066', ''],
])('the name %j is shown as %j', (name, shown) => {
  expect(cleanName(name)).toBe(shown)
})

test('what somebody calls themselves goes before what others call them, and the newest first', () => {
  const names = [
    { name: 'dana', own: false, at: 9 },
    { name: 'Dana', own: true, at: 1 },
    { name: 'Dana Whitfield', own: true, at: 5 },
  ]
  expect(bestName(names)).toEqual({ name: 'Dana Whitfield', source: 'own' })
  expect(bestName(names.slice(0, 1))).toEqual({ name: 'dana', source: 'others' })
  expect(bestName([])).toEqual({ name: '', source: 'address' })
})

const sighting = fc.record({
  address: fc.constant('dana@tacoma.example'),
  mailboxId: fc.constant('m'),
  name: fc.constantFrom('', 'Dana', 'Dana Whitfield', 'dw'),
  how: fc.constantFrom('received', 'sent', 'seen'),
  at: fc.integer({ min: 1, max: 9_999 }),
}) satisfies fc.Arbitrary<Sighting>

test('in which order mails are looked at, and how often, makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(sighting, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(100), { maxLength: 8 }),
      (all, again) => {
        const once = all.map(seenOnce).reduce(together)
        const more = again.map((i) => all[i % all.length]!)
        const other = [...more, ...all.toReversed()].map(seenOnce).reduce(together)
        expect(isSame(once, other)).toBe(true)
        const received = all.filter(({ how }) => how === 'received').map(({ at }) => at)
        expect(once.firstReceivedAt).toBe(received.length > 0 ? Math.min(...received) : null)
        expect(once.lastReceivedAt).toBe(received.length > 0 ? Math.max(...received) : null)
        expect(once.seenAt).toBe(Math.max(...all.map(({ at }) => at)))
      },
    ),
  )
})

test.each(['dana', 'whit', 'Dana Whit', 'DÁNA', 'dana@mail.ta', 'tacoma', 'mail.tacoma.ex', '@tacoma.example'])(
  'somebody is found by %j',
  (typed) => {
    const keys = keysOf(['Dana Whitfield'], ['dana@mail.tacoma.example'], [])
    const range = keyRange(typed)!
    expect(keys.some((key) => key >= range.from && key < range.below)).toBe(true)
  },
)

test.each(['itfield', 'example', 'acoma'])('somebody is not found by %j, from the middle of a word', (typed) => {
  const keys = keysOf(['Dana Whitfield'], ['dana@mail.tacoma.example'], [])
  const range = keyRange(typed)!
  expect(keys.some((key) => key >= range.from && key < range.below)).toBe(false)
})
