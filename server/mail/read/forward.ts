// A mail that passes another one on, taken apart: whose it was, and what the one who passed it on says to it. Only what
// stands in the place of a header is believed; the first thing that looks like an address would as often be a footer.

import type { Address } from '../../../db/schema.ts'
import { addressesOf } from './addresses.ts'
import { writtenDate } from './date.ts'
import { attributionLength, FORWARD_LINE, fieldLabel } from './quote-words.ts'

export type Forwarded = {
  /** Where the passed on mail is attached whole: what to ask `attachmentBytes` for. Null when it is only in the text. */
  position: number | null
  /** Who wrote the mail that is passed on. Its address is never empty. */
  from: Address
  subject: string
  sentAt: number | null
  /** The Message-ID of an attached mail; null when it has none or is only in the text. */
  internetMessageId: string | null
  /** What was written above the passed on mail. */
  commentText: string
  /** The text of the passed on mail, without its header fields. */
  bodyText: string
}

/** Where in a text a passed on mail is looked for. */
const MAX_LINES = 2_000
const MAX_BLOCK_LINES = 14
const MAX_SUBJECT = 500

/**
 * The mail that a text passes on, from the header fields that mail programs copy above it: From with an address, and
 * Subject or Date. Null when there are none.
 * @param forwards the subject says that something is passed on; else the text must say so above the fields
 * @param offset the zone of whoever passed it on, in minutes
 */
export function forwardedInText(text: string, forwards: boolean, offset: number): Forwarded | null {
  const lines = text.split('\n', MAX_LINES)
  let announced: number | null = null
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (announced === null && FORWARD_LINE.test(line)) announced = at
    else if (announced === null && !forwards && (/^\s*>/.test(line) || attributionLength(lines, at) > 0)) return null
    if (announced === null && !forwards) continue
    const block = headerBlock(lines, at, offset)
    if (block === null) continue
    const above = lines.slice(0, announced ?? ruleAbove(lines, at))
    return {
      position: null,
      internetMessageId: null,
      ...block.header,
      commentText: above.join('\n').trim(),
      bodyText: unmarked(text.split('\n').slice(block.end), block.marked).trim(),
    }
  }
  return null
}

type Block = { header: Pick<Forwarded, 'from' | 'subject' | 'sentAt'>; end: number; marked: boolean }

/** The header fields from a line on, in the words of some thirty languages, marked with > or not. */
function headerBlock(lines: string[], start: number, offset: number): Block | null {
  const marked = /^\s*>/.test(lines[start]!)
  const bare = (line: string) => (marked ? line.replace(/^\s*> ?/, '') : line).trim()
  if (fieldLabel(bare(lines[start]!)) === null) return null
  const values: Partial<Record<'from' | 'subject' | 'date', string>> = {}
  let last: 'from' | 'subject' | 'date' | 'other' | null = null
  let at = start
  for (; at < lines.length && at - start < MAX_BLOCK_LINES; at++) {
    const line = bare(lines[at]!)
    if (line === '') {
      // Apple leaves no blank line within the fields, some web mail does between each.
      const next = lines[at + 1] === undefined ? '' : bare(lines[at + 1]!)
      if (last !== null && fieldLabel(next) !== null) continue
      break
    }
    const label = fieldLabel(line)
    if (label === null) {
      // A field may go on in the next line; a paragraph is no field.
      if (last === null || line.length > 200) break
      if (last === 'from' || last === 'subject') values[last] += ` ${line}`
      continue
    }
    last = label.kind
    if (last !== 'other' && values[last] === undefined) values[last] = label.value
  }
  const from = values.from === undefined ? null : senderIn(values.from)
  if (from === null || (values.subject === undefined && values.date === undefined)) return null
  const subject = (values.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT).toWellFormed()
  const sentAt = values.date === undefined ? null : writtenDate(values.date, offset)
  return { header: { from, subject, sentAt }, end: at, marked }
}

/** "Ada [mailto:ada@x.example]" and "Ada <ada@x.example<mailto:ada@x.example>>" are how programs copy an address. */
function senderIn(value: string): Address | null {
  const plain = value
    .replace(/<mailto:([^<>\s]+)>/gi, '<$1>')
    .replace(/\[(?:mailto:)?([^[\]\s]+@[^[\]\s]+)\]/gi, '<$1>')
    .replace(/([^\s<>]+@[^\s<>]+)\s*<\1>/g, '<$1>')
    .replace(/<\s*<([^<>]+)>\s*>/g, '<$1>')
    .replace(/[*_]{1,2}/g, (marks, at: number) => (at === 0 || at + marks.length >= value.length ? '' : marks))
  const [first] = addressesOf([{ name: 'from', value: plain }], 'from')
  return first ?? null
}

/** The rule that programs put above the fields is none of the comment. */
function ruleAbove(lines: string[], at: number): number {
  let above = at
  while (above > 0 && lines[above - 1]!.trim() === '') above--
  return above > 0 && /^\s*(?:[-_=*]{3,}.{0,60}[-_=*]{3,}|[-_=*─━—]{3,})\s*$/.test(lines[above - 1]!) ? above - 1 : at
}

const unmarked = (lines: string[], marked: boolean): string =>
  (marked ? lines.map((line) => line.replace(/^\s*> ?/, '')) : lines).join('\n')
