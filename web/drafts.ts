import { createSignal } from 'solid-js'
import type { IssuePage } from './api.ts'
import { me } from './queries.ts'

/** A draft as the server has it. */
export type KeptDraft = Omit<IssuePage['drafts'][number], 'read'>
/** A file that the server has, to be sent along. */
export type DraftFile = KeptDraft['content']['attachments'][number]

/** What somebody is writing: on the server, and in the browser until it is there. */
export type Draft = KeptDraft['content'] & {
  /** The id of the message to come: sending it twice sends it once. */
  id: string
  /** The version on the server that this goes on from; 0: it is not there yet. */
  version: number
  savedAt: number
  /** Counts changes from outside of where it is written, which have to be shown there. */
  shown?: number
}

const PREFIX = 'draft:'
/** What could not be brought to the server in so long is let go. */
const KEPT_MS = 60 * 86_400_000
/** Where a new mail is kept, which has no issue yet. */
export const NEW = 'new'

export function newDraft(kind: Draft['kind'], all = true): Draft {
  return {
    id: crypto.randomUUID(),
    kind,
    messageId: null,
    recipients: null,
    all,
    from: null,
    subject: '',
    plain: me()?.member.writesPlain ?? false,
    text: '',
    html: '',
    quote: true,
    signature: null,
    language: null,
    remindAfterMs: null,
    attachments: [],
    copies: null,
    noteId: crypto.randomUUID(),
    note: '',
    seen: null,
    version: 0,
    savedAt: 0,
  }
}

/** A draft of the server, to be gone on with. */
export function draftOf({ id, version, content, updatedAt }: KeptDraft): Draft {
  return { ...content, id, version, savedAt: updatedAt }
}

/** What of a draft the server keeps. */
export function contentOf({ id, version, savedAt, shown, ...content }: Draft): KeptDraft['content'] {
  return content
}

let writerId = ''

/** Several members may use one browser: each has drafts of their own, also at the moment when a session ends. */
function keyOf(issueId: string): string {
  writerId = me()?.member.id ?? writerId
  return `${PREFIX}${writerId}:${issueId}`
}

/** The browser's copy of a draft, if there is something that the server may not have. */
export function loadDraft(issueId: string): Draft | undefined {
  return readDraft(keyOf(issueId))
}

function readDraft(key: string): Draft | undefined {
  try {
    const stored = localStorage.getItem(key)
    if (!stored) return undefined
    // The cast: only keepDraft writes these keys; what an older version wrote, which knew text alone, is filled up.
    const draft = JSON.parse(stored) as Draft
    return { ...newDraft('reply'), ...(draft.html === undefined ? { plain: true } : {}), ...draft }
  } catch {
    return undefined
  }
}

/** Whether the mail of a draft says nothing. */
export function isMailEmpty({ plain, text, html }: Pick<Draft, 'plain' | 'text' | 'html'>): boolean {
  return plain ? !text.trim() : !/<img\s/i.test(html) && !html.replace(/<[^>]*>|&nbsp;|\s/g, '')
}

/** Whether there is nothing in it that somebody would miss. */
export function isEmpty(draft: Draft): boolean {
  return isMailEmpty(draft) && !draft.note.trim() && draft.attachments.length === 0
}

/** Keeps a draft in the browser; one without words and files is forgotten. */
export function keepDraft(issueId: string, draft: Draft, now: number): void {
  if (isEmpty(draft)) forgetDraft(issueId)
  else localStorage.setItem(keyOf(issueId), JSON.stringify({ ...draft, savedAt: now }))
}

export function forgetDraft(issueId: string): void {
  localStorage.removeItem(keyOf(issueId))
}

/**
 * The draft to go on with: that of the server, unless the browser has what never got there. Which is the case where the
 * server has none, or still the version that the browser went on from, or the page has not heard of the newer one.
 */
export function freshest(kept: Draft | undefined, local: Draft | undefined): Draft | undefined {
  if (!local) return kept
  if (!kept) return local
  if (local.id !== kept.id) return local.version === 0 && local.savedAt > kept.savedAt ? local : kept
  return local.version >= kept.version ? local : kept
}

/** What was written here lately, which a page that was fetched before does not have. */
const lately = new Map<string, Draft>()

/** Remembers the last of a draft; none: it was sent, or discarded. */
export function rememberDraft(issueId: string, draft: Draft | undefined): void {
  if (draft) lately.set(keyOf(issueId), draft)
  else lately.delete(keyOf(issueId))
}

/** The draft of an issue to go on with, given what the page has from the server. */
export function begunDraft(issueId: string, kept: Draft | undefined): Draft | undefined {
  return freshest(freshest(kept, lately.get(keyOf(issueId))), loadDraft(issueId))
}

const [restored, setRestored] = createSignal<{ issueId: string; draft: Draft; open: boolean }>()

/** A draft that changed from outside of where it is written: the page shows it. */
export { restored }

/**
 * Shows a draft that changed from outside of where it is written.
 * @param open whether its issue is to open
 */
export function showDraft(issueId: string, draft: Draft, open: boolean): void {
  setRestored({ issueId, draft: { ...draft, shown: (draft.shown ?? 0) + 1 }, open })
}

/** The draft that its issue is to open with, once. */
export function takeRestored(issueId: string): Draft | undefined {
  const found = restored()
  if (found?.issueId !== issueId || !found.open) return undefined
  setRestored(undefined)
  return found.draft
}

/** Lets go of what nobody came back to. */
export function sweepDrafts(now: number): void {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue
    const draft = readDraft(key)
    if (!draft || draft.savedAt < now - KEPT_MS) localStorage.removeItem(key)
  }
}
