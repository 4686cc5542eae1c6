// Mails of an mbox file (RFC 4155), one after the other: never more of the file in memory than one mail.

import { MAX_MAIL_BYTES, tooLarge } from './too-large.ts'

export type MboxMail = {
  raw: Buffer
  /** Of a mail that is too large, and of which `raw` is the beginning. */
  wholeSize: number | null
  /** When it was filed, as the line before it says in UTC; none where that is no date. */
  filedAt: number | null
}

/** "From ada@example.org Thu Nov  5 09:41:07 2026", also with a zone, or without seconds: a time and a year. */
const SEPARATOR = /^From \S.*\d{1,2}:\d{2}.*\d{4}/
const FROM = Buffer.from('From ')
const NEWLINE = 10
const RETURN = 13
const MARK = 62
/** A line longer than this is no separator, and is passed on in pieces. */
const LONGEST_LINE_BYTES = 64 * 1024

/** Whether a file that begins with these bytes is an mbox. */
export function isMbox(start: Buffer): boolean {
  return start.subarray(0, FROM.length).equals(FROM)
}

/**
 * Reads the mails. A line "From …" after an empty line begins the next one; ">From", however many ">", loses one of
 * them (the quoting called mboxrd, of which mboxo is the part that can be told).
 */
export async function* readMbox(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<MboxMail> {
  let mail: Collected | undefined
  let afterEmpty = true
  let within = false
  for await (const { piece, complete } of lines(bytes)) {
    const whole = !within && complete
    if (!within && whole && afterEmpty && piece.subarray(0, FROM.length).equals(FROM)) {
      const line = piece.toString('latin1').trimEnd()
      if (!mail || SEPARATOR.test(line)) {
        if (mail) yield mail.end()
        mail = new Collected(filedAt(line))
        afterEmpty = false
        continue
      }
    }
    // Mail that comes before any separator: the file is no mbox, or its beginning is lost; nothing may get lost here.
    mail ??= new Collected(null)
    mail.add(!within && isQuotedFrom(piece) ? piece.subarray(1) : piece)
    afterEmpty = whole && isEmpty(piece)
    within = !complete
  }
  if (mail) yield mail.end()
}

/** The pieces of one mail, up to the size that is taken. */
class Collected {
  readonly filedAt: number | null
  private pieces: Buffer[] = []
  private size = 0
  /** The empty line before the next separator belongs to the format: a line counts when another follows. */
  private emptyLine: Buffer | undefined
  constructor(filedAt: number | null) {
    this.filedAt = filedAt
  }

  add(piece: Buffer): void {
    if (this.emptyLine) this.keep(this.emptyLine)
    this.emptyLine = isEmpty(piece) ? piece : undefined
    if (!this.emptyLine) this.keep(piece)
  }

  private keep(piece: Buffer): void {
    this.size += piece.length
    if (this.size <= MAX_MAIL_BYTES) this.pieces.push(piece)
  }

  end(): MboxMail {
    const raw = Buffer.concat(this.pieces)
    const kept = this.size > MAX_MAIL_BYTES ? tooLarge(raw, this.size) : { raw, wholeSize: null }
    return { ...kept, filedAt: this.filedAt }
  }
}

/** Lines with their line breaks; a very long one comes in pieces. */
async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ piece: Buffer; complete: boolean }> {
  let left: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const all: Buffer = left.length > 0 ? Buffer.concat([left, view]) : view
    let start = 0
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
      yield { piece: all.subarray(start, end + 1), complete: true }
      start = end + 1
    }
    left = all.subarray(start)
    if (left.length > LONGEST_LINE_BYTES) {
      yield { piece: left, complete: false }
      left = Buffer.alloc(0)
    }
  }
  if (left.length > 0) yield { piece: left, complete: true }
}

function isEmpty(line: Buffer): boolean {
  return line[0] === NEWLINE || (line[0] === RETURN && line[1] === NEWLINE)
}

function isQuotedFrom(line: Buffer): boolean {
  let i = 0
  while (line[i] === MARK) i++
  return i > 0 && line.subarray(i, i + FROM.length).equals(FROM)
}

/** The date at the end of a separator line; asctime has no zone, and RFC 4155 means UTC by that. */
function filedAt(line: string): number | null {
  const date = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*$/.exec(line)?.[0]
  if (!date) return null
  const at = Date.parse(/[+-]\d{4}|\b(?:GMT|UTC)\b/.test(date) ? date : `${date} UTC`)
  return Number.isNaN(at) ? null : at
}
