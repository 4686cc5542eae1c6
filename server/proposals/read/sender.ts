import { isFreeMail } from '../free-mail.ts'
import { nameKey } from '../organization.ts'
import { type Reading, reading } from './certainty.ts'

/** An organization that a mail may come from; `id`: it is known here. */
export type ReadOrganization = { id: string | null; name: string; domain: string | null }

/** A signature stands among so many last lines. */
const LAST_LINES = 15
const MAX_NAME = 80
/** Labels under which a country registers names: example.co.uk. */
const SECOND_LEVEL = new Set('co com org net gov gob gouv ac edu gv or admin'.split(' '))
/** Hosts that mail comes from rather than names. */
const HOSTS = new Set('mail email mx smtp www news mailer notify'.split(' '))

/** The name that a domain carries: tacoma of mail.tacoma.example; none of a domain at which anybody has an address. */
function labelOf(domain: string): string | undefined {
  const labels = domain.toLowerCase().split('.').slice(0, -1)
  if (labels.length > 1 && SECOND_LEVEL.has(labels.at(-1)!)) labels.pop()
  const label = labels.at(-1)
  return label && !HOSTS.has(label) ? label : undefined
}

/**
 * The organization of a sender who is not known yet: its name as the signature writes it, or as the domain does. Only
 * offered. Of free mail nothing is said.
 */
export function readOrganization(from: string, text: string): Reading<ReadOrganization>[] {
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase()
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
  const name =
    line ?? label.replace(/(^|-)(\p{L})/gu, (_, dash: string, first: string) => (dash ? ' ' : '') + first.toUpperCase())
  return [reading({ id: null, name, domain }, line ?? from, [why], '')]
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
