import { commandLine } from '../command-line.ts'
import { type Case, type Finding, grantCommand, hasAce, ok, revokeCommand } from './finding.ts'

/** The checks for a mailbox that appears and should not. */
export const unwantedChecks: ((one: Case) => Finding)[] = [staleLink, wantedOff]

function staleLink(one: Case): Finding {
  const code = 'STALE_LINK'
  const isOn = one.advertised === true || one.mapping.state === 'on'
  if (hasAce(one) || !isOn) return ok(code, 'No mark stands without a grant.')
  const { mailbox, recipient, identity, snapshot } = one
  const canLink = snapshot.platform === 'onprem' && mailbox.DistinguishedName && recipient.DistinguishedName
  const commands = canLink
    ? [
        commandLine('Set-ADUser', {
          Identity: mailbox.DistinguishedName!,
          Remove: ['msExchDelegateListLink', recipient.DistinguishedName!],
        }),
      ]
    : [commandLine('Remove-MailboxPermission', { Identity: identity, ClearAutoMapping: true, Confirm: false })]
  const manualSteps = canLink
    ? []
    : ['This takes the mark from everybody. Grant again, with AutoMapping true, to those who keep it.']
  return {
    code,
    verdict: 'cause',
    says: `${one.address} has no access any more, but the mark stayed behind.`,
    evidence:
      one.mapping.source === 'ad'
        ? 'msExchDelegateListLink still names the user.'
        : 'Autodiscover still names the mailbox.',
    fix: { commands, manualSteps },
  }
}

function wantedOff(one: Case): Finding {
  const code = 'WANTED_OFF'
  if (!hasAce(one)) return ok(code, `${one.address} has no grant.`)
  return {
    code,
    verdict: 'cause',
    says: `The mailbox appears because of the grant, and ${one.address} can't close it. To keep access without it, take the right and give it again without auto-mapping.`,
    evidence:
      one.mapping.state === 'unknown'
        ? 'There is a grant; auto-mapping is on unless it was given without.'
        : `Auto-mapping is ${one.mapping.state} (${one.mapping.source}).`,
    fix: {
      commands: [revokeCommand(one), grantCommand(one, false)],
      manualSteps: ['Run both commands together: between them the user has no access.'],
    },
  }
}
