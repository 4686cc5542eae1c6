import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Digest } from '../../db/portable/digest.ts'
import { NotFound, Refused } from '../errors.ts'

/** What a backup holds. It is written last: a backup without it never came to its end. */
export type Manifest = {
  format: 1
  /** The version of Downfield that made it. */
  version: string
  /** When the rows were as they are in it, ms since the epoch. */
  takenAt: number
  engine: 'sqlite' | 'postgres'
  tables: Record<string, Digest>
  blobs: { count: number; bytes: number }
}

export const DATABASE = 'downfield.db'
export const MANIFEST = 'manifest.json'
/** Blobs stand beside the backups that share them. */
export const BLOBS = 'blobs'

const schema = z.object({
  format: z.literal(1),
  version: z.string(),
  takenAt: z.int(),
  engine: z.enum(['sqlite', 'postgres']),
  tables: z.record(z.string(), z.object({ rows: z.int(), sum: z.string() })),
  blobs: z.object({ count: z.int(), bytes: z.int() }),
})

/** The complete backups of a folder by name, which is their time, oldest first. */
export async function listBackups(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const complete = await Promise.all(
    names.map(async (name) => ((await stat(path.join(folder, name, MANIFEST)).catch(() => undefined)) ? name : '')),
  )
  return complete.filter(Boolean).sort()
}

/**
 * The folder of one backup, the newest where none is named.
 * @throws NotFound where there is no such complete backup
 */
export async function findBackup(folder: string, name?: string): Promise<string> {
  const all = await listBackups(folder)
  const found = name ? all.find((one) => one === name) : all.at(-1)
  if (found) return path.join(folder, found)
  if (all.length === 0) throw new NotFound(`There is no complete backup in ${folder}.`)
  throw new NotFound(`There is no complete backup ${name} in ${folder}. There are: ${all.join(', ')}.`)
}

/** @throws Refused where the manifest can't be read */
export async function readManifest(backup: string): Promise<Manifest> {
  const text = await readFile(path.join(backup, MANIFEST), 'utf8')
  const read = schema.safeParse(parsed(text))
  if (!read.success) throw new Refused(`${path.join(backup, MANIFEST)} is damaged, or of a newer Downfield.`)
  return read.data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
