// Signed and encrypted mail (RFC 8551, RFC 3156, RFC 9580) is left as it came, and named.

import type { Part } from './mime.ts'

export type Protection = 'smime-encrypted' | 'smime-signed' | 'pgp-encrypted' | 'pgp-signed'

/** How a mail is signed or encrypted, by what it says of itself: nothing is verified. The outermost layer counts. */
export function protectionOf(root: Part, text: string): Protection | null {
  return layerOf(root) ?? armourIn(text)
}

function layerOf(part: Part): Protection | null {
  const { value, params } = part.type
  const protocol = (params.protocol ?? '').toLowerCase()
  if (value === 'multipart/encrypted') return 'pgp-encrypted'
  if (value === 'multipart/signed')
    return /pkcs7/.test(protocol) || /pkcs7/.test(part.children[1]?.type.value ?? '') ? 'smime-signed' : 'pgp-signed'
  // Servers that know no S/MIME pass it on as a file, whose name tells.
  if (/^application\/(?:x-)?pkcs7-mime$/.test(value) || (value === 'application/octet-stream' && isNamedSmime(part))) {
    const kind = (params['smime-type'] ?? '').toLowerCase()
    const file = (part.disposition.params.filename ?? params.name ?? '').toLowerCase()
    return kind === 'signed-data' || (kind === '' && file.endsWith('.p7s'))
      ? 'smime-signed'
      : kind === 'certs-only'
        ? null
        : 'smime-encrypted'
  }
  for (const child of part.children) {
    const found = layerOf(child)
    if (found) return found
  }
  return null
}

const isNamedSmime = ({ type, disposition }: Part): boolean =>
  /^smime\.p7m$/i.test(disposition.params.filename ?? type.params.name ?? '')

/** OpenPGP within the text, from before RFC 3156. Quoted lines begin with other characters. */
function armourIn(text: string): Protection | null {
  if (!text.includes('-----BEGIN PGP ')) return null
  if (/^-----BEGIN PGP MESSAGE-----\s*$/m.test(text)) return 'pgp-encrypted'
  return /^-----BEGIN PGP SIGNED MESSAGE-----\s*$/m.test(text) ? 'pgp-signed' : null
}
