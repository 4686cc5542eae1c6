import type { Event, WriteBack } from '../../../db/schema.ts'
import type { WriteBackAct } from '../../../db/vocabulary.ts'

/** What an event means for the mails of its issue on the server; nothing, for most. */
export function actsOf({ action, memberId, detail }: Event, { seen, answered, moveDoneTo }: WriteBack): WriteBackAct[] {
  const acts: WriteBackAct[] = []
  const isHandled = memberId !== null && ['assigned', 'status_changed', 'noted', 'replied'].includes(action)
  if (seen && isHandled) acts.push('seen')
  // Only what a server took is an answer.
  if (answered && action === 'sent') acts.push('answered')
  if (moveDoneTo !== null && action === 'status_changed' && detail.to === 'done') acts.push('move')
  return acts
}
