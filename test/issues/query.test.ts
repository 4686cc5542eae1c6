import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery, type Query } from '../../server/issues/search/query.ts'
import { readDay } from '../../server/issues/search/query-dates.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const parse = (text: string) => parseQuery(text, { now: NOW })

/** A query in short: words as they are, operators by their name, groups in brackets. */
function short(query: Query | null): string {
  if (!query) return ''
  switch (query.kind) {
    case 'not':
      return `-${short(query.of)}`
    case 'all':
      return `[${query.of.map(short).join(' ')}]`
    case 'any':
      return `[${query.of.map(short).join(' | ')}]`
    case 'text':
      return `${query.field ? `${query.field}:` : ''}${query.phrase.join('_')}${query.prefix ? '*' : ''}`
    case 'status':
      return `status:${query.status}`
    case 'assignee':
    case 'mailbox':
      return `${query.kind}:${query.name}`
    case 'before':
    case 'after':
      return `${query.kind}:${new Date(query.time).toISOString().slice(0, 10)}`
    default:
      return query.kind
  }
}

test.each([
  ['walnut', 'walnut'],
  ['walnut table', '[walnut table]'],
  ['walnut AND table', '[walnut table]'],
  ['"walnut table"', 'walnut_table'],
  ['„walnut table“', 'walnut_table'],
  ['RFP-2026-114', 'rfp_2026_114'],
  ['-walnut', '-walnut'],
  ['NOT walnut', '-walnut'],
  ['-"walnut table" oak', '[-walnut_table oak]'],
  ['walnut - table', '[walnut table]'],
  ['well-known', 'well_known'],
  ['oak or birch', '[oak | birch]'],
  ['table oak OR birch', '[table [oak | birch]]'],
  ['(table oak) or birch', '[[table oak] | birch]'],
  ['-(oak or birch)', '-[oak | birch]'],
  ['tele*', 'tele*'],
  ['"fleet tele*"', 'fleet_tele*'],
  ['東京*', '東_京'],
  ['from:dana', 'sender:dana'],
  ['From:Dana@tacoma.example', 'sender:dana_tacoma_example'],
  ['from:"Dana Whitfield"', 'sender:dana_whitfield'],
  ['-from:da*', '-sender:da*'],
  ['to:ravi subject:visit', '[recipients:ravi subject:visit]'],
  ['has:attachment', 'attachment'],
  ['is:unassigned is:unread is:waiting', '[assignee:null unread status:waiting]'],
  ['status:open,new', '[status:open | status:new]'],
  ['assignee:me or assignee:nobody', '[assignee:me | assignee:null]'],
  ['mailbox:proposals', 'mailbox:proposals'],
  ['before:2026-11 after:7d', '[before:2026-11-01 after:2026-11-14]'],
  ['Re: chairs', '[re chairs]'],
  ['10:30', '10_30'],
  ['RFP:2026', 'rfp_2026'],
  ['https://x.example/a?b=c', 'https_x_example_a_b_c'],
  ['', ''],
  ['   ', ''],
])('%s is understood without a word', (text, expected) => {
  const { query, problems } = parse(text)
  expect([short(query), problems]).toEqual([expected, []])
})

test.each([
  ['"walnut', 'walnut', 'Close the quotation mark that opens here.', '"'],
  ['oak (walnut', '[oak walnut]', 'Close the parenthesis that opens here.', '('],
  ['walnut)', 'walnut', 'No parenthesis was opened before this one. It is left out.', ')'],
  ['or walnut', 'walnut', 'Write "or" between two things to search for. It is left out.', 'or'],
  ['walnut or', 'walnut', 'Write "or" between two things to search for. It is left out.', 'or'],
  [
    'form:dana',
    'dana',
    'There is no operator form:, so only what follows it is searched for. Did you mean from:?',
    'form:',
  ],
  [
    'oak due:week',
    '[oak week]',
    'There is no operator due:, so only what follows it is searched for. There are from:, to:, subject:, has:, is:, assignee:, status:, mailbox:, tag:, waiting:, before: and after:.',
    'due:',
  ],
  ['oak from:', 'oak', 'Write a word after from: without a space, as in from:dana.', 'from:'],
  [
    'is:nice oak',
    'oak',
    'is: takes unassigned, unread, following, muted, untagged, new, open, snoozed, waiting, done, spam, trash.',
    'is:nice',
  ],
  ['status:nice oak', 'oak', 'status: takes one of new, open, snoozed, waiting, done, spam, trash.', 'status:nice'],
  ['has:pdf oak', 'oak', 'has: takes one word: has:attachment.', 'has:pdf'],
  [
    'after:2026-02-31 oak',
    'oak',
    'after: takes a day, as in after:2026-11-21, after:2026-11, after:yesterday or after:7d.',
    'after:2026-02-31',
  ],
  ['t*', 't', 'Write at least 2 letters before the *.', 't*'],
  ['*metry', 'metry', 'A * stands at the end of a word, as in tele*. Here it is left out.', '*metry'],
  ['!?', '', 'There is no word in this to search for.', '!?'],
])('%s is explained, and the rest of it is searched for', (text, expected, message, where) => {
  const { query, problems } = parse(text)
  expect(short(query)).toBe(expected)
  expect(problems.map((problem) => [problem.message, text.slice(problem.at, problem.at + problem.length)])).toEqual([
    [message, where],
  ])
})

test('what is too long is cut, and that is said', () => {
  const long = parse('oak '.repeat(200))
  expect(long.problems.map(({ message }) => message)).toEqual([
    'A search has at most 500 characters. The rest is left out.',
    'A search has at most 40 terms. The rest is left out.',
  ])
})

test('any text is read to its end, and problems point into it', () => {
  const pieces = fc.constantFrom(
    'oak',
    '"',
    '“',
    '-',
    '(',
    ')',
    ' or ',
    ' ',
    '*',
    'from:',
    'is:',
    'x:',
    ':',
    '\n',
    '東',
  )
  const typed = fc.oneof(
    fc.array(pieces).map((all) => all.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(typed, (text) => {
      const { query, problems } = parse(text)
      for (const { at, length, message } of problems) {
        expect(at >= 0 && length > 0 && at + length <= text.length).toBe(true)
        expect(message).toMatch(/^[A-Z"a-z].*[.?]$/s)
      }
      if (text.trim() !== '' && query === null) expect(problems.length).toBeGreaterThan(0)
    }),
    { numRuns: 1_000 },
  )
})

describe('days', () => {
  const iso = (text: string, zone?: string) => {
    const time = readDay(text, NOW, zone)
    return time === null ? null : new Date(time).toISOString()
  }
  test.each([
    ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z'],
    ['2026', 'UTC', '2026-01-01T00:00:00.000Z'],
    ['2026-3', 'Europe/Berlin', '2026-02-28T23:00:00.000Z'],
    // The clocks go forward in the night that begins here.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['today', 'Pacific/Auckland', '2026-11-21T11:00:00.000Z'],
    ['yesterday', 'America/Los_Angeles', '2026-11-20T08:00:00.000Z'],
    ['2w', 'UTC', '2026-11-07T00:00:00.000Z'],
    ['1m', 'UTC', '2026-10-21T00:00:00.000Z'],
    ['1y', 'UTC', '2025-11-21T00:00:00.000Z'],
  ])('%s in %s begins at %s', (text, zone, expected) => {
    expect(iso(text, zone)).toBe(expected)
  })
  test.each(['', 'soon', '2026-13', '2026-02-30', '21.11.2026', '7x', '99999d1'])('%s is no day', (text) => {
    expect(iso(text)).toBeNull()
  })
})
