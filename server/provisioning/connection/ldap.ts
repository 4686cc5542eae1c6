import { Client } from 'ldapts'

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
  // A password goes over TLS, or stays on this machine.
  if (!/^ldaps:\/\//i.test(settings.url) && !/^ldap:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/i.test(settings.url))
    return null
  const client = new Client({ url: settings.url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS })
  try {
    await client.bind(settings.bindDn, settings.password)
    return await allValues(client, mailboxDn)
  } catch {
    return null
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
