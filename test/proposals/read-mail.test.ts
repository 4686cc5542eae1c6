import { expect, test } from 'vitest'
import { readMail } from '../../server/proposals/read/read-mail.ts'
import { combined } from '../../server/proposals/read/suggested.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openField } from './story.ts'

const GROUND = {
  now: Date.parse('2026-11-21T12:00:00Z'),
  zone: 'UTC',
  zoneWhy: 'No time zone is written.',
  home: null,
  usFederal: false,
  dollarsAreUs: true,
}
const read = (text: string, subject = '') => readMail({ subject, text }, GROUND)

test.each<[text: string, ...amounts: string[]]>([
  ['The estimated value of the contract is $1.2 million.', 'USD 120000000 sure'],
  ['Our budget for this is USD 250,000.', 'USD 25000000 sure'],
  ['The total value is £1.5m.', 'GBP 150000000 sure'],
  ['The budget is $500k.', 'USD 50000000 sure'],
  ['The budget is between $50,000 and $80,000.', 'USD 5000000 offered', 'USD 8000000 offered'],
  ['The value is up to €300,000.', 'EUR 30000000 offered'],
  ['The contract value is $60,000 per year.', 'USD 6000000 offered'],
  ['The value of the contract is 60.000 EUR for the work.', 'EUR 6000000 offered'],
  ['The bidder needs insurance worth $2 million.'],
  ['The budget is fixed.'],
  ['Der geschätzte Auftragswert ist 1,2 Mio. €.', 'EUR 120000000 sure'],
  ['Das Budget für die Leistung ist EUR 60.000,00.', 'EUR 6000000 sure'],
  ['Das Budget der Stadt ist rund 60.000 €.', 'EUR 6000000 offered'],
  ['Le montant de votre offre pour nous est 1 250 000 €.', 'EUR 125000000 sure'],
  ['Le budget est entre 50 000 et 80 000 € pour les travaux.', 'EUR 8000000 offered'],
  ['El presupuesto para la obra y los servicios es 250.000,50 euros.', 'EUR 25000050 sure'],
  ['The contract value is JPY 5,000,000.', 'JPY 5000000 sure'],
])('%s', (text, ...amounts) => {
  expect(read(text).value.map(({ value, certainty }) => `${value.currency} ${value.minor} ${certainty}`)).toEqual(
    amounts,
  )
})

test.each<[text: string, kinds: string[], numbers: string[]]>([
  ['RFP 2026-114 fleet telematics', ['rfp'], ['2026-114']],
  ['Request for Quotation No. Q-4711/26', ['rfq'], ['Q-4711/26']],
  ['RFI-2026-09: data platform', ['rfi'], ['RFI-2026-09']],
  ['Invitation to Tender ITT 8841', ['itt'], ['8841']],
  ['Ausschreibung Nr. 2026/77', ['tender'], ['2026/77']],
  ["Appel d'offres n° 2026-F-012", ['tender'], ['2026-F-012']],
  ['Licitación pública 45/2026', ['tender'], ['45/2026']],
  ['Solicitation W912PL-26-R-0012', [], ['W912PL-26-R-0012']],
  ['RFP 2026', ['rfp'], []],
  ['Invoice 2026-114', [], []],
])('%s', (subject, kinds, numbers) => {
  const { solicitationKind, solicitationNumber } = read('', subject)
  expect([solicitationKind.map(({ value }) => value), solicitationNumber.map(({ value }) => value)]).toEqual([
    kinds,
    numbers,
  ])
})

test('a newer mail counts, and two answers in one mail are none', () => {
  const sure = (value: string) => ({ value, certainty: 'sure' as const, sentence: `${value}.`, why: 'Said.' })
  const brief = (mails: string[][]) =>
    combined(mails.map((values, at) => ({ id: `m${at}`, values: values.map(sure) }))).map(
      ({ value, certainty, messageId }) => `${value} ${certainty} ${messageId}`,
    )
  expect(brief([['new'], ['old', 'new']])).toEqual(['new sure m0', 'old offered m1'])
  expect(brief([['a', 'b']])).toEqual(['a offered m0', 'b offered m0'])
  expect(brief([[], ['a']])).toEqual(['a sure m1'])
})

test('the mails of an issue offer values for the fields of its proposal, to who may triage it', async () => {
  const world = await openField()
  const { ben, now } = world
  const day = new Date(now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const later = new Date(now() + 50 * 86_400_000).toISOString().slice(0, 10)
  await arrive(world, world.proposals, {
    id: 'a@t',
    subject: 'RFP 2026-114 fleet telematics',
    text: `Proposals are due ${day} at 14:00 UTC.\n\nThe budget is $420,000.\n\nDana Whitfield\nPort of Tacoma`,
  })
  await arrive(world, world.proposals, {
    id: 'b@t',
    inReplyTo: 'a@t',
    date: new Date('2026-11-20T12:00:00Z'),
    subject: 'Re: RFP 2026-114 fleet telematics',
    text: `The proposal deadline is extended to ${later}, 15:00 UTC.\n\nOn Friday Dana wrote:\n> Proposals are due ${day} at 09:00 UTC.`,
  })
  const [issue] = await issuesOf(world, world.proposals)
  type Found = { fields: Record<string, { value: unknown; certainty: string; sentence: string }[]> }
  const { fields } = await world.client(ben).get<Found>(`issues/${issue!.id}/proposal/suggested`)
  const brief = Object.entries(fields).map(([name, values]) => [name, values.map((one) => [one.value, one.certainty])])
  expect(Object.fromEntries(brief)).toEqual({
    due: [
      [{ local: `${later}T15:00`, zone: 'UTC' }, 'sure'],
      [{ local: `${day}T14:00`, zone: 'UTC' }, 'offered'],
    ],
    questionsDue: [],
    solicitationNumber: [['2026-114', 'sure']],
    solicitationKind: [['rfp', 'sure']],
    value: [[{ minor: 42_000_000, currency: 'USD' }, 'sure']],
    organization: [[{ id: null, name: 'Port of Tacoma', domain: 'tacoma.example', renames: false }, 'offered']],
  })
})
