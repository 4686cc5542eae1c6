import { createSignal } from 'solid-js'
import type { createAnswering } from './answering.ts'
import { ApiError, type Crossed as Crossing, wordsOf } from './api.ts'
import type { createSaving } from './draft-saving.ts'
import { type Draft, isEmpty, newDraft } from './drafts.ts'
import { clock, dayName } from './format.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { sendForward, sendNew, sendNote, sendReply } from './send-draft.ts'
import { takeBack } from './take-back.ts'
import { say } from './toasts.ts'

type Status = 'waiting' | 'done'
type Held = { messageId: string; heldMs: number; sendAt: number | null }

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
  /** What stands below, once it is known. */
  signature: () => Promise<string>
  isGone: () => boolean
  onSent: () => void
  onClose: (sent?: Status, issueId?: string) => void
}) {
  const { issueId, draft, answering, saving } = to
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<ApiError>()
  const [stopped, setStopped] = createSignal<{ by: Crossing; status: Status; sendAt: number | null }>()

  /** @param sendAt when it is to go out, in ms since the epoch; null: at once */
  const send = async (status: Status, sendAt: number | null = null) => {
    const now = draft()
    setBusy(true)
    setFailed(undefined)
    setStopped(undefined)
    try {
      await saving.hold()
      if (now.kind === 'note') {
        await sendNote(issueId ?? '', now)
        sent(now, status)
        return
      }
      // Who types faster than the server says whom this answers is not kept from sending.
      if (issueId !== null && !answering.proposed()) await answering.answering.refetch({ cancelRefetch: false })
      const { recipients, from, mailbox, proposed } = answering
      const signature = await to.signature()
      const mail = { recipients: recipients(), from: from(), signature, sendAt }
      if (issueId === null) {
        const held = await sendNew(now, { ...mail, mailboxId: mailbox()?.mailboxId ?? '' }, status)
        sent(now, status, { ...held, sendAt }, held.issueId)
      } else {
        const handOver = now.kind === 'forward' ? sendForward : sendReply
        const held = await handOver(issueId, now, { ...mail, messageId: proposed()?.messageId }, status)
        sent(now, status, { ...held, sendAt })
      }
    } catch (error) {
      if (error instanceof ApiError && error.crossed) setStopped({ by: error.crossed, status, sendAt })
      else setFailed(error instanceof ApiError ? error : new ApiError(wordsOf(error), 0, new Map()))
    } finally {
      saving.release()
      setBusy(false)
    }
  }
  const sent = (now: Draft, status: Status, held?: Held, newIssue?: string) => {
    to.onSent()
    if (held) {
      void saving.settle()
      const words = `${status === 'done' ? 'Done. ' : ''}${goesOut(held)}`
      const isHeld = held.sendAt !== null || held.heldMs > 0
      if (!isHeld) say(words)
      else if (held.sendAt === null) say(words, () => void takeBack(held.messageId), held.heldMs)
      else say(words, () => void takeBack(held.messageId))
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

function goesOut({ heldMs, sendAt }: Held): string {
  if (sendAt !== null) return `It goes out ${dayName(sendAt, Date.now())} ${clock(sendAt)}.`
  return heldMs > 0 ? `It goes out in ${Math.round(heldMs / 1000)} seconds.` : 'It is on its way.'
}
