import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { optionsOf } from '../../server/provisioning/options.ts'
import { openMachine } from '../cli/terminal.ts'
import { full, mailbox, person, read, snapshot } from './fixture.ts'

type Row = Record<string, unknown>
const user = (more: Row = {}) =>
  mailbox({
    RecipientTypeDetails: 'UserMailbox',
    AccountDisabled: false,
    EmailAddresses: ['SMTP:foo.user@contoso.com'],
    ...more,
  })
const GROUP = { PrimarySmtpAddress: 'proposals@contoso.com', RequireSenderAuthenticationEnabled: true }

test.each<[string, Row, Record<string, string>]>([
  ['nothing yet', snapshot({ mailbox: null }), {}],
  [
    "a person's mailbox with a pseudonym",
    snapshot({ mailbox: user({ EmailAddresses: ['SMTP:foo.user@contoso.com', 'smtp:proposals@contoso.com'] }) }),
    { alias: 'foo.user@contoso.com also takes mail for proposals@contoso.com.' },
  ],
  [
    'a group that refuses customers',
    snapshot({ mailbox: null, group: GROUP, groupMembers: [person('user1'), person('user2')] }),
    { group: 'proposals@contoso.com is a group of 2, and people outside can not write to it.' },
  ],
  [
    "a person's mailbox that others open too",
    snapshot({ mailbox: user(), full: [full('user1@contoso.com')] }),
    {
      'separate-account':
        "foo.user@contoso.com is a person's mailbox that user1@contoso.com may open as well: it may be such an account.",
    },
  ],
  [
    'a shared mailbox',
    snapshot({ full: [full('user1'), full('user2@contoso.com')] }),
    { 'shared-mailbox': 'foo.user@contoso.com is one; user1@contoso.com, user2@contoso.com may open it.' },
  ],
  [
    'a shared mailbox that one can sign in to',
    snapshot({ mailbox: mailbox({ AccountDisabled: false }) }),
    {
      'separate-account': 'foo.user@contoso.com is a shared mailbox, but one can still sign in to it with a password.',
      'shared-mailbox': 'foo.user@contoso.com is one; nobody has access.',
    },
  ],
])('where an address stands among the five ways: %s', (_, actual, expected) => {
  const here = optionsOf(read(actual)).flatMap(({ option, here }) => (here ? [[option, here]] : []))
  expect(Object.fromEntries(here)).toEqual(expected)
})

test('the command shows all five with what each leads to', async () => {
  const { folder, run } = await openMachine()
  const file = path.join(folder, 'snapshot.json')
  await writeFile(file, JSON.stringify(snapshot()))

  const { status, out } = await run(['exchange', 'options', '--snapshot', file])

  expect(status).toBe(0)
  expect(out.match(/^\d\. .*$/gm)).toEqual([
    '1. Pseudonym: another address of one person',
    '2. Group: each member gets a copy',
    '3. Separate account: a password that several know',
    '4. Shared mailbox: each opens it by their own account',
    '5. Outside system: issues instead of mail',
  ])
})
