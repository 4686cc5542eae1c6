import { afterAction } from '../../server/provisioning/auto-mapping.ts'
import type { Step } from '../../server/provisioning/plan/step.ts'
import { full, mailbox, sends, sendsOnPrem } from './fixture.ts'

type Row = Record<string, unknown>
type Ace = Row & { User: string; AccessRights: string[]; Deny: boolean; IsInherited: boolean }
type Sending = Row & {
  Trustee?: string
  User?: string
  AccessControlType?: string
  Deny?: boolean
  IsInherited?: boolean
}
export type World = Row & {
  platform: 'exo' | 'onprem'
  mailbox: Row | null
  mailboxPermissions: Ace[]
  autoMapping: { user: string; state: string; source: string; at: string }[]
}

/** What Exchange makes of a step, as the specification tells it: the world after it. */
export function after(world: World, { cmdlet, params }: Step): World {
  const next = structuredClone(world)
  // The casts: the registry has checked these parameters.
  const user = (params.User ?? params.Trustee) as string
  const isDeny = params.Deny === true
  const same = (name: unknown) => String(name).toLowerCase() === user?.toLowerCase()
  const ofUser = (ace: Ace) => same(ace.User) && !ace.IsInherited && ace.Deny === isDeny
  switch (cmdlet) {
    case 'New-Mailbox':
      next.mailbox = mailbox({
        PrimarySmtpAddress: params.PrimarySmtpAddress,
        UserPrincipalName: params.PrimarySmtpAddress,
        Identity: params.Name,
        Alias: params.Alias,
        DisplayName: params.DisplayName ?? params.Name,
        AccountDisabled: next.platform === 'onprem',
        EmailAddresses: [`SMTP:${params.PrimarySmtpAddress}`],
        MessageCopyForSentAsEnabled: false,
        MessageCopyForSendOnBehalfEnabled: false,
      })
      next.mailboxPermissions = []
      break
    case 'Set-Mailbox':
      set(next.mailbox!, params)
      break
    case 'Add-MailboxPermission': {
      mark(next, user, {
        do: 'add',
        autoMapping: params.AutoMapping as boolean,
        to: isGroupName(user) ? 'group' : 'user',
      })
      if (!next.mailboxPermissions.some((ace) => ofUser(ace) && ace.AccessRights.includes('FullAccess'))) {
        next.mailboxPermissions.push(full(user) as Ace)
      }
      break
    }
    case 'Remove-MailboxPermission':
      if (params.ClearAutoMapping) {
        for (const { User } of next.mailboxPermissions) mark(next, User, { do: 'clear' })
        break
      }
      if (!isDeny) mark(next, user, { do: 'remove' })
      next.mailboxPermissions = next.mailboxPermissions
        .map((ace) =>
          ofUser(ace) ? { ...ace, AccessRights: ace.AccessRights.filter((right) => right !== 'FullAccess') } : ace,
        )
        .filter(({ AccessRights }) => AccessRights.length > 0)
      break
    default:
      setSendAs(next, cmdlet, user, isDeny)
  }
  return next
}

const isGroupName = (user: string) => user.includes('-sg')

function mark(world: World, user: string, action: Parameters<typeof afterAction>[1]) {
  const ace = world.mailboxPermissions.some(({ User, Deny, IsInherited }) => User === user && !Deny && !IsInherited)
  const there = world.autoMapping.find((evidence) => evidence.user === user)
  const { link } = afterAction({ ace, link: there?.state === 'on' }, action)
  if (there) there.state = link ? 'on' : 'off'
  else
    world.autoMapping.push({
      user,
      state: link ? 'on' : 'off',
      source: 'autodiscover-soap',
      at: '2026-10-02T00:00:00Z',
    })
}

function set(mailbox: Row, params: Step['params']) {
  for (const [name, value] of Object.entries(params)) {
    if (name === 'Identity' || name === 'Confirm') continue
    if (name === 'Type') {
      mailbox.RecipientTypeDetails = value === 'Shared' ? 'SharedMailbox' : 'UserMailbox'
    } else if (name === 'EmailAddresses' || name === 'GrantSendOnBehalfTo') {
      const { add = [], remove = [] } = value as { add?: string[]; remove?: string[] }
      // Send on Behalf comes back as names.
      const plain = (one: string) => (name === 'EmailAddresses' ? one : one.replace(/@.*/, ''))
      const there = mailbox[name] as string[]
      mailbox[name] = [...there.filter((one) => !remove.map(plain).includes(one)), ...add.map(plain)]
    } else mailbox[name] = name === 'ForwardingSmtpAddress' && value ? `smtp:${String(value)}` : value
  }
}

function setSendAs(world: World, cmdlet: string, user: string, isDeny: boolean) {
  const section = world.platform === 'exo' ? 'recipientPermissions' : 'adPermissions'
  const rows = world[section] as Sending[]
  const isIt = (row: Sending) =>
    (row.Trustee ?? row.User) === user && (row.AccessControlType === 'Deny' || row.Deny === true) === isDeny
  if (/^Remove-/.test(cmdlet)) world[section] = rows.filter((row) => !isIt(row) || row.IsInherited)
  else if (/^Add-(Recipient|AD)Permission$/.test(cmdlet))
    rows.push(section === 'adPermissions' ? sendsOnPrem(user) : sends(user))
  else throw new Error(`The model does not know ${cmdlet}.`)
}
