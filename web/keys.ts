import { createSignal, onCleanup } from 'solid-js'
import type { IconName } from './components/icon.tsx'

// One registry of commands: shortcuts, palette, tooltips and key sheet all read it. A page says what a command does
// while the page is there; a command that nobody does is neither offered nor run.

export type Group = 'Issue' | 'Move' | 'Go to' | 'General'

export type Command = {
  id: string
  label: string
  group: Group
  /** Keys in a row, as `event.key` gives them; `mod+` is Ctrl, or ⌘ on a Mac. */
  keys?: readonly string[]
  /** A second way to press it. */
  also?: readonly string[]
  icon: IconName
  /** Not offered in the palette: it makes no sense there. */
  keyOnly?: true
  /** Needs one issue that is open. */
  one?: true
}

export const COMMANDS = [
  { id: 'next', label: 'Next issue', group: 'Move', keys: ['j'], also: ['ArrowDown'], icon: 'down', keyOnly: true },
  { id: 'previous', label: 'Previous issue', group: 'Move', keys: ['k'], also: ['ArrowUp'], icon: 'up', keyOnly: true },
  { id: 'open', label: 'Open the issue', group: 'Move', keys: ['Enter'], also: ['o'], icon: 'right', keyOnly: true },
  { id: 'back', label: 'Back to the list', group: 'Move', keys: ['u'], also: ['Escape'], icon: 'back', keyOnly: true },
  { id: 'select', label: 'Select, or no longer', group: 'Move', keys: ['x'], icon: 'check', keyOnly: true },
  { id: 'selectDown', label: 'Select downwards', group: 'Move', keys: ['J'], icon: 'down', keyOnly: true },
  { id: 'selectUp', label: 'Select upwards', group: 'Move', keys: ['K'], icon: 'up', keyOnly: true },
  { id: 'selectAll', label: 'Select all in this list', group: 'Move', keys: ['mod+a'], icon: 'all' },
  { id: 'earlier', label: 'Show earlier emails', group: 'Move', keys: ['b'], icon: 'up' },
  { id: 'nextEmail', label: 'Next email', group: 'Move', keys: ['.'], icon: 'down', keyOnly: true },
  { id: 'previousEmail', label: 'Previous email', group: 'Move', keys: [','], icon: 'up', keyOnly: true },
  { id: 'quoted', label: 'Show or hide quoted text', group: 'Move', keys: ['q'], icon: 'more' },

  { id: 'accept', label: 'Make it an issue', group: 'Issue', keys: ['1'], icon: 'check' },
  { id: 'belongs', label: 'Belongs to…', group: 'Issue', keys: ['2'], icon: 'inbox' },
  { id: 'noAction', label: 'No action needed', group: 'Issue', keys: ['3'], icon: 'done' },
  { id: 'split', label: 'Take emails out…', group: 'Issue', keys: ['y'], icon: 'mail', one: true },
  { id: 'doneBecause', label: 'Done, with a reason…', group: 'Issue', keys: ['E'], icon: 'check' },
  { id: 'unread', label: 'Mark as unread', group: 'Issue', keys: ['U'], icon: 'mail' },
  { id: 'assign', label: 'Assign…', group: 'Issue', keys: ['a'], icon: 'assign' },
  { id: 'assignMe', label: 'Assign to me', group: 'Issue', keys: ['i'], icon: 'user' },
  { id: 'done', label: 'Done', group: 'Issue', keys: ['e'], icon: 'check' },
  { id: 'status', label: 'Status…', group: 'Issue', keys: ['s'], icon: 'status' },
  { id: 'snooze', label: 'Snooze…', group: 'Issue', keys: ['h'], icon: 'snooze' },
  { id: 'tags', label: 'Tags…', group: 'Issue', keys: ['l'], icon: 'tag' },
  { id: 'follow', label: 'Follow, or no longer', group: 'Issue', keys: ['p'], icon: 'eye', one: true },
  { id: 'mute', label: 'Mute, or no longer', group: 'Issue', keys: ['m'], icon: 'mute', one: true },
  { id: 'waiting', label: 'Waiting on them', group: 'Issue', keys: ['w'], icon: 'clock' },
  { id: 'reply', label: 'Reply', group: 'Issue', keys: ['r'], icon: 'reply', one: true },
  { id: 'replyOne', label: 'Reply to the sender only', group: 'Issue', keys: ['R'], icon: 'reply', one: true },
  { id: 'forward', label: 'Forward', group: 'Issue', keys: ['f'], icon: 'forward', one: true },
  { id: 'savedReply', label: 'Insert a saved reply…', group: 'Issue', keys: ['t'], icon: 'saved', one: true },
  { id: 'note', label: 'Write a note', group: 'Issue', keys: ['n'], icon: 'note', one: true },
  { id: 'spam', label: 'Mark as spam', group: 'Issue', keys: ['!'], icon: 'spam' },
  { id: 'trash', label: 'Move to trash', group: 'Issue', keys: ['#'], also: ['Delete'], icon: 'trash' },
  { id: 'promote', label: 'Make it a proposal', group: 'Issue', keys: ['4'], icon: 'pipeline', one: true },
  { id: 'print', label: 'Print, or save as PDF', group: 'Issue', icon: 'print', one: true },
  { id: 'export', label: 'Export with all emails', group: 'Issue', icon: 'download', one: true },
  { id: 'send', label: 'Send', group: 'Issue', keys: ['mod+Enter'], icon: 'send', keyOnly: true },
  { id: 'sendDone', label: 'Send and done', group: 'Issue', keys: ['mod+shift+Enter'], icon: 'send', keyOnly: true },

  { id: 'goInbox', label: 'Inbox', group: 'Go to', keys: ['g', 't'], icon: 'inbox' },
  { id: 'goMine', label: 'Assigned to me', group: 'Go to', keys: ['g', 'm'], icon: 'user' },
  { id: 'goUnassigned', label: 'Unassigned', group: 'Go to', keys: ['g', 'u'], icon: 'nobody' },
  { id: 'goSnoozed', label: 'Snoozed', group: 'Go to', keys: ['g', 'h'], icon: 'snooze' },
  { id: 'goWaiting', label: 'Waiting on them', group: 'Go to', keys: ['g', 'w'], icon: 'clock' },
  { id: 'goDone', label: 'Done', group: 'Go to', keys: ['g', 'd'], icon: 'done' },
  { id: 'goAll', label: 'All issues', group: 'Go to', keys: ['g', 'a'], icon: 'all' },
  { id: 'goSpam', label: 'Spam', group: 'Go to', icon: 'spam' },
  { id: 'goTrash', label: 'Trash', group: 'Go to', icon: 'trash' },
  { id: 'goProposals', label: 'Pipeline of proposals', group: 'Go to', keys: ['g', 'p'], icon: 'pipeline' },
  { id: 'goForecast', label: 'Forecast', group: 'Go to', keys: ['g', 'f'], icon: 'trend' },
  { id: 'goWinLoss', label: 'Win and loss', group: 'Go to', keys: ['g', 'r'], icon: 'trophy' },
  { id: 'goMailboxes', label: 'Mailboxes', group: 'Go to', keys: ['g', 'b'], icon: 'mailbox' },
  { id: 'goPeople', label: 'People and teams', group: 'Go to', keys: ['g', 'l'], icon: 'people' },
  { id: 'goExchange', label: 'Exchange', group: 'Go to', keys: ['g', 'x'], icon: 'cloud' },
  { id: 'goSavedReplies', label: 'Saved replies', group: 'Go to', icon: 'note' },
  { id: 'goSignatures', label: 'Signatures', group: 'Go to', icon: 'pen' },
  { id: 'goUnsent', label: 'Drafts and scheduled', group: 'Go to', icon: 'pen' },
  { id: 'goMotion', label: 'Motion and movement', group: 'Go to', icon: 'motion' },
  { id: 'goStatus', label: 'Status of Downfield', group: 'Go to', icon: 'server' },
  { id: 'goNotifications', label: 'Notifications', group: 'Go to', keys: ['g', 'n'], icon: 'bell' },
  { id: 'goRules', label: 'Rules', group: 'Go to', keys: ['g', 'v'], icon: 'robot' },
  { id: 'goDesk', label: 'Tags, views and hours', group: 'Go to', keys: ['g', 'o'], icon: 'sliders' },
  { id: 'goAccount', label: 'Your account', group: 'Go to', keys: ['g', 'y'], icon: 'account' },

  { id: 'goView1', label: 'The first saved view', group: 'Go to', keys: ['g', '1'], icon: 'filter', keyOnly: true },
  { id: 'goView2', label: 'The second saved view', group: 'Go to', keys: ['g', '2'], icon: 'filter', keyOnly: true },
  { id: 'goView3', label: 'The third saved view', group: 'Go to', keys: ['g', '3'], icon: 'filter', keyOnly: true },
  { id: 'goView4', label: 'The fourth saved view', group: 'Go to', keys: ['g', '4'], icon: 'filter', keyOnly: true },
  { id: 'goView5', label: 'The fifth saved view', group: 'Go to', keys: ['g', '5'], icon: 'filter', keyOnly: true },
  { id: 'goView6', label: 'The sixth saved view', group: 'Go to', keys: ['g', '6'], icon: 'filter', keyOnly: true },
  { id: 'goView7', label: 'The seventh saved view', group: 'Go to', keys: ['g', '7'], icon: 'filter', keyOnly: true },
  { id: 'goView8', label: 'The eighth saved view', group: 'Go to', keys: ['g', '8'], icon: 'filter', keyOnly: true },
  { id: 'goView9', label: 'The ninth saved view', group: 'Go to', keys: ['g', '9'], icon: 'filter', keyOnly: true },

  { id: 'palette', label: 'Commands', group: 'General', keys: ['mod+k'], icon: 'search', keyOnly: true },
  { id: 'compose', label: 'New email', group: 'General', keys: ['c'], icon: 'pen' },
  { id: 'newProposal', label: 'New proposal', group: 'General', icon: 'plus' },
  { id: 'importProposals', label: 'Import proposals from a file', group: 'General', icon: 'file' },
  { id: 'search', label: 'Search', group: 'General', keys: ['/'], icon: 'search' },
  { id: 'undo', label: 'Undo', group: 'General', keys: ['z'], icon: 'undo' },
  { id: 'keySheet', label: 'Keys', group: 'General', keys: ['?'], icon: 'keyboard' },
  { id: 'theme', label: 'Switch between light and dark', group: 'General', icon: 'moon' },
  { id: 'signOut', label: 'Sign out', group: 'General', icon: 'out' },
] as const satisfies readonly Command[]
export type CommandId = (typeof COMMANDS)[number]['id']

