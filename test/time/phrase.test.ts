import { expect, test } from 'vitest'
import { readPhrase } from '../../time/phrase.ts'
import { wallTime } from '../../time/zone.ts'

const ZONE = 'Europe/Berlin'
/** Saturday, 21 November 2026, 14:20 in Berlin. */
const NOW = Date.parse('2026-11-21T13:20:00Z')

/** "2026-11-23 09:00", with "reply" behind it where an answer wakes; or the problem. */
function read(text: string, now = NOW, zone = ZONE): string {
  const found = readPhrase(text, { now, zone })
  if ('problem' in found) return found.problem
  if (found.at === null) return 'reply'
  const { year, month, day, minutes } = wallTime(found.at, zone)
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const at = `${year}-${two(month)}-${two(day)} ${two(minutes / 60)}:${two(minutes % 60)}`
  return found.onReply ? `${at} reply` : at
}

test.each([
  ['tomorrow', '2026-11-22 09:00'],
  ['Tomorrow 9', '2026-11-22 09:00'],
  ['tomorrow at 9:30', '2026-11-22 09:30'],
  ['tomorrow 3', '2026-11-22 15:00'],
  ['tomorrow 3am', '2026-11-22 03:00'],
  ['9am tomorrow', '2026-11-22 09:00'],
  ['tomorrow morning', '2026-11-22 09:00'],
  ['tomorrow afternoon', '2026-11-22 14:00'],
  ['tonight', '2026-11-21 18:00'],
  ['this evening', '2026-11-21 18:00'],
  ['today 17:00', '2026-11-21 17:00'],
  ['today at 5', '2026-11-21 17:00'],
  ['16', '2026-11-21 16:00'],
  ['9', '2026-11-22 09:00'],
  ['noon', '2026-11-22 12:00'],
  ['midnight', '2026-11-22 00:00'],
  ['the day after tomorrow', '2026-11-23 09:00'],
  ['monday', '2026-11-23 09:00'],
  ['next Monday', '2026-11-23 09:00'],
  ['mon 8', '2026-11-23 08:00'],
  ['on friday at noon', '2026-11-27 12:00'],
  ['saturday', '2026-11-28 09:00'],
  ['saturday 16', '2026-11-21 16:00'],
  ['in 2 weeks', '2026-12-05 09:00'],
  ['2w', '2026-12-05 09:00'],
  ['in three days', '2026-11-24 09:00'],
  ['3 days', '2026-11-24 09:00'],
  ['in a week', '2026-11-28 09:00'],
  ['in 3 working days', '2026-11-25 09:00'],
  ['in 2 hours', '2026-11-21 16:20'],
  ['2h', '2026-11-21 16:20'],
  ['in half an hour', '2026-11-21 14:50'],
  ['in 45 minutes', '2026-11-21 15:05'],
  ['in a month', '2026-12-21 09:00'],
  ['in 3 months', '2027-02-21 09:00'],
  ['next week', '2026-11-23 09:00'],
  ['next month', '2026-12-01 09:00'],
  ['end of the month', '2026-11-30 09:00'],
  ['end of week', '2026-11-27 09:00'],
  ['weekend', '2026-11-28 09:00'],
  ['27 Nov', '2026-11-27 09:00'],
  ['Nov 27th', '2026-11-27 09:00'],
  ['November 27, 2026 10:15', '2026-11-27 10:15'],
  ['27th', '2026-11-27 09:00'],
  ['3 march', '2027-03-03 09:00'],
  ['2026-12-01 14:30', '2026-12-01 14:30'],
  ['29 feb', '2028-02-29 09:00'],
  ['until they reply', 'reply'],
  ['reply', 'reply'],
  ['tomorrow or until they reply', '2026-11-22 09:00 reply'],
  ['in 2 weeks, if they answer', '2026-12-05 09:00 reply'],
])('%s is %s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  ['morgen', '2026-11-22 09:00'],
  ['morgen 9 Uhr', '2026-11-22 09:00'],
  ['morgen um 9:30 Uhr', '2026-11-22 09:30'],
  ['morgen früh', '2026-11-22 09:00'],
  ['morgen nachmittag', '2026-11-22 14:00'],
  ['heute Abend', '2026-11-21 18:00'],
  ['heute um 17 Uhr', '2026-11-21 17:00'],
  ['um 8 Uhr', '2026-11-22 08:00'],
  ['übermorgen', '2026-11-23 09:00'],
  ['nächsten Montag', '2026-11-23 09:00'],
  ['Montag morgen', '2026-11-23 09:00'],
  ['am Dienstag um 14 Uhr 30', '2026-11-24 14:30'],
  ['kommenden Freitag mittag', '2026-11-27 12:00'],
  ['in 3 Tagen', '2026-11-24 09:00'],
  ['in drei Tagen um 15 Uhr', '2026-11-24 15:00'],
  ['in zwei Wochen', '2026-12-05 09:00'],
  ['in einer Woche', '2026-11-28 09:00'],
  ['in 5 Werktagen', '2026-11-27 09:00'],
  ['in einem Monat', '2026-12-21 09:00'],
  ['in 2 Stunden', '2026-11-21 16:20'],
  ['in einer halben Stunde', '2026-11-21 14:50'],
  ['nächste Woche', '2026-11-23 09:00'],
  ['nächste Woche Mittwoch', 'There are two days in this. Say one.'],
  ['nächsten Monat', '2026-12-01 09:00'],
  ['Wochenende', '2026-11-28 09:00'],
  ['Monatsende', '2026-11-30 09:00'],
  ['27.11.', '2026-11-27 09:00'],
  ['am 27.11.2026 um 10:15', '2026-11-27 10:15'],
  ['27. November', '2026-11-27 09:00'],
  ['3. März 2027', '2027-03-03 09:00'],
  ['am 27.', '2026-11-27 09:00'],
  ['bis sie antworten', 'reply'],
  ['bis zur Antwort', 'reply'],
  ['morgen oder bis sie antworten', '2026-11-22 09:00 reply'],
])('%s ist %s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  ['', /^Say until when\./],
  ['whenever', /^"whenever" is not understood here\. Try tomorrow 9/],
  ['tomorrow monday', 'There are two days in this. Say one.'],
  ['9 and 10', 'There are two times in this. Say one.'],
  ['in 2 hours tomorrow', 'A span and a day do not go together. Say one.'],
  ['yesterday', 'That is over. Say a time that is still to come.'],
  ['now', 'That is now. Say a time that is still to come.'],
  ['today 9:00', 'That is over already. Say a time that is still to come.'],
  ['1 Nov 2026', 'That is over already. Say a time that is still to come.'],
  ['2026-11-01', 'That is over already. Say a time that is still to come.'],
  ['11/27', '11/27 could be two days. Write 27 Nov or 2026-11-27.'],
  ['tomorrow 25:00', '25:00 is no time of the day.'],
  ['31 nov', 'There is no such day in the calendar.'],
  ['in 30 years', 'That is more than 5 years away.'],
  ['in 9999 weeks', 'That is more than 5 years away.'],
])('%s is refused', (text, expected) => {
  expect(read(text)).toMatch(expected)
})

