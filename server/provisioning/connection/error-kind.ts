import type { ErrorKind } from './connection.ts'

/** What an answer that is no success holds: its status and headers, and its text as it came. */
export type Failed = { status: number; text: string; retryAfterMs: number | null; exceptionType?: string | null }

const BOTH_GRANTS =
  'Exchange refused without a word. The app needs two grants: the application role Exchange.ManageAsApp with admin consent, and a role in the directory, such as Exchange Recipient Administrator; or this command does not exist there.'

/** Words of Exchange by which a failure is known, wherever they stand. */
const SIGNATURES: [RegExp, ErrorKind][] = [
  [/Expired or Invalid pagination request/i, 'PAGING_CURSOR_LOST'],
  [
    /reached the maximum number of concurrent requests|issue may be transient|UnableToWriteToAadException/i,
    'RETRYABLE',
  ],
  [/is not present in the role definition of the current user|CmdletAccessDeniedException/i, 'RBAC_DENIED'],
  [
    /ManagementObjectAmbiguousException|matches multiple entries|doesn't represent a unique recipient/i,
    'AMBIGUOUS_IDENTITY',
  ],
  [
    /ManagementObjectNotFoundException|couldn't be found on '|wasn't found\. Please make sure you've typed it correctly|ADIdentityNotFound/i,
    'NOT_FOUND',
  ],
  [/already being used by the proxy addresses|ProxyAddressExistsException/i, 'ADDRESS_IN_USE'],
  [/AutoMapping=true option can only be used/i, 'AUTOMAP_NEEDS_FULLACCESS'],
  [/MemberAlreadyExistsException|MemberNotFoundException|ServicePrincipalAlreadyExists/i, 'ALREADY_SO'],
  [
    /AmbiguousParameterSetException|ParameterTransformationException|ParameterBindingException|Cannot process argument transformation/i,
    'BAD_PARAMETER',
  ],
  [/INSUFF_ACCESS_RIGHTS/i, 'AD_ACCESS_DENIED'],
]

/** Warnings that say: nothing had to be changed. */
const NOTHING_TO_DO =
  /appropriate access control entry is already present|because the ACE (doesn't exist on the object|isn't present)|completed successfully but no settings of/i

export const isNothingToDo = (warnings: readonly string[]) => warnings.some((warning) => NOTHING_TO_DO.test(warning))

/** What a failure is, by its status and by Exchange's words, and what is said about it. */
export function classify({ status, text, exceptionType }: Failed): { kind: ErrorKind; type: string; message: string } {
  const { type, message } = wordsOf(text)
  const said = message || `Exchange answered with status ${status}.`
  if (status === 401)
    return {
      kind: 'UNAUTHENTICATED',
      type,
      message:
        'Exchange did not take the token. Check the application role Exchange.ManageAsApp and its admin consent.',
    }
  if (status === 403 && message === '') return { kind: 'RBAC_OR_UNKNOWN_CMDLET', type, message: BOTH_GRANTS }
  const known = kindOfWords(`${type} ${message} ${exceptionType ?? ''}`)
  if (known) return { kind: known, type, message: said }
  if (status === 403) return { kind: 'RBAC_DENIED', type, message: said }
  if ([408, 429, 502, 503, 504].includes(status)) return { kind: 'RETRYABLE', type, message: said }
  return { kind: 'FAILED', type, message: said }
}

/** What words of Exchange mean, where they mean something in particular. */
export function kindOfWords(words: string): ErrorKind | undefined {
  return SIGNATURES.find(([pattern]) => pattern.test(words))?.[1]
}

const HIDDEN = /^Exception of type '/

/** The type of the exception and its words: in `details` between bars, else within, else as plain text. */
export function wordsOf(text: string): { type: string; message: string } {
  const plain = text.replaceAll('\0', '').trim()
  const error = asObject(asObject(parse(plain)).error)
  const details: unknown[] = Array.isArray(error.details) ? error.details : [error.details]
  const [first] = details.map((one) => asObject(one).message).filter((one) => typeof one === 'string')
  if (typeof first === 'string' && first.includes('|')) {
    const [, type = '', ...rest] = first.split('|')
    return { type, message: rest.join('|').trim() }
  }
  const inner = asObject(asObject(error.innererror ?? error.innerError).internalexception)
  if (typeof inner.message === 'string' && !HIDDEN.test(inner.message))
    return { type: String(inner.type ?? ''), message: inner.message }
  if (Object.keys(error).length > 0) return { type: '', message: String(first ?? error.message ?? '') }
  // A page of HTML, or a broken answer, says nothing to anybody.
  return { type: '', message: /^[<{[]/.test(plain) ? '' : plain.slice(0, 1_000) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Record<string, unknown> {
  // The cast: each property is looked at where it is used.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