const BY_ID = new Map<CommandId, Command>(COMMANDS.map((command) => [command.id, command]))
/** The command of that name. */
export const command = (id: CommandId): Command => BY_ID.get(id)!

type Handlers = Partial<Record<CommandId, () => void>>
type Bound = { handlers: Handlers; isFirst: boolean }
const [bound, setBound] = createSignal<readonly Bound[]>([])

/** What a command does now, if anything. What was bound last wins: a dialog before the page below it. */
export function handlerOf(id: CommandId): (() => void) | undefined {
  const able = bound().filter(({ handlers }) => handlers[id])
  return (able.findLast(({ isFirst }) => isFirst) ?? able.at(-1))?.handlers[id]
}

/**
 * Says what commands do for as long as the component is there.
 * @param isFirst goes before what is bound later, as a selection goes before the issue that is open
 */
export function bindCommands(handlers: Handlers, { isFirst = false } = {}): void {
  const mine: Bound = { handlers, isFirst }
  setBound((all) => [...all, mine])
  onCleanup(() => setBound((all) => all.filter((other) => other !== mine)))
}

/** How long a first key of two, such as G, waits for the second. */
export const CHORD_MS = 1_500

export type Press = { key: string; mod: boolean; shift: boolean; alt: boolean }

/** A key as `keys` spells it. Shift counts only with `mod`: "!" and "R" already say that it was held. */
export function spell({ key, mod, shift }: Press): string {
  if (!mod) return key
  return `mod+${shift ? 'shift+' : ''}${key.length === 1 ? key.toLowerCase() : key}`
}

