import { type FetchMessageObject, ImapFlow, type SearchObject } from 'imapflow'
import type { ServerSettings } from '../connection.ts'
import type { Found } from '../place/deliver.ts'
import { OWN_ID_FIELD } from '../read/original-ids.ts'
import type { AccessToken } from '../sign-in/access-token.ts'
import { isRefusedSignIn, refusedToken } from '../trouble.ts'
import type { ListedFolder } from './folder-choice.ts'
import { uidSet } from './uid-set.ts'

// The only file that knows imapflow. Who fetches mail changes nothing there: folders are opened with EXAMINE, mails are
// fetched with BODY.PEEK[] (RFC 9051, sections 6.3.3 and 6.4.5). Flags and moves are for write-back.ts alone.
//
// CONDSTORE and QRESYNC (RFC 7162) are not used: what we keep of a mail never changes, so that UIDVALIDITY, UIDNEXT and
// the count tell all that HIGHESTMODSEQ would, and every server has those, Exchange too.

/** A mail above this size comes in cut, with what it has first: its headers and, as a rule, its text. */
export const MAX_MAIL_BYTES = 50 * 1024 * 1024
/** What a person may ask for: no mail server takes mails above this. */
export const MAX_WHOLE_MAIL_BYTES = 200 * 1024 * 1024
const KEPT_OF_LARGER_BYTES = 1024 * 1024

const CONNECT_MS = 20_000
const GREETING_MS = 15_000
/** Silence for so long while an answer is due means that the connection is dead. */
const SILENCE_MS = 90_000
/** RFC 2177: IDLE again at least every 29 minutes; routers forget sooner. */
const IDLE_MS = 4 * 60_000
const AUTO_IDLE_MS = 200
const FRAMING_BYTES = 1024 * 1024
const LOGOUT_MS = 3_000
/** A day of any time zone and one more. */
const SINCE_SLACK_MS = 2 * 24 * 60 * 60_000

/** What a server says of a folder. `uidNext` is above the UID of every mail in it; 0 where the server does not say. */
export type FolderStatus = { uidValidity: string; uidNext: number; exists: number }
/** A mail as its folder lists it. */
export type Listed = { uid: number; size: number; internalAt: number }
export type Imap = Awaited<ReturnType<typeof connectImap>>

/**
 * Signs in to an IMAP server. With a token that it does not take, once more with a fresh one.
 * @throws what mail/trouble.ts can name
 */
export async function connectImap(settings: ServerSettings, signal?: AbortSignal, maxMailBytes = MAX_MAIL_BYTES) {
  const { accessToken } = settings
  if (!accessToken) return await connectWith(settings, null, signal, maxMailBytes)
  const token = await accessToken()
  try {
    return await connectWith(settings, token, signal, maxMailBytes)
  } catch (error) {
    if (!isRefusedSignIn(error, 'IMAP')) throw error
  }
  const fresh = await accessToken(token.token)
  try {
    return await connectWith(settings, fresh, signal, maxMailBytes)
  } catch (error) {
    throw refusedToken(error, 'IMAP')
  }
}

