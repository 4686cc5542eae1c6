const WIDTH = 72
const SIGNATURE = '-- '

/**
 * Text as format=flowed (RFC 3676): long lines are broken where a reader may join them again, so that the text fits
 * the window it is read in. Quoted lines keep their depth. Line ends become CRLF.
 */
export function flowed(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line) => (line === SIGNATURE ? [SIGNATURE] : flowLine(line.trimEnd())))
    .join('\r\n')
}

/** One paragraph as lines; all but the last end in a space, which says that they go on. */
function flowLine(line: string): string[] {
  const quoted = /^>[> ]*/.exec(line)?.[0] ?? ''
  const depth = quoted.replaceAll(' ', '').length
  const content = depth > 0 ? line.slice(quoted.trimEnd().length).replace(/^ /, '') : line
  const start = '>'.repeat(depth)
  return breakAt(content, WIDTH - depth).map((part) => start + stuff(part, depth))
}

/** A space is put before what would otherwise be read as quoted, stuffed, or the start of a mail in an mbox file. */
function stuff(part: string, depth: number): string {
  if (depth > 0) return part === '' ? '' : ` ${part}`
  return /^(?: |>|From )/.test(part) ? ` ${part}` : part
}

function breakAt(content: string, width: number): string[] {
  const parts: string[] = []
  let rest = content
  while (rest.length > width) {
    // After the last space that fits; a word longer than the line goes over its end.
    const fits = rest.lastIndexOf(' ', width - 1)
    const at = fits > 0 ? fits : rest.indexOf(' ', width)
    if (at < 0) break
    parts.push(rest.slice(0, at + 1))
    rest = rest.slice(at + 1)
  }
  return [...parts, rest]
}

/** RFC 3676: a line that ends with a space goes on in the next, but for the line "-- " and between depths of quoting. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = []
  let open = false
  let depthBefore = 0
  for (const line of text.split('\n')) {
    const marks = /^>*/.exec(line)![0]
    const content = line.slice(marks.length).replace(/^ /, '')
    const signature = content === '-- '
    if (open && !signature && marks.length === depthBefore) {
      const before = out.pop()!
      out.push((deleteSpace ? before.slice(0, -1) : before) + content)
    } else out.push(marks ? `${marks} ${content}` : content)
    open = content.endsWith(' ') && !signature
    depthBefore = marks.length
  }
  return out.join('\n')
}
