import { asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Issue, type Member, messages, type Proposal, proposals, threads } from '../../db/schema.ts'
import { Changed } from '../errors.ts'
import { organizationOf } from '../people/belonging.ts'
import { restoreProposal } from './edit.ts'
import { linkThread } from './link.ts'
import { createProposal, type NewProposal, type Partly } from './proposal.ts'

/** The proposal that was made from an issue. */
export async function proposalOfIssue(read: Reader, issueId: string): Promise<Proposal | undefined> {
  const [proposal] = await read.select().from(proposals).where(eq(proposals.issueId, issueId))
  return proposal
}

/**
 * Makes a proposal of an issue: it takes over subject, assignee, customer and when the request came, unless something
 * else is said, and all mail of the issue belongs to it. Sent again with the same id, it is there already.
 * @throws Changed with the id of the proposal where there is another one already
 */
export async function promote(
  tx: Tx,
  issue: Issue,
  asked: Partly<NewProposal> & { id: string },
  by: Member,
  now: number,
): Promise<Proposal> {
  const known = await proposalOfIssue(tx, issue.id)
  if (known?.id === asked.id && known.deletedAt === null) return known
  if (known?.deletedAt === null)
    throw new Changed(`This issue is already a proposal: PRP-${known.number}, ${known.title}.`, {
      proposal: { id: known.id, number: known.number, title: known.title },
    })
  if (known) return await restoreProposal(tx, known, by, now)
  const first = await firstMail(tx, issue.id)
  const organization = asked.organizationId === undefined ? await organizationOf(tx, issue.contactAddress) : undefined
  const proposal = await createProposal(
    tx,
    {
      ownerId: issue.assigneeId ?? (issue.teamId ? null : by.id),
      teamId: issue.teamId,
      receivedAt: first?.at ?? issue.createdAt,
      organizationId: organization?.id ?? null,
      ...asked,
      title: asked.title ?? issue.subject,
      issueId: issue.id,
      mailboxId: issue.mailboxId,
    },
    by,
    now,
  )
  const why = `All mail of issue ${issue.number}, which became this proposal.`
  const all = await tx.select({ id: threads.id }).from(threads).where(eq(threads.issueId, issue.id))
  for (const { id } of all)
    await linkThread(tx, proposal, id, { kind: 'intake', source: 'promoted', confidence: 100, why }, by, now)
  return proposal
}

async function firstMail(read: Reader, issueId: string) {
  const [first] = await read
    .select({ at: messages.at })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, issueId))
    .orderBy(asc(messages.at))
    .limit(1)
  return first
}
