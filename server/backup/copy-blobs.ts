import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findPlace } from '../../db/blobs.ts'

/** How many files are copied at once. */
const AT_ONCE = 8

export type CopiedBlobs = { count: number; bytes: number; added: number; missing: string[]; damaged: string[] }

/**
 * Copies the blobs that are not there yet. Each is read through its hash on the way: what does not match its name is
 * reported and not copied.
 */
export async function copyBlobs(from: string, to: string, hashes: Iterable<string>): Promise<CopiedBlobs> {
  const copied: CopiedBlobs = { count: 0, bytes: 0, added: 0, missing: [], damaged: [] }
  const copyOne = async (hash: string) => {
    copied.count++
    const place = await findPlace(to, hash)
    const there = await sizeOf(place)
    if (there !== undefined) {
      copied.bytes += there
      return
    }
    const result = await copyBlob(await findPlace(from, hash), place, hash)
    if (result === 'missing') copied.missing.push(hash)
    else if (result === 'damaged') copied.damaged.push(hash)
    else {
      copied.bytes += result
      copied.added++
    }
  }
  await eachOf(hashes, copyOne)
  return copied
}

/** Reads blobs through their hashes, and says which are missing and which hold something else. */
export async function checkBlobs(folder: string, hashes: Iterable<string>): Promise<Omit<CopiedBlobs, 'added'>> {
  const checked = { count: 0, bytes: 0, missing: [] as string[], damaged: [] as string[] }
  await eachOf(hashes, async (hash) => {
    checked.count++
    const place = await findPlace(folder, hash)
    const size = await sizeOf(place)
    if (size === undefined) checked.missing.push(hash)
    else if ((await hashOfFile(place)) !== hash) checked.damaged.push(hash)
    else checked.bytes += size
  })
  return checked
}

/** The hashes of all blobs in a folder. */
export async function* storedBlobs(folder: string): AsyncIterable<string> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name)) yield entry.name
  }
}

/** Removes a blob of a backup that no backup needs any more. */
export async function removeBlob(folder: string, hash: string): Promise<void> {
  await rm(await findPlace(folder, hash), { force: true })
}

async function copyBlob(from: string, to: string, hash: string): Promise<number | 'missing' | 'damaged'> {
  const folder = path.dirname(to)
  await mkdir(folder, { recursive: true })
  const beside = path.join(folder, `.${randomUUID()}`)
  const sum = createHash('sha256')
  let size = 0
  const through = new PassThrough().on('data', (chunk: Buffer) => {
    sum.update(chunk)
    size += chunk.length
  })
  try {
    await pipeline(createReadStream(from), through, createWriteStream(beside, { mode: 0o600, flush: true }))
    if (sum.digest('hex') !== hash) return 'damaged'
    await rename(beside, to)
    return size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing'
    throw error
  } finally {
    await rm(beside, { force: true })
  }
}

async function hashOfFile(file: string): Promise<string> {
  const sum = createHash('sha256')
  for await (const chunk of createReadStream(file)) sum.update(chunk as Buffer)
  return sum.digest('hex')
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.size
}

/** Does something with each, several at once. */
async function eachOf(all: Iterable<string>, act: (one: string) => Promise<void>): Promise<void> {
  const left = all[Symbol.iterator]()
  const work = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await act(next.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
