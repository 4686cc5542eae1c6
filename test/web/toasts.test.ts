import { expect, test } from 'vitest'
import { enter } from '../../web/query-client.ts'
import { say, toasts, undoLast } from '../../web/toasts.ts'

test('what one member did can not be undone by the next one at the same browser', () => {
  let undone = 0
  say('Done.', () => undone++)
  enter(null)
  undoLast()
  expect({ undone, said: toasts().map(({ text }) => text) }).toEqual({ undone: 0, said: ['There is nothing to undo.'] })
})
