// Raw mails in files: an mbox, a Maildir, a folder of .eml files, or a single mail.

import { createReadStream } from 'node:fs'
import { open, opendir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { isMbox, readMbox } from './mbox.ts'
import { MAX_MAIL_BYTES, tooLarge } from './too-large.ts'

export type MailFromFile = {
  raw: Buffer
  /** Of a mail that is too large, and of which `raw` is the beginning. */
  wholeSize: number | null
  /** The file, and its place in an mbox, for messages to people. */
  from: string
  /** When it was filed, as the mbox or the file's time says. */
  filedAt: number | null
  /** Whether that time may be off by a time zone, as in an mbox. */
  vague: boolean
}

const MAILDIR = ['cur', 'new']

/**
 * The mails in a file or folder, in the order of their names; folders within a folder too.
 * @throws ENOENT, EACCES and the like as the system has them, with the path
 */
export async function* readMails(place: string): AsyncGenerator<MailFromFile> {
  const found = await stat(place)
  if (!found.isDirectory()) return yield* readOne(place, found)
  const names = await namesIn(place)
  const isMaildir = MAILDIR.every((name) => names.some((entry) => entry.folder && entry.name === name))
  for (const { name, folder } of names) {
    // In a Maildir `tmp` holds mails that are still being written.
    if (isMaildir && name === 'tmp') continue
    const inside = path.join(place, name)
    const isMail = /\.(eml|mbox|mbx)$/i.test(name) || MAILDIR.includes(path.basename(place))
    if (folder) yield* readMails(inside)
    else if (isMail) yield* readOne(inside, await stat(inside))
  }
}

async function* readOne(file: string, { size, mtimeMs }: { size: number; mtimeMs: number }) {
  if (isMbox(await startOf(file))) {
    let n = 0
    for await (const { raw, wholeSize, filedAt } of readMbox(createReadStream(file, { highWaterMark: 1024 * 1024 }))) {
      n++
      yield { raw, wholeSize, from: `${file}, mail ${n}`, filedAt, vague: true }
    }
    return
  }
  const isTooLarge = size > MAX_MAIL_BYTES
  const kept = isTooLarge
    ? tooLarge(await startOf(file, 1024 * 1024), size)
    : { raw: await readFile(file), wholeSize: null }
  yield { ...kept, from: file, filedAt: Math.round(mtimeMs), vague: false }
}

async function startOf(file: string, bytes = 5): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function namesIn(folder: string): Promise<{ name: string; folder: boolean }[]> {
  const names: { name: string; folder: boolean }[] = []
  for await (const entry of await opendir(folder)) {
    const isFolder = entry.isSymbolicLink()
      ? (await stat(path.join(folder, entry.name))).isDirectory()
      : entry.isDirectory()
    names.push({ name: entry.name, folder: isFolder })
  }
  return names.sort((a, b) => (a.name < b.name ? -1 : 1))
}
