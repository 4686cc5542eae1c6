import { asc, eq, like } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Db, Tx } from '../../../db/index.ts'
import {
  type Issue,
  issues,
  type Member,
  messages,
  type OutcomeReason,
  type Proposal,
  threads,
} from '../../../db/schema.ts'
import { organizationNamed } from '../../people/organization.ts'
import { amend } from '../../proposals/amendment.ts'
import { listReasons } from '../../proposals/choices.ts'
import { closeProposal } from '../../proposals/close.ts'
import { dayIn } from '../../proposals/deadline.ts'
import { setRates } from '../../proposals/fx.ts'
import { saveGoal } from '../../proposals/goals.ts'
import { monthsLater } from '../../proposals/metrics/period.ts'
import { addMilestone } from '../../proposals/milestone.ts'
import { addProposalNote } from '../../proposals/note.ts'
import { listPipelines } from '../../proposals/pipeline.ts'
import { promote } from '../../proposals/promote.ts'
import { createProposal, findProposal, type Later, type NewProposal } from '../../proposals/proposal.ts'
import { changeSettings } from '../../proposals/settings.ts'
import { BIDS, type Bid } from './bids.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ZONE = 'America/Los_Angeles'
const MONTHS_OF_RATES = 18
const QUARTER_GOAL_MINOR = 450_000_00
const RATES = { EUR: [1.08, 1.1, 1.09, 1.12], GBP: [1.27, 1.29, 1.31, 1.28], JPY: [0.0066, 0.0067, 0.0065, 0.0068] }
/** Reviews before a deadline, in days. */
const REVIEWS = [
  ['questions_due', 12],
  ['pink', 8],
  ['red', 4],
  ['gold', 2],
] as const

/** Gives the demo a pipeline with a past: what is open belongs to its issues, what ended tells how it went. */
export async function addProposals(db: Db, members: Member[], now: number): Promise<void> {
  const [jane] = members
  if (!jane) return
  await db.write(async (tx) => {
    await changeSettings(tx, { zone: ZONE }, jane, now)
    const today = dayIn(ZONE, now)
    const rates = Object.entries(RATES).flatMap(([currency, values]) =>
      Array.from({ length: MONTHS_OF_RATES }, (_, i) => {
        const rate = String(values[i % values.length])
        return { currency, day: monthsLater(today, -i), rate }
      }),
    )
    await setRates(tx, rates, 'USD', jane, now)
    const quarter = monthsLater(today, -((Number(today.slice(5, 7)) - 1) % 3))
    for (const months of [-3, 0, 3]) {
      const [periodStart, periodEnd] = [monthsLater(quarter, months), monthsLater(quarter, months + 3)]
      const goal = { id: uuidv7(), periodStart, periodEnd, memberId: null, teamId: null, pipelineId: null }
      await saveGoal(tx, { ...goal, amountMinor: QUARTER_GOAL_MINOR }, jane, now)
    }
  })
  const [pipeline] = await listPipelines(db.read)
  const reasons = await listReasons(db.read)
  const stageIds = (pipeline?.stages ?? []).map(({ id }) => id)
  for (const bid of BIDS)
    await db.write(async (tx) => {
      const by = members[bid.owner % members.length] ?? jane
      const proposal = await begin(tx, bid, stageIds, by, now)
      await follow(tx, bid, proposal, reasons, by, now)
    })
}

