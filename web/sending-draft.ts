import { createSignal } from 'solid-js'
import type { createAnswering } from './answering.ts'
import { ApiError, type Crossed as Crossing, wordsOf } from './api.ts'
import type { createSaving } from './draft-saving.ts'
import { type Draft, isEmpty, newDraft } from './drafts.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { sendForward, sendNew, sendNote, sendReply } from './send-draft.ts'
import { takeBack } from './take-back.ts'
import { say } from './toasts.ts'

type Status = 'waiting' | 'done'
type Held = { messageId: string; heldMs: number }

/**
 * Hands a draft over to be sent, and says how that went: under way, refused, or stopped by what came in meanwhile. What
 * else was begun beside it, such as a note, stays.
 */
export function createSending(to: {
  issueId: string | null
  draft: () => Draft
  onDraft: (draft: Draft) => void
  answering: ReturnType<typeof createAnswering>
  saving: ReturnType<typeof createSaving>
  isGone: () => boolean
  onSent: () => void
  onClose: (sent?: Status, issueId?: string) => void
}) {
  const { issueId, draft, answering, saving } = to
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<ApiError>()
  const [stopped, setStopped] = createSignal<{ by: Crossing; status: Status }>()

  const send = async (status: Status) => {
    const now = draft()
    setBusy(true)
    setFailed(undefined)
    setStopped(undefined)
    try {
      if (now.kind === 'note') {
        await sendNote(issueId ?? '', now)
        sent(now, status)
      } else if (issueId === null) {
        const mail = {
          recipients: answering.recipients(),
          from: answering.from(),
          mailboxId: answering.mailbox()?.mailboxId ?? '',
        }
        const held = await sendNew(now, mail, status)
        sent(now, status, held, held.issueId)
      } else {
        // Who types faster than the server says whom this answers is not kept from sending.
        if (!answering.proposed()) await answering.answering.refetch({ cancelRefetch: false })
        const mail = {
          recipients: answering.recipients(),
          from: answering.from(),
          messageId: answering.proposed()?.messageId,
        }
        const handOver = now.kind === 'forward' ? sendForward : sendReply
        sent(now, status, await handOver(issueId, now, mail, status))
      }
    } catch (error) {
      if (error instanceof ApiError && error.crossed) setStopped({ by: error.crossed, status })
      else setFailed(error instanceof ApiError ? error : new ApiError(wordsOf(error), 0, new Map()))
    } finally {
      setBusy(false)
    }
  }
  const sent = (now: Draft, status: Status, held?: Held, newIssue?: string) => {
    to.onSent()
    if (held) {
      void saving.settle()
      const words = `It goes out in ${Math.round(held.heldMs / 1000)} seconds.`
      const isDone = status === 'done'
      say(isDone ? `Done. ${words}` : words, () => void takeBack(held.messageId), held.heldMs)
    } else say('Note added.')
    // What else was begun, such as a note beside the answer, stays.
    const rest: Draft =
      now.kind === 'note'
        ? { ...draft(), kind: 'reply', note: '', noteId: crypto.randomUUID() }
        : { ...newDraft('note'), note: now.note, noteId: now.noteId }
    for (const key of [issueId ? issueKey(issueId) : ['issues'], ['issues'], ['counts'], ['drafts']])
      void client.invalidateQueries({ queryKey: key })
    if (to.isGone()) return
    if (!isEmpty(rest)) {
      if (held) saving.goOn(rest)
      to.onDraft(rest)
    } else {
      if (!held) to.onDraft({ ...draft(), note: '', noteId: crypto.randomUUID() })
      to.onClose(now.kind === 'note' ? undefined : status, newIssue)
    }
  }
  return { busy, failed, stopped, letGo: () => setStopped(undefined), send }
}
