import type { Case, Finding } from './finding.ts'

/** What may be of use beside the answer. */
export const furtherChecks: ((one: Case) => Finding | null)[] = [archive, doubleSent]

function archive({ question: { needsArchive } }: Case): Finding | null {
  if (!needsArchive) return null
  return {
    code: 'ARCHIVE',
    verdict: 'possible',
    says: 'The online archive comes with auto-mapping, or with the mailbox as a second account. "Open these additional mailboxes" does not show it.',
    evidence: 'The archive was asked for.',
    fix: {
      commands: [],
      manualSteps: [
        'Turn auto-mapping on, add the mailbox as an account, or open it in Outlook on the web as another mailbox.',
      ],
    },
  }
}

function doubleSent({ question: { copiesByRegistry }, mailbox, identity }: Case): Finding | null {
  if (!copiesByRegistry || !mailbox.MessageCopyForSentAsEnabled) return null
  const manualSteps = ['Take DelegateSentItemsStyle out of the registry of the computer: the server keeps the copies.']
  return {
    code: 'DOUBLE_SENT',
    verdict: 'cause',
    says: `What is sent as ${identity} is in its Sent Items twice, and not in the sender's.`,
    evidence: 'DelegateSentItemsStyle is 1 and MessageCopyForSentAsEnabled is true.',
    fix: { commands: [], manualSteps },
  }
}
