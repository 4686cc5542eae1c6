import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Trouble } from '../../../db/vocabulary.ts'
import type { ServerSettings } from '../connection.ts'
import { xoauth2 } from '../sign-in/oauth.ts'
import { diagnose, isRefusedSignIn, refusedToken, SignInFailed } from '../trouble.ts'
import { isDeferred } from './verdict.ts'

const CONNECT_MS = 30_000
const GREETING_MS = 30_000
/** RFC 5321, section 4.5.3.2: a server may take minutes to answer the end of the text. */
export const SILENCE_MS = 5 * 60_000
const MAX_RESPONSE_BYTES = 64 * 1024
const CHUNK_BYTES = 16 * 1024
/** All of an attempt. Who claims a message for longer than this may take it that the attempt is over. */
export const MAX_ATTEMPT_MS = 15 * 60_000

export type Envelope = { from: string; to: string[] }
export type Refusal = { address: string; response: string }

/** What became of one attempt to hand a mail to the server. `response` are the server's words. */
export type Attempt =
  | { outcome: 'accepted'; response: string; rejected: Refusal[] }
  /** Refused for good: the same mail would be refused again. */
  | { outcome: 'rejected'; response: string; trouble: Trouble; rejected: Refusal[] }
  /** Certainly not sent; may be sent again without harm. */
  | { outcome: 'retry'; response: string; trouble: Trouble; rejected: Refusal[]; retryAfterMs?: number | null }
  /** The text was handed over, but the answer never came. */
  | { outcome: 'uncertain'; response: string; trouble: Trouble; rejected: Refusal[] }

/** Under its own name nodemailer would pass XOAUTH2 over, and send the token as a password. */
const BY_TOKEN = 'TOKEN'

/** Where a refusal is about the mail, and not about us or the server. */
const ABOUT_THE_MAIL = /^(MAIL FROM|RCPT TO|DATA)/

/**
 * Hands a mail to the SMTP server, once. Never throws: what happened is the answer.
 * @param silenceMs how long the server may keep silent before we take it for gone
 */
export async function sendBySmtp(
  settings: ServerSettings,
  envelope: Envelope,
  raw: Buffer,
  silenceMs = SILENCE_MS,
): Promise<Attempt> {
  let handedOver = false
  let given = 0
  // The dot that ends the text is sent after our end is read: as long as that has not happened, the server can't have
  // taken the mail.
  const text = new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      if (given < raw.length) {
        this.push(raw.subarray(given, given + CHUNK_BYTES))
        given += CHUNK_BYTES
        return
      }
      handedOver = true
      this.push(null)
    },
  })
  const { connection, broken } = connectionTo(settings, silenceMs)
  const overdue = setTimeout(() => connection.close(), MAX_ATTEMPT_MS)
  // The connection keeps in it who was refused: where it breaks later, its error does not say so.
  const passed: SMTPConnection.Envelope & { rejectedErrors?: unknown[] } = { ...envelope, size: raw.length }
  try {
    await Promise.race([signIn(connection, settings), broken])
    const sent = new Promise<{ response: string; rejectedErrors?: unknown[] | undefined }>((resolve, reject) => {
      connection.send(passed, text, (error, info) => (error ? reject(error) : resolve(info)))
    })
    const { response, rejectedErrors } = await Promise.race([sent, broken])
    connection.quit()
    return { outcome: 'accepted', response, rejected: refusals(rejectedErrors) }
  } catch (error) {
    connection.close()
    return attemptOf(error, handedOver, passed.rejectedErrors)
  } finally {
    clearTimeout(overdue)
  }
}

/**
 * Connects, signs in and says goodbye.
 * @throws what mail/trouble.ts can name
 */
export async function checkSmtp(settings: ServerSettings): Promise<void> {
  const { connection, broken } = connectionTo(settings)
  try {
    await Promise.race([signIn(connection, settings), broken])
    connection.quit()
  } catch (error) {
    connection.close()
    throw error
  }
}