test('a day keeps its time over the change of the clocks, and what is skipped or doubled is one moment', () => {
  const march = Date.parse('2027-03-27T12:00:00Z')
  expect(readPhrase('tomorrow 9', { now: march, zone: ZONE })).toEqual({
    at: Date.parse('2027-03-28T07:00:00Z'),
    onReply: false,
  })
  expect(readPhrase('tomorrow 2:30', { now: march, zone: ZONE })).toEqual({
    at: Date.parse('2027-03-28T01:30:00Z'),
    onReply: false,
  })
  const october = Date.parse('2027-10-30T12:00:00Z')
  expect(readPhrase('tomorrow 2:30', { now: october, zone: ZONE })).toEqual({
    at: Date.parse('2027-10-31T00:30:00Z'),
    onReply: false,
  })
})

test('the day is that of the zone', () => {
  const late = Date.parse('2026-11-21T23:30:00Z')
  expect(read('tomorrow 9', late, 'America/New_York')).toBe('2026-11-22 09:00')
  expect(read('tomorrow 9', late, 'Asia/Tokyo')).toBe('2026-11-23 09:00')
  expect(read('tomorrow', late, 'Mars/Olympus')).toBe('There is no such time zone.')
})

test('whatever somebody types is answered with a time ahead or a sentence', () => {
  const words = [
    'tomorrow',
    '9',
    'in',
    '2',
    'weeks',
    'morgen',
    '.',
    ':',
    '31',
    'or',
    'reply',
    'ß',
    '🙂',
    '27.',
    '1/2',
    'mo',
  ]
  for (let i = 0; i < 3_000; i++) {
    const text = Array.from({ length: 1 + (i % 5) }, (_, j) => words[(i * 7 + j * 13 + (i >> 3)) % words.length]).join(
      ' ',
    )
    const found = readPhrase(text, { now: NOW, zone: ZONE })
    if ('problem' in found) expect(found.problem).toMatch(/^.+\.$/)
    else expect(found.at === null ? found.onReply : found.at > NOW).toBe(true)
  }
})
