import { hash as digest, randomUUID } from 'node:crypto'
import fs, { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

/** Raw mails and attachments on disk, each under the SHA-256 of its content: kept once, never changed. */
export type Blobs = {
  /** Stores the bytes and returns their hash (hex). On return they are on disk, whatever happens next. */
  put(bytes: Uint8Array): Promise<string>
  /** Stores many at once; the hashes come in the order of the bytes. One wait for the disk instead of many. */
  putAll(all: Uint8Array[]): Promise<string[]>
  /** The bytes, or undefined where there are none. */
  get(hash: string): Promise<Buffer | undefined>
  /** The bytes as a stream with their number, or undefined. */
  stream(hash: string): Promise<{ size: number; bytes: Readable } | undefined>
  delete(hash: string): Promise<void>
}

const HASH = /^[0-9a-f]{64}$/
/** What a crash left half written is removed at the next start, unless another process may just be writing it. */
const LEFT_OVER_AFTER_MS = 60 * 60_000

/**
 * Up to this size a blob is written at once, which takes less time than handing it to another thread, and much less
 * than coming back for the answer in a thread that has more to do. To wait for the disk is left to other threads always.
 */
const AT_ONCE_BYTES = 256 * 1024

// Plain descriptors: the file handles of node:fs/promises cost more than the writing of an ordinary mail.
const openFile = promisify(fs.open)
const writeAll = promisify(fs.writeFile)
const datasync = promisify(fs.fdatasync)
const closeFile = promisify(fs.close)

type Written = { hash: string; beside: string; file: number }

/** SHA-256 of some bytes, as hex. */
export function hashOf(bytes: Uint8Array): string {
  return digest('sha256', bytes)
}

/** Where a blob is put. One level of folders: with two, nearly every mail of an installation would make a folder. */
function placeOf(folder: string, hash: string): string {
  if (!HASH.test(hash)) throw new Error(`not the name of a blob: ${hash.slice(0, 80)}`)
  return path.join(folder, hash.slice(0, 2), hash)
}

/** Where it was put before version 0.2. */
function formerPlaceOf(folder: string, hash: string): string {
  return path.join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
}

/** Where a blob is in a folder of blobs; where it is to be, if there is none. */
export async function findPlace(folder: string, hash: string): Promise<string> {
  const place = placeOf(folder, hash)
  if ((await sizeOf(place)) !== undefined) return place
  const former = formerPlaceOf(folder, hash)
  return (await sizeOf(former)) === undefined ? place : former
}

/**
 * Opens the store in a folder, which is made if missing.
 * A blob is written beside its place, flushed, then renamed: a crash leaves a temporary file, never half a blob.
 */
export async function openBlobs(folder: string): Promise<Blobs> {
  const temporary = path.join(folder, 'tmp')
  await mkdir(temporary, { recursive: true })
  await removeLeftOver(temporary)

  async function writeBeside(bytes: Uint8Array): Promise<Written> {
    const written = { hash: hashOf(bytes), beside: path.join(temporary, randomUUID()) }
    const atOnce = bytes.length <= AT_ONCE_BYTES
    const file = atOnce ? fs.openSync(written.beside, 'wx', 0o600) : await openFile(written.beside, 'wx', 0o600)
    try {
      if (atOnce) fs.writeFileSync(file, bytes)
      else await writeAll(file, bytes)
      return { ...written, file }
    } catch (error) {
      await closeFile(file)
      await rm(written.beside, { force: true })
      throw error
    }
  }

  /** Everything is written before anything is flushed: flushing one file then takes along what the disk must know of all. */
  async function putAll(all: Uint8Array[]): Promise<string[]> {
    const writing = await Promise.allSettled(all.map(writeBeside))
    const written = writing.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    try {
      for (const one of writing) if (one.status === 'rejected') throw one.reason
      await Promise.all(written.map(({ file }) => datasync(file)))
      // What may be there has the same content.
      for (const { hash, beside } of written) moveTo(placeOf(folder, hash), beside)
      return written.map(({ hash }) => hash)
    } catch (error) {
      await Promise.all(written.map(({ beside }) => rm(beside, { force: true })))
      throw error
    } finally {
      for (const { file } of written) fs.closeSync(file)
    }
  }

  return {
    put: async (bytes) => (await putAll([bytes]))[0]!,
    putAll,
    async get(hash) {
      const bytes = await readIfThere(placeOf(folder, hash))
      return bytes ?? (await readIfThere(formerPlaceOf(folder, hash)))
    },
    async stream(hash) {
      const place = await findPlace(folder, hash)
      const size = await sizeOf(place)
      return size === undefined ? undefined : { size, bytes: createReadStream(place) }
    },
    async delete(hash) {
      await rm(placeOf(folder, hash), { force: true })
      await rm(formerPlaceOf(folder, hash), { force: true })
    },
  }
}

/**
 * The same store, which also holds in memory what was put, as long as there is room, until it is read: mail that comes in
 * is read soon, once, and in the order in which it was put. What was put before what is read is not waited for any more.
 */
export function holdUnread(blobs: Blobs, mostBytes: number): Blobs {
  const held = new Map<string, Uint8Array>()
  let bytesHeld = 0
  const letGo = (hash: string) => {
    bytesHeld -= held.get(hash)?.length ?? 0
    held.delete(hash)
  }
  const hold = (hash: string, bytes: Uint8Array) => {
    if (held.has(hash) || bytesHeld + bytes.length > mostBytes) return
    held.set(hash, bytes)
    bytesHeld += bytes.length
  }
  return {
    ...blobs,
    async put(bytes) {
      const hash = await blobs.put(bytes)
      hold(hash, bytes)
      return hash
    },
    async putAll(all) {
      const hashes = await blobs.putAll(all)
      for (const [i, hash] of hashes.entries()) hold(hash, all[i]!)
      return hashes
    },
    async get(hash) {
      const bytes = held.get(hash)
      if (!bytes) return await blobs.get(hash)
      for (const older of held.keys()) {
        letGo(older)
        if (older === hash) break
      }
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    },
    async delete(hash) {
      letGo(hash)
      await blobs.delete(hash)
    },
  }
}

function moveTo(place: string, from: string): void {
  try {
    fs.renameSync(from, place)
  } catch (error) {
    if (!isMissing(error)) throw error
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.renameSync(from, place)
  }
}

async function removeLeftOver(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const file = path.join(temporary, name)
    const found = await stat(file).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > LEFT_OVER_AFTER_MS) await rm(file, { force: true })
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
