import { cleanup, render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { type Item, Picker } from '../../web/components/picker.tsx'
import { matching, score } from '../../web/fuzzy.ts'

afterEach(cleanup)

test.each([
  ['Assign to Proposal desk', 'atp'],
  ['Waiting on them', 'wait'],
  ['Proposal desk', 'desk'],
  ['Switch between light and dark', 'dark'],
])('"%s" is found with %s', (text, typed) => {
  expect(score(text, typed)).toBeGreaterThan(0)
})

test.each([
  ['Inbox', 'xni'],
  ['Switch between light and dark', 'rkt'],
])('"%s" is not found with %s', (text, typed) => {
  expect(score(text, typed)).toBe(0)
})

test('a word that begins with what was typed comes before one that has it within', () => {
  expect(matching(['Undone', 'Send and done', 'Done'], 'done', (text) => text)).toEqual([
    'Done',
    'Send and done',
    'Undone',
  ])
})

function openPicker() {
  const picked: string[] = []
  const item = (id: string, label: string, group: string): Item => ({
    id,
    label,
    group,
    icon: () => null,
    run: () => {},
  })
  const items = [
    item('me', 'Assign to me', 'Issue'),
    item('inbox', 'Inbox', 'Go to'),
    item('omar', 'Assign to Omar', 'Issue'),
  ]
  render(() => <Picker label="Commands" placeholder="" items={items} onPick={({ id }) => picked.push(id)} />)
  const chosen = () => screen.getByRole('option', { selected: true }).textContent
  return { picked, chosen, field: screen.getByRole('combobox'), user: userEvent.setup() }
}

test('arrows go through the groups as they stand on the screen, and around', async () => {
  const { chosen, field, user } = openPicker()
  const seen: (string | null)[] = []
  field.focus()
  for (const key of ['', '{ArrowDown}', '{ArrowDown}', '{ArrowDown}', '{ArrowUp}']) {
    if (key) await user.keyboard(key)
    seen.push(chosen())
  }
  expect(seen).toEqual(['Assign to me', 'Assign to Omar', 'Inbox', 'Assign to me', 'Inbox'])
})

test('the field tells which option Enter takes', async () => {
  const { picked, field, user } = openPicker()
  await user.type(field, 'omar')
  expect(document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent).toBe('Assign to Omar')
  await user.keyboard('{Enter}')
  expect(picked).toEqual(['omar'])
})

test('what matches nothing is said, and Enter does nothing', async () => {
  const { picked, field, user } = openPicker()
  await user.type(field, 'zzz{Enter}')
  expect([screen.getByRole('status').textContent, picked]).toEqual(['Nothing matches "zzz".', []])
})
