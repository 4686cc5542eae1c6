import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { calendarFeeds, type Proposal } from '../../db/schema.ts'
import { MAX_READS } from '../../server/proposals/calendar-feed.ts'
import { calendarOf } from '../../server/proposals/icalendar.ts'
import { openField } from './story.ts'

const eventsIn = (text: string) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
const wordOf = (event: ICAL.Component, name: string) => String(event.getFirstPropertyValue(name))

/** What is left of a text: its letters, with line ends of every kind as one. */
const kept = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n|[\r\n\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a calendar may not hold.
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\u2028',
        '\u0085',
        'END:VEVENT',
        'BEGIN:VALARM',
        '\\n',
        '\\',
        ';',
        ',',
        '"',
        ' ',
        '😀',
        'ß',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
)

test('whatever people call things, a calendar holds one entry for each, and their words in it', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ summary: hostile, description: hostile }), { maxLength: 5 }), (written) => {
      const entries = written.map((one, i) => ({
        ...one,
        uid: `${i}@downfield`,
        starts: i % 2 ? '2026-12-15' : Date.UTC(2026, 11, 15, 21),
        url: 'https://inbox.example/proposals/1',
        changedAt: Date.UTC(2026, 10, 1),
      }))
      const text = calendarOf('Deadlines', entries)
      expect(text.endsWith('\r\n')).toBe(true)
      for (const line of text.split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
        expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/)
      }
      const read = eventsIn(text)
      expect(read.map((event) => wordOf(event, 'uid'))).toEqual(entries.map(({ uid }) => uid))
      expect(read.map((event) => wordOf(event, 'summary'))).toEqual(written.map(({ summary }) => kept(summary)))
      expect(read.map((event) => wordOf(event, 'description'))).toEqual(
        written.map(({ description }) => kept(description)),
      )
      expect(read.every((event) => event.getAllSubcomponents().length === 0)).toBe(true)
    }),
  )
})

describe('the calendar link of a member', () => {
  test('shows deadlines and milestones that they see, theirs or all, and follows amendments', async () => {
    const { client, as, asNobody, ben, mo } = await openField()
    const api = client(mo)
    const due = { local: '2099-07-15T14:00', zone: 'America/Denver' }
    const bridge = await api.create({ title: 'Bridge; phase\\2, "A"', ownerId: ben.id, due })
    await api.create({ title: 'Tunnel', ownerId: mo.id, due: { local: '2099-08-01', zone: 'Europe/Berlin' } })
    const questions = uuidv7()
    const asked = { local: '2099-07-01T12:00', zone: 'America/Denver' }
    await api.post(`proposals/${bridge.id}/milestones`, { id: questions, kind: 'questions_due', due: asked })
    const { link } = await client(ben).post<{ link: string }>('calendar-feed', { shows: 'mine' })
    const path = new URL(link).pathname
    const read = async () => {
      const answer = await asNobody(path)
      expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
      return eventsIn(await answer.text())
    }
    const told = (events: ICAL.Component[]) =>
      events.map((event) => [wordOf(event, 'uid'), wordOf(event, 'dtstart'), wordOf(event, 'summary')])
    expect(told(await read())).toEqual([
      [`${bridge.id}@downfield`, '2099-07-15T20:00:00Z', 'Proposal due: Bridge; phase\\2, "A" (PRP-1)'],
      [`${questions}@downfield`, '2099-07-01T18:00:00Z', 'Questions due: Bridge; phase\\2, "A" (PRP-1)'],
    ])
    const newDue = { local: '2099-07-20T14:00', zone: 'America/Denver' }
    await api.post(`proposals/${bridge.id}/amendments`, {
      id: uuidv7(),
      receivedAt: Date.now(),
      summary: 'Later',
      newDue,
    })
    expect(told(await read())[0]).toEqual([`${bridge.id}@downfield`, '2099-07-20T20:00:00Z', expect.any(String)])
    await client(ben).patch('calendar-feed', { shows: 'all' })
    expect(told(await read()).map(([, starts]) => starts)).toContain('2099-08-01')
    const { version } = await api.get<Proposal>(`proposals/${bridge.id}`)
    await api.put(`proposals/${bridge.id}/outcome`, { version, outcome: 'cancelled' })
    expect(told(await read())).toHaveLength(1)
    expect(await (await as(ben)('/api/calendar-feed')).json()).toMatchObject({
      feed: { shows: 'all', readAt: expect.any(Number) },
    })
  })

  test('is kept as a hash, ends when it is renewed or taken back, and nobody can try links out', async () => {
    const { client, asNobody, ben, db } = await openField()
    const mine = client(ben)
    const first = await mine.post<{ link: string }>('calendar-feed', {})
    const path = (link: string) => new URL(link).pathname
    const [row] = await db.read.select().from(calendarFeeds)
    expect(first.link).not.toContain(row!.tokenHash)
    expect(JSON.stringify(row)).not.toContain(path(first.link).slice('/calendar/'.length, -4))
    const second = await mine.post<{ link: string }>('calendar-feed', {})
    expect((await asNobody(path(first.link))).status).toBe(404)
    expect((await asNobody(path(second.link))).status).toBe(200)
    await mine.delete('calendar-feed')
    expect((await asNobody(path(second.link))).status).toBe(404)
    for (let i = 0; i < MAX_READS; i++) await asNobody(path(first.link))
    expect((await asNobody(path(first.link))).status).toBe(429)
  })
})