export type Step = { run: CommandId } | { wait: string } | null

/**
 * What a key means, after the key before it if that one waits for a second.
 * @param single whether keys without Ctrl or ⌘ count (WCAG 2.2, 2.1.4: they can be switched off)
 */
export function step(press: Press, before: string | null, typing: boolean, single: boolean): Step {
  if (press.alt && press.key.length === 1 && /[a-z0-9]/i.test(press.key)) return null
  const spelled = spell(press)
  if (!press.mod && (typing || !single)) return null
  // In a field it selects what is written there.
  if (typing && spelled === 'mod+a') return null
  for (const { id, keys, also } of COMMANDS as readonly (Command & { id: CommandId })[]) {
    if (before && keys?.length === 2 && keys[0] === before && keys[1] === spelled) return { run: id }
    if (!before && keys?.length === 1 && (keys[0] === spelled || also?.[0] === spelled)) return { run: id }
  }
  const opens = COMMANDS.some(
    (command) => 'keys' in command && command.keys.length === 2 && command.keys[0] === spelled,
  )
  return !before && opens ? { wait: spelled } : null
}

/** Whether keys go into what has the focus: a field, or something editable. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true
  if (target.tagName !== 'INPUT') return false
  return !['button', 'checkbox', 'radio', 'submit', 'reset', 'file'].includes((target as HTMLInputElement).type)
}

/** Keys that an element with the focus needs for itself: a link opens with Enter, a menu moves with the arrows. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false
  if (key === 'Enter') return target.closest('a[href], button, summary, [role="option"]') !== null
  if (key.startsWith('Arrow'))
    return target.closest('[role="tablist"], [role="listbox"], [type="radio"], .flow, .page') !== null
  return false
}

const SINGLE = 'single-key-shortcuts'
const [singleKeys, writeSingleKeys] = createSignal(localStorage.getItem(SINGLE) !== 'off')

/** Whether shortcuts of a single key are on, in this browser. */
export { singleKeys }
export function setSingleKeys(on: boolean): void {
  localStorage.setItem(SINGLE, on ? 'on' : 'off')
  writeSingleKeys(on)
}