type Faulty = { responseCode?: number; response?: string; command?: string; rejectedErrors?: unknown[] }

/** What an error means for the mail: a pure judgement. */
function attemptOf(error: unknown, handedOver: boolean, refused: unknown[] = []): Attempt {
  const { trouble, detail } = diagnose(error, 'SMTP')
  if (error instanceof SignInFailed)
    return { outcome: 'retry', response: detail, trouble, rejected: [], retryAfterMs: error.retryAfterMs }
  const { responseCode, response, command, rejectedErrors } = error as Faulty
  const result = {
    response: response ?? detail,
    trouble,
    rejected: refusals(rejectedErrors ?? (responseCode ? [] : refused)),
  }
  if (responseCode) {
    // 503 is about the session, not about the mail (RFC 5321, section 4.2.2).
    // Of several recipients one may be refused for good and another for now.
    const someLater = command === 'RCPT TO' && result.rejected.some(isDeferred)
    const forGood = responseCode >= 500 && responseCode !== 503 && ABOUT_THE_MAIL.test(command ?? '') && !someLater
    return { outcome: forGood ? 'rejected' : 'retry', ...result }
  }
  if (command === 'MAIL FROM' && /larger than allowed/.test(detail)) return { outcome: 'rejected', ...result }
  return { outcome: handedOver ? 'uncertain' : 'retry', ...result }
}

function refusals(errors: unknown[] | undefined): Refusal[] {
  return (errors ?? []).map((error) => {
    const { recipient, response, message } = error as { recipient?: string; response?: string; message: string }
    return { address: recipient ?? '', response: response ?? message }
  })
}

function connectionTo(settings: ServerSettings, silenceMs = SILENCE_MS) {
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    connectionTimeout: Math.min(CONNECT_MS, silenceMs),
    greetingTimeout: Math.min(GREETING_MS, silenceMs),
    socketTimeout: silenceMs,
    maxResponseSize: MAX_RESPONSE_BYTES,
    customAuth: { [BY_TOKEN]: byToken },
  })
  const broken = new Promise<never>((_, reject) => {
    connection.once('error', reject)
    connection.once('end', () => reject(new Error('The server closed the connection.')))
  })
  // What comes after the first error, or after the goodbye, is of no interest; without a listener the process ends.
  connection.on('error', () => {})
  broken.catch(() => {})
  return { connection, broken }
}

async function signIn(connection: SMTPConnection, { user, password, accessToken }: ServerSettings): Promise<void> {
  // Before anybody is kept waiting on a line.
  const token = user ? await accessToken?.() : undefined
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())))
  if (!user) return
  if (!accessToken || !token) return await login(connection, { user, pass: password })
  try {
    return await login(connection, { user, pass: token.token, method: BY_TOKEN })
  } catch (error) {
    if (!isRefusedSignIn(error, 'SMTP')) throw error
  }
  const fresh = await accessToken(token.token)
  try {
    await login(connection, { user, pass: fresh.token, method: BY_TOKEN })
  } catch (error) {
    throw refusedToken(error, 'SMTP')
  }
}

async function login(connection: SMTPConnection, auth: { user: string; pass: string; method?: string }) {
  await new Promise<void>((resolve, reject) => {
    connection.login(auth, (error) => (error ? reject(error) : resolve()))
  })
}

/** One attempt to sign in with a token, which stands in place of the password. */
async function byToken({ auth, sendCommand }: SMTPConnection.CustomAuthenticationContext): Promise<void> {
  let answer = await sendCommand(`AUTH XOAUTH2 ${xoauth2(String(auth.user), String(auth.pass))}`)
  // Some servers first say why, and refuse after an empty line.
  if (answer.status === 334) answer = await sendCommand('')
  if (answer.status !== 235) throw new Error('The server refused the token.')
}
