import type { Auth, Trouble } from '../../db/vocabulary.ts'
import type { ConnectionSettings, GraphSettings, ServerSettings } from './connection.ts'
import { connectImap } from './fetch/imap.ts'
import { checkSmtp } from './send/smtp.ts'
import { diagnose, type ServerKind } from './trouble.ts'
import { describeTrouble } from './trouble-words.ts'

/** What a person waits for, at most. */
const TEST_MS = 15_000

/** What came of trying one server. `detail` are the server's words. */
export type Tested = { ok: boolean; trouble: Trouble | null; summary: string; whatToDo: string; detail: string }
export type TestedImap = Tested & { folders?: string[]; sentFolder?: string | null; inboxCount?: number }
export type TestedConnection = { imap: TestedImap; smtp: Tested }

/** Tries both servers of a mailbox before it is saved. Nothing is changed there and nothing is sent. */
export async function testConnection(settings: ConnectionSettings, withinMs = TEST_MS): Promise<TestedConnection> {
  const { imap, smtp, graph, auth } = settings
  const sending = graph ? testGraph(graph, auth, withinMs) : testSmtp(smtp, auth, withinMs)
  const [triedImap, triedSmtp] = await Promise.all([testImap(imap, auth, withinMs), sending])
  return { imap: triedImap, smtp: triedSmtp }
}

async function testImap(settings: ServerSettings, auth: Auth | undefined, withinMs: number): Promise<TestedImap> {
  const stop = new AbortController()
  try {
    return await within(withinMs, async () => {
      const imap = await connectImap(settings, stop.signal)
      try {
        const folders = await imap.folders()
        const { exists } = await imap.open('INBOX')
        return {
          ...fine(`Signed in. The inbox has ${exists === 1 ? 'one mail' : `${exists} mails`}.`),
          folders: folders.map(({ path }) => path),
          sentFolder: folders.find(({ sent }) => sent)?.path ?? null,
          inboxCount: exists,
        }
      } finally {
        await imap.close()
      }
    })
  } catch (error) {
    return failed(error, { ...settings, auth }, 'IMAP')
  } finally {
    stop.abort()
  }
}

async function testSmtp(settings: ServerSettings, auth: Auth | undefined, withinMs: number): Promise<Tested> {
  try {
    await within(withinMs, () => checkSmtp(settings))
    return fine(settings.user ? 'Signed in.' : 'Connected.')
  } catch (error) {
    return failed(error, { ...settings, auth }, 'SMTP')
  }
}

/** Whether a token for sending is given. Graph tells whether it may send as the mailbox with the first mail. */
async function testGraph({ url, user, accessToken }: GraphSettings, auth: Auth | undefined, withinMs: number) {
  try {
    await within(withinMs, () => accessToken())
    return fine('Signed in to Microsoft Graph. The first mail shows whether it may send from this mailbox.')
  } catch (error) {
    return failed(error, { host: new URL(url).host, port: 443, user, auth }, 'SMTP')
  }
}

type Tried = Pick<ServerSettings, 'host' | 'port' | 'user'> & { auth: Auth | undefined }

function fine(summary: string): Tested {
  return { ok: true, trouble: null, summary, whatToDo: '', detail: '' }
}

function failed(error: unknown, { host, port, user, auth }: Tried, kind: ServerKind): Tested {
  const { trouble, detail } = diagnose(error, kind)
  return { ok: false, trouble, ...describeTrouble(trouble, { host, port, user, kind, detail, auth }), detail }
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(Object.assign(new Error('No answer in time.'), { code: 'ETIMEDOUT' })), ms)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
