import { domainOf, isFreeMail, labelOf, nameFromLabel } from '../../issues/domain.ts'
import { nameKey } from '../../people/names.ts'
import { type Reading, reading } from './certainty.ts'

/** An organization that a mail may come from; `id`: it is known here; `renames`: by its domain alone, and this is its name. */
export type ReadOrganization = { id: string | null; name: string; domain: string | null; renames: boolean }

/** A signature stands among so many last lines. */
const LAST_LINES = 15
const MAX_NAME = 80

/**
 * The organization of a sender who is not known yet: its name as the signature writes it, or as the domain does. Only
 * offered. Of free mail nothing is said.
 */
export function readOrganization(from: string, text: string): Reading<ReadOrganization>[] {
  const domain = domainOf(from)
  const label = labelOf(domain)
  if (!from.includes('@') || isFreeMail(domain) || !label) return []
  const squeezed = label.replace(/[^\p{L}\p{N}]/gu, '')
  const line = text
    .trimEnd()
    .split('\n')
    .slice(-LAST_LINES)
    .map((one) => one.trim())
    .find((one) => one.length <= MAX_NAME && !/[@?!:]|www\./i.test(one) && isNamed(one, squeezed))
  const why = line ? 'The signature and the domain of the sender agree.' : 'Taken from the domain of the sender.'
  const name = line ?? nameFromLabel(label)
  return [reading({ id: null, name, domain, renames: false }, line ?? from, [why], '')]
}

/** Whether a line is the name of a domain: Port of Tacoma of tacoma, portoftacoma or pot. */
function isNamed(line: string, label: string): boolean {
  if (label.length < 3 || !/^\p{Lu}/u.test(line)) return false
  const words = nameKey(line)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  if (words.length === 0 || words.length > 8) return false
  const whole = words.join('')
  return (
    words.includes(label) ||
    whole.startsWith(label) ||
    (words.length > 2 && words.map((word) => word[0]).join('') === label)
  )
}
