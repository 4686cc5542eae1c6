import { expect, test } from 'vitest'
import type { AutodiscoverAnswer } from '../../server/provisioning/doctor/autodiscover.ts'
import { diagnose } from '../../server/provisioning/doctor/doctor.ts'
import type { Question } from '../../server/provisioning/doctor/finding.ts'
import { full, group, mailbox, mapped, person, read, snapshot } from './fixture.ts'

type Row = Record<string, unknown>

const NOW = Date.parse('2026-11-21T12:00:00Z')
const HOUR_MS = 60 * 60_000
const user1 = 'user1@contoso.com'
const question: Question = { user: user1, client: 'outlook-classic', symptom: 'missing', now: NOW }
const hoursAgo = (hours: number, more: Row = {}) => ({
  user: user1,
  did: 'granted',
  autoMapping: true,
  at: new Date(NOW - hours * HOUR_MS).toISOString(),
  ...more,
})
const delegate = (smtpAddress: string) => ({
  type: 'Delegate',
  displayName: 'Foo',
  smtpAddress,
  ownerSmtpAddress: smtpAddress,
  legacyDn: null,
  server: null,
})
const settings = (...addresses: string[]): AutodiscoverAnswer => ({
  is: 'settings',
  user: null,
  mailboxes: addresses.map(delegate),
})
const failed: AutodiscoverAnswer = { is: 'failed', reason: 'Autodiscover answered with error 500.' }

const on = `Add-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $true -Confirm:$false`
const off = on.replace('AutoMapping $true', 'AutoMapping $false')
const revoke = `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -Confirm:$false`
const deny = revoke.replace(' -Confirm', ' -Deny -Confirm')
const ofUser = (command: string, user: string) => command.replace('user1@contoso.com', user)
const FOO_DN = 'CN=Foo User,OU=Shared,DC=contoso,DC=local'
const USER1_DN = 'CN=user1,OU=People,DC=contoso,DC=local'

type Case = {
  name: string
  actual: Row
  asked?: Partial<Question>
  code: string
  verdict?: string
  commands?: string[]
  says?: string
}

