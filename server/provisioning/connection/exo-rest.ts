import { randomUUID } from 'node:crypto'
import { isSafeUrl, retryAfterOf } from '../../mail/sign-in/oauth.ts'
import type { Clock } from '../clock.ts'
import { restBody } from '../rest-body.ts'
import type { AppToken } from './app-token.ts'
import { probe } from './capabilities.ts'
import { type CmdletCall, type CmdletResult, type ExchangeConnection, ExchangeError, isRead } from './connection.ts'
import { classify, isNothingToDo } from './error-kind.ts'
import { limitedText } from './limited-text.ts'

export type ExoRestOptions = {
  /** https://outlook.office365.com, or that of another cloud. */
  exchangeUrl: string
  tokens: (fresh?: boolean) => Promise<AppToken>
  clock: Clock
  platform?: 'exo' | 'onprem'
  kind?: 'exo-rest' | 'simulator'
}

const READ_MS = 100_000
const WRITE_MS = 300_000
const MAX_ANSWER_BYTES = 50_000_000
const MAX_PAGES = 1_000
const MAX_REDIRECTS = 3
const MAX_TRIES = 6
const WAIT_MS = 3_000
const MAX_WAIT_MS = 5 * 60_000
const IN_FLIGHT = 3
/** The mailbox that answers for an app without a user (section 2.1 of the Exchange module's own requests). */
const SYSTEM_MAILBOX = 'SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}'
const MORE_RESULTS = /There are more results available than are currently displayed/i

type Page = { rows: Record<string, unknown>[]; warnings: string[]; next: string | null; requestId: string | null }

/**
 * Exchange Online by the interface that Microsoft's own PowerShell module uses. It is not published: nothing but the
 * module's behaviour says how it answers.
 */
export function openExoRest({
  exchangeUrl,
  tokens,
  clock,
  platform = 'exo',
  kind = 'exo-rest',
}: ExoRestOptions): ExchangeConnection {
  const session = randomUUID()
  let base = exchangeUrl.replace(/\/+$/, '')
  const turn = semaphore(IN_FLIGHT)

  const self: ExchangeConnection = {
    kind,
    platform,
    capabilities: (signal) => probe(self, { documented: false }, signal),
    async invoke(call, signal) {
      // Refuses what must not be sent before anything is.
      const body = JSON.stringify(restBody(call.cmdlet, call.params))
      const startedAt = clock.now()
      return await turn(async () => {
        const result = await whole(call, body, signal)
        return { ...result, unchanged: isNothingToDo(result.warnings), ms: clock.now() - startedAt }
      })
    },
    close: async () => {},
  }
  return self

  /** All pages; from the start once more where the server lost its place. */
  async function whole(
    call: CmdletCall,
    body: string,
    signal?: AbortSignal,
  ): Promise<Omit<CmdletResult, 'unchanged' | 'ms'>> {
    for (let again = false; ; again = true) {
      try {
        return await pages(call, body, signal)
      } catch (error) {
        if (!(error instanceof ExchangeError) || error.kind !== 'PAGING_CURSOR_LOST') throw error
        if (again)
          throw new ExchangeError('PARTIAL_READ', `${call.cmdlet} could not be read to its end.`, { cause: error })
      }
    }
  }

  async function pages(call: CmdletCall, body: string, signal?: AbortSignal) {
    const records: Record<string, unknown>[] = []
    const warnings: string[] = []
    const seen = new Set<string>()
    let url: string | null = null
    for (let count = 0; ; count++) {
      const page: Page = await patiently(call, body, url, signal)
      records.push(...page.rows)
      warnings.push(...page.warnings)
      if (page.next === null) {
        if (
          isRead(call.cmdlet) &&
          warnings.some((warning) => MORE_RESULTS.test(warning)) &&
          call.params.ResultSize !== '1'
        )
          throw new ExchangeError('PARTIAL_READ', `${call.cmdlet} could not be read to its end.`)
        return { records, warnings, requestId: page.requestId }
      }
      if (count >= MAX_PAGES || seen.has(page.next))
        throw new ExchangeError('PARTIAL_READ', `${call.cmdlet} has no end: its pages repeat.`)
      seen.add(page.next)
      url = page.next
    }
  }

  /** A read is asked again. Whether a write is repeated is for whoever keeps the journal to say. */
  async function patiently(call: CmdletCall, body: string, url: string | null, signal?: AbortSignal): Promise<Page> {
    for (let tries = 1; ; tries++) {
      try {
        return await signedIn(call, body, url, signal)
      } catch (error) {
        if (!(error instanceof ExchangeError) || tries >= MAX_TRIES || !isRead(call.cmdlet)) throw error
        if (error.kind !== 'RETRYABLE' && error.kind !== 'UNCERTAIN') throw error
        await clock.sleep(Math.min(error.retryAfterMs ?? WAIT_MS * tries, MAX_WAIT_MS), signal)
      }
    }
  }

  /** A token that was refused is replaced once. */
  async function signedIn(call: CmdletCall, body: string, url: string | null, signal?: AbortSignal): Promise<Page> {
    try {
      return await request(call, body, url, await tokens(), signal)
    } catch (error) {
      if (!(error instanceof ExchangeError) || error.kind !== 'UNAUTHENTICATED') throw error
      return await request(call, body, url, await tokens(true), signal)
    }
  }

  async function request(
    call: CmdletCall,
    body: string,
    url: string | null,
    { token, tenantId }: AppToken,
    signal?: AbortSignal,
  ): Promise<Page> {
    const requestId = randomUUID()
    const first = new URL(`${base}/adminapi/beta/${encodeURIComponent(tenantId)}/InvokeCommand`)
    if (call.select) first.searchParams.set('$select', call.select.join(','))
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
      prefer: 'odata.maxpagesize=1000',
      'x-responseformat': 'json',
      'x-cmdletname': call.cmdlet,
      'x-anchormailbox': `APP:${SYSTEM_MAILBOX}@${tenantId}`,
      'client-request-id': requestId,
      'connection-id': session,
    }
    for (let redirects = 0; ; redirects++) {
      // A redirect moves the host alone.
      const to = new URL(url === null ? first.href : samePlace(url, first))
      to.host = new URL(base).host
      if (!isSafeUrl(to.origin)) throw new ExchangeError('UNREACHABLE', `${to.origin} is not reached over TLS.`)
      const response = await ask(to, { method: 'POST', headers, body, redirect: 'manual' }, call, requestId, signal)
      if (response.location !== null && [301, 302, 303, 307, 308].includes(response.status)) {
        if (redirects >= MAX_REDIRECTS) throw new ExchangeError('UNREACHABLE', `${to.host} redirects too often.`)
        base = regional(response.location, base)
        continue
      }
      return pageOf(response, requestId)
    }
  }

  async function ask(url: URL, init: RequestInit, call: CmdletCall, requestId: string, signal?: AbortSignal) {
    const limit = AbortSignal.timeout(isRead(call.cmdlet) ? READ_MS : WRITE_MS)
    try {
      const response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit })
      return {
        status: response.status,
        location: response.headers.get('location'),
        retryAfterMs: retryAfterOf(response.headers.get('retry-after'), clock.now()),
        exceptionType: response.headers.get('x-exceptiontype'),
        text: await limitedText(response, MAX_ANSWER_BYTES),
      }
    } catch (cause) {
      signal?.throwIfAborted()
      throw new ExchangeError('UNCERTAIN', `${url.host} broke off before it answered.`, { requestId, cause })
    }
  }
}

