import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import {
  contacts,
  events,
  issues,
  type Organization,
  organizations,
  type Proposal,
  proposalAmendments,
  proposalCompetitors,
  proposalContacts,
  proposalFields,
  proposalMembers,
  proposalMilestones,
  proposalNotes,
  proposalReasons,
  proposalThreads,
  threads,
} from '../../db/schema.ts'
import { cardOf, viewOf } from './card.ts'
import { historyOf } from './change.ts'
import { instantOf } from './deadline.ts'
import { groundOf } from './proposal.ts'
import { readSnapshot } from './snapshot.ts'
import type { Scope } from './visible.ts'

const MAX_EVENTS = 200

/** A proposal with all that belongs to it: what its page shows. */
export async function readDetails(read: Reader, scope: Scope, proposal: Proposal, now: number) {
  const ground = await groundOf(read)
  const [row] = await readSnapshot(read, scope, { ids: [proposal.id] }, null)
  const of = proposal.id
  const [
    milestones,
    amendments,
    team,
    people,
    competitors,
    reasons,
    notes,
    mail,
    fields,
    history,
    happened,
    organization,
  ] = await Promise.all([
    read
      .select()
      .from(proposalMilestones)
      .where(eq(proposalMilestones.proposalId, of))
      .orderBy(asc(proposalMilestones.at)),
    read
      .select()
      .from(proposalAmendments)
      .where(eq(proposalAmendments.proposalId, of))
      .orderBy(asc(proposalAmendments.number)),
    read
      .select({ memberId: proposalMembers.memberId, role: proposalMembers.role })
      .from(proposalMembers)
      .where(eq(proposalMembers.proposalId, of)),
    read
      .select({ role: proposalContacts.role, contact: contacts })
      .from(proposalContacts)
      .innerJoin(contacts, eq(contacts.id, proposalContacts.contactId))
      .where(eq(proposalContacts.proposalId, of)),
    read
      .select({
        organizationId: organizations.id,
        name: organizations.name,
        role: proposalCompetitors.role,
        priceMinor: proposalCompetitors.priceMinor,
        note: proposalCompetitors.note,
      })
      .from(proposalCompetitors)
      .innerJoin(organizations, eq(organizations.id, proposalCompetitors.organizationId))
      .where(eq(proposalCompetitors.proposalId, of)),
    read
      .select({ reasonId: proposalReasons.reasonId, isPrimary: proposalReasons.isPrimary, note: proposalReasons.note })
      .from(proposalReasons)
      .where(eq(proposalReasons.proposalId, of)),
    read.select().from(proposalNotes).where(eq(proposalNotes.proposalId, of)).orderBy(desc(proposalNotes.at)),
    linkedThreads(read, of),
    read
      .select({ fieldId: proposalFields.fieldId, value: proposalFields.value })
      .from(proposalFields)
      .where(eq(proposalFields.proposalId, of)),
    historyOf(read, of),
    read.select().from(events).where(eq(events.proposalId, of)).orderBy(desc(events.id)).limit(MAX_EVENTS),
    organizationById(read, proposal.organizationId),
  ])
  const { dueLocal: local, dueZone: zone, dueChoice: choice } = proposal
  return {
    proposal,
    /** Status, worth and age, as in lists; none of a deleted one. */
    card: row ? cardOf(row, viewOf(ground, now)) : null,
    currency: ground.settings.currency,
    organization,
    /** Where the deadline is a wall time that clocks show twice: both instants, and which counts. */
    dueTwice: local && zone ? (instantOf({ local, zone, choice }).twice ?? null) : null,
    milestones,
    amendments,
    team,
    contacts: people.map(({ role, contact }) => ({ ...contact, role })),
    competitors,
    reasons,
    notes,
    threads: mail.filter(({ mailboxId }) => scope.mailboxIds === 'all' || scope.mailboxIds.includes(mailboxId)),
    fields: Object.fromEntries(fields.map(({ fieldId, value }) => [fieldId, value])),
    /** Every state that it was in, oldest first. */
    history,
    /** What happened, newest first. */
    events: happened,
  }
}
export type Details = Awaited<ReturnType<typeof readDetails>>

async function linkedThreads(read: Reader, proposalId: string) {
  return await read
    .select({
      threadId: threads.id,
      issueId: issues.id,
      issueNumber: issues.number,
      mailboxId: issues.mailboxId,
      subject: threads.subject,
      kind: proposalThreads.kind,
      source: proposalThreads.source,
      confidence: proposalThreads.confidence,
      why: proposalThreads.why,
      linkedById: proposalThreads.linkedById,
      linkedAt: proposalThreads.linkedAt,
      lastMessageAt: issues.lastMessageAt,
      messageCount: issues.messageCount,
    })
    .from(proposalThreads)
    .innerJoin(threads, eq(threads.id, proposalThreads.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .where(and(eq(proposalThreads.proposalId, proposalId), isNull(proposalThreads.unlinkedAt)))
    .orderBy(desc(issues.lastMessageAt))
}

async function organizationById(read: Reader, id: string | null): Promise<Organization | null> {
  if (!id) return null
  const [organization] = await read.select().from(organizations).where(eq(organizations.id, id))
  return organization ?? null
}
