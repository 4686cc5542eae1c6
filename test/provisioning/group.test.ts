import { expect, test } from 'vitest'
import { readWantedFile } from '../../server/provisioning/plan/plan-file.ts'
import { person, read, snapshot } from './fixture.ts'

type Row = Record<string, unknown>

const WANTED = `group: {identity: proposals@contoso.com}
members: [user1, user2@contoso.com]
`
const group = (more: Row = {}) => ({
  PrimarySmtpAddress: 'proposals@contoso.com',
  RequireSenderAuthenticationEnabled: false,
  ...more,
})
const MEMBER = (verb: string, user: string) =>
  `${verb}-DistributionGroupMember -Identity 'proposals@contoso.com' -Member '${user}@contoso.com' -Confirm:$false`

async function planned(wanted: string, row: Row) {
  const { plan } = await readWantedFile(wanted, 'wanted.yaml', async () => 'user3\n')
  const { steps, blockers } = plan(read(snapshot({ mailbox: null, ...row })))
  return { commands: steps.map(({ command }) => command), blockers: blockers.map(({ message }) => message) }
}

test.each<[string, string, Row, string[]]>([
  [
    'B16 a new group takes mail from outside',
    WANTED,
    {},
    [
      "New-DistributionGroup -Name 'proposals' -PrimarySmtpAddress 'proposals@contoso.com' -Members 'user1@contoso.com','user2@contoso.com' -RequireSenderAuthenticationEnabled $false",
    ],
  ],
  ['a group that is as wanted', WANTED, { group: group(), groupMembers: [person('user1'), person('user2')] }, []],
  [
    'a group that refuses people outside is opened, and who is missing is added',
    `${WANTED}membersFrom: users.txt`,
    { group: group({ RequireSenderAuthenticationEnabled: true }), groupMembers: [person('user1'), person('admin')] },
    [
      "Set-DistributionGroup -Identity 'proposals@contoso.com' -RequireSenderAuthenticationEnabled $false -Confirm:$false",
      MEMBER('Add', 'user2'),
      MEMBER('Add', 'user3'),
    ],
  ],
  [
    'who is not listed leaves where the list is whole',
    `${WANTED}exclusive: true`,
    { group: group(), groupMembers: [person('user1'), person('user2'), person('admin')] },
    [MEMBER('Remove', 'admin')],
  ],
])('%s', async (_, wanted, row, commands) => {
  expect(await planned(wanted, row)).toEqual({ commands, blockers: [] })
})

test.each<[string, string, Row, string]>([
  [
    'a member that is not there',
    WANTED.replace('user1', 'ghost'),
    {},
    'wanted.yaml line 2: There is no recipient ghost. Check how it is written, or collect again with it.',
  ],
  [
    'an address that somebody has',
    WANTED.replace('proposals@', 'user3@'),
    {},
    'user3@contoso.com is an address of user3@contoso.com already. Collect a snapshot of that group, or choose another address.',
  ],
  [
    'members that were not read',
    WANTED,
    { group: group() },
    'The snapshot has a group, but not groupMembers. Where there are none it is an empty list.',
  ],
])('%s stops the plan', async (_, wanted, row, message) => {
  expect(await planned(wanted, row)).toEqual({ commands: [], blockers: [message] })
})
