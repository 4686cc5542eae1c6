import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCommands, groupCheckCommands, linkCommand } from '../../server/provisioning/checks.ts'
import { commandLine, quoted } from '../../server/provisioning/command-line.ts'
import { type CmdletName, type Kind, type Params, registry } from '../../server/provisioning/registry.ts'
import { restBody } from '../../server/provisioning/rest-body.ts'
import { hostile } from './hostile-text.ts'
import { all, inTree, literalValue, parse, shape } from './powershell.ts'

/** Every parameter of a cmdlet that takes text, with this one; the others as they may be. */
function paramsOf(cmdlet: CmdletName, v: string): Params {
  const values = Object.entries<Kind>(registry[cmdlet]).flatMap(([name, kind]): [string, Params[string]][] => {
    // For all delegates at once: it goes with no user.
    if (name === 'ClearAutoMapping') return []
    if (typeof kind === 'object') {
      if ('oneOf' in kind) return [[name, kind.oneOf[0] ?? '']]
      return [[name, kind.someOf.includes('FullAccess') ? ['FullAccess'] : kind.someOf.slice(0, 1)]]
    }
    switch (kind) {
      case 'texts':
        return [[name, [v, 'Send As', v]]]
      case 'delta':
        return [[name, { add: [v, v], remove: [v] }]]
      case 'hashtable':
        return [[name, ['msExchDelegateListLink', v]]]
      case 'boolean':
      case 'switch':
      case 'confirm':
        return [[name, true]]
      default:
        return [[name, v]]
    }
  })
  return Object.fromEntries(values)
}

// The cast: the keys of the registry are the names of its cmdlets.
const CMDLETS = Object.keys(registry) as CmdletName[]

test.each(CMDLETS)('no value changes the structure of %s', (cmdlet) => {
  const harmless = shape(parse(commandLine(cmdlet, paramsOf(cmdlet, 'x'))))
  fc.assert(
    fc.property(hostile, (value) => {
      const command = commandLine(cmdlet, paramsOf(cmdlet, value))
      const tree = parse(command)
      expect(shape(tree)).toEqual(harmless)
      expect(tree.text.length).toBe(command.length)
      expect([...new Set(all(tree, 'verbatim_string_characters').map(({ text }) => literalValue(text)))]).toContain(
        inTree(value),
      )
    }),
    { numRuns: 40 },
  )
})

/** All commands that only look: those of the article, of groups, and of the link. */
const LOOKS: [name: string, commands: (value: string) => string[]][] = [
  ['the checks of Exchange Online', (v) => checkCommands('exo', v, v).map(({ command }) => command)],
  ['the checks on premises', (v) => checkCommands('onprem', v, `CN=${v},DC=contoso`).map(({ command }) => command)],
  ['the checks of a group', (v) => groupCheckCommands(v).map(({ command }) => command)],
  ['the link of auto-mapping', (v) => [linkCommand(v)]],
]

test.each(LOOKS)('no value changes the structure of %s', (_, commands) => {
  const harmless = commands('x').map((command) => shape(parse(command)))
  fc.assert(
    fc.property(hostile, (value) => {
      const printed = commands(value)
      expect(printed.map((command) => shape(parse(command)))).toEqual(harmless)
      for (const command of printed) {
        // The first cmdlet alone gets the value, and gets it whole; all of them only look.
        const names = all(parse(command), 'command_name').map(({ text }) => text)
        expect(names[0]).toMatch(/^Get-/)
        for (const name of names.slice(1))
          expect(['Where-Object', 'Select-Object', 'Format-Table', 'Format-List']).toContain(name)
        const literals = all(parse(command), 'verbatim_string_characters').map(({ text }) => literalValue(text))
        expect(literals.some((literal) => literal.includes(inTree(value)))).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})

test('what a check can not write it refuses, as any command does', () => {
  for (const c of ['\n', '\r', '\0', '\u2028'])
    for (const [, commands] of LOOKS) expect(() => commands(`a${c}Remove-Mailbox x`)).toThrow('control character')
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
