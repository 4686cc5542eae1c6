import { createSignal } from 'solid-js'
import type { Address } from './api.ts'
import { me } from './queries.ts'

/** A file that the server has, to be sent along. */
export type DraftFile = { id: string; filename: string; size: number }

/** What somebody is writing in an issue, kept in the browser until it is sent. */
export type Draft = {
  /** The id of the message to come: sending it twice sends it once. */
  id: string
  kind: 'reply' | 'note'
  /** The message that is answered; none: the newest. */
  messageId: string | null
  /** Null: as the server proposes. */
  recipients: { to: Address[]; cc: Address[] } | null
  all: boolean
  text: string
  noteId: string
  note: string
  quote: boolean
  attachments: DraftFile[]
  /** The newest event of the issue when the writing began; null: not known yet. */
  seen: string | null
  savedAt: number
}

const PREFIX = 'draft:'
/** A draft that nobody came back to in so long is let go. */
const KEPT_MS = 60 * 86_400_000

export function newDraft(kind: Draft['kind'], all = true): Draft {
  return {
    id: crypto.randomUUID(),
    kind,
    messageId: null,
    recipients: null,
    all,
    text: '',
    noteId: crypto.randomUUID(),
    note: '',
    quote: true,
    attachments: [],
    seen: null,
    savedAt: 0,
  }
}

let writerId = ''

/** Several members may use one browser: each has drafts of their own, also at the moment when a session ends. */
function keyOf(issueId: string): string {
  writerId = me()?.member.id ?? writerId
  return `${PREFIX}${writerId}:${issueId}`
}

/** The draft of an issue, if you wrote something. */
export function loadDraft(issueId: string): Draft | undefined {
  return readDraft(keyOf(issueId))
}

function readDraft(key: string): Draft | undefined {
  try {
    const stored = localStorage.getItem(key)
    // The cast: only saveDraft writes these keys; what an older version wrote is filled up.
    return stored ? { ...newDraft('reply'), ...(JSON.parse(stored) as Draft) } : undefined
  } catch {
    return undefined
  }
}

/** Whether there is nothing in it that somebody would miss. */
export function isEmpty({ text, note, attachments }: Draft): boolean {
  return !text.trim() && !note.trim() && attachments.length === 0
}

/** Keeps a draft; one without words and files is forgotten. */
export function saveDraft(issueId: string, draft: Draft, now: number): void {
  if (isEmpty(draft)) forgetDraft(issueId)
  else localStorage.setItem(keyOf(issueId), JSON.stringify({ ...draft, savedAt: now }))
}

const [restored, setRestored] = createSignal<{ issueId: string; draft: Draft; open: boolean }>()

/** A draft that changed from outside of where it is written: the page shows it. */
export { restored }

/**
 * Keeps a draft that changed from outside of where it is written, and shows it.
 * @param open whether its issue is to open
 */
export function restoreDraft(issueId: string, draft: Draft, open: boolean): void {
  saveDraft(issueId, draft, Date.now())
  setRestored({ issueId, draft, open })
}

export function forgetDraft(issueId: string): void {
  localStorage.removeItem(keyOf(issueId))
}

/** Lets go of drafts that nobody came back to. */
export function sweepDrafts(now: number): void {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue
    const draft = readDraft(key)
    if (!draft || draft.savedAt < now - KEPT_MS) localStorage.removeItem(key)
  }
}
