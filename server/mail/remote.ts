// Pictures that a mail has elsewhere. Nothing of them is loaded until somebody asks; then only those that the mail names
// are, through us, so that their sender learns neither who looks nor from where.

import { timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../access/secrets.ts'

const PURPOSE = 'remote content'

/** What the sanitiser puts before each encoded address. */
export const remotePrefix = (messageId: string): string => `/api/messages/${messageId}/remote?url=`

/**
 * Signs every address of the mail in its sanitised HTML, so that the proxy opens those and no others. The signature stands
 * in the path: a style sheet would not read an ampersand as an attribute does.
 */
export function signRemote(secrets: Pick<Secrets, 'sign'>, messageId: string, html: string): string {
  const [path = '', query = ''] = remotePrefix(messageId).split('?')
  const pattern = new RegExp(`${path}\\?${query}([\\w.%-]+)`, 'g')
  return html.replaceAll(pattern, (_, encoded: string) => {
    const url = decoded(encoded)
    return url === null ? '' : `${path}/${macOf(secrets, messageId, url)}?${query}${encoded}`
  })
}

/** Whether we signed this address for this mail. */
export function isSigned(secrets: Pick<Secrets, 'sign'>, messageId: string, url: string, mac: string): boolean {
  const expected = Buffer.from(macOf(secrets, messageId, url))
  const given = Buffer.from(mac)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function macOf(secrets: Pick<Secrets, 'sign'>, messageId: string, url: string): string {
  return secrets.sign(PURPOSE, `${messageId} ${url}`).toString('base64url')
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
