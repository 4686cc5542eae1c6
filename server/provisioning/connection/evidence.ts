import { addressOf, isGroup, openDirectory } from '../directory.ts'
import { type AutodiscoverAnswer, isAdvertised } from '../doctor/autodiscover.ts'
import { directOf, isBuiltIn, mailboxGrants } from '../permission.ts'
import type { Snapshot } from '../snapshot.ts'

export type Evidence = Snapshot['autoMapping'][number]
/** Who can say what a mailbox is marked with. */
export type Witnesses = {
  /** What Outlook of an address is told, and by which protocol. */
  ask?: (address: string) => Promise<{ answer: AutodiscoverAnswer; source: string }>
  /** Whom the link in the directory names, by their distinguished names; null where it could not be read. */
  links?: (mailboxDn: string) => Promise<string[] | null>
}

/** Delegates beyond these are not asked about one by one. */
const MAX_ASKED = 50

/**
 * For whom the mailbox appears by itself, as far as anybody can tell. What could not be asked is left out: that is
 * "not known", and never "off".
 */
export async function gatherEvidence(snapshot: Snapshot, { ask, links }: Witnesses, now: number): Promise<Evidence[]> {
  const { mailbox } = snapshot
  if (!mailbox) return []
  const at = new Date(now).toISOString()
  const directory = openDirectory(snapshot)
  const people = directOf(mailboxGrants(snapshot))
    .filter((grant) => !grant.deny && grant.rights.includes('FullAccess') && !isBuiltIn(grant))
    .flatMap(({ who }) => {
      const resolved = directory.resolve(who)
      return resolved.is === 'found' && !isGroup(resolved.recipient) ? [resolved.recipient] : []
    })
  const evidence: Evidence[] = []
  const named = links && mailbox.DistinguishedName ? await links(mailbox.DistinguishedName) : null
  if (named) {
    const lower = named.map((dn) => dn.toLowerCase())
    for (const person of people) {
      if (!person.DistinguishedName) continue
      const state = lower.includes(person.DistinguishedName.toLowerCase()) ? 'on' : 'off'
      evidence.push({ user: addressOf(person), state, source: 'ad', at })
    }
  }
  if (!ask) return evidence
  for (const person of people.slice(0, MAX_ASKED)) {
    const { answer, source } = await ask(addressOf(person))
    if (answer.is !== 'settings') continue
    const state = isAdvertised(answer.mailboxes, mailbox) ? 'on' : 'off'
    evidence.push({ user: addressOf(person), state, source, at })
  }
  return evidence
}
