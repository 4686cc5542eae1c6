import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadInput } from '../../server/provisioning/bad-input.ts'
import { diagnose } from '../../server/provisioning/doctor/doctor.ts'
import { readWantedFile } from '../../server/provisioning/plan/plan-file.ts'
import { planScript } from '../../server/provisioning/plan/script.ts'
import { viewsOf, viewsText } from '../../server/provisioning/views.ts'
import { full, mailbox, person, read, sends, snapshot } from './fixture.ts'
import { all, parse } from './powershell.ts'

const PIECES = [
  "'",
  '’',
  '‘',
  '‚',
  '‛',
  '"',
  '”',
  '$(calc)',
  '`',
  ';',
  '|',
  '&',
  '}',
  ')',
  '#>',
  '@{',
  ' ',
  '\r\n',
  '\n',
  '\0',
  '\u2028',
  ',',
  '\\',
  '*',
  '--%',
  'Remove-Mailbox x',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'grapheme', maxLength: 3 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

const world = fc.record({
  name: hostile,
  address: hostile.map((text) => `${text}@contoso.com`),
  display: hostile,
  unknown: hostile,
  dn: hostile.map((text) => `CN=${text},DC=contoso,DC=local`),
  onprem: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

function rowOf({ name, address, display, unknown, dn, onprem }: World) {
  const one = person('user1', {
    Name: name,
    Alias: name,
    DisplayName: display,
    PrimarySmtpAddress: address,
    WindowsLiveID: address,
    SamAccountName: name,
    DistinguishedName: dn,
  })
  const row = {
    full: [full(unknown), full(`${unknown}@contoso.com`), full(`CONTOSO\\${unknown}`), full(address)],
    sends: [sends(unknown)],
    recipients: [one, person('user2')],
    mailbox: mailbox({
      DisplayName: display,
      DistinguishedName: dn,
      GrantSendOnBehalfTo: [name],
      ForwardingAddress: unknown,
    }),
    servicePrincipals: [{ DisplayName: unknown }],
  }
  return onprem ? { ...snapshot({ ...row, sends: [] }, 'onprem'), netBiosDomain: 'CONTOSO' } : snapshot(row)
}

test('whatever names people and Exchange give: one command for each step, or words that say why not', async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const snapshotRead = read(rowOf(made))
      const text = JSON.stringify({
        mailbox: { identity: 'foo.user@contoso.com', displayName: made.name, forwarding: null },
        delegates: [{ user: 'id-of-user1', rights: ['SendAs', 'FullAccess', 'SendOnBehalf'] }, 'user2'],
        exclusive: true,
      })
      const wanted = await readWantedFile(text, 'wanted.yaml', async () => '').catch((error: unknown) => {
        expect(error).toBeInstanceOf(BadInput)
      })
      if (!wanted) return
      const plan = wanted.plan(snapshotRead)
      steps += plan.steps.length
      for (const { command, cmdlet } of plan.steps) {
        expect(all(parse(command), 'command').map(({ children }) => children[0]?.text)).toEqual([cmdlet])
      }
      if (plan.blockers.length > 0) return
      const script = planScript(plan, 'foo.user@contoso.com', snapshotRead.platform, wanted.checks(snapshotRead), 0)
      const names = all(parse(script.slice(1)), 'command_name').map(({ text }) => text)
      expect(names.filter((name) => name === 'Step')).toHaveLength(plan.steps.length)
      expect(names).not.toContain('Remove-Mailbox')
    }),
    { numRuns: 300 },
  )
  expect(steps).toBeGreaterThan(100)
})

test('the doctor and the checks survive every name', () => {
  fc.assert(
    fc.property(world, (made) => {
      const snapshotRead = read(rowOf(made))
      try {
        const question = { user: 'id-of-user1', client: 'outlook-classic', symptom: 'missing', now: 0 } as const
        for (const { fix } of diagnose(snapshotRead, question).findings)
          for (const command of fix.commands) parse(command)
        viewsText(viewsOf(snapshotRead))
      } catch (error) {
        expect(error).toBeInstanceOf(BadInput)
      }
    }),
    { numRuns: 200 },
  )
})
