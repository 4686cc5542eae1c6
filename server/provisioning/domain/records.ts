import type { Dns, DnsAnswer, Mx, Srv } from '../../net/dns.ts'

/** What DNS says about a domain that mail and Outlook need. */
export type DomainRecords = {
  domain: string
  mx: DnsAnswer<Mx>
  /** All texts at the domain; one of them is SPF. */
  txt: DnsAnswer<string>
  /** The keys by which Exchange Online signs. */
  dkim: { name: string; answer: DnsAnswer<string> }[]
  /** DMARC of the domain, or where it has none that of the domain above it (RFC 7489, section 6.6.3). */
  dmarc: { name: string; answer: DnsAnswer<string> }
  autodiscover: { cname: DnsAnswer<string>; addresses: DnsAnswer<string>; srv: DnsAnswer<Srv> }
}

const SELECTORS = ['selector1', 'selector2']

/** Asks DNS all that concerns one domain. */
export async function readDomain(dns: Dns, domain: string): Promise<DomainRecords> {
  const autodiscover = `autodiscover.${domain}`
  const [mx, txt, dkim, dmarc, cname, addresses, srv] = await Promise.all([
    dns.mx(domain),
    dns.txt(domain),
    Promise.all(
      SELECTORS.map(async (selector) => {
        const name = `${selector}._domainkey.${domain}`
        return { name, answer: await dns.cname(name) }
      }),
    ),
    dmarcOf(dns, domain),
    dns.cname(autodiscover),
    dns.addresses(autodiscover),
    dns.srv(`_autodiscover._tcp.${domain}`),
  ])
  return { domain, mx, txt, dkim, dmarc, autodiscover: { cname, addresses, srv } }
}

async function dmarcOf(dns: Dns, domain: string): Promise<DomainRecords['dmarc']> {
  const name = `_dmarc.${domain}`
  const answer = await dns.txt(name)
  const above = domain.split('.').slice(1)
  // Without a list of public suffixes the domain above is asked where it may be one that somebody owns.
  if (answer.is !== 'none' || above.length < 2) return { name, answer }
  const inherited = `_dmarc.${above.join('.')}`
  const found = await dns.txt(inherited)
  return found.is === 'found' ? { name: inherited, answer: found } : { name, answer }
}
