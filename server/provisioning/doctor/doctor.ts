import { openAutoMapping } from '../auto-mapping.ts'
import { BadInput, unwritable } from '../bad-input.ts'
import { accountOf, addressOf, openDirectory, userOf } from '../directory.ts'
import { isMemberOf } from '../membership.ts'
import { mailboxGrants } from '../permission.ts'
import type { Snapshot } from '../snapshot.ts'
import { isAdvertised } from './autodiscover.ts'
import { accessChecks } from './doctor-access.ts'
import { furtherChecks } from './doctor-further.ts'
import { domainsOf, missingChecks } from './doctor-mapping.ts'
import { unwantedChecks } from './doctor-unwanted.ts'
import type { Case, Finding, Question } from './finding.ts'

export type Diagnosis = {
  /** The first cause; without one, what is possible, or that it is not known. */
  headline: Finding | null
  /** Every check in its order, those that found nothing too. */
  findings: Finding[]
}

/**
 * Why somebody does not see the shared mailbox in Outlook, or sees it and should not, from all the evidence there is.
 * @throws BadInput where the mailbox is not there or the user's name could be several people's
 */
export function diagnose(snapshot: Snapshot, question: Question): Diagnosis {
  try {
    return examine(snapshot, question)
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput([unwritable(error)])
  }
}

/** The domains whose Autodiscover is worth asking DNS about; none where nobody is found. */
export function domainsInQuestion(snapshot: Snapshot, question: Question): string[] {
  try {
    const one = openCase(snapshot, question)
    return 'code' in one ? [] : domainsOf(one)
  } catch {
    // What is wrong with the question is said by who answers it.
    return []
  }
}

function examine(snapshot: Snapshot, question: Question): Diagnosis {
  const one = openCase(snapshot, question)
  if ('code' in one) return { headline: one, findings: [one] }
  const checks = question.symptom === 'unwanted' ? unwantedChecks : [...accessChecks, ...missingChecks]
  const findings = [...checks, ...furtherChecks].flatMap((check) => check(one) ?? [])
  const first = (verdict: Finding['verdict']) => findings.find((finding) => finding.verdict === verdict)
  return { headline: first('cause') ?? unknownFirst(findings) ?? first('possible') ?? null, findings }
}

/** That nobody knows is a better answer than one of many possibilities. */
const unknownFirst = (findings: Finding[]) =>
  findings.find(({ code, verdict }) => verdict === 'unknown' && code.startsWith('UNKNOWN'))

function openCase(snapshot: Snapshot, question: Question): Case | Finding {
  const { mailbox } = snapshot
  if (mailbox === null) throw refuse('NOT_FOUND', 'mailbox', 'The snapshot says that there is no such mailbox.')
  const directory = openDirectory(snapshot)
  const resolved = directory.resolve(question.user)
  if (resolved.is === 'ambiguous') {
    throw refuse(
      'AMBIGUOUS_IDENTITY',
      question.user,
      `${question.user} matches ${resolved.matches.join(' and ')}. Write the address of one.`,
    )
  }
  if (resolved.is === 'unknown') return notFound(question.user)
  const { recipient, key } = resolved
  const grants = mailboxGrants(snapshot)
  const isOwn = (who: string) => {
    const holder = directory.resolve(who)
    return holder.is === 'found' && holder.key === key
  }
  const mapping = openAutoMapping(snapshot, directory)(key)
  const history = historyOf(snapshot, (user) => isOwn(user))
  return {
    question,
    snapshot,
    mailbox,
    directory,
    identity: mailbox.PrimarySmtpAddress || mailbox.UserPrincipalName || mailbox.Identity || '',
    user: snapshot.platform === 'onprem' ? accountOf(recipient, directory.domain) : userOf(recipient),
    address: addressOf(recipient),
    recipient,
    own: grants.filter(({ who }) => isOwn(who)),
    byGroup: grants.filter(({ who }) => !isOwn(who) && isMemberOf(recipient, who, directory)),
    mapping,
    advertised: advertisedBy(question, mapping, mailbox),
    changedAt: history.changedAt,
    turnedOff: history.turnedOff || (mapping.source === 'ledger' && mapping.state === 'off'),
  }
}

function advertisedBy(
  { answer }: Question,
  { state, source }: Case['mapping'],
  mailbox: Case['mailbox'],
): boolean | null {
  if (answer?.is === 'settings') return isAdvertised(answer.mailboxes, mailbox)
  if (answer || !/^(autodiscover|pasted)/.test(source)) return null
  return state === 'unknown' ? null : state === 'on'
}

/** What we ourselves did about the user, or about everybody at once. */
function historyOf({ ledger }: Snapshot, isOwn: (user: string) => boolean) {
  const own = ledger
    .filter(({ user, did }) => did === 'cleared automapping' || (user && isOwn(user)))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const last = own.at(-1)
  return {
    changedAt: last ? Date.parse(last.at) : null,
    turnedOff: last?.did === 'cleared automapping' || (last?.did === 'granted' && last.autoMapping === false),
  }
}

function notFound(user: string): Finding {
  const manualSteps = [`Check how ${user} is written, or collect again with -User ${user}.`]
  return {
    code: 'USER_NOT_ELIGIBLE',
    verdict: 'cause',
    says: `There is no recipient ${user} in the snapshot. A delegate needs a mailbox in the organisation.`,
    evidence: 'Nobody of that name was found.',
    fix: { commands: [], manualSteps },
  }
}

function refuse(code: string, subject: string, message: string): BadInput {
  return new BadInput([{ code, subject, message }])
}
