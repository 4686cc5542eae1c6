/** How the pictures begin that browsers show and that can not carry a script, in hexadecimal; '..' is any byte. */
const SIGNATURES: [type: string, start: string][] = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383761'],
  ['image/gif', '474946383961'],
  ['image/webp', '52494646........57454250'],
  ['image/bmp', '424d........00000000'],
  ['image/avif', '........6674797061766966'],
  ['image/avif', '........6674797061766973'],
  ['image/x-icon', '000001000'],
]

/** What kind of picture these bytes are, whatever their server calls them; null for anything else. */
export function pictureType(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex')
  return SIGNATURES.find(([, signature]) => new RegExp(`^${signature}`).test(start))?.[0] ?? null
}
