// The errors that are expected. Each carries a sentence meant for the person who caused it; any other error is a fault
// of ours. server/api/problem.ts turns them into answers (RFC 9457), server/cli.ts into a line on stderr.

/** A field of the input that is wrong, and what to do about it. */
export type FieldError = { field: string; message: string }

/** What was asked for is not there, or not for this member to know of. */
export class NotFound extends Error {
  override name = 'NotFound'
}

/** What was asked for breaks a rule of the product. */
export class Refused extends Error {
  override name = 'Refused'
}

/** The input can't be understood; names each field. */
export class Invalid extends Error {
  override name = 'Invalid'
  readonly fields: FieldError[]
  constructor(fields: FieldError[]) {
    super(fields.map(({ message }) => message).join(' '))
    this.fields = fields
  }
}

/** Nobody is signed in, or the sign-in is wrong. */
export class NotSignedIn extends Error {
  override name = 'NotSignedIn'
}

/** The member may not do this. */
export class Forbidden extends Error {
  override name = 'Forbidden'
}

/** Too often; try again after `retryAfterMs`. */
export class TooOften extends Error {
  override name = 'TooOften'
  readonly retryAfterMs: number
  constructor(message: string, retryAfterMs: number) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** Somebody changed it in between; `message` says what happened, and `more` joins the answer (RFC 9457, section 3.2). */
export class Changed extends Error {
  override name = 'Changed'
  readonly more: Record<string, unknown>
  constructor(message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.more = more
  }
}
