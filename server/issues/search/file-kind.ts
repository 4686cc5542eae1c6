import type { Attachment } from '../../../db/schema.ts'

/** How the text of a file is read. */
export type FileKind = 'pdf' | 'office' | 'word' | 'rtf' | 'html' | 'calendar' | 'mail' | 'text'

/** A larger file is not read. */
export const MAX_FILE_BYTES = 50_000_000

/** Mail programs write all kinds of types, or none; the ending is what their users see. */
const BY_ENDING: Record<string, FileKind> = {
  pdf: 'pdf',
  ...same('office', 'docx docm dotx dotm xlsx xlsm xltx pptx pptm ppsx odt ott ods ots odp otp'),
  ...same('word', 'doc dot'),
  rtf: 'rtf',
  ...same('html', 'html htm xhtml'),
  ...same('calendar', 'ics ical ifb vcs'),
  eml: 'mail',
  ...same('text', 'txt text csv tsv md markdown log json xml yaml yml'),
}

const BY_TYPE: [RegExp, FileKind][] = [
  [/^application\/(x-)?pdf$/, 'pdf'],
  [/^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument)\.(?!graphics|drawing)/, 'office'],
  [/^application\/(msword|vnd\.ms-word)$/, 'word'],
  [/^(application|text)\/(x-)?rtf$/, 'rtf'],
  [/^(text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^(text|application)\/(x-)?(calendar|ics|vcalendar)$/, 'calendar'],
  [/^message\/(rfc822|global)$/, 'mail'],
  [/^text\/(plain|csv|tab-separated-values|(x-)?markdown|xml)$/, 'text'],
  [/^application\/(json|xml|yaml|csv)$/, 'text'],
]

/** How the text of an attachment would be read; null where it has none that we know how to read. */
export function fileKind({ filename, contentType }: Pick<Attachment, 'filename' | 'contentType'>): FileKind | null {
  const ending = /\.([a-z\d]{1,8})$/i.exec(filename.trim())?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(BY_ENDING, ending)) return BY_ENDING[ending]!
  return BY_TYPE.find(([type]) => type.test(contentType.toLowerCase()))?.[1] ?? null
}

/** Whether the text of an attachment is looked for: what is shown within a mail is part of it. */
export function isReadable(file: Pick<Attachment, 'filename' | 'contentType' | 'size' | 'inline'>): boolean {
  return !file.inline && file.size > 0 && file.size <= MAX_FILE_BYTES && fileKind(file) !== null
}

function same(kind: FileKind, endings: string): Record<string, FileKind> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, kind]))
}