/** The type of a failure after which the command was certainly not carried out. */
export const THROTTLED = 'throttled'

type Answer = { status: number; text: string; retryAfterMs: number | null; exceptionType: string | null }

function pageOf(answer: Answer, requestId: string): Page {
  const { status, text, retryAfterMs } = answer
  if (status !== 200) {
    const { kind, type, message } = classify(answer)
    const isThrottled = status === 429 || /maximum number of concurrent requests/i.test(message)
    throw new ExchangeError(kind, message, { type: isThrottled ? THROTTLED : type, retryAfterMs, requestId })
  }
  const body = parsed(text)
  if (!body || !Array.isArray(body.value))
    throw new ExchangeError('UNCERTAIN', 'Exchange answered with something that is no answer.', { requestId })
  const next = body['@odata.nextLink']
  const warnings = body['@adminapi.warnings']
  return {
    rows: body.value.map(withoutSidecars),
    warnings: Array.isArray(warnings) ? warnings.map(String) : [],
    next: typeof next === 'string' && next !== '' ? next : null,
    requestId,
  }
}

const SIDECAR = /@(odata|data)\.type$/

function withoutSidecars(row: unknown): Record<string, unknown> {
  if (typeof row !== 'object' || row === null) return {}
  return Object.fromEntries(Object.entries(row).filter(([key]) => !SIDECAR.test(key)))
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // The cast: what is used of it is looked at.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The next page lies where the first one did; anything else would carry the token away. */
function samePlace(next: string, first: URL): string {
  const url = URL.canParse(next, first.href) ? new URL(next, first.href) : null
  const isOurs =
    url?.pathname.toLowerCase() === first.pathname.toLowerCase() && (url.host === first.host || isExchangeHost(url))
  if (!url || !isOurs) throw new ExchangeError('PARTIAL_READ', 'The next page is said to be somewhere else.')
  return url.href
}

/** Where a tenant lives: a host of Exchange Online, or this machine for what lives there. */
function regional(location: string, base: string): string {
  const url = URL.canParse(location, base) ? new URL(location, base) : null
  const isLocal = (one: URL) => /^(127\.0\.0\.1|localhost)$/.test(one.hostname)
  if (url && (isExchangeHost(url) || (isLocal(url) && isLocal(new URL(base))))) return url.origin
  throw new ExchangeError('UNREACHABLE', 'Exchange sends to a host that is none of its own; nothing was sent there.')
}

function isExchangeHost({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' &&
    /(^|\.)(outlook\.office365\.com|outlook\.office365\.us|partner\.outlook\.cn)$/.test(hostname)
  )
}

/** Runs so many at once; the others wait for their turn. */
function semaphore(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
