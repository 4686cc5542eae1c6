// What somebody wrote, without history: blocks apart by an empty line, as text and as HTML.

/** How a client writes its HTML: around a paragraph, and between two. */
type BlockStyle = { paragraph: (html: string) => string; between: string }

/**
 * The HTML of a body. A block of lines that begin with "- " is a list, one whose lines hold " | " a table, one of
 * lines that begin with "> " quoted; "{picture}" stands for the picture with that Content-ID.
 */
export function bodyHtml(text: string, style: BlockStyle, pictureId?: string): string {
  const blocks = text.split('\n\n').map((block) => {
    const lines = block.split('\n')
    if (lines.every((line) => line.startsWith('- '))) {
      return `<ul>${lines.map((line) => `<li>${escapeHtml(line.slice(2))}</li>`).join('')}</ul>`
    }
    if (lines.length > 1 && lines.every((line) => line.includes(' | '))) return table(lines)
    if (lines.every((line) => line.startsWith('> '))) {
      return `<blockquote>${lines.map((line) => escapeHtml(line.slice(2))).join('<br>\n')}</blockquote>`
    }
    const html = lines.map(escapeHtml).join('<br>\n')
    return style.paragraph(
      html.replace('{picture}', pictureId ? `<img src="cid:${pictureId}" alt="" width="412">` : ''),
    )
  })
  return blocks.join(style.between)
}

function table(lines: string[]) {
  const rows = lines.map((line, index) => {
    const tag = index === 0 ? 'th' : 'td'
    const cells = line.split(' | ').map((cell) => `<${tag} align="left">${escapeHtml(cell)}</${tag}>`)
    return `<tr>${cells.join('')}</tr>`
  })
  return `<table border="1" cellspacing="0" cellpadding="4" style="border-collapse:collapse">${rows.join('\n')}</table>`
}

export function escapeHtml(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * Breaks long lines at `width`; quoted lines stay as they are. With `flowed` a broken line ends in a space, so that
 * readers can join it again (RFC 3676).
 */
export function wrap(text: string, width: number, flowed: boolean): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (line.length <= width || line.startsWith('>')) return [line]
      const broken: string[] = []
      let current = ''
      for (const word of line.split(' ')) {
        if (current && current.length + word.length + 1 > width) {
          broken.push(flowed ? `${current} ` : current)
          current = word
        } else current = current ? `${current} ${word}` : word
      }
      return [...broken, current]
    })
    .join('\n')
}

/** Every line with "> " before it; what is quoted already gets ">" only, as clients do. */
export function quoteLines(text: string) {
  return text.replaceAll(/^(>?)/gm, (_, quoted: string) => (quoted ? '>>' : '> ')).replaceAll(/^> $/gm, '>')
}