/** Runs commands by their keys until the returned function is called. */
export function listenForKeys(): () => void {
  let waiting: { key: string; until: number } | null = null
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.key === 'Shift') return
    const mod = event.ctrlKey || event.metaKey
    const press = { key: event.key, mod, shift: event.shiftKey, alt: event.altKey }
    // When it was pressed, and not when the page has time for it.
    const before = waiting && event.timeStamp <= waiting.until ? waiting.key : null
    waiting = null
    if (!before && takesKey(event.target, event.key)) return
    const inModal = document.querySelector('dialog:modal') !== null
    const next = step(press, before, isTyping(event.target), singleKeys() && !inModal)
    if (!next) return
    if ('wait' in next) {
      waiting = { key: next.wait, until: event.timeStamp + CHORD_MS }
      return
    }
    const run = handlerOf(next.run)
    if (!run) return
    event.preventDefault()
    run()
  }
  document.addEventListener('keydown', onKeyDown)
  return () => document.removeEventListener('keydown', onKeyDown)
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
const NAMES: Record<string, string> = {
  Enter: '↵',
  Escape: 'esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Delete: 'del',
  shift: isMac ? '⇧' : 'shift',
  mod: isMac ? '⌘' : 'ctrl',
}

/** The caps to draw for keys: ['G', 'T'], ['ctrl', 'K'], ['shift', 'R']. */
export function caps(keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    const parts = key.length > 1 && key.includes('+') ? key.split('+') : [key]
    return parts.flatMap((part) => {
      if (/^[A-Z]$/.test(part)) return [NAMES.shift!, part]
      return [NAMES[part] ?? part.toUpperCase()]
    })
  })
}

/** The keys as `aria-keyshortcuts` wants them. */
export function ariaKeys(id: CommandId): string | undefined {
  const keys = command(id).keys
  if (!keys || keys.length > 1) return undefined
  return keys[0]!.replace('mod+', isMac ? 'Meta+' : 'Control+').replace('shift+', 'Shift+')
}
