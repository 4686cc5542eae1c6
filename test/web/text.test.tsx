import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, describe, expect, test } from 'vitest'
import { Text } from '../../web/components/text.tsx'
import { brokenAt, paragraphs, parts, pieces, signed, unbroken, unmarked } from '../../web/text.ts'

afterEach(cleanup)

describe('links', () => {
  test.each([
    [
      'See https://a.example/x?y=1.',
      [{ text: 'See ' }, { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' }, { text: '.' }],
    ],
    ['(www.a.example)', [{ text: '(' }, { text: 'www.a.example', href: 'https://www.a.example' }, { text: ')' }]],
    ['https://a.example/x_(y)', [{ text: 'https://a.example/x_(y)', href: 'https://a.example/x_(y)' }]],
    [
      'Write to ada@a.example, please',
      [{ text: 'Write to ' }, { text: 'ada@a.example', href: 'mailto:ada@a.example' }, { text: ', please' }],
    ],
    ['<https://a.example>', [{ text: '<' }, { text: 'https://a.example', href: 'https://a.example' }, { text: '>' }]],
    ['javascript:alert(1) data:text/html,x', [{ text: 'javascript:alert(1) data:text/html,x' }]],
    ['https://', [{ text: 'https://' }]],
  ])('%s', (text, found) => {
    expect(pieces(text)).toEqual(found)
  })

  test('a long text without links is looked through quickly', () => {
    const text = 'a.'.repeat(200_000)
    expect(pieces(text)).toEqual([{ text }])
  })
})

test('what looks like markup stays text', () => {
  const { container } = render(() => <Text text={'<img src=x onerror=alert(1)> https://a.example'} />)
  expect(container.querySelector('img')).toBeNull()
  expect(container.textContent).toBe('<img src=x onerror=alert(1)> https://a.example')
  expect(screen.getByRole('link').getAttribute('rel')).toBe('noreferrer noopener')
})

test('paragraphs are parted by empty lines', () => {
  expect(paragraphs('\r\nGood morning,\r\n\r\n \r\n  indented\r\nnext\n\n')).toEqual([
    'Good morning,',
    '  indented\nnext',
  ])
})

describe('quoted text', () => {
  test('is apart from what was written', () => {
    expect(parts({ text: 'Yes.\n\n> Really?', quotedFrom: 6 })).toEqual({ own: 'Yes.\n\n', quoted: '> Really?' })
  })
  test('is shown where there is nothing else', () => {
    expect(parts({ text: '\n> Really?', quotedFrom: 1 })).toEqual({ own: '> Really?', quoted: '' })
  })
  test('is read without its marks', () => {
    expect(unmarked('> > Is it?\n> It is > that.\n>')).toBe('Is it?\nIt is > that.\n')
  })
})

describe('a signature', () => {
  test('is apart from the text', () => {
    expect(signed('Thanks\n-- \nAda\nNorthwind')).toEqual({ body: 'Thanks', signature: 'Ada\nNorthwind' })
  })
  test('is no signature where it is longer than a card', () => {
    const text = `Thanks\n--\n${'line\n'.repeat(20)}`
    expect(signed(text)).toEqual({ body: text, signature: '' })
  })
})

describe('lines that a mail program broke', () => {
  const text = [
    'Could you please add 12 spare batteries and state the price with and',
    'without the docks? Our buyer compares three offers on Tuesday.',
    'Best regards',
    'Ines',
  ].join('\n')

  test('are joined, and those that the writer broke are not', () => {
    expect(unbroken(text, brokenAt(text))).toBe(
      'Could you please add 12 spare batteries and state the price with and without the docks? Our buyer compares three offers on Tuesday.\nBest regards\nInes',
    )
  })
  test('are left alone where the text has longer ones, which no program left', () => {
    const long = `${'word '.repeat(40)}\n\n${text}`
    expect(unbroken(text, brokenAt(long))).toBe(text)
  })
  test('are left alone in a list', () => {
    const list = `- ${'x'.repeat(66)}\n- ${'y'.repeat(66)}`
    expect(unbroken(list, brokenAt(list))).toBe(list)
  })
})
