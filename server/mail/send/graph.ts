import { once } from 'node:events'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { Readable } from 'node:stream'
import type { Trouble } from '../../../db/vocabulary.ts'
import type { GraphSettings } from '../connection.ts'
import { isSafeUrl, retryAfterOf } from '../sign-in/oauth.ts'
import { diagnose, SignInFailed } from '../trouble.ts'
import type { Attempt, Envelope } from './smtp.ts'

// Microsoft Graph, POST /users/{id}/sendMail with a mail in MIME format: the body is the mail in base64.

/** Graph takes requests of up to 4 MB; a mail grows by a third in base64. */
export const MAX_GRAPH_MAIL_BYTES = Math.floor((4 * 1024 * 1024 * 3) / 4)
const ANSWER_MS = 2 * 60_000
const MAX_ANSWER_BYTES = 64 * 1024
const CHUNK_BYTES = 16 * 1024

/** Refusals that are about the mail: the same mail would be refused again. */
const ABOUT_THE_MAIL = [400, 405, 409, 411, 413, 415, 422]
/** Codes of Graph and Exchange that are about the mail although the status says otherwise. */
const REFUSES_THE_MAIL = /SendAsDenied|SendOnBehalfDenied|InvalidRecipients|MessageSizeExceeded|MimeContentInvalid/i

/** Whether the last byte was given away: from then on the mail may be out. */
type Handing = { over: boolean }
type Outcome = { status: number; retryAfterMs: number | null; code: string; message: string }

/**
 * Hands a mail to Microsoft Graph, once. Never throws: what happened is the answer. Graph takes the recipients from the
 * headers of the mail; those that stand in none of its To and Cc fields go in as `hidden`.
 */
export async function sendByGraph(settings: GraphSettings, raw: Buffer, hidden: Envelope['to'] = []): Promise<Attempt> {
  const mail = hidden.length > 0 ? Buffer.concat([Buffer.from(bccField(hidden)), raw]) : raw
  if (mail.length > MAX_GRAPH_MAIL_BYTES) return tooLarge(mail.length)
  let handing: Handing = { over: false }
  try {
    const token = await settings.accessToken()
    let outcome = await post(settings, token.token, mail, handing)
    if (outcome.status === 401) {
      // A refused request is over: the next is another.
      handing = { over: false }
      const fresh = await settings.accessToken(token.token)
      outcome = await post(settings, fresh.token, mail, handing)
    }
    return attemptOf(outcome)
  } catch (error) {
    const { trouble, detail } = diagnose(error, 'SMTP')
    const retryAfterMs = error instanceof SignInFailed ? error.retryAfterMs : null
    if (handing.over) return { outcome: 'uncertain', response: detail, trouble, rejected: [] }
    return { outcome: 'retry', response: detail, trouble, rejected: [], retryAfterMs }
  }
}

/** What an answer means for the mail: a pure judgement. */
function attemptOf({ status, retryAfterMs, code, message }: Outcome): Attempt {
  const said = [code, message].filter(Boolean).join(': ')
  const response = `${status}${said ? ` ${said}` : ''}`
  if (status === 202) return { outcome: 'accepted', response: `${response} Accepted by Microsoft Graph.`, rejected: [] }
  const result = { response, trouble: troubleOf(status, code), rejected: [] }
  if (ABOUT_THE_MAIL.includes(status) || REFUSES_THE_MAIL.test(code)) return { outcome: 'rejected', ...result }
  // What the service has no time for it did not begin.
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return { outcome: 'retry', ...result, retryAfterMs }
  if (status >= 400 && status < 500 && status !== 408) return { outcome: 'retry', ...result, retryAfterMs }
  // Any other error may have come after the mail was taken. And a plain 200 was seen for mails that went nowhere.
  return { outcome: 'uncertain', ...result }
}

function troubleOf(status: number, code: string): Trouble {
  if (status === 401) return 'token_refused'
  if (status === 403) return 'token_refused'
  if (status === 404) return 'folder_missing'
  if (status === 429 || /Throttl|TooMany/i.test(code)) return 'too_many_connections'
  return 'other'
}

function tooLarge(bytes: number): Attempt {
  const response = `This mail has ${(bytes / 1e6).toFixed(1)} MB, and Microsoft Graph takes at most ${(MAX_GRAPH_MAIL_BYTES / 1e6).toFixed(1)} MB. Send it with smaller attachments, or let the mailbox send by SMTP.`
  return { outcome: 'rejected', response, trouble: 'other', rejected: [] }
}

/** Exchange delivers to Bcc and takes the field out. */
function bccField(addresses: string[]): string {
  return `Bcc: ${addresses.map((address) => address.replace(/[\r\n,<>]/g, '')).join(',\r\n ')}\r\n`
}

async function post({ url, user }: GraphSettings, token: string, mail: Buffer, handing: Handing): Promise<Outcome> {
  const target = new URL(`${url}/v1.0/users/${encodeURIComponent(user)}/sendMail`)
  if (!isSafeUrl(target.href)) throw new SignInFailed('app_refused', `${target.origin} is not reached over TLS.`)
  const body = Buffer.from(mail.toString('base64'))
  const isTls = target.protocol === 'https:'
  const request = (isTls ? requestTls : requestPlain)(target, {
    method: 'POST',
    // A connection of its own: one that was kept may be closed already, and then nobody knows what became of the mail.
    agent: false,
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'text/plain',
      'content-length': body.length,
      accept: 'application/json',
    },
  })
  // The cast: what the event carries (node:http).
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  request.once('socket', (socket) => {
    socket.once(isTls ? 'secureConnect' : 'connect', () => textOf(body, handing).pipe(request))
  })
  const [response] = await answered
  // The status says what became of the mail, also where the rest of the answer gets lost.
  request.on('error', () => {})
  const text = await readText(response).catch(() => '')
  const retryAfterMs = retryAfterOf(response.headers['retry-after'])
  return { status: Number(response.statusCode), retryAfterMs, ...errorOf(text) }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function textOf(body: Buffer, handing: Handing): Readable {
  let given = 0
  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      const chunk = body.subarray(given, given + CHUNK_BYTES)
      given += chunk.length
      if (given >= body.length) handing.over = true
      this.push(chunk.length > 0 ? chunk : null)
    },
  })
}

function errorOf(text: string): { code: string; message: string } {
  try {
    // The cast: what is in it is checked below.
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } }
    const shown = (part: unknown) => (typeof part === 'string' ? part.slice(0, 500) : '')
    return { code: shown(error?.code), message: shown(error?.message) }
  } catch {
    return { code: '', message: '' }
  }
}
