import { createSignal } from 'solid-js'
import { ApiError, api, call } from './api.ts'
import { contentOf, type Draft, draftOf, forgetDraft, isEmpty, keepDraft, NEW, rememberDraft } from './drafts.ts'
import { client } from './query-client.ts'

const SAVE_AFTER_MS = 600
/** Who types without a pause is saved all the same. */
const SAVE_AT_LEAST_MS = 3_000
const AGAIN_AFTER_MS = 4_000

/** How far the last words have come. */
export type Saved = 'nothing' | 'changed' | 'server' | 'browser'

/** It went on in another window, or is somebody else's by now; `draft` is how it stands there. */
export type Elsewhere = { message: string; draft: Draft | null }

/**
 * Brings a draft to the server as it is written: a moment after the last key, one request at a time, each naming the
 * version that it goes on from. Until it is there a copy is in the browser, which a crash leaves, and being offline.
 */
export function createSaving(
  where: { issueId: string | null; mailboxId: () => string | null },
  onElsewhere: (it: Elsewhere) => void,
) {
  const key = where.issueId ?? NEW
  const [saved, setSaved] = createSignal<Saved>('nothing')
  let pending: Draft | undefined
  let version = -1
  let id = ''
  let timer = 0
  let since = 0
  let running: Promise<void> | undefined
  let stopped = false
  let held = false

  /** What is written now; not what the server gave. */
  const change = (draft: Draft) => {
    if (stopped) return
    if (draft.id !== id) {
      id = draft.id
      version = draft.version
    }
    pending = draft
    since ||= Date.now()
    setSaved('changed')
    keepDraft(key, { ...draft, version }, Date.now())
    clearTimeout(timer)
    timer = window.setTimeout(
      () => void flush(),
      Math.max(0, Math.min(SAVE_AFTER_MS, since + SAVE_AT_LEAST_MS - Date.now())),
    )
  }
  /** Saves at once what is not saved yet. */
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    await running
    const draft = pending
    const mailboxId = where.mailboxId()
    if (!draft || stopped || held || (where.issueId === null && !mailboxId)) return
    if (version === 0 && isEmpty(draft)) {
      pending = undefined
      since = 0
      setSaved('nothing')
      return
    }
    pending = undefined
    since = 0
    running = save(draft, mailboxId)
    await running
    running = undefined
    if (pending) await flush()
  }
  const save = async (draft: Draft, mailboxId: string | null) => {
    try {
      const json = { issueId: where.issueId, mailboxId, content: contentOf(draft), version }
      const kept = await call(api.drafts[':id'].$put({ param: { id: draft.id }, json }))
      if (draft.id === id) version = kept.version
      if (!pending) {
        forgetDraft(key)
        rememberDraft(key, { ...draft, version, savedAt: kept.updatedAt })
        setSaved('server')
      } else keepDraft(key, { ...pending, version }, Date.now())
    } catch (error) {
      // It was sent or discarded while this was under way.
      if (stopped) return
      if (error instanceof ApiError && error.status === 409) {
        stopped = true
        forgetDraft(key)
        rememberDraft(key, undefined)
        onElsewhere({ message: error.message, draft: error.draft ? draftOf(error.draft) : null })
        return
      }
      // Offline, or refused: the copy in the browser stays, and it is tried again.
      setSaved('browser')
      pending ??= draft
      clearTimeout(timer)
      if (!stopped) timer = window.setTimeout(() => void flush(), AGAIN_AFTER_MS)
    }
  }
  return {
    saved,
    change,
    flush,
    /**
     * It is being sent, which ends the draft: a save that came after that would look as if it had gone on elsewhere. What
     * is written until `release` is saved then.
     */
    async hold() {
      held = true
      clearTimeout(timer)
      await running
    },
    release() {
      held = false
      clearTimeout(timer)
      if (pending && !stopped) timer = window.setTimeout(() => void flush(), SAVE_AFTER_MS)
    },
    /** The version on the server by now. */
    version: () => Math.max(0, version),
    /** Goes on over what stands on the server: the writer has seen it. */
    goOn(from: Draft) {
      stopped = false
      id = from.id
      version = from.version
    },
    /** It was sent, or discarded: nothing of it is to be saved any more. */
    async settle() {
      stopped = true
      rememberDraft(key, undefined)
      clearTimeout(timer)
      pending = undefined
      forgetDraft(key)
      await running
    },
    /** The composer goes: the rest is saved, and an empty draft is none. */
    async leave() {
      const last = pending
      await flush()
      if (!stopped && last && isEmpty(last) && version > 0) {
        rememberDraft(key, undefined)
        await call(api.drafts[':id'].$delete({ param: { id } })).catch(() => {})
      }
      void client.invalidateQueries({ queryKey: ['drafts'] })
    },
  }
}
