import { createRoot } from 'solid-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  ariaKeys,
  bindCommands,
  CHORD_MS,
  COMMANDS,
  caps,
  handlerOf,
  listenForKeys,
  setSingleKeys,
  step,
} from '../../web/keys.ts'

const press = (key: string, more: { mod?: boolean; shift?: boolean; alt?: boolean } = {}) => ({
  key,
  mod: false,
  shift: false,
  alt: false,
  ...more,
})

describe('what a key means', () => {
  test.each([
    ['j', 'next'],
    ['ArrowUp', 'previous'],
    ['e', 'done'],
    ['I', null],
    ['R', 'replyOne'],
    ['!', 'spam'],
    ['#', 'trash'],
    ['?', 'keySheet'],
    ['ö', null],
  ])('%s is %s', (key, id) => {
    expect(step(press(key), null, false, true)).toEqual(id && { run: id })
  })

  test('it goes by the letter, whatever keys were held to type it', () => {
    expect(step(press('#', { shift: true }), null, false, true)).toEqual({ run: 'trash' })
  })

  test('G waits for a second key', () => {
    expect(step(press('g'), null, false, true)).toEqual({ wait: 'g' })
    expect(step(press('m'), 'g', false, true)).toEqual({ run: 'goMine' })
  })

  test('a second key that belongs to nothing does nothing, not even what it does alone', () => {
    expect(step(press('e'), 'g', false, true)).toBeNull()
  })

  test('nothing of a single key happens while somebody types', () => {
    expect(
      COMMANDS.flatMap((one) => ('keys' in one && !one.keys[0].includes('mod') ? [one.keys[0]] : [])).map((key) =>
        step(press(key), null, true, true),
      ),
    ).toSatisfy((all: unknown[]) => all.length > 20 && all.every((one) => one === null))
  })

  test('keys with Ctrl work while somebody types, and when single keys are off', () => {
    expect(step(press('k', { mod: true }), null, true, false)).toEqual({ run: 'palette' })
    expect(step(press('Enter', { mod: true }), null, true, false)).toEqual({ run: 'send' })
    expect(step(press('Enter', { mod: true, shift: true }), null, true, false)).toEqual({ run: 'sendDone' })
    expect(step(press('K', { mod: true, shift: false }), null, true, false)).toEqual({ run: 'palette' })
  })

  test('single keys can be switched off', () => {
    expect(step(press('e'), null, false, false)).toBeNull()
  })

  test('Ctrl with a letter is no single key', () => {
    expect(step(press('r', { mod: true }), null, false, true)).toBeNull()
  })
})

test('no two commands have the same keys', () => {
  const all = COMMANDS.flatMap((one) => [
    ...('keys' in one ? [one.keys.join(' ')] : []),
    ...('also' in one ? [one.also.join(' ')] : []),
  ])
  expect(all.filter((keys, index) => all.indexOf(keys) !== index)).toEqual([])
})

test('caps are drawn as they stand on a keyboard', () => {
  expect([caps(['g', 't']), caps(['R']), caps(['mod+shift+Enter']), caps(['?'])]).toEqual([
    ['G', 'T'],
    ['shift', 'R'],
    ['ctrl', 'shift', '↵'],
    ['?'],
  ])
})

test('keys are said in the words of aria-keyshortcuts', () => {
  expect([ariaKeys('done'), ariaKeys('sendDone'), ariaKeys('goInbox'), ariaKeys('signOut')]).toEqual([
    'e',
    'Control+Shift+Enter',
    undefined,
    undefined,
  ])
})

describe('on the page', () => {
  afterEach(() => {
    document.body.replaceChildren()
    setSingleKeys(true)
  })

  function type(key: string, target: Element = document.body) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    target.dispatchEvent(event)
    return event
  }

  test('a command runs while its page is there, the innermost first', () => {
    const done: string[] = []
    const stop = listenForKeys()
    createRoot((leavePage) => {
      bindCommands({ back: () => done.push('page'), done: () => done.push('done') })
      createRoot((leaveDialog) => {
        bindCommands({ back: () => done.push('dialog') })
        type('u')
        leaveDialog()
      })
      type('u')
      type('e')
      leavePage()
    })
    type('e')
    stop()
    expect([done, handlerOf('done')]).toEqual([['dialog', 'page', 'done'], undefined])
  })

  test.each([
    ['a text field', () => document.createElement('input')],
    ['a text area', () => document.createElement('textarea')],
    ['a select', () => document.createElement('select')],
  ])('what is typed into %s stays text', (_, make) => {
    const run = vi.fn()
    const stop = listenForKeys()
    const field = document.body.appendChild(make())
    createRoot((dispose) => {
      bindCommands({ done: run })
      type('e', field)
      dispose()
    })
    stop()
    expect(run).not.toHaveBeenCalled()
  })

  test('a checkbox takes no letters, so shortcuts go on', () => {
    const run = vi.fn()
    const stop = listenForKeys()
    const box = document.body.appendChild(Object.assign(document.createElement('input'), { type: 'checkbox' }))
    createRoot((dispose) => {
      bindCommands({ done: run })
      type('e', box)
      dispose()
    })
    stop()
    expect(run).toHaveBeenCalledOnce()
  })

  test('Enter on a link follows the link', () => {
    const run = vi.fn()
    const stop = listenForKeys()
    const link = document.body.appendChild(Object.assign(document.createElement('a'), { href: '/inbox' }))
    createRoot((dispose) => {
      bindCommands({ open: run })
      const event = type('Enter', link)
      expect(event.defaultPrevented).toBe(false)
      dispose()
    })
    stop()
    expect(run).not.toHaveBeenCalled()
  })

  test('two keys in a row go by when they were pressed, however late the page hears of them', () => {
    const run = vi.fn()
    const stop = listenForKeys()
    const at = (key: string, timeStamp: number) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
      Object.defineProperty(event, 'timeStamp', { value: timeStamp })
      document.body.dispatchEvent(event)
    }
    createRoot((dispose) => {
      bindCommands({ goInbox: run })
      at('g', 1_000)
      at('t', 1_000 + CHORD_MS)
      expect(run).toHaveBeenCalledTimes(1)
      at('g', 5_000)
      at('t', 5_001 + CHORD_MS)
      expect(run).toHaveBeenCalledTimes(1)
      dispose()
    })
    stop()
  })
})

test('each command is there once', () => {
  expect(COMMANDS.map(({ id }) => id)).toEqual([...new Set(COMMANDS.map(({ id }) => id))])
})
