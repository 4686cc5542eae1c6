import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { hashOf } from '../../../db/blobs.ts'
import type { Db } from '../../../db/index.ts'
import { HEARTBEAT_MS, nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import { type FileText, settings } from '../../../db/schema.ts'
import { fileKind, isReadable } from '../../issues/search/file-kind.ts'
import {
  beginFile,
  dropFile,
  knownText,
  letGoOfFile,
  nextFiles,
  queueUnread,
  settleFile,
  type WaitingFile,
} from '../../issues/search/file-queue.ts'
import { readUpload, uploadsOf } from '../../issues/upload.ts'
import type { MailDeps } from '../deps.ts'
import { type FileReader, openFileReader } from './file-reader.ts'
import type { FileTask } from './file-worker.ts'
import { READER_VERSION } from './read-file.ts'

/** How often the queue is looked at where nothing woke us: another node may have stored mail. */
const LOOK_EVERY_MS = 3_000
/** Between two files others have a turn: as long as reading took, up to this. */
const MAX_REST_MS = 1_000
const LEASE = 'texts'
/** The setting that says which version has looked through all files. */
const VERSION = 'file reader'
/** A file during which the whole process ended so often is left alone. */
const MAX_TRIES = 3

export type ReadingDeps = Pick<MailDeps, 'db' | 'blobs' | 'parsers' | 'log'>

/** Reads the text of files for the search, behind the mail that brought them: one node at a time. */
export function runTextReading(deps: ReadingDeps): { stop(): Promise<void> } {
  const { db, log } = deps
  const reading = openTextReading(deps)
  const stop = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop.signal }).catch(() => {})
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      try {
        const began = performance.now()
        const done = await reading.next()
        if (done === 'read') await pause(Math.min(performance.now() - began, MAX_REST_MS))
        else if (done === 'busy') await pause(LOOK_EVERY_MS)
        else {
          await reading.rest()
          await woken
        }
      } catch (error) {
        if (stop.signal.aborted) break
        // One bad round must not stop the next: the database or the disk may only be busy.
        log.error({ err: error }, 'files could not be read for the search; trying again')
        await pause(LOOK_EVERY_MS)
      }
    }
  })()
  return {
    async stop() {
      stop.abort()
      // A file that is being read is read again at the next start.
      await reading.end()
      await loop
    },
  }
}

/** The work itself, file by file. */
export function openTextReading(deps: ReadingDeps, reader: FileReader = openFileReader()) {
  const { db } = deps
  const me = nodeName()
  let renewAt = 0
  let isLookedThrough = false

  /** After an upgrade everything that may be read by now is looked at again, once. */
  async function lookThrough(): Promise<void> {
    await db.write(async (tx) => {
      const [row] = await tx.select().from(settings).where(eq(settings.key, VERSION))
      if (row?.value === READER_VERSION) return
      await queueUnread(tx, READER_VERSION)
      const value = READER_VERSION
      await tx
        .insert(settings)
        .values({ key: VERSION, value })
        .onConflictDoUpdate({ target: settings.key, set: { value } })
    })
    isLookedThrough = true
  }

  return {
    /** Reads the files of one message; `busy`: another node is at it. */
    async next(): Promise<'read' | 'nothing' | 'busy'> {
      if (!isLookedThrough) await lookThrough()
      const files = await nextFiles(db.read)
      for (const file of files) {
        const now = Date.now()
        if (now >= renewAt) {
          if (!(await takeLease(db, LEASE, me, now))) return 'busy'
          renewAt = now + HEARTBEAT_MS
        }
        await readOne(deps, reader, file)
      }
      return files.length > 0 ? 'read' : 'nothing'
    },
    rest: () => reader.rest(),
    async end() {
      await reader.rest()
      if (renewAt > 0) await releaseLease(db, LEASE, me)
    },
  }
}

async function readOne(deps: ReadingDeps, reader: FileReader, file: WaitingFile): Promise<void> {
  const { db, log } = deps
  const { filename, contentType, size, inline } = file
  // The attachment may have been read anew, as another one.
  const listed = filename !== null && contentType !== null && size !== null && inline !== null
  const kind =
    listed && isReadable({ filename, contentType, size, inline }) ? fileKind({ filename, contentType }) : null
  const bytes = kind && (await bytesOf(deps, file))
  if (!kind || !bytes) return await db.write((tx) => dropFile(tx, file))
  const contentHash = hashOf(bytes)
  const known = await knownText(db.read, contentHash)
  if (known && (known.state !== 'failed' || known.readerVersion >= READER_VERSION))
    return await db.write((tx) => settleFile(tx, file, contentHash, null))
  await db.write((tx) => beginFile(tx, file, contentHash))
  const answer =
    file.tries >= MAX_TRIES
      ? { failed: `Downfield ended ${file.tries} times while it was read.` }
      : await readUnlessLetGo(db, reader, file, { kind, bytes })
  if ('failed' in answer)
    log.warn({ messageId: file.messageId, filename, reason: answer.failed }, 'a file could not be read for the search')
  const text: FileText = {
    contentHash,
    ...('failed' in answer
      ? { state: 'failed', text: '', cut: false, reason: answer.failed }
      : { state: answer.text === '' ? 'none' : 'read', text: answer.text, cut: answer.cut, reason: '' }),
    readerVersion: READER_VERSION,
    at: Date.now(),
  }
  await db.write((tx) => settleFile(tx, file, contentHash, text))
}

async function readUnlessLetGo(db: Db, reader: FileReader, file: WaitingFile, { kind, bytes }: FileTask) {
  try {
    return await reader.read(kind, bytes)
  } catch (error) {
    await db.write((tx) => letGoOfFile(tx, file))
    throw error
  }
}

/** The bytes of an attachment: in the raw mail, or while that is not made yet, of the file that goes along. */
async function bytesOf({ db, blobs, parsers, log }: ReadingDeps, file: WaitingFile): Promise<Uint8Array | null> {
  const { messageId, position, rawHash } = file
  try {
    if (rawHash !== null) {
      const raw = await blobs.get(rawHash)
      return raw ? await parsers.attachment(raw, position) : null
    }
    const upload = (await uploadsOf(db.read, messageId)).find((one) => one.position === position)
    return upload ? ((await readUpload(blobs, upload)) ?? null) : null
  } catch (error) {
    log.warn({ err: error, messageId, position }, 'the bytes of a file could not be read for the search')
    return null
  }
}
