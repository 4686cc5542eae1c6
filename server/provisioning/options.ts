import { openDirectory } from './directory.ts'
import { holder } from './holding.ts'
import { oneLine } from './one-line.ts'
import { directOf, isBuiltIn, isOrphan, mailboxGrants } from './permission.ts'
import type { Snapshot } from './snapshot.ts'

export const OPTIONS = ['alias', 'group', 'separate-account', 'shared-mailbox', 'outside-system'] as const

/** One of the five ways of the first article to share an address. */
export type Option = {
  option: (typeof OPTIONS)[number]
  title: string
  leadsTo: string
  /** What of it is there now; null where nothing is, or nobody can tell. */
  here: string | null
  next: string
}

/**
 * The five ways, with what each leads to and how far the address is on it.
 * @param isWatched whether Downfield watches it; left out: nobody knows here
 */
export function optionsOf(snapshot: Snapshot, isWatched?: boolean): Option[] {
  const { mailbox, group } = snapshot
  const isShared = /SharedMailbox$/i.test(mailbox?.RecipientTypeDetails ?? '')
  const people = delegatesOf(snapshot)
  const address = mailbox?.PrimarySmtpAddress ?? 'the address'
  const aliases = (mailbox?.EmailAddresses ?? []).filter((one) => one.startsWith('smtp:')).map((one) => one.slice(5))
  const isOpen = mailbox !== null && mailbox.AccountDisabled === false
  return [
    {
      option: 'alias',
      title: 'Pseudonym: another address of one person',
      leadsTo: 'Good for one person alone. Nobody else sees the mail, and nobody can step in.',
      here: !isShared && aliases.length > 0 ? `${address} also takes mail for ${aliases.join(', ')}.` : null,
      next: "In the wanted state of the person's mailbox: aliases: [proposals@…]",
    },
    {
      option: 'group',
      title: 'Group: each member gets a copy',
      leadsTo: 'Good for a small team. Nobody sees whether somebody answered, and everybody files for themselves.',
      here: group
        ? `${group.PrimarySmtpAddress} is a group of ${snapshot.groupMembers?.length ?? 0}${group.RequireSenderAuthenticationEnabled === false ? '' : ', and people outside can not write to it'}.`
        : null,
      next: 'A wanted state with group: and members: instead of mailbox:',
    },
    {
      option: 'separate-account',
      title: 'Separate account: a password that several know',
      leadsTo:
        'Nobody can tell who uses it, and after years nobody reads it. Convert it to a shared mailbox: the result for the team is the same.',
      here: separate(mailbox, isShared, isOpen, people, address),
      next: 'In its wanted state: type: shared, signInBlocked: true, and everybody as a delegate.',
    },
    {
      option: 'shared-mailbox',
      title: 'Shared mailbox: each opens it by their own account',
      leadsTo: 'It is known who has access, all see the same folders, and it appears in Outlook by itself.',
      here: isShared
        ? `${address} is one; ${people.length === 0 ? 'nobody has access' : `${people.join(', ')} may open it`}.`
        : null,
      next: 'A wanted state with type: shared and delegates:',
    },
    {
      option: 'outside-system',
      title: 'Outside system: issues instead of mail',
      leadsTo:
        'A hundred mails become a few issues with a status and somebody who sees to each. That is what Downfield is for; it works on the shared mailbox.',
      here:
        isWatched === undefined && snapshot.servicePrincipals.length > 0
          ? 'A program is registered with Exchange; whether it is Downfield, "downfield mailbox list" says.'
          : isWatched
            ? 'Downfield watches it.'
            : null,
      next: 'downfield mailbox add',
    },
  ]
}

function separate(
  mailbox: Snapshot['mailbox'],
  isShared: boolean,
  isOpen: boolean,
  people: string[],
  address: string,
): string | null {
  if (!mailbox || !isOpen) return null
  if (isShared) return `${address} is a shared mailbox, but one can still sign in to it with a password.`
  if (people.length === 0) return null
  return `${address} is a person's mailbox that ${people.join(', ')} may open as well: it may be such an account.`
}

function delegatesOf(snapshot: Snapshot): string[] {
  const directory = openDirectory(snapshot)
  return directOf(mailboxGrants(snapshot))
    .filter((grant) => !grant.deny && grant.rights.includes('FullAccess') && !isBuiltIn(grant))
    .map((grant) => holder(grant, directory))
    .filter((held) => !isOrphan(held))
    .map(({ who, recipient }) => recipient?.PrimarySmtpAddress ?? who)
}

/** The five ways for people to read. */
export function optionsText(options: Option[]): string {
  return options
    .map(
      ({ title, leadsTo, here, next }, i) =>
        `${i + 1}. ${title}\n   ${leadsTo}\n${here ? `   Here: ${oneLine(here)}\n` : ''}   Next: ${next}\n`,
    )
    .join('\n')
}
