import { createSignal } from 'solid-js'
import type { Action } from '../db/vocabulary.ts'
import { isShownAsAnswered, underWay } from './changes.ts'
import { jobsChanged } from './jobs.ts'
import { type Here, setHere } from './presence.ts'
import { proposalsUnderWay } from './proposal-changes.ts'
import { issueKey, me } from './queries.ts'
import { client } from './query-client.ts'

// What others do, and new mail, appear by themselves: the server tells what changed, the page fetches it anew.

const [interrupted, setInterrupted] = createSignal(false)

/** Whether what is shown may be behind: live updates have not come for a while. */
export { interrupted }

const FIRST_RETRY_MS = 1_000
const MAX_RETRY_MS = 30_000
/** A blink of the network is not worth a word. */
const SAY_AFTER_MS = 3_000
/** The server says something every 20 seconds; who hears nothing for so long hears nothing at all. */
const SILENT_MS = 50_000
/** Lists are fetched anew at most this often, however much mail pours in. */
const LISTS_EVERY_MS = 700
/** While a change of our own is under way, its answer is waited for. */
const AGAIN_AFTER_MS = 60

/** How long to wait before the next try: twice as long each time, scattered, so that not all pages come at once. */
export function backOff(failures: number, random: number): number {
  return Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.5 + random / 2)
}

type Change = {
  action: Action
  issueId: string | null
  proposalId?: string
  mailboxId: string | null
  memberId: string | null
}

/** Follows the server's events until the returned function is called. */
export function followChanges(): () => void {
  let source: EventSource | undefined
  let failures = 0
  let retry = 0
  let saying = 0
  let silence = 0
  let stopped = false
  const later = lists(['issues', 'counts'])
  const proposals = lists(['proposals', 'proposal'])

  const lost = () => {
    clearTimeout(silence)
    source?.close()
    if (stopped) return
    saying ||= window.setTimeout(() => setInterrupted(true), SAY_AFTER_MS)
    // The stream also ends where the session did: asking who is signed in finds out.
    void client.invalidateQueries({ queryKey: ['session'] })
    retry = window.setTimeout(open, backOff(failures++, Math.random()))
  }
  /** A connection that breaks without a word, as when a network is left, never tells: it is only silent. */
  const heard = () => {
    clearTimeout(silence)
    silence = window.setTimeout(lost, SILENT_MS)
  }
  const open = () => {
    clearTimeout(retry)
    source?.close()
    source = new EventSource('/api/events')
    heard()
    source.addEventListener('still', heard)
    source.addEventListener('hello', () => {
      heard()
      clearTimeout(saying)
      saying = 0
      // Whatever happened in between was not told.
      if (failures > 0) void client.invalidateQueries()
      failures = 0
      setInterrupted(false)
    })
    source.addEventListener('reset', () => {
      heard()
      jobsChanged()
      later.askForAll()
    })
    source.addEventListener('change', (event: MessageEvent<string>) => {
      heard()
      // The cast: the server is ours (server/api/live.ts).
      apply(JSON.parse(event.data) as Change, later.ask, proposals.ask)
    })
    for (const event of ['here', 'presence'] as const)
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        heard()
        // The cast: as above.
        setHere(JSON.parse(data) as Here[], event === 'here')
      })
    source.addEventListener('error', lost)
  }
  const now = () => {
    if (failures > 0) open()
  }
  open()
  window.addEventListener('online', now)
  document.addEventListener('visibilitychange', now)
  return () => {
    stopped = true
    window.removeEventListener('online', now)
    document.removeEventListener('visibilitychange', now)
    clearTimeout(retry)
    clearTimeout(saying)
    clearTimeout(silence)
    later.stop()
    proposals.stop()
    source?.close()
    setInterrupted(false)
  }
}

/** What changes which drafts there are, or what goes out at a time. */
const DRAFTED: ReadonlySet<Change['action']> = new Set([
  'draft_changed',
  'replied',
  'rescheduled',
  'taken_back',
  'sent',
])

function apply({ action, issueId, memberId }: Change, askForLists: () => void, askForProposals: () => void): void {
  if (action === 'job_changed') {
    if (memberId === me()?.member.id) jobsChanged()
    return
  }
  if (action === 'directory_changed') {
    for (const key of ['members', 'teams', 'invitations', 'session']) void client.invalidateQueries({ queryKey: [key] })
    return
  }
  if (DRAFTED.has(action)) void client.invalidateQueries({ queryKey: ['drafts'] })
  if (action === 'draft_changed') {
    if (issueId) void client.invalidateQueries({ queryKey: issueKey(issueId) })
    return
  }
  if (action === 'tags_changed' || action === 'views_changed' || action === 'settings_changed') {
    for (const key of ['tags', 'views', 'hours']) void client.invalidateQueries({ queryKey: [key] })
    askForLists()
    return
  }
  if (action.startsWith('exchange_')) {
    void client.invalidateQueries({ queryKey: ['exchange'] })
    return
  }
  if (action === 'notified') {
    void client.invalidateQueries({ queryKey: ['notifications'] })
    return
  }
  if (action === 'rules_changed') {
    void client.invalidateQueries({ queryKey: ['rules'] })
    return
  }
  if (action === 'mailbox_changed' || action === 'mailbox_state') {
    void client.invalidateQueries({ queryKey: ['mailboxes'] })
    // How far the way to a watched mailbox is.
    void client.invalidateQueries({ queryKey: ['exchange', 'mailboxes'] })
    return
  }
  if (action.startsWith('proposal_') || action === 'pipeline_changed') {
    if (action === 'pipeline_changed') void client.invalidateQueries({ queryKey: ['pipelines'] })
    askForProposals()
    if (!issueId) return
  }
  if (issueId) void client.invalidateQueries({ queryKey: issueKey(issueId) })
  // What this page did itself stands in its lists already; reading all that is loaded again would cost every press.
  if (issueId && memberId === me()?.member.id && isShownAsAnswered(issueId)) return
  askForLists()
}

/** Fetches lists, or all, anew soon: once for many changes, and not while one of our own is under way. */
function lists(keys: readonly string[]) {
  let timer = 0
  let last = 0
  let isAllWanted = false
  const fetchNow = () => {
    timer = 0
    if (underWay() + proposalsUnderWay() > 0) {
      wait(AGAIN_AFTER_MS)
      return
    }
    last = Date.now()
    const isAll = isAllWanted
    isAllWanted = false
    if (isAll) void client.invalidateQueries()
    else for (const key of keys) void client.invalidateQueries({ queryKey: [key] })
  }
  const wait = (leastMs = 0) => {
    if (timer) return
    timer = window.setTimeout(fetchNow, Math.max(leastMs, last + LISTS_EVERY_MS - Date.now()))
  }
  const ask = () => wait()
  const askForAll = () => {
    isAllWanted = true
    wait()
  }
  return { ask, askForAll, stop: () => clearTimeout(timer) }
}