const CASES: Case[] = [
  {
    name: 'D1 a grant by a group alone: each member needs their own',
    actual: snapshot({
      full: [full('marketing-sg@contoso.com')],
      recipients: [person('user1'), person('user2'), { ...group, Members: [user1, 'user2@contoso.com'] }],
    }),
    code: 'ONLY_VIA_GROUP',
    commands: [on, ofUser(on, 'user2@contoso.com')],
  },
  {
    name: 'a grant to a group whose members are not known may be why',
    actual: snapshot({ full: [full('marketing-sg@contoso.com')], recipients: [person('user1'), group] }),
    code: 'ONLY_VIA_GROUP',
    verdict: 'possible',
    commands: [on],
  },
  {
    name: 'D2 an administrator inherits a denial',
    actual: snapshot({
      full: [full('CONTOSO\\Organization Management', { Deny: true, IsInherited: true }), full(user1)],
      recipients: [person('user1', { MemberOf: ['CN=Organization Management,OU=Groups,DC=contoso,DC=local'] })],
    }),
    code: 'INHERITED_DENY',
  },
  {
    name: 'D4 three hours after the grant it is too early',
    actual: snapshot({ full: [full(user1)], ledger: [hoursAgo(3)] }),
    asked: { answer: settings() },
    code: 'TOO_EARLY',
    says: 'It can take 24 hours to appear, usually one. Wait until 2026-11-22T09:00Z.',
  },
  {
    name: 'D4 the same by what a snapshot tells',
    actual: snapshot({
      full: [full(user1)],
      ledger: [hoursAgo(3)],
      autoMapping: [{ ...mapped('user1', 'off'), at: '2026-11-21T11:00:00Z' }],
    }),
    code: 'TOO_EARLY',
    verdict: 'possible',
  },
  {
    name: 'that we granted it with auto-mapping two days ago does not say that it worked',
    actual: snapshot({ full: [full(user1)], ledger: [hoursAgo(48)] }),
    code: 'UNKNOWN_EXO',
    verdict: 'unknown',
  },
  {
    name: 'D5 after 25 hours, granted without auto-mapping',
    actual: snapshot({ full: [full(user1)], ledger: [hoursAgo(25, { autoMapping: false })] }),
    asked: { answer: settings() },
    code: 'LINK_OFF',
    commands: [on],
  },
  {
    name: 'after 25 hours Autodiscover does not name it',
    actual: snapshot({ full: [full(user1)], ledger: [hoursAgo(25)] }),
    asked: { answer: settings('other@contoso.com') },
    code: 'LINK_OFF',
    commands: [on],
  },
  {
    name: 'auto-mapping was cleared for all after the grant',
    actual: snapshot({
      full: [full(user1)],
      ledger: [hoursAgo(50), { did: 'cleared automapping', at: '2026-11-21T11:00:00Z' }],
    }),
    code: 'LINK_OFF',
    commands: [on],
  },
  {
    name: 'D6 Autodiscover names it: the server is right',
    actual: snapshot({ full: [full(user1)] }),
    asked: { answer: settings('foo.user@contoso.com') },
    code: 'ADVERTISED_CLIENT_SIDE',
  },
  {
    name: 'D7 Outlook on the web never shows it by itself',
    actual: snapshot({ full: [full(user1)] }),
    asked: { client: 'owa' },
    code: 'CLIENT_NEVER_MAPS',
  },
  {
    name: 'D8 without evidence nobody knows',
    actual: snapshot({ full: [full(user1)] }),
    code: 'UNKNOWN_EXO',
    verdict: 'unknown',
  },
  {
    name: 'D13 an error of Autodiscover is no evidence',
    actual: snapshot({ full: [full(user1)] }),
    asked: { answer: failed },
    code: 'UNKNOWN_EXO',
    verdict: 'unknown',
  },
  { name: 'nobody of that name', actual: snapshot(), asked: { user: 'nobody@contoso.com' }, code: 'USER_NOT_ELIGIBLE' },
  {
    name: 'a guest',
    actual: snapshot({ recipients: [person('user1', { RecipientTypeDetails: 'GuestMailUser' })] }),
    code: 'USER_NOT_ELIGIBLE',
  },
  {
    name: 'user and mailbox are on different sides',
    actual: snapshot({
      hybrid: true,
      full: [full(user1)],
      recipients: [person('user1', { RecipientTypeDetails: 'MailUser' })],
    }),
    code: 'CROSS_PREMISES',
    commands: [`Set-ADUser -Identity '${FOO_DN}' -Add @{msExchDelegateListLink='${USER1_DN}'}`],
  },
  {
    name: 'a denial of their own',
    actual: snapshot({ full: [full(user1), full(user1, { Deny: true })] }),
    code: 'EXPLICIT_DENY',
    commands: [deny],
  },
  { name: 'no grant', actual: snapshot(), code: 'NO_GRANT', commands: [on] },
  {
    name: 'less than FullAccess',
    actual: snapshot({ full: [full(user1, { AccessRights: ['ReadPermission'] })] }),
    code: 'PARTIAL_RIGHT',
    commands: [on],
  },
  {
    name: 'the directory has no link',
    actual: snapshot(
      {
        full: [full('CONTOSO\\user1')],
        netBiosDomain: 'CONTOSO',
        autoMapping: [{ user: USER1_DN, state: 'off', source: 'ad', at: null }],
      },
      'onprem',
    ),
    code: 'LINK_OFF',
    commands: [ofUser(on, 'CONTOSO\\user1')],
  },
  {
    name: 'the directory has the link and Autodiscover does not name it',
    actual: snapshot(
      {
        full: [full('CONTOSO\\user1')],
        netBiosDomain: 'CONTOSO',
        autoMapping: [{ user: USER1_DN, state: 'on', source: 'ad', at: null }],
        ledger: [{ user: 'CONTOSO\\user1', did: 'granted', autoMapping: true, at: '2026-10-01T00:00:00Z' }],
      },
      'onprem',
    ),
    asked: { answer: settings() },
    code: 'LINK_ON_NOT_ADVERTISED',
    commands: [ofUser(revoke, 'CONTOSO\\user1'), ofUser(on, 'CONTOSO\\user1')],
  },
  {
    name: 'a domain without Autodiscover',
    actual: snapshot({ full: [full(user1)] }),
    asked: {
      computerDomain: 'remotedomain.example',
      domains: [
        {
          domain: 'remotedomain.example',
          autodiscover: { verdict: 'missing', says: 'Nothing there.', evidence: 'nothing', whatToDo: 'Add it.' },
        },
      ],
    },
    code: 'DOMAIN_MISMATCH',
  },
  {
    name: 'S1 it appears although access is gone',
    actual: snapshot({ autoMapping: [mapped('user1', 'on')] }),
    asked: { symptom: 'unwanted' },
    code: 'STALE_LINK',
    commands: [`Remove-MailboxPermission -Identity 'foo.user@contoso.com' -ClearAutoMapping -Confirm:$false`],
  },
  {
    name: 'S1 on premises the one link goes',
    actual: snapshot({ autoMapping: [{ user: USER1_DN, state: 'on', source: 'ad', at: null }] }, 'onprem'),
    asked: { symptom: 'unwanted' },
    code: 'STALE_LINK',
    commands: [`Set-ADUser -Identity '${FOO_DN}' -Remove @{msExchDelegateListLink='${USER1_DN}'}`],
  },
  {
    name: 'S2 it appears and should not',
    actual: snapshot({ full: [full(user1)] }),
    asked: { symptom: 'unwanted' },
    code: 'WANTED_OFF',
    commands: [revoke, off],
  },
]

