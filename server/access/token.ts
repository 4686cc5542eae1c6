import { createHash, randomBytes } from 'node:crypto'

const BYTES = 32

/** A secret that nobody can guess, fit for a URL, a cookie and a header. */
export function newToken(prefix = ''): string {
  return prefix + randomBytes(BYTES).toString('base64url')
}

/** What is stored of a token. Plain SHA-256 is enough: a token is random, so there is nothing to try out. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
