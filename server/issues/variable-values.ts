import { eq } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { contactAddresses, contacts, type Issue, type Mailbox, type Member, organizations } from '../../db/schema.ts'
import { firstNameIn, type Values } from './variables.ts'

/** What the variables stand for in an issue; for a new mail there is none. What nobody knows is left out. */
export async function variableValues(
  read: Reader,
  { issue, mailbox, by }: { issue: Issue | null; mailbox: Mailbox; by: Member },
  { language, now }: { language: string; now: number },
): Promise<Values> {
  const name = issue?.contactName ?? ''
  const [known] = issue
    ? await read
        .select({
          name: contacts.name,
          nameSource: contacts.nameSource,
          organization: organizations.name,
          organizationNamed: organizations.nameByHand,
        })
        .from(contactAddresses)
        .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
        .leftJoin(organizations, eq(organizations.id, contacts.organizationId))
        .where(eq(contactAddresses.address, issue.contactAddress))
    : []
  // Names that nobody gave, but mail did, may be from mail that the writer does not see, or only a domain.
  const whole = (known?.nameSource === 'hand' && known.name) || name
  return {
    'contact.firstName': firstNameIn(whole),
    'contact.name': whole.includes('@') ? '' : whole,
    'contact.address': issue?.contactAddress ?? '',
    organization: (known?.organizationNamed && known.organization) || '',
    'member.firstName': by.name.split(' ')[0] ?? '',
    'member.name': by.name,
    'mailbox.name': mailbox.name,
    'mailbox.address': mailbox.address,
    'issue.number': issue ? String(issue.number) : '',
    'issue.subject': issue?.subject ?? '',
    date: dayIn(language, now),
  }
}

function dayIn(language: string, now: number): string {
  const locale = Intl.DateTimeFormat.supportedLocalesOf(language || 'en')[0] ?? 'en'
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(now)
}
