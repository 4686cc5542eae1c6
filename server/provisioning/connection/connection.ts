import type { CmdletName, Params } from '../registry.ts'

/** One command for Exchange. `select` names the properties that are wanted of each row. */
export type CmdletCall = { cmdlet: CmdletName; params: Params; select?: readonly string[] }

export type CmdletResult = {
  records: Record<string, unknown>[]
  warnings: string[]
  /** Exchange said that it was so already. */
  unchanged: boolean
  /** By which Exchange's own logs know the request. */
  requestId: string | null
  ms: number
}

export type Capabilities = {
  /** The cmdlets that the sign-in may use. */
  cmdlets: CmdletName[]
  canWrite: boolean
  /** Whether Microsoft documents this way. */
  documented: boolean
  clearAutoMapping: boolean
}

/** A way to Exchange. Whatever the way is, commands, answers and errors are the same. */
export type ExchangeConnection = {
  readonly kind: 'exo-rest' | 'pwsh' | 'plan-only' | 'simulator'
  readonly platform: 'exo' | 'onprem'
  capabilities(signal?: AbortSignal): Promise<Capabilities>
  /** @throws ExchangeError; BadCall, before anything is sent, for a command that must not be */
  invoke(call: CmdletCall, signal?: AbortSignal): Promise<CmdletResult>
  close(): Promise<void>
}

/** How a command failed, whatever words Exchange has for it. */
export type ErrorKind =
  | 'UNAUTHENTICATED'
  | 'AUTH_SECRET'
  | 'AUTH_CERTIFICATE'
  | 'AUTH_APP'
  | 'AUTH_CONSENT'
  | 'AUTH_POLICY'
  | 'RBAC_OR_UNKNOWN_CMDLET'
  | 'RBAC_DENIED'
  | 'NOT_FOUND'
  | 'AMBIGUOUS_IDENTITY'
  | 'ADDRESS_IN_USE'
  | 'AUTOMAP_NEEDS_FULLACCESS'
  | 'ALREADY_SO'
  | 'BAD_PARAMETER'
  | 'RETRYABLE'
  | 'PAGING_CURSOR_LOST'
  | 'PARTIAL_READ'
  | 'AD_ACCESS_DENIED'
  /** The connection broke before an answer: nobody knows whether it was done. */
  | 'UNCERTAIN'
  | 'UNREACHABLE'
  | 'READ_ONLY'
  | 'FAILED'

export class ExchangeError extends Error {
  override name = 'ExchangeError'
  readonly kind: ErrorKind
  /** The exception as Exchange names it. */
  readonly type: string
  readonly retryAfterMs: number | null
  readonly requestId: string | null
  constructor(
    kind: ErrorKind,
    message: string,
    {
      type = '',
      retryAfterMs = null,
      requestId = null,
      ...options
    }: Partial<Pick<ExchangeError, 'type' | 'retryAfterMs' | 'requestId'>> & ErrorOptions = {},
  ) {
    super(message, options)
    this.kind = kind
    this.type = type
    this.retryAfterMs = retryAfterMs
    this.requestId = requestId
  }
}

export const isRead = (cmdlet: CmdletName) => cmdlet.startsWith('Get-')
