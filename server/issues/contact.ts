import type { Tx } from '../../db/index.ts'
import type { Address, Issue, Member } from '../../db/schema.ts'
import { change } from './issue.ts'

/** Says who the customer of an issue is, where the mail was misunderstood. Answers to a passed on mail go to them. */
export async function changeContact(tx: Tx, issue: Issue, to: Address, by: Member, now: number): Promise<Issue> {
  if (issue.contactAddress === to.address && issue.contactName === to.name) return issue
  const from = { name: issue.contactName, address: issue.contactAddress }
  return await change(
    tx,
    issue,
    { contactName: to.name, contactAddress: to.address },
    { action: 'contact_changed', memberId: by.id, detail: { from, to } },
    now,
  )
}
