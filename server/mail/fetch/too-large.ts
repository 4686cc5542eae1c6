import { MAX_MAIL_BYTES } from './imap.ts'

export { MAX_MAIL_BYTES }

const KEPT_OF_LARGER_BYTES = 1024 * 1024

/** What is kept of a mail in a file that is too large: its beginning. */
export function tooLarge(start: Buffer, size: number): { raw: Buffer; wholeSize: number } {
  return { raw: start.subarray(0, KEPT_OF_LARGER_BYTES), wholeSize: size }
}
