import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandLine, quoted } from '../../server/provisioning/command-line.ts'
import { type CmdletName, type Params, registry } from '../../server/provisioning/registry.ts'
import { restBody } from '../../server/provisioning/rest-body.ts'
import { all, literalValue, parse, shape } from './powershell.ts'

/** Everything that means something to PowerShell, among ordinary text. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '’',
        '‘',
        '‚',
        '‛',
        '"',
        '“',
        '”',
        '$',
        '`',
        ';',
        '|',
        '&',
        '(',
        ')',
        '{',
        '}',
        '@',
        '#',
        '<#',
        '#>',
        '--%',
        '–',
        ' ',
        ',',
        '\\',
        '$(calc)',
        "'; Remove-Mailbox x; '",
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => `x${parts.join('')}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are refused, which another test shows
  .filter((text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text))

const CALLS: [CmdletName, (value: string) => Params][] = [
  ['New-Mailbox', (v) => ({ Name: v, Shared: true, DisplayName: v, Alias: v, PrimarySmtpAddress: v })],
  [
    'Set-Mailbox',
    (v) => ({ Identity: v, DisplayName: v, ForwardingSmtpAddress: v, ForwardingAddress: null, Confirm: false }),
  ],
  ['Set-Mailbox', (v) => ({ Identity: v, GrantSendOnBehalfTo: { add: [v, v], remove: [v] }, Confirm: false })],
  [
    'Add-MailboxPermission',
    (v) => ({ Identity: v, User: v, AccessRights: ['FullAccess'], AutoMapping: true, Confirm: false }),
  ],
  [
    'Add-ADPermission',
    (v) => ({ Identity: v, User: v, AccessRights: ['ExtendedRight'], ExtendedRights: ['Send As', v], Confirm: false }),
  ],
  ['Set-ADUser', (v) => ({ Identity: v, Remove: ['msExchDelegateListLink', v], Confirm: false })],
]

test.each(CALLS)('no value changes the structure of %s', (cmdlet, params) => {
  const harmless = parse(commandLine(cmdlet, params('x')))
  fc.assert(
    fc.property(hostile, (value) => {
      const command = commandLine(cmdlet, params(value))
      const tree = parse(command)
      expect(shape(tree)).toEqual(shape(harmless))
      expect(tree.text.length).toBe(command.length)
    }),
    { numRuns: 300 },
  )
})

test('a literal stands for exactly what it was made of', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const literal = quoted(value)
      expect(all(parse(`X -Y ${literal}`), 'verbatim_string_characters')).toHaveLength(1)
      expect(literalValue(literal)).toBe(value)
    }),
    { numRuns: 500 },
  )
})

test.each(['\n', '\r', '\0', '\u0085', '\u2028', '\t', '\u001b'])('a control character is refused: %j', (c) => {
  expect(() => quoted(`a${c}b`)).toThrow('control character')
  expect(() => commandLine('Get-Mailbox', { Identity: `a${c}b` })).toThrow()
})

test.each<[CmdletName, Params]>([
  ['Get-Mailbox', {}],
  ['Get-Mailbox', { Identity: '' }],
  ['Get-Mailbox', { Identity: ' ' }],
  ['Set-Mailbox', { Identity: null, Type: 'Shared' }],
  ['Remove-MailboxPermission', { Identity: 'x', AccessRights: ['FullAccess'] }],
  ['Remove-MailboxPermission', { Identity: 'x', User: 'y', ClearAutoMapping: true }],
  ['Add-MailboxPermission', { Identity: 'x', User: 'y', AccessRights: ['ReadPermission'], AutoMapping: true }],
  ['Add-MailboxPermission', { Identity: 'x', User: 'y', AccessRights: ['Everything'] }],
  ['Set-Mailbox', { Identity: 'x', Type: 'Boss' }],
  ['Set-Mailbox', { Identity: 'x', MessageCopyForDeleteEnabled: true }],
  ['Get-ADPermission', { Identity: 'x', ExtendedRights: ['Send-As'] }],
  ['Set-Mailbox', { Identity: 'x', GrantSendOnBehalfTo: {} }],
  ['Set-Mailbox', { Identity: 'x', GrantSendOnBehalfTo: { add: [''] } }],
])('what a cmdlet would refuse or misunderstand is never made: %s %j', (cmdlet, params) => {
  expect(() => commandLine(cmdlet, params)).toThrow()
  expect(() => restBody(cmdlet, params)).toThrow()
})

test('cmdlets that the article names but that do not exist are not known', () => {
  expect(Object.keys(registry)).not.toContain('Set-MailboxPermission')
  expect(() => commandLine('Set-MailboxPermission' as CmdletName, { Identity: 'x' })).toThrow('no cmdlet')
})

test('B14 what is sent says the same as what is printed', () => {
  const params = {
    Identity: 'foo.user@contoso.com',
    GrantSendOnBehalfTo: { add: ['user1@contoso.com'] },
    Confirm: false,
  }
  expect(JSON.stringify(restBody('Set-Mailbox', params))).toBe(
    '{"CmdletInput":{"CmdletName":"Set-Mailbox","Parameters":{"Identity":"foo.user@contoso.com","GrantSendOnBehalfTo":{"@odata.type":"#Exchange.GenericHashTable","add":["user1@contoso.com"]},"Confirm":false}}}',
  )
})

test('B16 a group for the team takes mail from outside', () => {
  const params = {
    Name: 'proposals',
    PrimarySmtpAddress: 'proposals@contoso.com',
    Members: ['user1@contoso.com', 'user2@contoso.com'],
    RequireSenderAuthenticationEnabled: false,
  }
  expect(commandLine('New-DistributionGroup', params)).toBe(
    "New-DistributionGroup -Name 'proposals' -PrimarySmtpAddress 'proposals@contoso.com' -Members 'user1@contoso.com','user2@contoso.com' -RequireSenderAuthenticationEnabled $false",
  )
})
