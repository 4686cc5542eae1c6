import type { Trouble } from '../../db/vocabulary.ts'

export type ServerKind = 'IMAP' | 'SMTP'
/** What went wrong with a server, and what the server or the system said, word for word. */
export type Diagnosis = { trouble: Trouble; detail: string }

const MAX_DETAIL_CHARACTERS = 500

/** An error while something was stored here, as opposed to one of a mail server. */
export class StorageFailed extends Error {
  override name = 'StorageFailed'
}

/** A sign-in by OAuth 2.0 that did not come about, and why. Its message are the words of the service. */
export class SignInFailed extends Error {
  override name = 'SignInFailed'
  readonly trouble: Trouble
  /** How long the service wants to be left alone. */
  readonly retryAfterMs: number | null
  constructor(trouble: Trouble, message: string, options: ErrorOptions & { retryAfterMs?: number | null } = {}) {
    super(clean(message), options)
    this.trouble = trouble
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

const BY_CODE: Record<string, Trouble> = {
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  EAI_NONAME: 'name_not_found',
  EDNS: 'name_not_found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ETIMEOUT: 'timeout',
  CONNECT_TIMEOUT: 'timeout',
  GREETING_TIMEOUT: 'timeout',
  UPGRADE_TIMEOUT: 'tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls',
  EPROTO: 'tls',
  ETLS: 'tls',
  EREQUIRETLS: 'tls',
  STARTTLS_INJECTION: 'tls',
  ClosedAfterConnectTLS: 'tls',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ECONNECTION: 'closed',
  NoConnection: 'closed',
  EConnectionClosed: 'closed',
  ClosedAfterConnectText: 'closed',
}

const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_.*CERTIFICATE)/
const TLS = /^ERR_(SSL|TLS)_/
const TOO_MANY =
  /too many (simultaneous )?(connections|sessions|concurrent)|maximum number of connections|\[LIMIT\]|^421 .*too many/i
const DISABLED =
  /not enabled for imap|imap (access )?is disabled|disabled for the (tenant|mailbox)|basic authentication is disabled|authenticated but not connected|LOGINDISABLED|protocol disabled|smtp ?(client)? ?auth(entication)? is disabled|POP\/IMAP.*off/i
const FOLDER_MISSING = /\[(NONEXISTENT|TRYCREATE)\]|mailbox (doesn't|does not) exist|unknown mailbox|no such mailbox/i
const STORAGE = /^(ENOSPC|EDQUOT|EROFS|EIO|EMFILE|ENFILE|SQLITE_.*|53\d{3}|57P0\d|58\d{3})$/

type Known = {
  code?: unknown
  originalCode?: unknown
  message?: unknown
  response?: unknown
  responseText?: unknown
  responseCode?: unknown
  serverResponseCode?: unknown
  authenticationFailed?: unknown
  mailboxMissing?: unknown
  tlsFailed?: unknown
  reason?: unknown
  command?: unknown
  cause?: unknown
  _err?: unknown
}

/** What an error of a mail server, of the network or of our own storage means. Never fails itself. */
export function diagnose(error: unknown, kind: ServerKind): Diagnosis {
  const chain = chainOf(error)
  const signIn = chain.find((part) => part instanceof SignInFailed)
  if (signIn) return { trouble: signIn.trouble, detail: signIn.message }
  const detail = wordsOf(chain)
  return { trouble: troubleOf(chain, detail, kind), detail }
}

/** Whether the server refused who we said we are, as opposed to the mailbox, the protocol or the moment. */
export function isRefusedSignIn(error: unknown, kind: ServerKind): boolean {
  return diagnose(error, kind).trouble === 'wrong_password'
}

/** A server that also refused a fresh token: the sign-in service is content, the server is not. */
export function refusedToken(error: unknown, kind: ServerKind): unknown {
  if (!isRefusedSignIn(error, kind)) return error
  return new SignInFailed('token_refused', diagnose(error, kind).detail, { cause: error })
}

function troubleOf(chain: Known[], detail: string, kind: ServerKind): Trouble {
  const codes = chain
    .flatMap(({ code, originalCode }) => [originalCode, code])
    .filter((code) => typeof code === 'string')
  if (chain.some((part) => part instanceof StorageFailed) || codes.some((code) => STORAGE.test(code))) return 'storage'
  if (codes.some((code) => CERTIFICATE.test(code))) return 'certificate'
  if (TOO_MANY.test(detail)) return 'too_many_connections'
  if (DISABLED.test(detail)) return 'disabled'
  if (chain.some(saysRefused)) return 'wrong_password'
  if (chain.some(({ mailboxMissing }) => mailboxMissing) || FOLDER_MISSING.test(detail)) return 'folder_missing'
  // The first code is the system's own, the last the library's general one.
  for (const code of codes) {
    const known = BY_CODE[code]
    if (known && !(known === 'closed' && chain.some(saysOtherProtocol(kind)))) return known
    if (TLS.test(code)) return 'tls'
  }
  if (chain.some(({ tlsFailed }) => tlsFailed)) return 'tls'
  if (chain.some(saysOtherProtocol(kind))) return kind === 'IMAP' ? 'not_imap' : 'not_smtp'
  if (/closed (the|unexpectedly|by)|connection (closed|lost)/i.test(detail)) return 'closed'
  return 'other'
}

function saysRefused({ code, authenticationFailed, serverResponseCode, command }: Known): boolean {
  if (authenticationFailed === true || serverResponseCode === 'AUTHENTICATIONFAILED') return true
  return code === 'EAUTH' || (code === 'ENOAUTH' && String(command).startsWith('AUTH'))
}

/** Whether what came is no answer of this protocol: another service listens on the port. */
function saysOtherProtocol(kind: ServerKind) {
  return ({ code, message, responseCode }: Known): boolean =>
    kind === 'IMAP'
      ? /^(ParserError|InvalidResponse|UnexpectedTag|LineTooLarge)/.test(String(code))
      : code === 'EPROTOCOL' && !responseCode && /greeting|response/i.test(String(message))
}

/** The error and what caused it, outermost first. */
function chainOf(error: unknown): Known[] {
  const chain: Known[] = []
  for (let part = error; part && typeof part === 'object' && chain.length < 5; ) {
    const known: Known = part
    chain.push(known)
    part = known.cause ?? known._err
  }
  return chain
}

function wordsOf(chain: Known[]): string {
  for (const { responseText, response, reason } of chain)
    for (const words of [responseText, response, reason])
      if (typeof words === 'string' && words.trim()) return clean(words)
  // The innermost message is the system's own.
  const said = chain.map(({ message }) => message).filter((message) => typeof message === 'string' && message.trim())
  return clean(String(said.at(-1) ?? 'It did not say why.'))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a foreign server says may contain any.
const CONTROL = /[\u0000-\u001f\u007f]+/g

function clean(words: string): string {
  return words.replace(CONTROL, ' ').trim().slice(0, MAX_DETAIL_CHARACTERS)
}
