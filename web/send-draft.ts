import { ApiError, api, call } from './api.ts'
import type { Draft } from './drafts.ts'

type Recipients = NonNullable<Draft['recipients']>
/** Where an answer goes. */
type Answer = Mail & { messageId: string | undefined }
/** What every mail has beside its draft: `sendAt` in ms since the epoch, at once without it. */
type Mail = { recipients: Recipients; from: string; signature: string; sendAt: number | null }
type Status = 'waiting' | 'done'
type Held = { messageId: string; heldMs: number }

/** Adds the note of a draft to its issue. */
export async function sendNote(issueId: string, draft: Draft): Promise<void> {
  const json = { id: draft.noteId, text: draft.note.trim() }
  await call(api.issues[':id'].notes.$post({ param: { id: issueId }, json }))
}

/** Hands the answer of a draft over to be sent. */
export async function sendReply(issueId: string, draft: Draft, answer: Answer, status: Status): Promise<Held> {
  const json = { ...mailOf(draft, answer), messageId: known(answer), quote: draft.quote, status, seen: draft.seen }
  return await call(api.issues[':id'].replies.$post({ param: { id: issueId }, json }))
}

/** Hands over a mail that is passed on. Where the issue is not done with it, it stays as it stands. */
export async function sendForward(issueId: string, draft: Draft, answer: Answer, status: Status): Promise<Held> {
  const json = {
    ...mailOf(draft, answer),
    messageId: known(answer),
    status: status === 'done' ? status : null,
    seen: draft.seen,
  }
  return await call(api.issues[':id'].forwards.$post({ param: { id: issueId }, json }))
}

/** Hands over a mail that begins an issue. */
export async function sendNew(
  draft: Draft,
  { mailboxId, ...where }: Mail & { mailboxId: string },
  status: Status,
): Promise<Held & { issueId: string }> {
  const json = { ...mailOf(draft, where), mailboxId, subject: draft.subject, status }
  return await call(api.issues.$post({ json }))
}

/** What every mail has. */
function mailOf(draft: Draft, { recipients, from, signature, sendAt }: Mail) {
  const { id, plain, text, html, remindAfterMs = null, language = null } = draft
  return {
    id,
    ...recipients,
    ...(from ? { from } : {}),
    ...(plain ? { text: text.trimEnd() } : { html }),
    signature,
    ...(language === null ? {} : { language }),
    ...(sendAt === null ? {} : { sendAt }),
    ...(remindAfterMs === null ? {} : { remindAfterMs }),
    attachments: draft.attachments.map((file) => file.id),
  }
}

function known({ messageId }: Answer): string {
  if (messageId !== undefined) return messageId
  throw new ApiError('Whom this answers is not known yet. Try again in a moment.', 0, new Map())
}
