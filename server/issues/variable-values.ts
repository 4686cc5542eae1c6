import { eq } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { contacts, type Issue, type Mailbox, type Member, organizations } from '../../db/schema.ts'
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
        .select({ name: contacts.name, organization: organizations.name })
        .from(contacts)
        .leftJoin(organizations, eq(organizations.id, contacts.organizationId))
        .where(eq(contacts.email, issue.contactAddress))
    : []
  const whole = known?.name || name
  return {
    'contact.firstName': firstNameIn(whole),
    'contact.name': whole.includes('@') ? '' : whole,
    'contact.address': issue?.contactAddress ?? '',
    organization: known?.organization ?? '',
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
