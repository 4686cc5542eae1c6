import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadInput } from '../../server/provisioning/bad-input.ts'
import { readUserList } from '../../server/provisioning/plan/user-list.ts'
import { readWanted } from '../../server/provisioning/plan/wanted.ts'
import { readSnapshot } from '../../server/provisioning/snapshot.ts'
import { full, mailbox, person, planned, read, snapshot } from './fixture.ts'

const wanted = (text: string, lists: Record<string, string> = {}) =>
  readWanted(text, 'wanted.yaml', async (name) => lists[name]!)

async function said(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(BadInput)
  return (error as BadInput).blockers.map(({ message }) => message).join('\n')
}

test.each([
  ['an empty identity', 'mailbox:\n  identity: ""\n', 'wanted.yaml line 2: mailbox.identity must not be empty.'],
  ['an identity of spaces', 'mailbox:\n  identity: "  "\n', 'wanted.yaml line 2: mailbox.identity must not be empty.'],
  [
    'an identity that is missing',
    'version: 1\nmailbox:\n  type: shared\n',
    'wanted.yaml line 3: mailbox.identity is missing.',
  ],
  [
    'an identity for all',
    'mailbox: {identity: "*"}',
    'wanted.yaml line 1: mailbox.identity must be one name: * would stand for all.',
  ],
  [
    'a line break in a name',
    'mailbox:\n  identity: a@b.example\n  displayName: "a\\nb"\n',
    'wanted.yaml line 3: mailbox.displayName must be one line without control characters.',
  ],
  [
    'a key that is not known',
    'mailbox:\n  identity: a@b.example\n  typ: shared\n',
    'wanted.yaml line 3: mailbox has fields that are not known here: typ. Leave them out.',
  ],
  [
    'a right that does not exist',
    'mailbox: {identity: a@b.example}\ndelegates:\n  - user: x\n    rights: [Everything]\n',
    'wanted.yaml line 4: delegates.0.rights.0 must be "FullAccess", "SendAs" or "SendOnBehalf".',
  ],
  [
    'a user without a name',
    'mailbox: {identity: a@b.example}\ndelegates:\n  - user: x\n  - user: ""\n',
    'wanted.yaml line 4: delegates.1.user must not be empty.',
  ],
  ['a broken line', 'mailbox: {identity: a@b.example\ndelegates: [\n', 'wanted.yaml line 2'],
  ['a key twice', 'mailbox: {identity: a@b.example}\nexclusive: true\nexclusive: false\n', 'wanted.yaml line 3'],
  ['something else', 'hello', 'wanted.yaml line 1: the file must be an object.'],
  ['nothing', '', 'the file must be an object.'],
])('%s is told with its line', async (_, text, message) => {
  expect(await said(wanted(text))).toContain(message)
})

test('quotes of a word processor, a byte order mark and line ends of Windows do no harm', async () => {
  const text =
    '\ufeffmailbox:\r\n  identity: “foo.user@contoso.com”\r\ndelegates:\r\n  - user: ‘user1’\r\n    rights: [Full Access, send-as]\r\n'
  expect(await wanted(text)).toMatchObject({
    mailbox: { identity: 'foo.user@contoso.com' },
    delegates: [{ user: 'user1', rights: ['FullAccess', 'SendAs'], at: 'wanted.yaml line 4' }],
  })
})

test('B10 a list of users is read whatever program wrote it', () => {
  expect(
    readUserList(
      '\ufeffuser1\r\n# c\r\n"user2@contoso.com"\r\n\r\nUSER1\r\n“user3”\rO’Brien  # a comment\n',
      'users.txt',
    ),
  ).toEqual([
    { user: 'user1', at: 'users.txt line 1' },
    { user: 'user2@contoso.com', at: 'users.txt line 3' },
    { user: 'user3', at: 'users.txt line 6' },
    { user: 'O’Brien', at: 'users.txt line 7' },
  ])
})

test.each([
  ['comma', 'Name,User\r\n"Doe, Jane",jane@contoso.com\r\nBob,bob\r\n'],
  ['semicolon', '\ufeff"Name";"User"\n"Doe; Jane";"jane@contoso.com"\nBob;bob\n'],
  ['tab', 'Name\tuser\nJane\tjane@contoso.com\nBob\tbob'],
])('a CSV says in its column "user" who (%s)', (_, text) => {
  expect(readUserList(text, 'users.csv')).toEqual([
    { user: 'jane@contoso.com', at: 'users.csv line 2' },
    { user: 'bob', at: 'users.csv line 3' },
  ])
})

test.each([
  ['user1;user2', 'users.txt line 1 holds several values.'],
  ['user\n\nuser1\n""\n', 'users.txt line 4 names nobody.'],
  ['name,user\nJane\n', 'users.txt line 2 names nobody.'],
  ['user1\nu\u0007ser\n', 'users.txt line 2 holds a control character.'],
])('a line that can not be read is named: %j', (text, message) => {
  const lines = text === 'user\n\nuser1\n""\n' ? 'name,user\n\nx,user1\n,""\n' : text
  expect(() => readUserList(lines, 'users.txt')).toThrow(message)
})

