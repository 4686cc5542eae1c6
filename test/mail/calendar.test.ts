import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readInvitation } from '../../server/mail/read/calendar.ts'
import { parseMail } from '../../server/mail/read/parse.ts'

const OUTLOOK_ZONE = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`
const event = (lines: string, zone = '', method = 'REQUEST') =>
  `BEGIN:VCALENDAR\nMETHOD:${method}\n${zone}BEGIN:VEVENT\n${lines}\nEND:VEVENT\nEND:VCALENDAR\n`.replaceAll(
    '\n',
    '\r\n',
  )

test('an invitation says what, when, where, and who asks whom', () => {
  const text = event(
    `UID:7@kontor.example
ORGANIZER;CN="Müller, Jürgen":mailto:Juergen@kontor.example
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Info:MAILTO:info@us.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@x.example
SUMMARY;LANGUAGE=de-DE:Stühle\\, Tische\\; mehr
DTSTART;TZID=W. Europe Standard Time:20260302T101500
DTEND;TZID=W. Europe Standard Time:20260302T111500
LOCATION:Hall
  7
DESCRIPTION:First line\\nsecond line
RRULE:FREQ=WEEKLY;COUNT=10
STATUS:CONFIRMED
SEQUENCE:2
BEGIN:VALARM
SUMMARY:Reminder
END:VALARM`,
    OUTLOOK_ZONE,
  )
  expect(readInvitation(text)).toEqual({
    method: 'request',
    uid: '7@kontor.example',
    summary: 'Stühle, Tische; mehr',
    startAt: Date.UTC(2026, 2, 2, 9, 15),
    endAt: Date.UTC(2026, 2, 2, 10, 15),
    allDay: false,
    timeZone: null,
    location: 'Hall 7',
    organizer: { name: 'Müller, Jürgen', address: 'juergen@kontor.example', status: null },
    attendees: [
      { name: 'Info', address: 'info@us.example', status: 'needs-action' },
      { name: '', address: 'ada@x.example', status: 'accepted' },
    ],
    status: 'confirmed',
    sequence: 2,
    description: 'First line\nsecond line',
    recurrence: 'FREQ=WEEKLY;COUNT=10',
  })
})

const at = (text: string) => {
  const { startAt, endAt, allDay, timeZone } = readInvitation(text)!
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(':00.000Z', ''))
  return [iso(startAt), iso(endAt), allDay, timeZone]
}

test.each([
  ['in UTC', event('DTSTART:20260302T101500Z\nDURATION:PT1H30M'), '2026-03-02T10:15', '2026-03-02T11:45', false, null],
  ['in winter', event('DTSTART;TZID=Europe/Berlin:20260302T101500'), '2026-03-02T09:15', null, false, 'Europe/Berlin'],
  ['in summer', event('DTSTART;TZID=Europe/Berlin:20260702T101500'), '2026-07-02T08:15', null, false, 'Europe/Berlin'],
  [
    'in a zone of its own making, in summer',
    event('DTSTART;TZID=W. Europe Standard Time:20260702T101500', OUTLOOK_ZONE),
    '2026-07-02T08:15',
    null,
    false,
    null,
  ],
  [
    'in a zone of its own making, on the eve of summer',
    event('DTSTART;TZID=W. Europe Standard Time:20260329T013000', OUTLOOK_ZONE),
    '2026-03-29T00:30',
    null,
    false,
    null,
  ],
  [
    'in a zone named by a path',
    event('DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Vienna:20260302T101500'),
    '2026-03-02T09:15',
    null,
    false,
    'Europe/Vienna',
  ],
  ['in an unknown zone', event('DTSTART;TZID=Mars:20260302T101500'), '2026-03-02T10:15', null, false, null],
  [
    'all day',
    event('DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303'),
    '2026-03-02T00:00',
    '2026-03-02T00:00',
    true,
    null,
  ],
  [
    'for three days',
    event('DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260305'),
    '2026-03-02T00:00',
    '2026-03-04T00:00',
    true,
    null,
  ],
  ['at no time', event('SUMMARY:Some day'), null, null, false, null],
])('an event %s is when it says', (_, text, startAt, endAt, allDay, timeZone) => {
  expect(at(text)).toEqual([startAt, endAt, allDay, timeZone])
})

test('of a series with exceptions the series is told, and of no event nothing', () => {
  const text = event('RECURRENCE-ID:20260302T101500Z\nSUMMARY:Once\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Series')
  expect(readInvitation(text)?.summary).toBe('Series')
  expect(readInvitation('BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR')).toBeNull()
  expect(readInvitation('')).toBeNull()
})

const mail = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))
const request = event('SUMMARY:Chairs\nLOCATION:Hall 7\nDESCRIPTION:Please come.').replaceAll('\r', '')

test('a mail that is an invitation and nothing else reads as what the invitation says, and keeps the file', async () => {
  const parsed = await parseMail(mail(`From: a@x.example\nContent-Type: text/calendar; method=REQUEST\n\n${request}`))
  expect(parsed).toMatchObject({
    calendar: { method: 'request', summary: 'Chairs' },
    text: 'Chairs\nHall 7\nPlease come.',
  })
  expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['attachment-1.ics'])
})

test.each(['REQUEST', 'CANCEL', 'REPLY'])('a %s beside a text is told, and the text stays', async (method) => {
  const parsed = await parseMail(
    mail(
      `From: a@x.example\nContent-Type: multipart/alternative; boundary=m\n\n--m\n\nSee you\n--m\nContent-Type: text/calendar; charset=utf-8\n\n${event('SUMMARY:Chairs', '', method).replaceAll('\r', '')}--m--\n`,
    ),
  )
  expect([parsed.text, parsed.calendar?.method]).toEqual(['See you', method.toLowerCase()])
})

test('any text is read as a calendar without harm', () => {
  const line = fc.constantFrom(
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'END:VEVENT',
    'DTSTART;TZID=X:20260302T1',
    'RRULE:FREQ=YEARLY;BYDAY=9ZZ;BYMONTH=99',
    'BEGIN:VTIMEZONE',
    'TZID:X',
    'BEGIN:STANDARD',
    'DTSTART:16010101T030000',
    'DTSTART:99999999T999999Z',
    'DURATION:P9999999999W',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const invitation = readInvitation(`BEGIN:VCALENDAR\nBEGIN:VEVENT\n${lines.join('\n')}`)
      for (const time of [invitation?.startAt, invitation?.endAt]) expect(Number.isNaN(time)).toBe(false)
    }),
  )
})
