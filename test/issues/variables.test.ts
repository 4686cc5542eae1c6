import { expect, test } from 'vitest'
import type { Signature } from '../../db/schema.ts'
import { closest } from '../../server/issues/signature.ts'
import { fillIn, firstNameIn, unknownIn, variablesIn } from '../../server/issues/variables.ts'

test.each([
  ['Dana Whitfield', 'Dana'],
  ['Whitfield, Dana', 'Dana'],
  ['Whitfield, Dana (Procurement)', 'Dana'],
  ['Dr. Dana Whitfield', 'Dana'],
  ['Prof. Dr. Zoë Müller', 'Zoë'],
  ['dana@tacoma.example', ''],
  ['Procurement', ''],
  ['Tacoma Freight Inc', ''],
  ['', ''],
])('of %j the first name is %j', (name, first) => {
  expect(firstNameIn(name)).toBe(first)
})

test('what a variable stands for is put in, safe within HTML, and what nobody knows is named', () => {
  const template = '<p>Hello {{ contact.firstName }} of {{organization}}, {{organization}}: {{other}}</p>'
  expect(fillIn(template, { 'contact.firstName': '<b>Dana' }, 'html')).toEqual({
    filled: '<p>Hello &lt;b&gt;Dana of {{organization}}, {{organization}}: {{other}}</p>',
    missing: ['organization'],
  })
  expect(fillIn('{{organization}}', { organization: '{{date}} & $& Sons' }, 'text').filled).toBe('{{date}} & $& Sons')
  expect([variablesIn(template), unknownIn(template)]).toEqual([['contact.firstName', 'organization'], ['other']])
})

test('of several signatures the one that is said most closely holds, in the language that is written in', () => {
  const row = (id: string, some: Partial<Signature>): Signature => ({
    ...{ id, mailboxId: null, memberId: null, language: '', html: '', text: '', changedAt: 0 },
    ...some,
  })
  const box = row('box', { mailboxId: 'm' })
  const german = row('box in German', { mailboxId: 'm', language: 'de' })
  const everywhere = row('everywhere', { memberId: 'b' })
  const here = row('here', { memberId: 'b', mailboxId: 'm' })
  expect(closest([box, german], '')?.id).toBe('box')
  expect(closest([box, german], 'de')?.id).toBe('box in German')
  expect(closest([box, german, everywhere], 'de')?.id).toBe('everywhere')
  expect(closest([here, box, german, everywhere], '')?.id).toBe('here')
  expect(closest([german], 'fr')).toBe(null)
})