test('each name that stops the plan is told with its file and line', async () => {
  const recipients = [person('user1'), person('sam1', { DisplayName: 'Sam' }), person('sam2', { DisplayName: 'Sam' })]
  const text = `mailbox: {identity: foo.user@contoso.com}
delegatesFrom: users.txt
delegates:
  - user1
  - Sam
  - S-1-5-21-1-2-3-4
  - foo.user@contoso.com
`
  const lists = { 'users.txt': 'user1\nnobody@x\n' }
  const row = snapshot({ recipients: [...recipients, person('foo.user')] })
  expect(await planned(text, row, lists)).toEqual({
    commands: [],
    notes: [],
    blockers: [
      'AMBIGUOUS_IDENTITY(Sam)',
      'ORPHAN(S-1-5-21-1-2-3-4)',
      'DELEGATE_IS_MAILBOX(foo.user@contoso.com)',
      'UNRESOLVED(nobody@x)',
    ],
  })
})

test('who is named twice with different rights stops the plan; twice the same is once', async () => {
  const text = (second: string) => `mailbox: {identity: foo.user@contoso.com}
delegates: [{user: user1, rights: [SendAs]}, ${second}]`
  expect(await planned(text('{user: user1@contoso.com, rights: [FullAccess]}'), snapshot())).toMatchObject({
    blockers: ['CONFLICT(user1@contoso.com)'],
  })
  expect(await planned(text('{user: user1@contoso.com, rights: [SendAs]}'), snapshot())).toMatchObject({
    commands: [expect.stringContaining('Add-RecipientPermission')],
    blockers: [],
  })
})

const whole = snapshot({ full: [full('user1@contoso.com')] })

test.each([
  [
    'a link to the next page',
    { ...whole, mailboxPermissions: { value: [], '@odata.nextLink': 'https://outlook.office365.com/x' } },
    'mailboxPermissions',
  ],
  [
    'a warning that there is more',
    {
      ...whole,
      recipients: {
        value: [],
        '@adminapi.warnings': ['There are more results available than are currently displayed.'],
      },
    },
    'recipients',
  ],
  ['what it says itself', { ...whole, truncated: true }, 'snapshot'],
  ['that it was not finished', { ...whole, complete: false }, 'snapshot'],
  ['an error while collecting', { ...whole, errors: [{ section: 'recipients', message: 'x' }] }, 'snapshot'],
  ['a part that is not there', { ...whole, mailboxPermissions: undefined }, 'mailboxPermissions'],
  [
    'the rights of the other platform',
    { ...whole, recipientPermissions: undefined, adPermissions: [] },
    'recipientPermissions',
  ],
])('B12 no plan is made from a part of the truth: %s', (_, row, subject) => {
  let error: unknown
  try {
    read(row)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(BadInput)
  expect((error as BadInput).blockers).toMatchObject([{ code: 'PARTIAL_READ', subject }])
})

test('a file that was cut off is no snapshot, wherever', () => {
  const text = JSON.stringify(whole)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
      expect(() => readSnapshot(text.slice(0, length), 'snapshot.json')).toThrow('It may have been cut off')
    }),
  )
})

test('what is wrong in a snapshot is named', () => {
  expect(() => read({ ...whole, platform: 'cloud' })).toThrow('snapshot.json: platform must be "exo" or "onprem".')
  expect(() => read({ ...whole, mailbox: undefined })).toThrow('mailbox is missing.')
  expect(() => read({ ...whole, mailboxPermissions: [{ AccessRights: [] }] })).toThrow(
    'mailboxPermissions.0.User is missing.',
  )
})

test('the shapes that PowerShell and the wire give a value are all understood', () => {
  const row = snapshot({
    mailbox: mailbox({
      'ExchangeGuid@odata.type': '#Guid',
      AccountDisabled: 'True',
      GrantSendOnBehalfTo: '{user1, user2}',
    }),
    full: [
      full('a', { AccessRights: '{FullAccess}', Deny: 'False' }),
      full('b', { AccessRights: ['FullAccess, ReadPermission'] }),
    ],
    recipients: { '@odata.context': 'x', value: [person('user1')] },
  })
  const { mailbox: got, mailboxPermissions, recipients } = read(row)
  expect(got).toMatchObject({ AccountDisabled: true, GrantSendOnBehalfTo: ['user1', 'user2'] })
  expect(got).not.toHaveProperty('ExchangeGuid@odata.type')
  expect(mailboxPermissions?.slice(-2).map(({ AccessRights, Deny }) => ({ AccessRights, Deny }))).toEqual([
    { AccessRights: ['FullAccess'], Deny: false },
    { AccessRights: ['FullAccess', 'ReadPermission'], Deny: false },
  ])
  expect(recipients).toHaveLength(1)
})

test('a snapshot of another mailbox makes no plan', async () => {
  expect(await planned('mailbox: {identity: other@contoso.com, type: shared}', whole)).toMatchObject({
    commands: [],
    blockers: ['OTHER_MAILBOX(other@contoso.com)'],
  })
})

test('rows as a hand or PowerShell writes them: one alone for a list, rights in any case, a mailbox in brackets', async () => {
  const [first] = snapshot().mailboxPermissions as object[]
  const more = {
    mailboxPermissions: {
      ...first,
      ...full('user1@contoso.com'),
      UserSid: '',
      AccessRights: 'fullaccess, READPERMISSION',
    },
  }
  const odd = snapshot({ mailbox: [mailbox()], ...more, recipients: person('user1') })
  const file = 'mailbox: {identity: foo.user@contoso.com}\ndelegates: [{user: user1, rights: FullAccess}]'
  expect(await planned(file, odd)).toEqual({ commands: [], notes: [], blockers: [] })
  const both = file.replace('rights: FullAccess', "rights: 'full access, send-as'")
  expect((await planned(both, odd)).commands).toHaveLength(1)
})
