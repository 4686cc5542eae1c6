import { Client, InsufficientAccessError, InvalidCredentialsError, NoSuchObjectError } from 'ldapts'

export type LdapSettings = { url: string; baseDn: string; bindDn: string; password: string }

const LINK = 'msExchDelegateListLink'
const TIMEOUT_MS = 15_000
/** Active Directory gives 1500 at once; nobody has so many delegates. */
const MAX_RANGES = 100

/**
 * Whom the link of a mailbox names, by their distinguished names: for them it appears by itself. Reads alone.
 * @returns null where the directory could not be read: then nothing is known
 */
export async function readLinks(settings: LdapSettings, mailboxDn: string): Promise<string[] | null> {
  if (!isSafeDirectory(settings.url)) return null
  return await bound(settings, (client) => allValues(client, mailboxDn)).catch(() => null)
}

/** Whether a password may go there: over TLS, or to this machine itself. */
export function isSafeDirectory(url: string): boolean {
  return /^ldaps:\/\//i.test(url) || /^ldap:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/i.test(url)
}

/**
 * Tries the directory: signs in, and looks for where to search.
 * @returns what is wrong, in a sentence that says what to do; null where it can be read
 */
export async function directoryTrouble(settings: LdapSettings): Promise<string | null> {
  const { url, baseDn, bindDn } = settings
  if (!isSafeDirectory(url)) return 'The directory is not reached over TLS. Enter an address that begins with ldaps://.'
  try {
    const read = async (client: Client) => {
      if (baseDn) await client.search(baseDn, { scope: 'base', attributes: ['1.1'] })
    }
    await bound(settings, read)
    return null
  } catch (error) {
    if (error instanceof InvalidCredentialsError)
      return `The directory refuses ${bindDn || 'an account without a name'}. Check the account and its password.`
    if (error instanceof NoSuchObjectError) return `The directory has no ${baseDn}. Check where to search.`
    if (error instanceof InsufficientAccessError) return `${bindDn} may not read ${baseDn}. Let it read there.`
    return `The directory at ${url} can not be read: ${(error as Error).message || 'no answer'}. Check the address, and that this machine reaches it and trusts its certificate.`
  }
}

async function bound<T>({ url, bindDn, password }: LdapSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS })
  try {
    await client.bind(bindDn, password)
    return await work(client)
  } finally {
    await client.unbind().catch(() => {})
  }
}

/** All values, where the directory gives them in ranges (MS-ADTS 3.1.1.3.1.3.3): "name;range=0-1499", to "name;range=1500-*". */
async function allValues(client: Client, dn: string): Promise<string[]> {
  const values: string[] = []
  let attribute = LINK
  for (let i = 0; i < MAX_RANGES; i++) {
    const { searchEntries } = await client.search(dn, { scope: 'base', attributes: [attribute] })
    const [entry] = searchEntries
    if (!entry) throw new Error('the mailbox is not in the directory')
    const ranged = Object.keys(entry).flatMap((key) => /^(.+);range=(\d+)-(\d+|\*)$/i.exec(key) ?? [])
    const [key, name, , end] = ranged
    if (key === undefined || name?.toLowerCase() !== LINK.toLowerCase())
      return [...values, ...texts(attributeOf(entry, LINK))]
    values.push(...texts(entry[key]))
    if (end === '*') return values
    attribute = `${LINK};range=${Number(end) + 1}-*`
  }
  throw new Error('the ranges have no end')
}

/** Names of attributes have no case. */
function attributeOf(entry: Record<string, unknown>, name: string): unknown {
  return Object.entries(entry).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

/** One value comes alone, many as a list, none as an empty one. */
function texts(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map((one) =>
    Buffer.isBuffer(one) ? one.toString('utf8') : String(one),
  )
}
