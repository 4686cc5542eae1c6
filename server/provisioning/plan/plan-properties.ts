import type { Directory } from '../directory.ts'
import type { Params } from '../registry.ts'
import type { Mailbox, Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { planForwarding } from './plan-forwarding.ts'
import { type Note, PHASES, type Step, step } from './step.ts'
import type { Target } from './target.ts'
import type { Wanted } from './wanted.ts'

/** The properties that one Set-Mailbox changes together. */
export function planProperties(
  wanted: Wanted,
  snapshot: Snapshot,
  mailbox: Mailbox,
  directory: Directory,
  { identity }: Target,
): Part {
  const { displayName, copySentAs, copySendOnBehalf, hiddenFromAddressLists } = wanted.mailbox
  const changes: Params = {}
  const why: string[] = []
  const notes: Note[] = []
  if (displayName !== undefined && displayName !== mailbox.DisplayName) {
    changes.DisplayName = displayName
    why.push(`It is called "${mailbox.DisplayName ?? ''}".`)
  }
  if (copySentAs !== undefined && copySentAs !== (mailbox.MessageCopyForSentAsEnabled ?? false)) {
    changes.MessageCopyForSentAsEnabled = copySentAs
    why.push(
      copySentAs
        ? 'A copy of what is sent as the mailbox is kept in it, for all to see.'
        : 'No copy of what is sent as the mailbox is wanted.',
    )
  }
  if (copySendOnBehalf !== undefined && copySendOnBehalf !== (mailbox.MessageCopyForSendOnBehalfEnabled ?? false)) {
    changes.MessageCopyForSendOnBehalfEnabled = copySendOnBehalf
    why.push(
      copySendOnBehalf
        ? 'The same for what is sent on its behalf.'
        : 'No copy of what is sent on its behalf is wanted.',
    )
  }
  const isHidden = mailbox.HiddenFromAddressListsEnabled ?? false
  if (hiddenFromAddressLists !== undefined && hiddenFromAddressLists !== isHidden) {
    if (snapshot.platform === 'exo' && mailbox.IsDirSynced)
      notes.push({ code: 'MANAGED_ON_PREM', subject: 'HiddenFromAddressListsEnabled' })
    else {
      changes.HiddenFromAddressListsEnabled = hiddenFromAddressLists
      why.push(
        hiddenFromAddressLists
          ? 'It is to be hidden from address lists.'
          : 'It is hidden from address lists, where delegates look for it.',
      )
    }
  }
  const hasDelegates = wanted.delegates.some(({ rights }) => rights.length > 0)
  if ((hiddenFromAddressLists ?? isHidden) && hasDelegates) notes.push({ code: 'HIDDEN', subject: identity })
  const forwarding = planForwarding(wanted.mailbox, mailbox, directory, identity)
  Object.assign(changes, forwarding.changes)
  why.push(...forwarding.why)
  const steps: Step[] =
    Object.keys(changes).length > 0
      ? [step(PHASES.properties, 'Set-Mailbox', { Identity: identity, ...changes, Confirm: false }, why.join(' '))]
      : []
  return { steps, notes: [...notes, ...forwarding.notes], blockers: forwarding.blockers }
}