async function connectWith(
  settings: ServerSettings,
  token: AccessToken | null,
  signal: AbortSignal | undefined,
  maxMailBytes: number,
) {
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
    maxLiteralSize: maxMailBytes + FRAMING_BYTES,
    maxResponseSize: maxMailBytes + 2 * FRAMING_BYTES,
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
  let told = false
  client.on('exists', () => {
    told = true
    news.resolve()
  })

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

  /**
   * As `run`, for what only asks. After the end of the connection, or the server's goodbye, imapflow answers with nothing
   * instead of an error: that must never be taken for a folder without mail, or for a mail that is gone.
   */
  async function ask<T>(command: () => Promise<T>): Promise<T> {
    const answer = await run(command)
    if (hasEnded()) throw ended()
    return answer
  }
  const hasEnded = () => !client.usable || client.state === client.states.LOGOUT
  const ended = () => fault ?? new Error('The server closed the connection.')

  return {
    /** Whether the server tells of new mail by itself (IDLE, RFC 2177). */
    live: client.capabilities.has('IDLE'),

    /**
     * When to sign in anew, for a session that a token opened: Exchange ends it when the token expires ("Session
     * invalidated - AccessTokenExpired"). Never for one that a password opened.
     */
    renewAt: token?.renewAt ?? Number.POSITIVE_INFINITY,

    /** Opens a folder for reading alone. */
    async open(path: string): Promise<FolderStatus> {
      const { uidValidity, uidNext, exists } = await ask(() => client.mailboxOpen(path, { readOnly: true }))
      return { uidValidity: String(uidValidity), uidNext: uidNext ?? 0, exists }
    },

    /** The path of the open folder. */
    get openPath(): string | null {
      return client.mailbox ? client.mailbox.path : null
    },

    /** What a folder has, without opening it; null where there is no such folder. */
    async status(path: string): Promise<FolderStatus | null> {
      const asked = { messages: true, uidNext: true, uidValidity: true }
      try {
        const status = await ask(() => client.status(path, asked))
        if (!status) throw fault ?? new Error(`The server refused to tell of ${path}.`)
        return {
          uidValidity: String(status.uidValidity ?? ''),
          uidNext: status.uidNext ?? 0,
          exists: status.messages ?? 0,
        }
      } catch (error) {
        if ((error as { code?: string }).code === 'NotFound') return null
        throw error
      }
    },

    /** Resolves when the connection has ended. */
    closed,

    /** Whether nothing can be asked any more. */
    hasEnded,

    /** Whether the server told of new mail since this was asked last. */
    hasNews(): boolean {
      const before = told
      told = false
      return before
    },

    /** How many mails the open folder has, as far as the server told. */
    get exists(): number {
      return client.mailbox ? client.mailbox.exists : 0
    },

    /** The UIDs above `after`, in order. */
    async uidsAfter(after: number): Promise<number[]> {
      const found = await searchUids({ uid: `${after + 1}:*` })
      // "n:*" always matches the last mail, even when its UID is below n (RFC 9051, section 6.4.8).
      return found.filter((uid) => uid > after)
    },

    /** All UIDs of the open folder, in order; with `sinceAt` without most of those that came before that time. */
    async allUids(sinceAt: number | null = null): Promise<number[]> {
      if (sinceAt === null) return await searchUids({ all: true })
      // SINCE knows days of the server's own time zone: what is near the border is for the caller to tell.
      return await searchUids({ since: new Date(Math.max(0, sinceAt - SINCE_SLACK_MS)) })
    },

    /** Size and age of mails; those that are gone are left out. */
    async list(uids: number[]): Promise<Listed[]> {
      const query = { uid: true, size: true, internalDate: true }
      const asked = new Set(uids)
      const listed = await ask(() => client.fetchAll(uidSet(inOrder(uids)), query, { uid: true }))
      const mails = listed.map(({ uid, size, internalDate }) => ({
        uid,
        size: size ?? 0,
        internalAt: timeOf(internalDate),
      }))
      // A server may tell of other mails in between; only what was asked for is meant.
      return mails.filter(({ uid }) => asked.has(uid)).sort((a, b) => a.uid - b.uid)
    },

    /** The raw mails in order; those that are gone by now are left out. */
    async fetch(listed: Listed[]): Promise<Found[]> {
      const whole = listed.filter(({ size }) => size <= MAX_MAIL_BYTES).sort((a, b) => a.uid - b.uid)
      const found = await fetchWhole(whole)
      for (const mail of listed.filter(({ size }) => size > MAX_MAIL_BYTES)) found.push(...(await fetchStart(mail)))
      return found.sort((a, b) => a.uid - b.uid)
    },

    /** One mail as it is, however large; null where it is gone. */
    async fetchWhole(uid: number): Promise<Buffer | null> {
      const mail = await ask(() => client.fetchOne(String(uid), { uid: true, source: true }, { uid: true }))
      return mail ? (mail.source ?? null) : null
    },

    /** Opens a folder to change flags or to move mail, unless it is open so. */
    async openToChange(path: string): Promise<FolderStatus> {
      if (client.mailbox && client.mailbox.path === path && !client.mailbox.readOnly) {
        const { uidValidity, uidNext, exists } = client.mailbox
        return { uidValidity: String(uidValidity), uidNext: uidNext ?? 0, exists }
      }
      const { uidValidity, uidNext, exists } = await ask(() => client.mailboxOpen(path, { readOnly: false }))
      return { uidValidity: String(uidValidity), uidNext: uidNext ?? 0, exists }
    },

    /** Sets a flag; that a mail is gone is no error (RFC 9051, section 6.4.9). */
    async setFlag(uid: number, flag: '\\Seen' | '\\Answered'): Promise<void> {
      const done = await run(() => client.messageFlagsAdd(String(uid), [flag], { uid: true, silent: true }))
      if (!done) throw fault ?? new Error(`The server did not set ${flag}.`)
    },

    /** Moves a mail of the open folder into another one. */
    async move(uid: number, path: string): Promise<void> {
      const done = await run(() => client.messageMove(String(uid), path, { uid: true }))
      if (!done) throw fault ?? new Error(`The server did not move the mail to ${path}.`)
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
      if (hasEnded()) throw ended()
    },

    /** The folders that may hold mail, and which one is for sent mail. */
    async folders(): Promise<ListedFolder[]> {
      const folders = await ask(() => client.list())
      const sent = sentOf(folders)
      return folders
        .filter(({ flags }) => !flags?.has('\\Noselect') && !flags?.has('\\NonExistent'))
        .map(({ path }) => ({ path, sent: path === sent }))
    },

    /** The folder of sent mail: as the server marks it (RFC 6154), else by the names that languages have for it. */
    async findSent(): Promise<string | null> {
      return sentOf(await ask(() => client.list()))
    },

    /** Whether a folder has the mail to which we gave this Message-ID (without angle brackets). */
    async has(path: string, internetMessageId: string): Promise<boolean> {
      return (await findSentUid(path, internetMessageId)) !== undefined
    },

    /** The header of the mail in a folder to which we gave this Message-ID; null where there is none. */
    async findHead(path: string, internetMessageId: string): Promise<Buffer | null> {
      const uid = await findSentUid(path, internetMessageId)
      const mail = uid && (await ask(() => client.fetchOne(String(uid), { uid: true, headers: true }, { uid: true })))
      return mail ? (mail.headers ?? null) : null
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

  /** The mail to which we gave this Message-ID: some servers put another in its place, and leave our own field. */
  async function findSentUid(path: string, internetMessageId: string): Promise<number | undefined> {
    await ask(() => client.mailboxOpen(path, { readOnly: true }))
    const [uid] = await searchUids({ header: { 'Message-ID': `<${internetMessageId}>` } })
    return uid ?? (await searchUids({ header: { [OWN_ID_FIELD]: `<${internetMessageId}>` } }))[0]
  }

  async function searchUids(query: SearchObject): Promise<number[]> {
    const found = await ask(() => client.search(query, { uid: true }))
    if (!Array.isArray(found)) throw fault ?? new Error('The server refused to search the folder.')
    return inOrder(found)
  }

  async function fetchWhole(listed: Listed[]): Promise<Found[]> {
    if (listed.length === 0) return []
    const query = { uid: true, source: true, internalDate: true }
    let mails: FetchMessageObject[]
    try {
      mails = await ask(() => client.fetchAll(uidSet(listed.map(({ uid }) => uid)), query, { uid: true }))
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
    const mail = await ask(() => client.fetchOne(String(listed.uid), query, { uid: true }))
    if (!mail) return []
    return [{ ...toFound(mail, mail.source ?? Buffer.from('\r\n')), cut: 'too_large', wholeSize: listed.size }]
  }

  /** The headers of a mail whose content the server does not give; nothing where it is gone. */
  async function fetchHead(listed: Listed): Promise<Found[]> {
    // The server may speak of deleted mails only when nothing is under way (RFC 9051, section 7.5.1).
    await ask(() => client.noop())
    const query = { uid: true, internalDate: true, headers: true }
    const mail = await ask(() => client.fetchOne(String(listed.uid), query, { uid: true })).catch((error) => {
      if (!refused(error) || !client.usable) throw error
      return error.serverResponseCode === 'EXPUNGEISSUED' ? false : undefined
    })
    if (mail === undefined) return [standIn(listed.uid, listed.internalAt)]
    if (!mail) return []
    const cut = { cut: 'not_given', wholeSize: listed.size || null } as const
    return [mail.headers ? { ...toFound(mail, mail.headers), ...cut } : standIn(listed.uid, listed.internalAt)]
  }

  function standIn(uid: number, internalAt: number): Found {
    const { path = '', uidValidity = '' } = client.mailbox || {}
    return notGiven(`${path} ${uidValidity} ${uid}`, uid, internalAt)
  }
}

/**
 * What stands for a mail of which the server gives nothing.
 * @param place tells it from every other such mail: equal bytes would be the same mail twice
 */
export function notGiven(place: string, uid: number, internalAt: number): Found {
  const date = new Date(internalAt).toUTCString()
  const raw = Buffer.from(`Date: ${date}\r\nX-Downfield-Stands-For: ${encodeURIComponent(place)}\r\n\r\n`)
  return { uid, raw, internalAt, cut: 'not_given', wholeSize: null }
}

function toFound(mail: Pick<FetchMessageObject, 'uid' | 'internalDate'>, raw: Buffer): Found {
  return { uid: mail.uid, raw, internalAt: timeOf(mail.internalDate), cut: null, wholeSize: null }
}

function inOrder(uids: number[]): number[] {
  return uids.toSorted((a, b) => a - b)
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
