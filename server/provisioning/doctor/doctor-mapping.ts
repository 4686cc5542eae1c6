import { linkCommand } from '../checks.ts'
import { type Case, type Finding, grantCommand, hasAce, ok, revokeCommand } from './finding.ts'

const HOUR_MS = 60 * 60_000
/** So long it may take until Outlook shows a mailbox; the usual is an hour. */
const PATIENCE_MS = 24 * HOUR_MS
const MAX_ENTRIES = 32
const DOMAIN = /^[^\s@/]+\.[^\s@/]+$/

/** How anybody can find out what Autodiscover says. */
const EVIDENCE_STEPS = [
  'Ask the user for the XML: hold Ctrl, right-click the icon of Outlook beside the clock, choose "Test E-mail AutoConfiguration", clear both boxes for Guessmart, choose Test, and copy all of the tab XML. Then: downfield exchange doctor --autodiscover FILE.xml',
  'Or grant again with AutoMapping true: where it was on that changes nothing.',
]

/** The checks on what is known of auto-mapping, for a mailbox that does not appear. */
export const missingChecks: ((one: Case) => Finding)[] = [
  linkOff,
  tooEarly,
  autodiscoverBroken,
  domainMismatch,
  notAdvertised,
  limit,
  advertised,
  unknown,
]

const isRecent = ({ changedAt, question }: Case) => changedAt !== null && question.now - changedAt < PATIENCE_MS
const isSettled = ({ changedAt, question }: Case) => changedAt !== null && question.now - changedAt >= PATIENCE_MS
const time = (at: number) => new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z')

function linkOff(one: Case): Finding {
  const code = 'LINK_OFF'
  const fix = { commands: [grantCommand(one)], manualSteps: ['Then wait an hour, and start Outlook again.'] }
  const says = `Auto-mapping is off for ${one.address}. A second grant turns it on; access stays throughout.`
  const { mapping } = one
  if (!hasAce(one)) return ok(code, 'Without a grant of their own there is no mark to look at.')
  if (one.advertised === true) return ok(code, 'Autodiscover names the mailbox.')
  if (mapping.state === 'off' && mapping.source === 'ad') {
    return {
      code,
      verdict: 'cause',
      says,
      evidence: 'msExchDelegateListLink of the mailbox does not name the user.',
      fix,
    }
  }
  if (mapping.state === 'on' && mapping.source === 'ad') return ok(code, 'The directory has the link.')
  if (one.turnedOff)
    return { code, verdict: 'cause', says, evidence: 'It was granted without auto-mapping, or cleared after.', fix }
  if (one.advertised === false && isSettled(one)) {
    return {
      code,
      // Who is denied by a group is not named either, and who is in it is often not known.
      verdict: deniesByGroup(one) ? 'possible' : 'cause',
      says,
      evidence: 'Autodiscover does not name the mailbox, more than 24 hours after the last change.',
      fix,
    }
  }
  if (one.advertised === false && one.changedAt === null) {
    return {
      code,
      verdict: 'possible',
      says: `Auto-mapping may be off for ${one.address}. A second grant turns it on and changes nothing else.`,
      evidence: 'Autodiscover does not name the mailbox; when access was granted is not known.',
      fix,
    }
  }
  return ok(code, 'Nothing says that auto-mapping is off.')
}

/** Whether a right that is inherited keeps some group out, as it does on premises for administrators. */
function deniesByGroup({ snapshot }: Case): boolean {
  return (snapshot.mailboxPermissions ?? []).some(
    (row) => row.Deny && row.IsInherited && row.AccessRights.includes('FullAccess'),
  )
}

function tooEarly(one: Case): Finding {
  const code = 'TOO_EARLY'
  if (!isRecent(one) || one.advertised === true || one.turnedOff) return ok(code, 'It is not a matter of waiting.')
  const until = time((one.changedAt ?? 0) + PATIENCE_MS)
  const verdict = one.advertised === false ? 'cause' : 'possible'
  return {
    code,
    verdict,
    says: `It can take 24 hours to appear, usually one. Wait until ${until}.`,
    evidence: `The last change was at ${time(one.changedAt ?? 0)}.`,
    fix: { commands: [], manualSteps: [`Start Outlook again, and ask again after ${until}.`] },
  }
}

function autodiscoverBroken({ question: { answer } }: Case): Finding {
  const code = 'AUTODISCOVER_BROKEN'
  if (answer?.is !== 'failed') return ok(code, answer ? 'Autodiscover answered.' : 'Nobody asked Autodiscover.')
  // Our own question may fail where Outlook's does not, so this alone proves nothing.
  return {
    code,
    verdict: 'unknown',
    says: 'Autodiscover did not give an answer that can be read, so whether auto-mapping is on is not known.',
    evidence: answer.reason,
    fix: {
      commands: ['Get-ClientAccessService | Format-List Name,AutoDiscoverServiceInternalUri'],
      manualSteps: [
        'Open "Test E-mail AutoConfiguration" in Outlook and look at its tab Log: each address it tries, and what came back.',
      ],
    },
  }
}

/** The domains that Outlook needs Autodiscover for: those of the user, the mailbox and the computer. */
export function domainsOf({ question, address, mailbox }: Pick<Case, 'question' | 'address' | 'mailbox'>): string[] {
  const addresses = [address, mailbox.PrimarySmtpAddress ?? ''].map((one) => one.split('@')[1] ?? '')
  const all = [...addresses, question.computerDomain?.trim() ?? ''].map((one) => one.toLowerCase())
  return [...new Set(all.filter((domain) => DOMAIN.test(domain)))]
}

