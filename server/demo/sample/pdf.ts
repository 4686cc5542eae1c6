const LINES_PER_PAGE = 46

/** A plain PDF 1.4 with a title and lines of text in Helvetica; characters beyond windows-1252 become "?". */
export function textPdf(title: string, lines: string[]): Buffer {
  const pages: string[][] = []
  for (let from = 0; from === 0 || from < lines.length; from += LINES_PER_PAGE) {
    pages.push(lines.slice(from, from + LINES_PER_PAGE))
  }
  const kids = pages.map((_, index) => `${5 + index * 2} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => {
      const head = index === 0 ? `BT /F2 16 Tf 56 780 Td (${escaped(title)}) Tj ET\n` : ''
      const text = page.map((line) => `(${escaped(line)}) Tj T*`).join('\n')
      const stream = `${head}BT /F1 10 Tf 15 TL 56 750 Td\n${text}\nET`
      const fonts = '<< /Font << /F1 3 0 R /F2 4 0 R >> >>'
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842] /Resources ${fonts} /Contents ${6 + index * 2} 0 R >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ]
    }),
  ]
  let written = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'
  const offsets = objects.map((object, index) => {
    const offset = written.length
    written += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`
  return Buffer.from(
    `${written}${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${written.length}\n%%EOF\n`,
    'latin1',
  )
}

function escaped(text: string) {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').replace(/[()\\]/g, '\\$&')
}
