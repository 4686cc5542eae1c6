import { and, eq } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import {
  type Correspondence,
  contactAddresses,
  contacts,
  correspondence,
  messages,
  organizations,
  proposalCompetitors,
  proposalContacts,
  proposals,
  threads,
} from '../../db/schema.ts'
import { forgetEntries, writeOrganization, writePerson } from './book.ts'
import { correspondenceIn } from './grow.ts'

/** The mails of an issue. */
export async function mailOf(read: Reader, issueId: string): Promise<string[]> {
  const rows = await read
    .select({ id: messages.id })
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .where(eq(threads.issueId, issueId))
  return rows.map(({ id }) => id)
}

/**
 * An issue is spam: whom only its mail tells of is nobody whom we deal with. With other mail of theirs, or where a member
 * corrected what is known of them, they stay.
 */
export async function forgetSpam(db: Db, issueId: string): Promise<void> {
  const told = await correspondenceIn(db.read, await mailOf(db.read, issueId), true)
  if (told.length === 0) return
  await db.write(async (tx) => {
    for (const one of told) await forget(tx, one)
  })
}

async function forget(tx: Tx, told: Correspondence): Promise<void> {
  const here = and(eq(correspondence.address, told.address), eq(correspondence.mailboxId, told.mailboxId))
  const [known] = await tx.select().from(correspondence).where(here)
  if (!known || !tellsAll(told, known)) return
  const [owner] = await tx
    .select({ contact: contacts })
    .from(contactAddresses)
    .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
    .where(eq(contactAddresses.address, told.address))
  await tx.delete(correspondence).where(here)
  if (!owner) return
  const { contact } = owner
  const [other] = await tx
    .select({ address: correspondence.address })
    .from(contactAddresses)
    .innerJoin(correspondence, eq(correspondence.address, contactAddresses.address))
    .where(eq(contactAddresses.contactId, contact.id))
    .limit(1)
  const [named] = await tx
    .select({ proposalId: proposalContacts.proposalId })
    .from(proposalContacts)
    .where(eq(proposalContacts.contactId, contact.id))
    .limit(1)
  const isOurWork = contact.openToAll || contact.version > 1 || named !== undefined
  if (other || isOurWork) await writePerson(tx, contact.id)
  else {
    await tx.delete(contacts).where(eq(contacts.id, contact.id))
    await forgetEntries(tx, contact.id)
  }
  if (contact.organizationId) await forgetIfEmpty(tx, contact.organizationId)
}

/** Whether the mails at hand are all the mail there is. */
function tellsAll(told: Correspondence, known: Correspondence): boolean {
  const times = ({ firstReceivedAt, lastReceivedAt, firstSentAt, lastSentAt, seenAt }: Correspondence) =>
    [firstReceivedAt, lastReceivedAt, firstSentAt, lastSentAt, seenAt].join()
  return times(told) === times(known)
}

/** Removes an organization that grew from mail, that nobody touched, and that nothing is left of. */
async function forgetIfEmpty(tx: Tx, id: string): Promise<void> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, id))
  if (!organization) return
  const uses = [
    await tx.$count(contacts, eq(contacts.organizationId, id)),
    await tx.$count(proposals, eq(proposals.organizationId, id)),
    await tx.$count(proposalCompetitors, eq(proposalCompetitors.organizationId, id)),
  ]
  if (organization.openToAll || organization.version > 1 || uses.some((n) => n > 0)) {
    await writeOrganization(tx, id)
    return
  }
  await tx.delete(organizations).where(eq(organizations.id, id))
  await forgetEntries(tx, id)
}
