import { isSame } from './directory.ts'
import { mailboxGrants, sendAsGrants } from './permission.ts'
import { PHASES, type Step, step } from './plan/step.ts'
import type { Snapshot } from './snapshot.ts'

/** The app of Downfield in the tenant. `objectId` is that of the enterprise application, not of the app registration. */
export type Program = { appId: string; objectId: string; displayName: string }
/** What Get-CASMailbox says. None: as the tenant has it. */
export type ClientAccess = { imapEnabled: boolean; smtpAuthDisabled: boolean | null }

/** What has to be done so that the program can read the mailbox and send from it; nothing where it can. */
export function programSteps(
  snapshot: Snapshot,
  access: ClientAccess,
  { appId, objectId, displayName }: Program,
): Step[] {
  const { mailbox } = snapshot
  if (!mailbox) return []
  const Identity = mailbox.PrimarySmtpAddress || mailbox.UserPrincipalName || mailbox.Guid || ''
  const known = snapshot.servicePrincipals.find((one) => isSame(one.AppId, appId))
  const names = [objectId, appId, displayName, known?.Identity, known?.DisplayName]
  const isIt = ({ who, sid }: { who: string; sid: string | null }) =>
    names.some((name) => isSame(name, who)) || isSame(known?.Sid, sid)
  const has = (grants: ReturnType<typeof mailboxGrants>, right: string) =>
    grants.some((grant) => isIt(grant) && !grant.deny && grant.rights.includes(right))
  const right = { AccessRights: ['FullAccess'], InheritanceType: 'All', AutoMapping: false, Confirm: false }
  const steps: Step[] = []
  if (!known) {
    const named = displayName ? { DisplayName: displayName } : {}
    const reason = 'Exchange does not know the program yet.'
    steps.push(step(PHASES.create, 'New-ServicePrincipal', { AppId: appId, ObjectId: objectId, ...named }, reason))
  }
  if (!has(mailboxGrants(snapshot), 'FullAccess'))
    steps.push(
      step(
        PHASES.fullAccess,
        'Add-MailboxPermission',
        { Identity, User: objectId, ...right },
        'The program can not open the mailbox yet.',
      ),
    )
  if (!has(sendAsGrants(snapshot), 'SendAs')) {
    const params = { Identity, Trustee: objectId, AccessRights: ['SendAs'], Confirm: false }
    steps.push(step(PHASES.sendAs, 'Add-RecipientPermission', params, 'The program can not send as the mailbox yet.'))
  }
  if (!access.imapEnabled)
    steps.push(
      step(
        PHASES.removals,
        'Set-CASMailbox',
        { Identity, ImapEnabled: true, Confirm: false },
        'IMAP is turned off for this mailbox. Exchange takes about half an hour to turn it on.',
      ),
    )
  if (access.smtpAuthDisabled)
    steps.push(
      step(
        PHASES.removals,
        'Set-CASMailbox',
        { Identity, SmtpClientAuthenticationDisabled: false, Confirm: false },
        'Sending by SMTP is turned off for this mailbox.',
      ),
    )
  return steps
}

/** The wrong id is the usual mistake: Exchange takes it, and signing in then fails without saying why. */
export function otherObjectId(snapshot: Snapshot, { appId, objectId }: Program): string | null {
  const known = snapshot.servicePrincipals.find((one) => isSame(one.AppId, appId))
  return known?.ObjectId && !isSame(known.ObjectId, objectId) ? known.ObjectId : null
}
