import { expect, test } from 'vitest'
import { decimalOfColumn, readAmount } from '../../server/proposals/import/amounts.ts'
import { dateOrderOf, readDate } from '../../server/proposals/import/dates.ts'
import { readTable } from '../../server/proposals/import/read-table.ts'
import { columnsOf, sourceOf } from '../../server/proposals/import/sources.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('delimiters and characters are found out', () => {
  const rows = (given: Uint8Array) => readTable(given).rows.map(({ cells }) => cells)
  for (const delimiter of [',', ';', '\t', '|'])
    expect(rows(bytes(`${['Name', 'City'].join(delimiter)}\n${['Æon', 'Köln'].join(delimiter)}`))).toEqual([
      ['Æon', 'Köln'],
    ])
  expect(rows(bytes('\uFEFFName;Wert\r\nKöln;"1.234,56"\r\n'))).toEqual([['Köln', '1.234,56']])
  expect(rows(Buffer.from('\uFEFFName\tValue\r\nKöln\t1\r\n', 'utf16le'))).toEqual([['Köln', '1']])
  expect(rows(Buffer.from('Name,Value\nK\u00F6ln,1\n', 'latin1'))).toEqual([['Köln', '1']])
  expect(rows(Buffer.from([...bytes('Name,Value\nPrice '), 0x80, ...bytes(',1\n')]))).toEqual([['Price €', '1']])
})

test('lines are counted as editors count them, also after fields of several lines', () => {
  const table = readTable(bytes('Name,Note\r\nOne,"a\r\nb"\r\n\r\nTwo,c\r\n"Three\nx",d\r\nFour,e'))
  expect(table.rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [2, 'One'],
    [5, 'Two'],
    [6, 'Three\nx'],
    [8, 'Four'],
  ])
})

test('FileMaker files are read: merge files by their names, others without, and line breaks within fields', () => {
  const merge = readTable(bytes('"Project","Client"\r"Dock\v2nd berth","Port"\r'))
  expect([merge.isNamed, merge.rows[0]?.cells, sourceOf(merge, 'jobs.mer')]).toEqual([
    true,
    ['Dock\n2nd berth', 'Port'],
    'filemaker',
  ])
  const plain = readTable(bytes('"Dock","Port","1200","3/14/2026"\n"Pier","Port","900","3/15/2026"\n'))
  expect([plain.isNamed, plain.head, plain.rows.length]).toEqual([
    false,
    ['Column 1', 'Column 2', 'Column 3', 'Column 4'],
    2,
  ])
})

test.each([
  [
    'salesforce',
    'Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner,Created Date',
    'title,organization,stage,value,closeDate,owner,createdAt',
  ],
  [
    'salesforce',
    'Id,AccountId,Name,StageName,Amount,Probability,CloseDate,IsClosed,IsWon,OwnerId,CreatedDate',
    'externalId,,title,stage,value,probability,closeDate,,,,createdAt',
  ],
  [
    'hubspot',
    "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Deal owner,Date entered 'Lead (Sales Pipeline)'",
    'externalId,title,stage,value,closeDate,createdAt,owner,enteredStage',
  ],
  [
    'pipedrive',
    'Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time',
    'externalId,title,value,currency,stage,status,decidedAt,decidedAt',
  ],
  [
    'dynamics',
    '(Do Not Modify) Opportunity,Topic,Potential Customer,Est. Close Date,Est. Revenue,Status,Status Reason,Owner',
    'externalId,title,organization,expectedDecision,value,status,reason,owner',
  ],
  [
    'sugar',
    'id,name,account_name,amount,amount_usdollar,date_closed,sales_stage,assigned_user_name,date_entered,probability',
    'externalId,title,organization,value,,closeDate,stage,owner,createdAt,probability',
  ],
  [
    'vtiger',
    'Opportunity No,Opportunity Name,Organization Name,Amount,Expected Close Date,Sales Stage,Assigned To,Created Time',
    'externalId,title,organization,value,closeDate,stage,owner,createdAt',
  ],
  [
    'highrise',
    'id,name,party_name,category_name,status,price,price_type,currency,background,status_changed_on',
    'externalId,title,organization,source,status,value,,currency,description,decidedAt',
  ],
  [
    'zendesk',
    'id,name,value,currency,hot,stage_name,loss_reason_name,estimated_close_date,added_on,last_stage_change_at',
    'externalId,title,value,currency,,stage,reason,expectedDecision,createdAt,stageSince',
  ],
  [
    'sage',
    'oppo_opportunityid,oppo_description,comp_name,oppo_forecast,oppo_stage,oppo_status,oppo_certainty,oppo_targetclose,oppo_opened',
    'externalId,title,organization,value,stage,status,probability,expectedDecision,createdAt',
  ],
  ['csv', 'Titel,Kunde,Betrag,Phase,Frist', 'title,organization,value,stage,due'],
])('the columns of %s are known', (source, head, fields) => {
  const table = readTable(
    bytes(
      `${head}\n${head
        .split(',')
        .map((_, i) => `x${i}`)
        .join(',')}\n`,
    ),
  )
  expect(sourceOf(table, 'export.csv')).toBe(source)
  expect(
    columnsOf(table.head, source)
      .map((field) => field ?? '')
      .join(','),
  ).toBe(fields)
})

