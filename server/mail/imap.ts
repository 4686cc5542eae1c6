import { type FetchMessageObject, ImapFlow } from 'imapflow'
import type { AccessToken } from './access-token.ts'
import type { ServerSettings } from './connection.ts'
import type { Found } from './deliver.ts'
import { isRefusedSignIn, refusedToken } from './trouble.ts'
import { uidSet } from './uid-set.ts'

// The only file that knows imapflow. It reads, and files copies of what we sent; it never changes a flag, moves or
// deletes: folders are opened with EXAMINE, mails are fetched with BODY.PEEK[] (RFC 9051, sections 6.3.3 and 6.4.5).

/** A mail above this size comes in cut, with what it has first: its headers and, as a rule, its text. */
export const MAX_MAIL_BYTES = 50 * 1024 * 1024
const KEPT_OF_LARGER_BYTES = 1024 * 1024
/** The first field of a mail that did not come whole: a sentence that says why, for whoever reads it later. */
export const CUT_HEADER = 'X-Downfield-Cut'

const CONNECT_MS = 20_000
const GREETING_MS = 15_000
/** Silence for so long while an answer is due means that the connection is dead. */
const SILENCE_MS = 90_000
/** RFC 2177: IDLE again at least every 29 minutes; routers forget sooner. */
const IDLE_MS = 4 * 60_000
const AUTO_IDLE_MS = 200
const FRAMING_BYTES = 1024 * 1024
const LOGOUT_MS = 3_000

export type OpenFolder = { uidValidity: string; exists: number }
/** A mail as its folder lists it. */
export type Listed = { uid: number; size: number; internalAt: number }
export type Imap = Awaited<ReturnType<typeof connectImap>>

/**
 * Signs in to an IMAP server. With a token that it does not take, once more with a fresh one.
 * @throws what mail/trouble.ts can name
 */
export async function connectImap(settings: ServerSettings, signal?: AbortSignal) {
  const { accessToken } = settings
  if (!accessToken) return await connectWith(settings, null, signal)
  const token = await accessToken()
  try {
    return await connectWith(settings, token, signal)
  } catch (error) {
    if (!isRefusedSignIn(error, 'IMAP')) throw error
  }
  const fresh = await accessToken(token.token)
  try {
    return await connectWith(settings, fresh, signal)
  } catch (error) {
    throw refusedToken(error, 'IMAP')
  }
}

