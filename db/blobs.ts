import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'

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

/** SHA-256 of some bytes, as hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Opens the store in a folder, which is made if missing.
 * A blob is written beside its place, flushed, then renamed: a crash leaves a temporary file, never half a blob.
 */
export async function openBlobs(folder: string): Promise<Blobs> {
  const temporary = path.join(folder, 'tmp')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })

  const placeOf = (hash: string) => {
    if (!HASH.test(hash)) throw new Error(`not the name of a blob: ${hash.slice(0, 80)}`)
    return path.join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  }

  async function put(bytes: Uint8Array): Promise<string> {
    const hash = hashOf(bytes)
    const place = placeOf(hash)
    if ((await sizeOf(place)) === bytes.length) return hash
    const beside = path.join(temporary, randomUUID())
    try {
      const file = await open(beside, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await mkdir(path.dirname(place), { recursive: true })
      await rename(beside, place)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    return hash
  }

  return {
    put,
    putAll: (all) => Promise.all(all.map(put)),
    async get(hash) {
      try {
        return await readFile(placeOf(hash))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async stream(hash) {
      const place = placeOf(hash)
      const size = await sizeOf(place)
      return size === undefined ? undefined : { size, bytes: createReadStream(place) }
    },
    delete: (hash) => rm(placeOf(hash), { force: true }),
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
