import { SIGNATURE_CLASS } from '../../issues/signature.ts'
import { writtenHtml } from './written-html.ts'
import { writtenText } from './written-text.ts'

/**
 * What goes below a mail: as text after a line of "-- " (RFC 3676, section 4.3), and as HTML. Harmless, without
 * pictures; empty where there is nothing to be read.
 */
export function signatureBelow(signature: string): { text: string; html: string } {
  const html = writtenHtml(signature, '').html.replace(/<img\b[^>]*>/g, '')
  const text = writtenText(html)
  return text
    ? { text: `\n\n-- \n${text}`, html: `<div class="${SIGNATURE_CLASS}">${html}</div>` }
    : { text: '', html: '' }
}
