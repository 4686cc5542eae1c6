import type { Trouble } from '../../db/vocabulary.ts'
import type { ConnectionSettings, ServerSettings } from './connection.ts'
import { connectImap } from './imap.ts'
import { checkSmtp } from './smtp.ts'
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
  const [imap, smtp] = await Promise.all([testImap(settings.imap, withinMs), testSmtp(settings.smtp, withinMs)])
  return { imap, smtp }
}

async function testImap(settings: ServerSettings, withinMs: number): Promise<TestedImap> {
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
    return failed(error, settings, 'IMAP')
  } finally {
    stop.abort()
  }
}

async function testSmtp(settings: ServerSettings, withinMs: number): Promise<Tested> {
  try {
    await within(withinMs, () => checkSmtp(settings))
    return fine(settings.user ? 'Signed in.' : 'Connected.')
  } catch (error) {
    return failed(error, settings, 'SMTP')
  }
}

function fine(summary: string): Tested {
  return { ok: true, trouble: null, summary, whatToDo: '', detail: '' }
}

function failed(error: unknown, { host, port, user }: ServerSettings, kind: ServerKind): Tested {
  const { trouble, detail } = diagnose(error, kind)
  return { ok: false, trouble, ...describeTrouble(trouble, { host, port, user, kind, detail }), detail }
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
