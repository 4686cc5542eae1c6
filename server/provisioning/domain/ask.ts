import type { Dns } from '../../net/dns.ts'
import type { AskedDomain } from '../doctor/finding.ts'
import { type DomainFinding, judgeDomain, type Where } from './judge.ts'
import { readDomain } from './records.ts'

const MAX_DOMAINS = 10

/** What DNS says of a domain, and what that means for mail and for Outlook. */
export async function askDomain(dns: Dns, domain: string, where: Where): Promise<DomainFinding[]> {
  return judgeDomain(await readDomain(dns, domain), where)
}

/** How Outlook finds its settings in each domain; the first few, since each is a dozen questions. */
export async function askAutodiscover(dns: Dns, domains: readonly string[], where: Where): Promise<AskedDomain[]> {
  const asked = domains.slice(0, MAX_DOMAINS).map(async (domain) => {
    const found = (await askDomain(dns, domain, where)).find(({ code }) => code === 'AUTODISCOVER')
    return found ? [{ domain, autodiscover: found }] : []
  })
  return (await Promise.all(asked)).flat()
}
