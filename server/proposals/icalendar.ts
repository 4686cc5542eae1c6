// A calendar as text (RFC 5545): what other programs read of deadlines.

/** One entry. What people wrote in it may be anything: it can become no line of its own. */
export type CalendarEntry = {
  /** The same for as long as the entry is (section 3.8.4.7). */
  uid: string
  /** Ms since the epoch, or a day (YYYY-MM-DD), which is the whole of it. */
  starts: number | string
  summary: string
  description: string
  url: string
  /** When it was last changed, in ms. */
  changedAt: number
}

const MAX_LINE_OCTETS = 75
/** How often calendar programs look again. */
const REFRESH = 'PT1H'

/** A calendar of its entries, times in UTC. It asks nobody, and rings nowhere: members are told in their own ways. */
export function calendarOf(name: string, entries: readonly CalendarEntry[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Downfield//Deadlines//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
    ...entries.flatMap(linesOf),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function linesOf({ uid, starts, summary, description, url, changedAt }: CalendarEntry): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(uid)}`,
    // Without a METHOD, when it was last revised (section 3.8.7.2): so the same deadlines are the same text.
    `DTSTAMP:${utc(changedAt)}`,
    `LAST-MODIFIED:${utc(changedAt)}`,
    // Without an end a moment takes no time, and a day is that day (section 3.6.1).
    typeof starts === 'number' ? `DTSTART:${utc(starts)}` : `DTSTART;VALUE=DATE:${starts.replaceAll('-', '')}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped(description)}`,
    `URL:${url.replace(CONTROLS, '')}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

/** What no text may hold (section 3.3.11: TSAFE-CHAR), and the line ends that only some programs know. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\n\r\t]/g
const LINE_ENDS = /\r\n|[\r\n\u0085\u2028\u2029]/g

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_ENDS, '\n')
    .split('\n')
    .map((line) =>
      line
        .replaceAll('\t', ' ')
        .replace(CONTROLS, '')
        .replace(/[\\;,]/g, '\\$&'),
    )
    .join('\\n')
}

const utc = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')

/** In lines of at most 75 octets, none of them broken within a character (section 3.1). */
function folded(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const more = Buffer.byteLength(character)
    if (octets + more > MAX_LINE_OCTETS) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += more
  }
  return [...lines, current].join('\r\n')
}
