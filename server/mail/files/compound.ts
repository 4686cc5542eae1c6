import { DAMAGED, UnreadableFile } from './written.ts'

// The compound file of [MS-CFB], a file system in a file: sectors in chains, and a directory of streams. What programs
// wrote before there were archives of XML.

const SIGNATURE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
const HEADER = 512
const ENTRY = 128
const SECTORS_IN_HEADER = 109
/** The numbers that end a chain or name no sector begin here ([MS-CFB], section 2.1). */
const LAST_SECTOR = 0xfffffffa
const MINI_SECTOR = 64
const MAX_ENTRIES = 20_000

export const isCompound = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(SIGNATURE)

/** The streams of a compound file that have one of these names; of two with a name the first. */
export function readStreams(bytes: Buffer, names: string[]): Map<string, Buffer> {
  if (!isCompound(bytes) || bytes.length < HEADER) throw new UnreadableFile(DAMAGED)
  const shift = bytes.readUInt16LE(0x1e)
  if (shift !== 9 && shift !== 12) throw new UnreadableFile(DAMAGED)
  const size = 1 << shift
  const sector = (number: number) => bytes.subarray((number + 1) * size, (number + 2) * size)
  const table = sectorTable(bytes, sector, size)
  const chain = (first: number, length = Number.POSITIVE_INFINITY) => {
    const pieces: Buffer[] = []
    let have = 0
    // No chain is longer than the file, so one that runs in a circle ends as well.
    for (let at = first; at < LAST_SECTOR && have < length && have <= bytes.length; at = table[at] ?? LAST_SECTOR) {
      const piece = sector(at)
      if (piece.length === 0) break
      pieces.push(piece)
      have += piece.length
    }
    return Buffer.concat(pieces).subarray(0, Math.min(length, have))
  }
  const directory = chain(bytes.readUInt32LE(0x30))
  const cutoff = bytes.readUInt32LE(0x38)
  const found = new Map<string, Buffer>()
  let mini: Mini | undefined
  for (let at = 0, n = 0; at + ENTRY <= directory.length && n < MAX_ENTRIES; at += ENTRY, n++) {
    const entry = directory.subarray(at, at + ENTRY)
    const name = entry.toString('utf16le', 0, Math.max(0, Math.min(64, entry.readUInt16LE(0x40)) - 2))
    const isStream = entry[0x42] === 2
    if (!isStream || !names.includes(name) || found.has(name)) continue
    const first = entry.readUInt32LE(0x74)
    const length = Math.min(entry.readUInt32LE(0x78), bytes.length)
    if (length >= cutoff) found.set(name, chain(first, length))
    else {
      // Small streams lie in the stream of the root, which is the first entry.
      mini ??= { content: chain(directory.readUInt32LE(0x74)), table: numbersIn(chain(bytes.readUInt32LE(0x3c))) }
      found.set(name, smallStream(mini, first, length))
    }
  }
  return found
}

type Mini = { content: Buffer; table: number[] }

function smallStream({ content, table }: Mini, first: number, length: number): Buffer {
  const pieces: Buffer[] = []
  let have = 0
  for (let at = first; at < LAST_SECTOR && have < length; at = table[at] ?? LAST_SECTOR) {
    const piece = content.subarray(at * MINI_SECTOR, (at + 1) * MINI_SECTOR)
    if (piece.length === 0) break
    pieces.push(piece)
    have += piece.length
  }
  return Buffer.concat(pieces).subarray(0, Math.min(length, have))
}

/** Which sector follows each, in a list that the header and sectors of its own name. */
function sectorTable(bytes: Buffer, sector: (number: number) => Buffer, size: number): number[] {
  const named = numbersIn(bytes.subarray(0x4c, 0x4c + SECTORS_IN_HEADER * 4))
  const most = Math.ceil(bytes.length / size)
  let next = bytes.readUInt32LE(0x44)
  for (let i = 0; next < LAST_SECTOR && i <= most; i++) {
    const more = numbersIn(sector(next))
    next = more.pop() ?? LAST_SECTOR
    named.push(...more)
  }
  const table: number[] = []
  for (const number of named) {
    if (number >= LAST_SECTOR) continue
    if (table.length > most) break
    for (const follower of numbersIn(sector(number))) table.push(follower)
  }
  return table
}

function numbersIn(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readUInt32LE(i * 4))
}
