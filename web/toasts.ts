import { createSignal } from 'solid-js'

export type Toast = {
  id: number
  text: string
  tone: 'plain' | 'bad'
  undo?: (() => void) | undefined
  undoUntil?: number
}

const STAYS_MS = 6_000
/** What went wrong stays longer: it has more words, and matters more. */
const BAD_STAYS_MS = 12_000
/** So many changes can be undone, the last first. */
const MAX_UNDO = 20

const [toasts, setToasts] = createSignal<readonly Toast[]>([])

export { toasts }

let lastId = 0
let undoable: Toast[] = []

/**
 * Says what was done, with a way back if there is one. It replaces what was said before: one at a time is read.
 * @param forMs how long the way back is open, where it closes; for so long the words stay
 */
export function say(text: string, undo?: () => void, forMs?: number): void {
  const until = forMs === undefined ? {} : { undoUntil: Date.now() + forMs }
  show({ id: ++lastId, text, tone: 'plain', undo, ...until }, forMs)
}

/** Says what did not work. */
export function complain(text: string): void {
  show({ id: ++lastId, text, tone: 'bad' })
}

function show(toast: Toast, forMs?: number): void {
  setToasts([toast])
  if (toast.undo) undoable = [...undoable, toast].slice(-MAX_UNDO)
  setTimeout(() => dismiss(toast.id), forMs ?? (toast.tone === 'bad' ? BAD_STAYS_MS : STAYS_MS))
}

export function dismiss(id: number): void {
  setToasts((all) => all.filter((toast) => toast.id !== id))
}

/** Takes back the last change that can be taken back. */
export function undoLast(): void {
  undoable = undoable.filter(({ undoUntil }) => undoUntil === undefined || undoUntil > Date.now())
  const last = undoable.pop()
  if (!last) {
    say('There is nothing to undo.')
    return
  }
  dismiss(last.id)
  last.undo?.()
}

/** What one member did is not for the next one at this browser to take back. */
export function forgetUndo(): void {
  undoable = []
  setToasts([])
}

/** Takes back this very change. */
export function undo(toast: Toast): void {
  undoable = undoable.filter(({ id }) => id !== toast.id)
  dismiss(toast.id)
  toast.undo?.()
}
