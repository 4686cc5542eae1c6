import { expect, test } from 'vitest'
import { answerOf, kindOf, whenOf } from '../../web/appointment.ts'
import { automaticWords } from '../../web/components/automatic.tsx'

const at = (text: string) => new Date(text).getTime()

test.each([
  [{ startAt: at('2026-11-20T09:00'), endAt: at('2026-11-20T10:30'), allDay: false }, '20 Nov 2026, 9:00 to 10:30'],
  [
    { startAt: at('2026-11-20T22:00'), endAt: at('2026-11-21T01:00'), allDay: false },
    '20 Nov 2026, 22:00 to 21 Nov 2026, 1:00',
  ],
  [{ startAt: at('2026-11-20T09:00'), endAt: null, allDay: false }, '20 Nov 2026, 9:00'],
  [{ startAt: Date.UTC(2026, 10, 20), endAt: Date.UTC(2026, 10, 20), allDay: true }, '20 Nov 2026'],
  [{ startAt: Date.UTC(2026, 10, 20), endAt: Date.UTC(2026, 10, 22), allDay: true }, '20 Nov 2026 to 22 Nov 2026'],
  [{ startAt: null, endAt: null, allDay: false }, ''],
])('%j is %j', (appointment, words) => {
  expect(whenOf(appointment)).toBe(words)
})

test.each([
  ['request', null, 'Invitation'],
  ['request', 'cancelled', 'Cancelled'],
  ['cancel', null, 'Cancelled'],
  ['reply', null, 'Answer to an invitation'],
  [null, null, 'Appointment'],
])('a calendar part with the method %s and the status %s is: %s', (method, status, words) => {
  expect(kindOf({ method, status })).toBe(words)
})

test('who is asked is named with what they said', () => {
  const dana = { name: 'Dana', address: 'dana@tacoma.example' }
  expect(answerOf({ ...dana, status: 'accepted' })).toBe('Dana accepted')
  expect(answerOf({ ...dana, name: '', status: null })).toBe('dana@tacoma.example has not answered')
})

test('an automatic email is told in a few words', () => {
  const from = { name: 'Dana', address: 'dana@tacoma.example' }
  const failure = { recipients: ['dana@tacoma.example'], status: null, reason: '' }
  const words = (writer: 'bounce' | 'out_of_office' | 'auto_reply', extras = {}) =>
    automaticWords({ writer, from, extras })
  expect([
    words('bounce', { bounce: { ...failure, kind: 'hard' } }),
    words('bounce', { bounce: { ...failure, kind: 'soft' } }),
    words('bounce'),
    words('out_of_office', { awayUntil: at('2026-11-30T00:00') }),
    words('out_of_office'),
    words('auto_reply'),
  ]).toEqual([
    'Could not be delivered to dana@tacoma.example',
    'Delivery to dana@tacoma.example is delayed',
    'Could not be delivered',
    'Dana is away until 30 Nov 2026',
    'Dana is away',
    'Automatic reply from Dana',
  ])
})