function domainMismatch(one: Case): Finding {
  const code = 'DOMAIN_MISMATCH'
  const all = domainsOf(one)
  const asked = all.flatMap((domain) => one.question.domains?.find((known) => known.domain === domain) ?? [])
  const broken = asked.filter(({ autodiscover: { verdict } }) => verdict === 'missing' || verdict === 'wrong')
  const evidence = asked.map(({ autodiscover }) => autodiscover.evidence).filter(Boolean)
  if (all.length < 2 && broken.length === 0)
    return ok(code, 'User, mailbox and computer share one domain.', [...all, ...evidence].join('; '))
  const isFine = asked.length === all.length && asked.every(({ autodiscover }) => autodiscover.verdict === 'ok')
  if (isFine) return ok(code, `There are several domains, and Outlook finds its settings in each.`, evidence.join('; '))
  const isAsked = (domain: string) => asked.some((known) => known.domain === domain)
  const manualSteps = [
    ...asked.flatMap(({ autodiscover: { whatToDo } }) => whatToDo || []),
    ...all
      .filter((domain) => !isAsked(domain))
      .map(
        (domain) =>
          `Check that autodiscover.${domain} exists: a CNAME to autodiscover.outlook.com for Exchange Online, the server on premises in a hybrid organisation.`,
      ),
    'In the registry of the computer, under Office\\16.0\\Outlook\\AutoDiscover, look for values that begin with Exclude, and for PreferLocalXML.',
  ]
  const says =
    broken.length > 0
      ? broken.map(({ autodiscover }) => autodiscover.says).join(' ')
      : 'User, mailbox and computer are in several domains, and each needs working Autodiscover.'
  // Newer Outlook asks Exchange Online itself first, whatever the DNS of the one domain says.
  const isSure = broken.length > 0 && (all.length > 1 || one.snapshot.platform === 'onprem')
  return {
    code,
    verdict: isSure ? 'cause' : 'possible',
    says,
    evidence: evidence.length > 0 ? evidence.join('; ') : all.join(', '),
    fix: { commands: [], manualSteps },
  }
}

function notAdvertised(one: Case): Finding {
  const code = 'LINK_ON_NOT_ADVERTISED'
  const isLinked = one.mapping.state === 'on' && one.mapping.source === 'ad'
  if (!isLinked || one.advertised !== false || isRecent(one))
    return ok(code, 'Directory and Autodiscover do not contradict each other.')
  const commands = [revokeCommand(one), grantCommand(one)]
  return {
    code,
    // Autodiscover tells of a mark late: only after 24 hours its silence means something.
    verdict: isSettled(one) ? 'cause' : 'possible',
    says: 'The directory has the link, but Autodiscover does not name the mailbox. Grants that were migrated behave so.',
    evidence: 'msExchDelegateListLink names the user; the answer of Autodiscover has no such AlternativeMailbox.',
    fix: {
      commands,
      manualSteps: [
        ...(isSettled(one)
          ? []
          : ['When access was granted is not known: if that was within the last 24 hours, wait first.']),
        'Run both commands together: between them the user has no access.',
        'With accounts of another forest, grant in the shell to the object of the forest that holds the mailbox.',
      ],
    },
  }
}

function limit({ question: { answer } }: Case): Finding {
  const code = 'LIMIT_32'
  const entries = answer?.is === 'settings' ? answer.mailboxes.length : 0
  if (entries <= MAX_ENTRIES) return ok(code, 'The user has not too many mailboxes, as far as is known.')
  return {
    code,
    verdict: 'possible',
    says: `Outlook shows the first ${MAX_ENTRIES} entries alone, and an archive counts as one more.`,
    evidence: `Autodiscover names ${entries}.`,
    fix: { commands: [], manualSteps: ['Turn auto-mapping off for mailboxes that this user does not need open.'] },
  }
}

function advertised(one: Case): Finding {
  const code = 'ADVERTISED_CLIENT_SIDE'
  if (one.advertised !== true) return ok(code, 'Autodiscover is not known to name the mailbox.')
  return {
    code,
    verdict: 'cause',
    says: `The server is right: it tells Outlook of ${one.address} to open the mailbox. What is wrong is on the computer.`,
    evidence: 'The answer of Autodiscover names the mailbox.',
    fix: {
      commands: [],
      manualSteps: [
        'Start Outlook again.',
        'Check that the profile is of this account.',
        'Update Outlook.',
        'Make a new profile.',
        'With more than five to ten mailboxes Outlook gets slow: wait a while, or turn some off.',
      ],
    },
  }
}

function unknown(one: Case): Finding {
  const code = one.snapshot.platform === 'exo' ? 'UNKNOWN_EXO' : 'UNKNOWN_ONPREM'
  // That we granted it with auto-mapping doesn't say that it worked.
  const isSeen = one.mapping.state !== 'unknown' && one.mapping.source !== 'ledger'
  const isKnown = one.advertised !== null || one.turnedOff || isSeen || isRecent(one) || !hasAce(one)
  if (isKnown) return ok(code, 'There is evidence.')
  const commands = one.snapshot.platform === 'exo' ? [] : [linkCommand(one.mailbox.DistinguishedName || one.identity)]
  const says =
    one.snapshot.platform === 'exo'
      ? 'Exchange Online has no command that shows auto-mapping, and there is no other evidence: whether it is on is not known.'
      : 'The link in the directory was not read, so whether auto-mapping is on is not known.'
  return {
    code,
    verdict: 'unknown',
    says,
    evidence: 'No answer of Autodiscover, no link, no record of ours.',
    fix: { commands, manualSteps: EVIDENCE_STEPS },
  }
}
