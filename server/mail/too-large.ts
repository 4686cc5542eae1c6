import { CUT_HEADER, MAX_MAIL_BYTES } from './imap.ts'

export { MAX_MAIL_BYTES }

const KEPT_OF_LARGER_BYTES = 1024 * 1024

/** What is kept of a mail in a file that is too large: its beginning, with a header field that says so. */
export function tooLarge(start: Buffer, size: number): Buffer {
  const why = `This mail has ${Math.round(size / 1_000_000)} MB. Only its beginning was kept.`
  return Buffer.concat([Buffer.from(`${CUT_HEADER}: ${why}\r\n`), start.subarray(0, KEPT_OF_LARGER_BYTES)])
}
