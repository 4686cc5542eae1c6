import { describe, expect, test } from 'vitest'
import { suggestionsFor } from '../../server/issues/candidates.ts'
import { findIssue } from '../../server/issues/issue.ts'
import { referenceNumbers } from '../../server/issues/reference-numbers.ts'
import { refuse } from '../../server/issues/refusal.ts'
import { indexBatch } from '../../server/issues/search/index-messages.ts'
import { openWorld, type World } from '../world.ts'
import { arrive, issuesOf, type Letter } from './story.ts'

test.each([
  ['Our RFQ-2026-17 is open until Friday', ['202617']],
  ['Re: rfq 2026/17, lot 3', ['202617']],
  ['Vergabenummer: 2026-0815-B', ['20260815B']],
  ['Solicitation No. W912PL-24-R-0012', ['W912PL24R0012']],
  ['see W912PL-24-R-0012 for more', ['W912PL24R0012']],
  ['Purchase order 4500012345', ['4500012345']],
  ['The offer of 2026 and the bid from 20.11.2026', []],
  ['Call me at +49 30 1234567 about the tender', []],
])('%s names %j', (text, numbers) => {
  expect(referenceNumbers(text).map(({ canonical }) => canonical)).toEqual(numbers)
})

const day = (n: number) => new Date(Date.UTC(2026, 10, n, 9))

async function suggested(letters: Letter[], of: string, prepare?: (world: World) => Promise<void>) {
  const world = await openWorld()
  await arrive(world, world.proposals, ...letters.map((letter, i) => ({ date: day(i + 1), ...letter })))
  while ((await indexBatch(world.db, () => {})) > 0);
  await prepare?.(world)
  const all = await issuesOf(world, world.proposals)
  const asked = all.find(({ subject }) => subject === of)!
  const found = await suggestionsFor(world.db.read, await findIssue(world.db.read, asked.id))
  return found.map(({ id, reasons }) => ({ subject: all.find((one) => one.id === id)!.subject, reasons }))
}

describe('an issue is suggested', () => {
  const TENDER = { subject: 'RFQ-2026-17 field tablets', from: 'dana@tacoma.example' }

  test('for the number of the solicitation, whoever of the organization writes about whatever', async () => {
    const question = { subject: 'Delivery to site', from: 'omar@tacoma.example', text: 'For RFQ 2026/17: by when?' }
    expect(await suggested([TENDER, { subject: 'Other', from: 'z@z.example' }, question], 'Delivery to site')).toEqual([
      {
        subject: 'RFQ-2026-17 field tablets',
        reasons: [
          { of: 'number', value: '202617' },
          { of: 'organization', value: 'tacoma.example' },
        ],
      },
    ])
  })

  test('for the same subject of the same sender, who began a new mail instead of answering', async () => {
    const first = { ...TENDER, subject: 'Fleet telematics offer' }
    const found = await suggested(
      [first, { ...first, subject: 'AW: Fleet telematics offer' }],
      'Fleet telematics offer',
    )
    expect(found.map(({ subject }) => subject)).toEqual(['Fleet telematics offer'])
  })

  test('never for a subject that says nothing, nor for two tenders of one sender', async () => {
    const other = { subject: 'RFQ-2026-18 field tablets', from: 'dana@tacoma.example' }
    expect(await suggested([TENDER, other], 'RFQ-2026-18 field tablets')).toEqual([])
    const [a, b] = [
      { subject: 'Question', from: 'a@a.example' },
      { subject: 'Question', from: 'b@b.example', id: 'q@b' },
    ]
    expect(await suggested([a, b], 'Question')).toEqual([])
  })

  test('never again where somebody said no', async () => {
    const question = { subject: 'Delivery to site', from: 'dana@tacoma.example', text: 'For RFQ 2026/17: by when?' }
    const no = async (world: World) => {
      const [a, b] = await issuesOf(world, world.proposals)
      await world.db.write((tx) => refuse(tx, b!, a!, world.ben, 1))
    }
    expect(await suggested([TENDER, question], 'Delivery to site', no)).toEqual([])
  })

  test('only among mailboxes that the same people see', async () => {
    const hidden = async (world: World) => {
      await arrive(world, world.closed, { ...TENDER, id: 'h@t', to: 'desk@northwind.example' })
      while ((await indexBatch(world.db, () => {})) > 0);
    }
    const question = { subject: 'Delivery to site', from: 'dana@tacoma.example', text: 'For RFQ 2026/17: by when?' }
    expect(await suggested([question], 'Delivery to site', hidden)).toEqual([])
  })
})
