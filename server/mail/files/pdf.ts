import { getDocumentProxy } from 'unpdf'
import { collectText, DAMAGED, LOCKED, UnreadableFile } from './written.ts'

/** What comes after is not read. */
const MAX_PAGES = 500
/** A file that takes longer is read as far as it got. Ordinary pages take 20 to 30 ms. */
const MAX_MS = 40_000

/**
 * The text of a PDF (ISO 32000), page by page. Scanned pages have none. A font that says neither in the file nor by a
 * usual encoding what its characters are, as old Chinese and Japanese files have, gives none either.
 */
export async function pdfText(bytes: Uint8Array): Promise<{ text: string; cut: boolean }> {
  const began = performance.now()
  const pdf = await open(bytes)
  const written = collectText()
  const last = Math.min(pdf.numPages, MAX_PAGES)
  let number = 1
  try {
    while (number <= last && performance.now() - began < MAX_MS && written.add(await pageText(pdf, number))) number++
  } finally {
    await pdf.loadingTask.destroy()
  }
  const { text, cut } = written.end()
  return { text, cut: cut || number <= pdf.numPages }
}

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(bytes, {
      // Only the text is wanted: nothing is drawn for it.
      disableFontFace: true,
      stopAtErrors: false,
      verbosity: 0,
    })
  } catch (error) {
    const isLocked = error instanceof Error && error.name === 'PasswordException'
    throw new UnreadableFile(isLocked ? LOCKED : DAMAGED, { cause: error })
  }
}

/** One page; a page that is damaged keeps nobody from finding the others. */
async function pageText(pdf: Pdf, number: number): Promise<string> {
  try {
    const page = await pdf.getPage(number)
    const { items } = await page.getTextContent()
    const pieces = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
    page.cleanup()
    return `${pieces.join('')}\n`
  } catch {
    return ''
  }
}
