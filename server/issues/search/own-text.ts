import type { Body } from '../../../db/schema.ts'

const QUOTED_LINES = /^ {0,3}>.*\n?/gm

/** What the writer of a mail added: what is quoted stands in the earlier mail, and is found there. */
export function ownText({ text, quotedFrom }: Pick<Body, 'text' | 'quotedFrom'>): string {
  const own = (quotedFrom === null ? text : text.slice(0, quotedFrom)).replace(QUOTED_LINES, '')
  // All of it is quoted: then that is what the mail says.
  return own.trim() === '' ? text : own
}
