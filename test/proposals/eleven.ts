import { uuidv7 } from '../../db/ids.ts'
import type { OutcomeReason, Proposal } from '../../db/schema.ts'
import type { ClosedOutcome, ForecastCategory } from '../../db/vocabulary.ts'
import { openField } from './story.ts'

// Eleven proposals of half a year, which hold on purpose a skipped stage, a stage entered twice, a foreign currency, an
// override, an overdue one, a slip over the end of a quarter, an award that is not the bid, a no-bid and a cancellation.
// Everything happens at noon, UTC.

const STAGES: [label: string, probability: number, category: ForecastCategory][] = [
  ['qualify', 10, 'pipeline'],
  ['pursue', 30, 'pipeline'],
  ['drafting', 50, 'best_case'],
  ['submitted', 60, 'best_case'],
  ['negotiation', 80, 'commit'],
]
type Told = {
  owner: 'ann' | 'bob'
  source: 'rfp_mailbox' | 'referral'
  value: number
  currency?: string
  /** Day and first letter of the stage. */
  path: string
  end?: [day: string, outcome: ClosedOutcome, reason: string | null, more?: { award?: number; to?: string }]
  expected: [day: string, expected: string][]
  override?: number
  touched?: string
}
const ELEVEN: Record<string, Told> = {
  P1: {
    owner: 'ann',
    source: 'rfp_mailbox',
    value: 100_000,
    path: '01-10q 01-20p 02-01d 03-01s',
    end: ['04-10', 'won', null, { award: 90_000 }],
    expected: [['01-10', '04-15']],
  },
  P2: {
    owner: 'ann',
    source: 'rfp_mailbox',
    value: 200_000,
    path: '01-15q 02-01p 02-15d 03-15s',
    end: ['05-15', 'lost', 'Price', { to: 'Acme' }],
    expected: [['01-15', '05-31']],
  },
  P3: {
    owner: 'bob',
    source: 'referral',
    value: 50_000,
    path: '02-01q',
    end: ['02-10', 'no_bid', 'No capacity'],
    expected: [['02-01', '05-01']],
  },
  P4: {
    owner: 'ann',
    source: 'rfp_mailbox',
    value: 400_000,
    path: '02-15q 03-01p 03-20d 04-20s 05-20n',
    expected: [
      ['02-15', '06-30'],
      ['06-20', '07-31'],
    ],
    touched: '06-25',
  },
  P5: {
    owner: 'bob',
    source: 'rfp_mailbox',
    value: 150_000,
    path: '03-01q 03-10p 04-01d 05-01s',
    expected: [['03-01', '08-15']],
    touched: '06-01',
  },
  P6: {
    owner: 'bob',
    source: 'referral',
    value: 80_000,
    path: '03-05q 03-20p 04-05d 05-05s',
    end: ['06-15', 'won', null, { award: 80_000 }],
    expected: [['03-05', '06-20']],
  },
  P7: {
    owner: 'ann',
    source: 'referral',
    value: 120_000,
    path: '04-01q 04-15p 05-10d',
    override: 40,
    expected: [['04-01', '09-30']],
    touched: '06-29',
  },
  P8: {
    owner: 'bob',
    source: 'rfp_mailbox',
    value: 60_000,
    currency: 'EUR',
    path: '05-01q 05-15p',
    expected: [['05-01', '09-15']],
    touched: '06-10',
  },
  P9: {
    owner: 'ann',
    source: 'rfp_mailbox',
    value: 250_000,
    path: '05-20q',
    expected: [['05-20', '06-15']],
    touched: '05-20',
  },
  P10: {
    owner: 'bob',
    source: 'rfp_mailbox',
    value: 30_000,
    path: '04-10q 04-20p',
    end: ['05-05', 'cancelled', 'Customer cancelled'],
    expected: [['04-10', '06-30']],
  },
  P11: {
    owner: 'ann',
    source: 'rfp_mailbox',
    value: 70_000,
    path: '02-20q 03-05d 04-01s 04-10d 04-25s',
    end: ['06-01', 'lost', 'Technical', { to: 'Beta' }],
    expected: [['02-20', '05-15']],
  },
}

const noon = (day: string) => Date.parse(`2026-${day}T12:00:00Z`)

/**
 * A world with the eleven, brought in through the API.
 * @param way one change after the other, each with its date, or each proposal with its whole past
 */
export async function openEleven(way: 'commands' | 'history') {
  const world = await openField()
  const { mo, ben, client } = world
  const api = client(mo)
  const pipelineId = uuidv7()
  const stages = STAGES.map(([label, probability, category]) => {
    const submitted = label === 'submitted' || label === 'negotiation'
    return { id: uuidv7(), label, probability, category, idleAfterDays: 14, submitted, idleFromExpected: false }
  })
  await api.put(`pipelines/${pipelineId}`, { name: 'Bids', stages })
  await api.put('pipelines/rates', { rates: [{ currency: 'EUR', day: '2026-01-01', rate: '1.10' }] })
  const reasons = await api.get<OutcomeReason[]>('pipelines/reasons')
  const ids = new Map<string, string>()
  const organizations = new Map<string, string>()
  for (const name of ['Acme', 'Beta']) {
    const { id } = await api.post<{ id: string }>('organizations', { id: uuidv7(), name, kind: 'competitor' })
    organizations.set(name, id)
  }

  for (const [name, told] of Object.entries(ELEVEN)) {
    const path = told.path.split(' ').map((step) => {
      const [day, letter] = [step.slice(0, 5), step.slice(5)]
      return { at: noon(day), stageId: stages.find(({ label }) => label.startsWith(letter))!.id }
    })
    const [first, ...steps] = path
    const [expected, ...pushes] = told.expected
    const later = pushes.map(([day, to]) => ({ at: noon(day), expectedDecision: `2026-${to}` }))
    const weighed = told.override === undefined ? [] : [{ at: path.at(-1)!.at, override: told.override }]
    const { id } = await api.post<Proposal>('proposals', {
      id: uuidv7(),
      title: name,
      stageId: first!.stageId,
      createdAt: first!.at,
      valueMinor: told.value * 100,
      currency: told.currency ?? 'USD',
      source: told.source,
      ownerId: told.owner === 'ann' ? mo.id : ben.id,
      expectedDecision: `2026-${expected![1]}`,
      ...(way === 'history' ? { history: [...steps, ...later, ...weighed] } : {}),
    })
    ids.set(name, id)
    if (way === 'commands') {
      // The newest first: what is said of an earlier time must not undo it.
      for (const { at, expectedDecision } of later.reverse())
        await api.patch(`proposals/${id}`, { at, expectedDecision })
      for (const step of steps) await api.put(`proposals/${id}/stage`, step)
      for (const step of weighed) await api.put(`proposals/${id}/probability`, step)
    }
    if (told.end) {
      const [day, outcome, label, { award, to } = {}] = told.end
      const reason = reasons.find((one) => one.outcome === outcome && one.label === label)
      await api.put(`proposals/${id}/outcome`, {
        outcome,
        decidedAt: noon(day),
        ...(award === undefined ? {} : { awardMinor: award * 100 }),
        ...(reason ? { primaryReasonId: reason.id } : {}),
        ...(to ? { winnerId: organizations.get(to) } : {}),
      })
    }
    if (told.touched) await api.post(`proposals/${id}/notes`, { id: uuidv7(), text: 'Called.', at: noon(told.touched) })
  }
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  return {
    ...world,
    api,
    ids,
    stages,
    reasons,
    /** The names of proposals by their ids, in the order of their numbers. */
    named: (found: readonly string[]) =>
      found.map((id) => names.get(id) ?? id).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
  }
}
