import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Failure, type Message, messages } from '../../db/schema.ts'
import { change } from './issue.ts'
import { issueOfThread } from './message.ts'

type Bounced = NonNullable<Message['extras']['bounced']>

/**
 * A mail of ours did not arrive. It is shown at that mail; where it never will arrive, the issue comes back to who wrote
 * it, since nobody waits for an answer to it.
 * @param by the message that says so
 */
export async function markBounced(
  tx: Tx,
  message: Message,
  failure: Failure,
  by: Pick<Message, 'id' | 'at'>,
  now: number,
): Promise<Message> {
  const bounced = worse(message.extras.bounced, { ...failure, at: by.at, messageId: by.id })
  const extras = { ...message.extras, bounced }
  await tx.update(messages).set({ extras }).where(eq(messages.id, message.id))
  const { issue } = await issueOfThread(tx, message.threadId)
  const back = failure.kind === 'hard' && (issue.status === 'waiting' || issue.status === 'done')
  const nobody = issue.assigneeId === null && issue.teamId === null
  await change(
    tx,
    issue,
    {
      ...(back ? { status: 'open', waitingSince: by.at } : {}),
      ...(back && nobody && message.authorId ? { assigneeId: message.authorId } : {}),
    },
    {
      action: 'bounced',
      detail: { messageId: message.id, bounceId: by.id, kind: failure.kind, status: failure.status },
    },
    now,
  )
  return { ...message, extras }
}

/** Servers report recipient by recipient, and a delay before they give up. */
export function worse(before: Bounced | undefined, now: Bounced): Bounced {
  if (!before) return now
  const recipients = [...new Set([...before.recipients, ...now.recipients])]
  if (before.kind === now.kind) return { ...now, recipients }
  // A delay of one says nothing about the others that failed, and who failed is delayed no more.
  return before.kind === 'hard' ? before : now
}
