import { createEffect, on } from 'solid-js'
import { NOBODY } from './answering.ts'
import { api, call, wordsOf } from './api.ts'
import type { Draft } from './drafts.ts'
import { complain } from './toasts.ts'

/** A draft as it turns into another kind: who gets a mail that is passed on is new, and its files are its own. */
export function turned(draft: Draft, kind: Draft['kind']): Draft {
  if (kind === draft.kind) return draft
  if (kind === 'forward') return { ...draft, kind, recipients: NOBODY }
  if (draft.kind !== 'forward' || kind !== 'reply') return { ...draft, kind }
  return { ...withoutCopies(draft), kind, recipients: null }
}

/** A draft that answers, or passes on, another message of its issue; what was written stays. */
export function aboutMessage(draft: Draft, messageId: string): Draft {
  if (draft.messageId === messageId) return draft
  const recipients = draft.kind === 'forward' ? draft.recipients : null
  return { ...withoutCopies(draft), messageId, recipients, from: null, language: null }
}

/** Without the files that were taken along from the message that it passed on. */
function withoutCopies(draft: Draft): Draft {
  const copied = draft.copies?.ids ?? []
  return { ...draft, attachments: draft.attachments.filter(({ id }) => !copied.includes(id)), copies: null }
}

/** Takes the files of a mail along that is passed on, once. */
export function takeFilesAlong(to: {
  draft: () => Draft
  patch: (to: Partial<Draft>) => void
  /** The message that is passed on, once it is known. */
  messageId: () => string | undefined
  isGone: () => boolean
}): void {
  createEffect(
    on([() => to.draft().kind, to.messageId], ([kind, messageId]) => {
      if (kind !== 'forward' || !messageId || to.draft().copies?.of === messageId) return
      to.patch({ messageId, copies: { of: messageId, ids: [] } })
      call(api.messages[':id'].copies.$post({ param: { id: messageId } })).then(
        (files) => {
          const { kind, copies, attachments } = to.draft()
          if (to.isGone() || kind !== 'forward' || copies?.of !== messageId) return
          to.patch({
            attachments: [...attachments, ...files],
            copies: { of: messageId, ids: files.map((file) => file.id) },
          })
        },
        (error) => complain(`The files of the mail could not be taken along. ${wordsOf(error)}`),
      )
    }),
  )
}