async function connectWith(settings: ServerSettings, token: AccessToken | null, signal: AbortSignal | undefined) {
  const client = new ImapFlow({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    ...(settings.security === 'tls' ? {} : { doSTARTTLS: settings.security === 'starttls' }),
    auth: token ? { user: settings.user, accessToken: token.token } : { user: settings.user, pass: settings.password },
    clientInfo: { name: 'Downfield' },
    logger: false,
    autoIdleDelay: AUTO_IDLE_MS,
    maxIdleTime: IDLE_MS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    maxLiteralSize: MAX_MAIL_BYTES + FRAMING_BYTES,
    maxResponseSize: MAX_MAIL_BYTES + 2 * FRAMING_BYTES,
  })
  /** What ended the connection; imapflow tells it once, to whoever listens. Without a listener the process ends. */
  let fault: Error | undefined
  client.on('error', (error: Error) => {
    fault ??= error
  })
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  const close = () => client.close()
  signal?.throwIfAborted()
  signal?.addEventListener('abort', close, { once: true })
  let news = Promise.withResolvers<void>()
  client.on('exists', () => news.resolve())

  try {
    await client.connect()
  } catch (error) {
    signal?.removeEventListener('abort', close)
    client.close()
    throw fault && !named(error) ? fault : error
  }

  /** Where a command only says that there is no connection, what ended the connection says more. */
  async function run<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command()
    } catch (error) {
      throw fault && !client.usable ? fault : error
    }
  }

  return {
    /** Whether the server tells of new mail by itself (IDLE, RFC 2177). */
    live: client.capabilities.has('IDLE'),

    /**
     * When to sign in anew, for a session that a token opened: Exchange ends it when the token expires ("Session
     * invalidated - AccessTokenExpired"). Never for one that a password opened.
     */
    renewAt: token?.renewAt ?? Number.POSITIVE_INFINITY,

    /** Opens a folder for reading alone. */
    async open(path: string): Promise<OpenFolder> {
      const folder = await run(() => client.mailboxOpen(path, { readOnly: true }))
      return { uidValidity: String(folder.uidValidity), exists: folder.exists }
    },

    /** How many mails the open folder has, as far as the server told. */
    get exists(): number {
      return client.mailbox ? client.mailbox.exists : 0
    },

    /** The UIDs above `after`, in order. */
    async uidsAfter(after: number): Promise<number[]> {
      const found = await run(() => client.search({ uid: `${after + 1}:*` }, { uid: true }))
      if (!Array.isArray(found)) throw fault ?? new Error('The server refused to list the mails of the folder.')
      // "n:*" always matches the last mail, even when its UID is below n (RFC 9051, section 6.4.8).
      return found.filter((uid) => uid > after).sort((a, b) => a - b)
    },

    /** Size and age of mails; those that are gone are left out. */
    async list(uids: number[]): Promise<Listed[]> {
      const query = { uid: true, size: true, internalDate: true }
      const listed = await run(() => client.fetchAll(uidSet(uids), query, { uid: true }))
      const mails = listed.map(({ uid, size, internalDate }) => ({
        uid,
        size: size ?? 0,
        internalAt: timeOf(internalDate),
      }))
      // A server may tell of other mails in between; only what was asked for is meant.
      return mails.filter(({ uid }) => uids.includes(uid)).sort((a, b) => a.uid - b.uid)
    },

    /** The raw mails; those that are gone by now are left out. */
    async fetch(listed: Listed[]): Promise<Found[]> {
      const whole = listed.filter(({ size }) => size <= MAX_MAIL_BYTES)
      const found = await fetchWhole(whole)
      for (const mail of listed.filter(({ size }) => size > MAX_MAIL_BYTES)) found.push(...(await fetchStart(mail)))
      return found.sort((a, b) => a.uid - b.uid)
    },

    /** Waits until the server tells of new mail, `wake` is aborted or the time is over. Throws when the connection ends. */
    async waitForNews(ms: number, wake: AbortSignal): Promise<void> {
      const enough = AbortSignal.any([wake, AbortSignal.timeout(ms)])
      const over = new Promise<void>((resolve) => {
        if (enough.aborted) resolve()
        else enough.addEventListener('abort', () => resolve(), { once: true })
      })
      // At once instead of after the pause that imapflow leaves: what comes in between is told a moment later.
      client.idle().catch(() => {})
      await Promise.race([news.promise, closed, over])
      news = Promise.withResolvers<void>()
      if (!client.usable) throw fault ?? new Error('The server closed the connection.')
    },

    /** The folders with their count of mails, for who sets up a mailbox. */
    async folders(): Promise<{ path: string; sent: boolean }[]> {
      const folders = await run(() => client.list())
      const sent = sentOf(folders)
      return folders.map(({ path }) => ({ path, sent: path === sent }))
    },

    /** The folder of sent mail: as the server marks it (RFC 6154), else by the names that languages have for it. */
    async findSent(): Promise<string | null> {
      return sentOf(await run(() => client.list()))
    },

    /** Whether a folder has a mail with this Message-ID (without angle brackets). */
    async has(path: string, internetMessageId: string): Promise<boolean> {
      await run(() => client.mailboxOpen(path, { readOnly: true }))
      const header = { 'Message-ID': `<${internetMessageId}>` }
      const found = await run(() => client.search({ header }, { uid: true }))
      if (!Array.isArray(found)) throw fault ?? new Error(`The server refused to search ${path}.`)
      return found.length > 0
    },

    /** Files a mail that we sent: read, and with the time it went out. */
    async append(path: string, raw: Buffer, sentAt: number): Promise<void> {
      // imapflow drops the flags that the open folder does not take, and one opened for reading takes none. Closing
      // after EXAMINE deletes nothing (RFC 9051, section 6.4.1).
      if (client.mailbox) await run(() => client.mailboxClose())
      const done = await run(() => client.append(path, raw, ['\\Seen'], new Date(sentAt)))
      if (!done) throw fault ?? new Error(`The server did not take the copy into ${path}.`)
    },

    /** Says goodbye where the server still listens, and closes. */
    async close(): Promise<void> {
      signal?.removeEventListener('abort', close)
      if (client.usable) {
        const bye = client.logout().catch(() => {})
        const late = new Promise((resolve) => setTimeout(resolve, LOGOUT_MS).unref())
        await Promise.race([bye, late])
      }
      client.close()
    },
  }

  async function fetchWhole(listed: Listed[]): Promise<Found[]> {
    if (listed.length === 0) return []
    const query = { uid: true, source: true, internalDate: true }
    let mails: FetchMessageObject[]
    try {
      mails = await run(() => client.fetchAll(uidSet(listed.map(({ uid }) => uid)), query, { uid: true }))
    } catch (error) {
      // One mail that the server can't give must not hold up the others (Exchange refuses the whole command).
      if (!refused(error) || !client.usable) throw error
      if (listed.length === 1) return await fetchHead(listed[0]!)
      const half = listed.length >> 1
      return [...(await fetchWhole(listed.slice(0, half))), ...(await fetchWhole(listed.slice(half)))]
    }
    const found = new Map<number, Found>()
    for (const mail of mails) if (mail.source) found.set(mail.uid, toFound(mail, mail.source))
    // What is missing was deleted in between, as a rule; an answer without a body is a fault of the server.
    const missing = listed.filter(({ uid }) => !found.has(uid))
    for (const mail of missing) for (const head of await fetchHead(mail)) found.set(head.uid, head)
    return listed.flatMap(({ uid }) => found.get(uid) ?? [])
  }

  /** The first part of a mail that is too large. */
  async function fetchStart(listed: Listed): Promise<Found[]> {
    const query = { uid: true, internalDate: true, source: { start: 0, maxLength: KEPT_OF_LARGER_BYTES } }
    const mail = await run(() => client.fetchOne(String(listed.uid), query, { uid: true }))
    if (!mail) return []
    const size = `This mail has ${Math.round(listed.size / 1_000_000)} MB.`
    return [toFound(mail, cut(`${size} Only its beginning was fetched; the whole is on the mail server.`, mail.source))]
  }

  /** The headers of a mail whose content the server does not give; nothing where it is gone. */
  async function fetchHead(listed: Listed): Promise<Found[]> {
    // The server may speak of deleted mails only when nothing is under way (RFC 9051, section 7.5.1).
    await run(() => client.noop())
    const query = { uid: true, internalDate: true, headers: true }
    const mail = await run(() => client.fetchOne(String(listed.uid), query, { uid: true })).catch((error) => {
      if (!refused(error) || !client.usable) throw error
      return error.serverResponseCode === 'EXPUNGEISSUED' ? false : undefined
    })
    if (mail === undefined) return [notGiven(listed.uid, listed.internalAt)]
    if (!mail) return []
    return [toFound(mail, cut(NOT_GIVEN, mail.headers))]
  }
}

