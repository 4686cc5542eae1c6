import { Resolver } from 'node:dns/promises'
import { domainToASCII } from 'node:url'

/** What DNS says to one question. `none`: there is no such record; `isThere` says whether the name has any other. */
export type DnsAnswer<T> =
  | { is: 'found'; records: T[] }
  | { is: 'none'; isThere: boolean }
  /** Nobody can tell: the servers did not answer, or could not. */
  | { is: 'failed'; reason: string }

export type Mx = { exchange: string; priority: number }
export type Srv = { name: string; port: number }

/** Questions to DNS. Names come back in lower case and without the dot at their end; an answer is never an error. */
export type Dns = {
  mx(name: string): Promise<DnsAnswer<Mx>>
  /** Each record whole, however many strings it is cut into (RFC 7208, section 3.3). */
  txt(name: string): Promise<DnsAnswer<string>>
  cname(name: string): Promise<DnsAnswer<string>>
  srv(name: string): Promise<DnsAnswer<Srv>>
  /** Addresses of version 4 or 6. */
  addresses(name: string): Promise<DnsAnswer<string>>
}

const TIMEOUT_MS = 2_000
const TRIES = 2

/**
 * DNS as this machine asks it.
 * @param servers addresses of servers, with a port where it is not 53; none: those of the system
 */
export function openDns(servers?: readonly string[]): Dns {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  if (servers && servers.length > 0) resolver.setServers(servers)
  return {
    mx: (name) =>
      asked(async () => {
        const found = await resolver.resolveMx(ascii(name))
        return found
          .map(({ exchange, priority }) => ({ exchange: bare(exchange), priority }))
          .sort((a, b) => a.priority - b.priority)
      }),
    txt: (name) => asked(async () => (await resolver.resolveTxt(ascii(name))).map((strings) => strings.join(''))),
    cname: (name) => asked(async () => (await resolver.resolveCname(ascii(name))).map(bare)),
    srv: (name) =>
      asked(async () =>
        (await resolver.resolveSrv(ascii(name))).map(({ name: host, port }) => ({ name: bare(host), port })),
      ),
    async addresses(name) {
      const v4 = await asked(() => resolver.resolve4(ascii(name)))
      return v4.is === 'none' ? await asked(() => resolver.resolve6(ascii(name))) : v4
    },
  }
}

async function asked<T>(ask: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const records = await ask()
    return records.length > 0 ? { is: 'found', records } : { is: 'none', isThere: true }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA') return { is: 'none', isThere: true }
    if (code === 'ENOTFOUND') return { is: 'none', isThere: false }
    return { is: 'failed', reason: code ?? String(error) }
  }
}

const bare = (name: string) => name.toLowerCase().replace(/\.$/, '')
/** Names beyond ASCII as DNS has them (RFC 5891); one that is none is asked for as it is, and not found. */
const ascii = (name: string) => domainToASCII(name) || name
