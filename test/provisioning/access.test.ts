import { expect, test } from 'vitest'
import { accessOf } from '../../server/provisioning/access.ts'
import { full, group, mailbox, mapped, person, read, sends, snapshot } from './fixture.ts'

test('who was given what is one row for each, whatever Exchange calls them, and our program is no person', () => {
  const found = accessOf(
    read(
      snapshot({
        full: [
          full('user1@contoso.com'),
          full('The user2', { Deny: true }),
          full('marketing-sg'),
          full('S-1-5-21-1-2-3-4'),
          full('Downfield', { UserSid: 'S-1-5-21-9' }),
          full('user3@contoso.com', { IsInherited: true }),
        ],
        sends: [sends('user1@contoso.com'), sends('Downfield')],
        mailbox: mailbox({ GrantSendOnBehalfTo: ['user1'] }),
        recipients: [person('user1'), person('user2'), person('user3'), group],
        servicePrincipals: [{ DisplayName: 'Downfield', ObjectId: '9a8b7c6d-1111-4222-8333-444455556666' }],
        autoMapping: [mapped('user1', 'on')],
      }),
    ),
  )
  expect(
    found.map(({ user, kind, rights, denied, autoMapping }) => [user, kind, rights, denied, autoMapping.state]),
  ).toEqual([
    ['Downfield', 'program', ['FullAccess', 'SendAs'], false, 'unknown'],
    ['S-1-5-21-1-2-3-4', 'gone', ['FullAccess'], false, 'unknown'],
    ['marketing-sg@contoso.com', 'group', ['FullAccess'], false, 'unknown'],
    ['user1@contoso.com', 'person', ['FullAccess', 'SendAs', 'SendOnBehalf'], false, 'on'],
    ['user2@contoso.com', 'person', [], true, 'unknown'],
  ])
})