test.each([
  ['2026-03-31', null, '2026-03-31'],
  ['2026-03-31T23:59:01.5+02:00', null, '2026-03-31 23:59:01.500 +02:00'],
  ['2026/3/1', null, '2026-03-01'],
  ['31.03.2026', null, 'order'],
  ['31.03.2026', 'dmy', '2026-03-31'],
  ['3/31/26 1:05 PM', 'mdy', '2026-03-31 13:05:00.000'],
  ['12/01/2026 12:05 am', 'dmy', '2026-01-12 00:05:00.000'],
  ['04/04/2026', null, '2026-04-04'],
  ['31-Mar-2026', null, '2026-03-31'],
  ['3. März 2026', null, '2026-03-03'],
  ['Mar 31, 2026', null, '2026-03-31'],
  ['31/02/2026', 'dmy', undefined],
  ['2026-02-30', null, undefined],
  ['13/13/2026', 'mdy', undefined],
  ['tomorrow', null, undefined],
  ['3/31/2026 25:00', 'mdy', undefined],
] as const)('the date %s, %s, is %s', (text, order, expected) => {
  const read = readDate(text, order)
  expect(typeof read === 'object' ? [read.day, read.time, read.offset].filter(Boolean).join(' ') : read).toBe(expected)
})

test('the order of day and month is proved by the dates, or asked', () => {
  expect(dateOrderOf(['03/04/2026', '25/12/2026'])).toBe('dmy')
  expect(dateOrderOf(['03/04/2026', '12/25/2026', '13/32/2026'])).toBe('mdy')
  expect(dateOrderOf(['03/04/2026', '05/06/2026'])).toBeNull()
  expect(dateOrderOf(['25/12/2026', '12/25/2026'])).toBeNull()
  expect(dateOrderOf(['2026-01-02', '04/04/2026', 'soon'])).toBe('any')
})

test.each([
  ['1234.5', '.', 'USD', 123_450, 'USD'],
  ['1,234.56', '.', 'USD', 123_456, 'USD'],
  ['1.234,56 €', ',', 'USD', 123_456, 'EUR'],
  ['EUR 1.234', ',', 'USD', 123_400, 'EUR'],
  ["CHF 1'234'567.05", '.', 'USD', 123_456_705, 'CHF'],
  ['1 234,50', ',', 'EUR', 123_450, 'EUR'],
  ['$5', '.', 'CAD', 500, 'CAD'],
  ['12,34,567.00', '.', 'INR', 123_456_700, 'INR'],
  ['JPY 1,200', '.', 'USD', 1_200, 'JPY'],
  ['1200.000', '.', 'KWD', 1_200_000, 'KWD'],
  ['1234.00', '.', 'JPY', 1_234, 'JPY'],
] as const)('the amount %s with %s is %s %d %s', (text, sign, fallback, minor, currency) => {
  expect(readAmount(text, sign, fallback)).toEqual({ minor, currency })
})

test('what is no amount, or not exact, is none', () => {
  for (const text of ['a lot', '-5', '(5)', '1.2.3,4', '1234.567', '12 apples', 'XXQ 5', '1,23.4', '9'.repeat(20)])
    expect(readAmount(text, '.', 'USD')).toBeUndefined()
  expect(readAmount('1.234', null, 'USD')).toBe('decimal')
})

test('the sign before the decimals is proved by the amounts of the column, or asked', () => {
  expect(decimalOfColumn(['1.234', '99,5'])).toBe(',')
  expect(decimalOfColumn(['1,234', '99.5'])).toBe('.')
  expect(decimalOfColumn(['1,234', '5,678'])).toBeNull()
  expect(decimalOfColumn(['1.5', '1,5'])).toBeNull()
  expect(decimalOfColumn(['1200', ''])).toBe('any')
})
