import { addressesOf, isSame } from '../directory.ts'
import type { Mailbox } from '../snapshot.ts'

const MAX_CHARACTERS = 512 * 1024

/** A mailbox that Outlook is told to open beside a user's own. */
export type Advertised = {
  type: string
  displayName: string | null
  smtpAddress: string | null
  ownerSmtpAddress: string | null
  legacyDn: string | null
  server: string | null
}

/**
 * What an answer of Autodiscover says, from Outlook's own protocol (POX) or from SOAP.
 * `failed`: it could not be read, or it is an error; then nothing is known, and least of all "off".
 */
export type AutodiscoverAnswer =
  | { is: 'settings'; user: string | null; mailboxes: Advertised[] }
  | { is: 'redirect'; to: string }
  | { is: 'failed'; reason: string }

const ENTRY = /^Altern(?:ative|ate)Mailbox$/i
const FIELDS: Record<string, keyof Advertised> = {
  type: 'type',
  displayname: 'displayName',
  smtpaddress: 'smtpAddress',
  ownersmtpaddress: 'ownerSmtpAddress',
  legacydn: 'legacyDn',
  server: 'server',
}

/**
 * Reads the answer as it came, or as somebody pasted it: copied from a page, tags may stand apart from their brackets
 * and never be closed.
 */
export function readAutodiscover(xml: string): AutodiscoverAnswer {
  if (xml.length > MAX_CHARACTERS) return { is: 'failed', reason: 'It is longer than any answer of Autodiscover.' }
  if (/<\s*!\s*(DOCTYPE|ENTITY)/i.test(xml)) {
    return { is: 'failed', reason: 'It declares a document type, which no answer of Autodiscover does.' }
  }
  const mailboxes: Advertised[] = []
  const found: Record<string, string> = {}
  let entry: Advertised | undefined
  let tags = 0
  for (const { name, isEnd, text } of tagsOf(xml)) {
    tags++
    if (ENTRY.test(name)) {
      entry = isEnd
        ? undefined
        : { type: '', displayName: null, smtpAddress: null, ownerSmtpAddress: null, legacyDn: null, server: null }
      if (entry) mailboxes.push(entry)
    } else if (!isEnd && text !== '') {
      const field = FIELDS[name.toLowerCase()]
      if (entry && field) entry[field] = text
      else found[name.toLowerCase()] ??= text
    }
  }
  return answerOf(mailboxes, found, tags, xml)
}

function answerOf(
  mailboxes: Advertised[],
  found: Record<string, string>,
  tags: number,
  xml: string,
): AutodiscoverAnswer {
  const redirect = found.redirectaddr ?? found.redirecturl ?? found.redirecttarget
  if (redirect && mailboxes.length === 0) return { is: 'redirect', to: redirect }
  const code = found.errorcode
  if (code && !/^NoError$/i.test(code)) {
    return {
      is: 'failed',
      reason: `Autodiscover answered with error ${code}${found.message ? `: ${found.message}` : '.'}`,
    }
  }
  if (found.faultstring || found.faultcode)
    return { is: 'failed', reason: `Autodiscover refused: ${found.faultstring ?? found.faultcode}` }
  const isAnswer = /<\s*(?:\w+:)?(Autodiscover|Response|GetUserSettingsResponseMessage|Account|Envelope)\b/i.test(xml)
  if (mailboxes.length === 0 && (tags === 0 || !isAnswer || !isWhole(xml))) {
    return {
      is: 'failed',
      reason: 'It is no whole answer of Autodiscover. Copy all of it, from the first < to the last >.',
    }
  }
  const user = found.autodiscoversmtpaddress ?? null
  return { is: 'settings', user, mailboxes: mailboxes.filter(({ type }) => type !== '') }
}

/** Without its end nobody can say what it does not hold. */
function isWhole(xml: string): boolean {
  const holdsAccount = /<\s*\/\s*(?:\w+:)?(Account|UserSettings)\s*>/i.test(xml)
  return holdsAccount && /<\s*\/\s*(?:\w+:)?(Autodiscover|Envelope)\s*>\s*$/i.test(xml.trimEnd())
}

type Tag = { name: string; isEnd: boolean; text: string }

/** Each tag with the text behind it, whatever its name space and however it is closed. */
function* tagsOf(xml: string): Generator<Tag> {
  const parts = xml.replace(/<!--[\s\S]*?-->/g, '').split('<')
  for (const part of parts.slice(1)) {
    const match = /^\s*(\/?)\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)[^>]*>([\s\S]*)$/.exec(part)
    if (match) yield { isEnd: match[1] === '/', name: match[2]!, text: decoded(match[3]!.trim()) }
  }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}

/** Whether the answer has Outlook open this mailbox. Older servers name it by its legacy DN alone. */
export function isAdvertised(mailboxes: Advertised[], mailbox: Mailbox): boolean {
  const addresses = addressesOf(mailbox)
  const isOurs = (address: string | null) => address !== null && addresses.includes(address.toLowerCase())
  return mailboxes.some(
    ({ type, smtpAddress, ownerSmtpAddress, legacyDn }) =>
      isSame(type, 'Delegate') &&
      (isOurs(smtpAddress) || isOurs(ownerSmtpAddress) || isSame(legacyDn, mailbox.LegacyExchangeDN)),
  )
}
