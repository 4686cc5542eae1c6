import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Draft } from '../../db/schema.ts'
import { Changed, type FieldError, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooOften } from '../errors.ts'
import type { ListedIssue } from '../issues/list.ts'
import type { Arrived } from '../issues/meanwhile.ts'
import type { Env } from './deps.ts'

/**
 * An answer that tells what went wrong (RFC 9457). `detail` is meant for the person, `errors` names fields,
 * `arrived` what came into an issue while an answer was being written, up to the event `newest`, `draft` a draft as it is
 * by now.
 */
export type Problem = {
  type: 'about:blank'
  title: string
  status: number
  detail: string
  errors?: FieldError[]
  arrived?: Arrived[]
  newest?: string
  /** The issue as it is now, where somebody changed it in between. */
  issue?: ListedIssue
  draft?: Draft | null
}

const TITLES: Record<number, string> = {
  400: 'Invalid input',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Changed in between',
  413: 'Too large',
  422: 'Refused',
  429: 'Too often',
  500: 'Fault',
  503: 'Busy',
  507: 'Disk full',
}

/** Answers with a problem; `more` joins its members. */
export function problem(
  c: Context<Env>,
  status: ContentfulStatusCode,
  detail: string,
  more: { errors?: FieldError[]; requestId?: string } & Record<string, unknown> = {},
): Response {
  const body: Problem = { ...more, type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

/** Turns what a handler threw into an answer. What is expected keeps its words; the rest is logged and kept to us. */
export function answerError(error: Error, c: Context<Env>): Response {
  if (error instanceof Invalid) return problem(c, 400, error.message, { errors: error.fields })
  if (error instanceof NotSignedIn) return problem(c, 401, error.message)
  if (error instanceof Forbidden) return problem(c, 403, error.message)
  if (error instanceof NotFound) return problem(c, 404, error.message)
  if (error instanceof Changed) return problem(c, 409, error.message, error.more)
  if (error instanceof Refused) return problem(c, 422, error.message)
  if (error instanceof TooOften) {
    c.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))))
    return problem(c, 429, error.message)
  }
  if (error instanceof HTTPException) {
    const detail = /JSON/.test(error.message) ? 'The body is not JSON. Check its commas and quotes.' : error.message
    return problem(c, error.status as ContentfulStatusCode, detail)
  }
  if (hasCode(error, NUL)) return problem(c, 400, 'Text must not contain NUL characters. Remove them and try again.')
  if (hasCode(error, FULL)) {
    c.var.log.error({ err: error }, 'the disk is full')
    return problem(c, 507, 'The disk is full, so nothing can be stored. Make room, then try again.')
  }
  if (hasCode(error, BUSY)) {
    c.var.log.warn({ err: error }, 'the database is busy or away')
    c.header('retry-after', '5')
    return problem(c, 503, 'The database is busy or does not answer. Try again in a moment.')
  }
  const { requestId } = c.var
  c.var.log.error({ err: error }, 'a request failed')
  return problem(c, 500, `Something went wrong on our side. The log has more under ${requestId}.`, { requestId })
}

/** SQLite's result codes, PostgreSQL's SQLSTATE (appendix A: 53100 disk_full, classes 08, 40, 57P) and errno names. */
const FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT|53100)$/
const BUSY = /^(SQLITE_BUSY.*|SQLITE_LOCKED.*|ECONNREFUSED|ECONNRESET|08...|40001|40P01|53300|57P0.)$/
/** PostgreSQL keeps no NUL in text (22021) or JSON (22P05). */
const NUL = /^(22021|22P05)$/

/** Whether the error, or what caused it, has such a code. */
function hasCode(error: unknown, pattern: RegExp): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && pattern.test(code)) return true
  return cause !== undefined && hasCode(cause, pattern)
}
