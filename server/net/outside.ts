import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Refused } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'

/** An address as the resolver gives it. */
export type Resolved = { address: string; family: number }

export type Outside = {
  /**
   * Gets what an address chosen by somebody else has, as nobody in particular: no cookies, no referrer, and never from our
   * own network. Each redirect is looked at like the first address.
   * @throws Refused where the address may not be opened, is not there, or gives more than it may
   */
  get(url: string, limits?: Partial<Limits>): Promise<Answer>
  /**
   * Tells an address something, once, under the same guard. A redirect is an answer, and not followed: what is told is for
   * the address that was chosen.
   * @throws Refused as `get`
   */
  post(url: string, body: string | Buffer, headers: Record<string, string>): Promise<{ status: number }>
  /**
   * Whether an address could be told something: no request is made.
   * @throws Refused as `get`
   */
  check(url: string): Promise<void>
}

export type Answer = {
  /** Where the redirects ended. */
  url: string
  status: number
  contentType: string
  bytes: Buffer
}

export type Limits = { maxBytes: number; timeoutMs: number; maxRedirects: number; accept: string }

const LIMITS: Limits = { maxBytes: 5 * 1024 * 1024, timeoutMs: 10_000, maxRedirects: 3, accept: '*/*' }
const MAX_URL = 8_000
const REDIRECTS = [301, 302, 303, 307, 308]

/**
 * The way to addresses that other people chose.
 * @param options what tests set: how names are resolved, and which addresses count as public
 */
export function openOutside(
  options: { resolve?: (name: string) => Promise<Resolved[]>; isPublic?: (address: string) => boolean } = {},
): Outside {
  const resolve = options.resolve ?? (async (name) => await lookup(name, { all: true, verbatim: true }))
  const isPublic = options.isPublic ?? isPublicAddress

  /** The addresses of a host, all of them public. A name with one that is not is up to something. */
  async function addressesOf(url: URL): Promise<Resolved[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const found = isIP(host)
      ? [{ address: host, family: isIP(host) }]
      : await resolve(host).catch(() => {
          throw new Refused(`There is no server named ${host}.`)
        })
    if (found.length === 0) throw new Refused(`There is no server named ${host}.`)
    if (!found.every(({ address }) => isPublic(address)))
      throw new Refused(`${host} is not on the public internet. Downfield does not open such addresses for a mail.`)
    return found
  }

  return {
    async get(start, some = {}) {
      const limits = { ...LIMITS, ...some }
      // One clock for names, connections and redirects together.
      const signal = AbortSignal.timeout(limits.timeoutMs)
      let url = checked(start)
      for (let redirects = 0; ; redirects++) {
        const response = await ask(url, await withinTime(addressesOf(url), signal), limits, signal)
        const status = response.statusCode ?? 0
        const location = REDIRECTS.includes(status) ? response.headers.location : undefined
        if (location === undefined) {
          const bytes = await bytesOf(response, limits.maxBytes)
          return { url: url.href, status, contentType: response.headers['content-type'] ?? '', bytes }
        }
        response.destroy()
        if (redirects === limits.maxRedirects) throw new Refused(`${url.host} redirects too often.`)
        url = checked(location, url.href)
      }
    },
    async post(text, body, headers) {
      const signal = AbortSignal.timeout(LIMITS.timeoutMs)
      const url = checked(text)
      const addresses = await withinTime(addressesOf(url), signal)
      const response = await ask(url, addresses, LIMITS, signal, { body, headers })
      // Nobody reads what it says beside its status.
      response.destroy()
      return { status: response.statusCode ?? 0 }
    },
    async check(text) {
      await withinTime(addressesOf(checked(text)), AbortSignal.timeout(LIMITS.timeoutMs))
    },
  }
}

function checked(text: string, base?: string): URL {
  const url = text.length <= MAX_URL && URL.canParse(text, base) ? new URL(text, base) : null
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new Refused('This is not an address of the web.')
  if (url.username || url.password) throw new Refused('Addresses that carry a password are not opened.')
  return url
}

async function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = () => reject(new Refused('It took too long to answer.'))
  if (signal.aborted) late()
  signal.addEventListener('abort', late, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', late)
  }
}

/** One request. The connection goes to the addresses that were checked: the name is not asked for a second time. */
async function ask(
  url: URL,
  addresses: Resolved[],
  limits: Limits,
  signal: AbortSignal,
  post?: { body: string | Buffer; headers: Record<string, string> },
): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_name, options, done) => {
    const [first] = addresses
    if (options.all) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  }
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  const usual = { accept: limits.accept, 'accept-encoding': 'identity', 'user-agent': 'Mozilla/5.0 (compatible)' }
  const length = post && { 'content-length': String(Buffer.byteLength(post.body)) }
  const headers = { ...usual, ...post?.headers, ...length }
  const method = post ? 'POST' : 'GET'
  return await new Promise((answered, failed) => {
    const words = (error: Error) =>
      failed(
        new Refused(signal.aborted ? `${url.host} took too long to answer.` : `${url.host} does not answer.`, {
          cause: error,
        }),
      )
    // Without an agent no connection is kept, or taken over from another request.
    request(url, { method, agent: false, lookup: pinned, headers, signal, maxHeaderSize: 16 * 1024 })
      .on('response', answered)
      .on('error', words)
      .end(post?.body)
  })
}

async function bytesOf(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const tooLarge = () => new Refused(`This is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`)
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw tooLarge()
  }
  try {
    for await (const chunk of response) {
      // The cast: without an encoding a response gives buffers.
      const bytes = chunk as Buffer
      size += bytes.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(bytes)
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused('The answer broke off.', { cause: error })
  }
  return Buffer.concat(chunks)
}
