// Address fields (RFC 5322 section 3.4), as they come: groups, comments, encoded words, or hardly an address at all.

import { addressParser } from 'postal-mime'
import type { Address } from '../../../db/schema.ts'
import { cleanText } from './charset.ts'
import { decodeWords, wordsInUtf8 } from './encoded-words.ts'
import type { Field } from './mime-fields.ts'

/** The most addresses of one kind that are kept. */
export const MAX_ADDRESSES = 500
const MAX_NAME = 200
/** RFC 5321 section 4.5.3.1: 64 for the local part, 255 for the domain, and the @. */
const MAX_ADDRESS = 320

/** All addresses of the fields of that name, groups opened, without doubles. */
export function addressesOf(fields: Field[], name: string): Address[] {
  const found = new Map<string, Address>()
  for (const field of fields) {
    if (field.name !== name) continue
    for (const address of parseAddresses(field.value)) {
      if (found.size >= MAX_ADDRESSES) break
      const known = found.get(address.address)
      if (!known) found.set(address.address, address)
      else if (!known.name) known.name = address.name
    }
  }
  return [...found.values()]
}

/** Who a mail is from: the first usable address of From, else of Sender, Reply-To and Return-Path. */
export function writerOf(fields: Field[]): Address {
  const named: Address = { name: '', address: '' }
  for (const name of ['from', 'sender', 'reply-to', 'return-path']) {
    for (const field of fields.filter((field) => field.name === name)) {
      const [first] = parseAddresses(field.value)
      if (first) return { name: first.name || named.name, address: first.address }
      // "From: Printer in the hall" names somebody, though nobody who could be answered.
      if (name === 'from') named.name ||= nameIn(tidy(decodeWords(field.value), MAX_NAME))
    }
  }
  return named
}

/** "Moderator <moderator>": the name, else what stands in its place; signs alone are nobody. */
const nameIn = (value: string): string => {
  if (!/[\p{L}\p{N}]/u.test(value)) return ''
  return (value.replace(/\s*<[^<>]*>$/, '') || value.replace(/[<>]/g, '')).replace(/^(["'])(.*)\1$/, '$2')
}

function parseAddresses(value: string): Address[] {
  const parsed = addressParser(wordsInUtf8(repaired(value)), { flatten: true }) as { name?: string; address?: string }[]
  return parsed.flatMap(({ name = '', address = '' }, at) => {
    // A comment may stand anywhere in an address (RFC 5322 section 3.4.1, obs-addr-spec).
    const bare = tidy(decodeWords(address).replace(/\([^()]*\)/g, ''), MAX_ADDRESS)
      .replace(/^<+|[>,;]+$/g, '')
      .toLowerCase()
    // A local part that has spaces lost its quotes (section 3.4.1); without them it would be another's address.
    const quoted = /^([^"@]*\s[^"@]*)@/.exec(bare)?.[1] ?? ''
    const tidied =
      quoted !== '' && value.toLowerCase().includes(`"${quoted}"@`)
        ? `"${quoted}"${bare.slice(quoted.length)}`
        : bare.replace(/\s+/g, '')
    if (!/.@./.test(tidied)) return []
    const plain = tidy(decodeWords(name), MAX_NAME).replace(/^(["'])(.*)\1$/, '$2')
    if (plain.toLowerCase() === tidied) return [{ name: '', address: tidied }]
    return [{ name: withLastName(plain, parsed[at - 1]), address: tidied }]
  })
}

/** What programs write that no grammar allows, as it was meant. */
const repaired = (value: string): string =>
  value
    .replace(/\[mailto:([^[\]\s]+)\]/gi, '<$1>')
    .replace(/<mailto:/gi, '<')
    // A bracket within a comment (RFC 5322 section 3.2.1), which would end it for a parser that knows no escapes.
    .replace(/\((?:[^()\\"]|\\.)*\)/g, (comment) => comment.replace(/\\[()]/g, ''))
    .replace(/(<[^<>"@]*@[^<>"]*>)(?=\s*[^\s,;<>"][^,;<>"]*<[^<>"@]*@)/g, '$1,')

/** "Doe, Jane <jane@x.example>" without quotes is one person, of whom a parser makes two. */
function withLastName(name: string, before: { name?: string; address?: string } | undefined): string {
  const last = before?.address === '' ? tidy(decodeWords(before.name ?? ''), MAX_NAME) : ''
  return name !== '' && /^\p{L}[\p{L}\s'.-]*$/u.test(last) ? tidy(`${last}, ${name}`, MAX_NAME) : name
}

const tidy = (text: string, max: number): string =>
  cleanText(text).replace(/\s+/g, ' ').trim().slice(0, max).toWellFormed()
