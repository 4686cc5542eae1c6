import { cleanup, render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { afterEach, expect, test } from 'vitest'
import type { Address } from '../../web/api.ts'
import { RecipientsField } from '../../web/components/recipients-field.tsx'
import { readAddresses, sameRecipients, withAddresses } from '../../web/recipients.ts'

afterEach(cleanup)

const dana = { name: 'Dana Whitfield', address: 'dana@tacoma.example' }
const ravi = { name: '', address: 'ravi@kern.example' }

test.each([
  ['Dana Whitfield <Dana@Tacoma.example>, ravi@kern.example', [dana, ravi], []],
  ['"Whitfield, Dana" <dana@tacoma.example>;', [{ ...dana, name: 'Whitfield, Dana' }], []],
  ['dana at tacoma, ravi@kern.example', [ravi], ['dana at tacoma']],
  ['<ravi@kern.example>\nravi@', [ravi], ['ravi@']],
  ['  ', [], []],
])('%s is read as addresses', (typed, found, rest) => {
  expect(readAddresses(typed)).toEqual({ found, rest })
})

test('an address is in the list once', () => {
  expect(withAddresses([dana], [ravi, { ...dana, name: 'D' }, ravi])).toEqual([dana, ravi])
})

test('the same people in another order are the same recipients', () => {
  expect(sameRecipients({ to: [dana, ravi], cc: [] }, { to: [ravi, { ...dana, name: '' }], cc: [] })).toBe(true)
  expect(sameRecipients({ to: [dana], cc: [ravi] }, { to: [dana, ravi], cc: [] })).toBe(false)
})

function openField(start: Address[]) {
  const [value, setValue] = createSignal(start)
  render(() => <RecipientsField label="To" value={value()} onChange={setValue} />)
  return { value, field: screen.getByLabelText('To'), user: userEvent.setup() }
}

test('what is typed becomes a recipient at a comma, with Enter and on leaving', async () => {
  const { value, field, user } = openField([])
  await user.type(field, 'dana@tacoma.example,ravi@kern.example{Enter}mia@northwind.example')
  await user.tab()
  expect(value().map(({ address }) => address)).toEqual([
    'dana@tacoma.example',
    'ravi@kern.example',
    'mia@northwind.example',
  ])
})

test('Backspace in the empty field takes the last recipient away', async () => {
  const { value, field, user } = openField([dana, ravi])
  await user.type(field, '{Backspace}')
  expect(value()).toEqual([dana])
})

test('a recipient is removed with its button, and the field has the focus', async () => {
  const { value, field, user } = openField([dana, ravi])
  await user.click(screen.getByRole('button', { name: 'Remove Dana Whitfield' }))
  expect([value(), document.activeElement]).toEqual([[ravi], field])
})

test('what is no address stays in the field, and the field says what to do', async () => {
  const { value, field, user } = openField([])
  await user.type(field, 'dana at tacoma{Enter}')
  expect([value(), (field as HTMLInputElement).value]).toEqual([[], 'dana at tacoma'])
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText('"dana at tacoma" is no address. Write it as ada@example.org.')).toBeDefined()
})
