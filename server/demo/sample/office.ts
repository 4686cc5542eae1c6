import { crc32, deflateRawSync } from 'node:zlib'

/** A minimal .docx (ECMA-376, WordprocessingML) with these paragraphs. */
export function docx(paragraphs: string[]): Buffer {
  const body = paragraphs
    .map((text) => `<w:p><w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`)
    .join('')
  return officeFile('word/document.xml', `${OFFICE}.wordprocessingml.document.main+xml`, {
    'word/document.xml': `${XML}<w:document xmlns:w="${SCHEMA}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  })
}

/** A minimal .xlsx (ECMA-376, SpreadsheetML) with one sheet; numbers stay numbers. */
export function xlsx(rows: (string | number)[][]): Buffer {
  const cell = (value: string | number) =>
    typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escaped(value)}</t></is></c>`
  const sheet = rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('')
  const main = `${SCHEMA}/spreadsheetml/2006/main`
  const link = `${SCHEMA}/officeDocument/2006/relationships`
  return officeFile('xl/workbook.xml', `${OFFICE}.spreadsheetml.sheet.main+xml`, {
    'xl/workbook.xml': `${XML}<workbook xmlns="${main}" xmlns:r="${link}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(`${link}/worksheet`, 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
  })
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const SCHEMA = 'http://schemas.openxmlformats.org'
const OFFICE = 'application/vnd.openxmlformats-officedocument'

function officeFile(main: string, mainType: string, parts: Record<string, string>) {
  const overrides = [`<Override PartName="/${main}" ContentType="${mainType}"/>`]
  if (parts['xl/worksheets/sheet1.xml']) {
    overrides.push(
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${OFFICE}.spreadsheetml.worksheet+xml"/>`,
    )
  }
  const rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
  const xml = '<Default Extension="xml" ContentType="application/xml"/>'
  return zip({
    '[Content_Types].xml': `${XML}<Types xmlns="${SCHEMA}/package/2006/content-types">${rels}${xml}${overrides.join('')}</Types>`,
    '_rels/.rels': relationships(`${SCHEMA}/officeDocument/2006/relationships/officeDocument`, main),
    ...parts,
  })
}

function relationships(type: string, target: string) {
  const one = `<Relationship Id="rId1" Type="${type}" Target="${target}"/>`
  return `${XML}<Relationships xmlns="${SCHEMA}/package/2006/relationships">${one}</Relationships>`
}

function escaped(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** 1 January 1980: the archive's bytes must not depend on when they are made. */
const DOS_DATE = 0x21

/** A ZIP archive, deflated (APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16). */
function zip(files: Record<string, string>): Buffer {
  const entries: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const packed = deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(DOS_DATE, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, rest, Buffer.from(name)]))
    entries.push(entry)
    offset += entry.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...entries, listed, Buffer.from('PK\x05\x06'), end])
}