/** What stands for a mail of which the server gives nothing. */
export function notGiven(uid: number, internalAt: number): Found {
  return { uid, raw: cut(NOT_GIVEN, undefined), internalAt }
}

const NOT_GIVEN = 'The mail server did not give the content of this mail.'

function cut(why: string, bytes: Buffer | undefined): Buffer {
  return Buffer.concat([Buffer.from(`${CUT_HEADER}: ${why}\r\n`), bytes ?? Buffer.from('\r\n')])
}

function toFound(mail: Pick<FetchMessageObject, 'uid' | 'internalDate'>, raw: Buffer): Found {
  return { uid: mail.uid, raw, internalAt: timeOf(mail.internalDate) }
}

/** INTERNALDATE in ms; a server that gives none, or nonsense, received it now. */
function timeOf(internalDate: Date | string | undefined): number {
  const ms = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime()
  return Number.isNaN(ms) ? Date.now() : ms
}

function sentOf(folders: { path: string; specialUse?: string | undefined; specialUseSource?: string | undefined }[]) {
  const sent = folders.filter(({ specialUse }) => specialUse === '\\Sent')
  return (sent.find(({ specialUseSource }) => specialUseSource === 'extension') ?? sent[0])?.path ?? null
}

function refused(error: unknown): boolean {
  const { responseStatus } = error as { responseStatus?: string }
  return responseStatus === 'NO' || responseStatus === 'BAD'
}

/** Whether an error says what happened, rather than only that there is no connection. */
function named(error: unknown): boolean {
  const { code, authenticationFailed } = error as { code?: string; authenticationFailed?: boolean }
  return authenticationFailed === true || (code !== undefined && !/^(NoConnection|EConnectionClosed)$/.test(code))
}