test.each(CASES)('$name', ({ actual, asked, code, verdict = 'cause', commands = [], says }) => {
  const { headline } = diagnose(read(actual), { ...question, ...asked })
  expect(headline).toMatchObject({ code, verdict, fix: { commands }, ...(says ? { says } : {}) })
})

test('D7 the steps for Outlook on the web are told', () => {
  const { headline } = diagnose(read(snapshot({ full: [full(user1)] })), { ...question, client: 'owa' })
  expect(headline?.fix.manualSteps).toEqual([
    'Sign in to Outlook on the web.',
    'Right-click your name, or Folders, in the pane on the left.',
    'Choose "Add shared folder or mailbox".',
    'Type the name of the mailbox, pick it from the list, and choose Add.',
  ])
})

test.each([
  [
    'a hidden mailbox',
    snapshot({ mailbox: mailbox({ HiddenFromAddressListsEnabled: true }), full: [full(user1)] }),
    {},
    'HIDDEN',
  ],
  ['the new Outlook', snapshot({ full: [full(user1)] }), { client: 'new-outlook' }, 'NEW_OUTLOOK'],
  [
    'more mailboxes than Outlook shows',
    snapshot({ full: [full(user1)] }),
    { answer: settings(...Array.from({ length: 33 }, (_, i) => `m${i}@contoso.com`)) },
    'LIMIT_32',
  ],
  ['several domains', snapshot({ full: [full(user1)] }), { computerDomain: 'remotedomain.example' }, 'DOMAIN_MISMATCH'],
  ['the archive', snapshot({ full: [full(user1)] }), { needsArchive: true }, 'ARCHIVE'],
] as const)('%s is told beside the answer', (_, actual, asked, code) => {
  const { findings } = diagnose(read(actual), { ...question, ...asked })
  expect(findings).toContainEqual(expect.objectContaining({ code, verdict: 'possible' }))
})

test('two copies of what is sent are explained', () => {
  const { findings } = diagnose(read(snapshot({ full: [full(user1)] })), { ...question, copiesByRegistry: true })
  expect(findings).toContainEqual(expect.objectContaining({ code: 'DOUBLE_SENT', verdict: 'cause' }))
})

test('every check is listed, also those that found nothing', () => {
  const { findings } = diagnose(read(snapshot({ full: [full(user1)] })), question)
  expect(findings.map(({ code }) => code)).toEqual([
    'CLIENT_NEVER_MAPS',
    'NEW_OUTLOOK',
    'USER_NOT_ELIGIBLE',
    'CROSS_PREMISES',
    'EXPLICIT_DENY',
    'INHERITED_DENY',
    'NO_GRANT',
    'ONLY_VIA_GROUP',
    'PARTIAL_RIGHT',
    'HIDDEN',
    'LINK_OFF',
    'TOO_EARLY',
    'AUTODISCOVER_BROKEN',
    'DOMAIN_MISMATCH',
    'LINK_ON_NOT_ADVERTISED',
    'LIMIT_32',
    'ADVERTISED_CLIENT_SIDE',
    'UNKNOWN_EXO',
  ])
})

test('what is not known is never called off', () => {
  for (const answer of [failed, undefined, { is: 'redirect', to: 'x' } as const]) {
    const { findings } = diagnose(read(snapshot({ full: [full(user1)], autoMapping: [mapped('user1', 'unknown')] })), {
      ...question,
      answer,
    })
    expect(findings.find(({ code }) => code === 'LINK_OFF')?.verdict).toBe('ok')
    expect(findings.find(({ code }) => code === 'UNKNOWN_EXO')?.verdict).toBe('unknown')
  }
})