/** Makes a proposal with its past, of its issue where it has one. */
async function begin(tx: Tx, bid: Bid, stageIds: string[], by: Member, now: number): Promise<Proposal> {
  const issue = bid.issue ? await issueAbout(tx, bid.issue) : undefined
  const customer = await organizationNamed(tx, { name: bid.customer, domains: [] }, now)
  const steps = bid.path.flatMap((daysAgo, i) => (daysAgo === null ? [] : [{ daysAgo, stageId: stageIds[i] ?? '' }]))
  const [first, ...later] = steps
  // A proposal is not older than the mail that it was made of.
  const earliest = issue ? ((await firstMailAt(tx, issue)) ?? 0) + HOUR_MS : 0
  const at = (daysAgo: number, order = 0) =>
    Math.min(now - HOUR_MS, Math.max(now - daysAgo * DAY_MS, earliest) + order * 60_000)
  const createdAt = at(first?.daysAgo ?? 1)
  const day = (days: number) => dayIn(ZONE, now + days * DAY_MS)
  const history: Later[] = later.map(({ daysAgo, stageId }, i) => ({ at: at(daysAgo, i + 1), stageId }))
  if (bid.pushed && bid.expected !== undefined)
    history.push({ at: at(bid.pushed.at, 20), expectedDecision: day(bid.expected) })
  if (bid.raised) history.push({ at: at(bid.raised.at, 21), valueMinor: bid.raised.to * 1_000_00 })
  if (bid.override !== undefined) history.push({ at: at(steps.at(-1)?.daysAgo ?? 1, 22), override: bid.override })
  const expected = bid.pushed?.from ?? bid.expected
  // A yen has no smaller unit.
  const minor = bid.currency === 'JPY' ? 1_000 : 1_000_00
  const [dueDays, hour, zone] = bid.due ?? []
  const asked: NewProposal = {
    id: uuidv7(),
    title: bid.title,
    valueMinor: bid.value === null ? null : bid.value * minor,
    currency: bid.currency ?? 'USD',
    ownerId: by.id,
    source: bid.source,
    organizationId: customer.id,
    solicitationNumber: bid.number ?? '',
    solicitationKind: bid.kind ?? null,
    stageId: first?.stageId,
    createdAt,
    expectedDecision: expected === undefined ? null : day(expected),
    nextStep: bid.next?.[0] ?? '',
    nextStepOn: bid.next ? day(bid.next[1]) : null,
    due: zone ? { local: `${dayIn(zone, now + (dueDays ?? 0) * DAY_MS)}T${hour}`, zone } : null,
    history: history.sort((a, b) => a.at - b.at),
  }
  return issue ? await promote(tx, issue, asked, by, now) : await createProposal(tx, asked, by, now)
}

/** What happened beside its states: its end, its reviews, what somebody noted. */
async function follow(
  tx: Tx,
  bid: Bid,
  proposal: Proposal,
  reasons: OutcomeReason[],
  by: Member,
  now: number,
): Promise<void> {
  if (bid.due && !bid.end) {
    const [days, hour, zone] = bid.due
    for (const [kind, before] of REVIEWS) {
      if (days - before < 0) continue
      const local = `${dayIn(zone, now + (days - before) * DAY_MS)}T${hour}`
      await addMilestone(tx, await findProposal(tx, proposal.id), uuidv7(), { kind, due: { local, zone } }, by, now)
    }
  }
  if (bid.issue?.startsWith('RFP 2026-114') && proposal.dueLocal && proposal.dueZone) {
    const summary = 'Addendum 1: answers to questions, and one more category of vehicles.'
    await amend(tx, await findProposal(tx, proposal.id), uuidv7(), { receivedAt: now - DAY_MS, summary }, by, now)
  }
  if (!bid.end) return
  const [daysAgo, outcome, label, { award, to } = {}] = bid.end
  const at = Math.max(now - daysAgo * DAY_MS, proposal.stageSince + HOUR_MS)
  const reason = reasons.find((one) => one.outcome === outcome && one.label === label)
  const winner = to ? await organizationNamed(tx, { name: to, kind: 'competitor' }, now) : undefined
  const closing = {
    outcome,
    decidedAt: Math.min(at, now),
    ...(award === undefined ? {} : { awardMinor: award * 1_000_00 }),
    ...(reason ? { primaryReasonId: reason.id } : {}),
    ...(winner ? { winnerId: winner.id } : {}),
  }
  const closed = await closeProposal(tx, await findProposal(tx, proposal.id), closing, by, now)
  if (outcome === 'lost')
    await addProposalNote(
      tx,
      closed,
      { id: uuidv7(), text: 'Asked for a debriefing.', at: Math.min(at + DAY_MS, now) },
      by,
      now,
    )
}

async function issueAbout(tx: Tx, subject: string): Promise<Issue | undefined> {
  const [issue] = await tx
    .select()
    .from(issues)
    .where(like(issues.subject, `${subject}%`))
    .orderBy(asc(issues.createdAt), asc(issues.number))
    .limit(1)
  return issue
}

async function firstMailAt(tx: Tx, issue: Issue): Promise<number | null> {
  const [first] = await tx
    .select({ at: messages.at })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, issue.id))
    .orderBy(asc(messages.at))
    .limit(1)
  return first?.at ?? null
}
