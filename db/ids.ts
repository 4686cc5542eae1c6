import { randomBytes } from 'node:crypto'

let lastMs = 0
let counter = 0

const RANDOM_BYTES = 8
/** Random bytes for many ids at once: asking the system costs more than all else about an id. */
let random = Buffer.alloc(0)
const RANDOM_FOR_IDS = 512

/**
 * A UUID of version 7 (RFC 9562, section 5.7): sorts by the time it was made, and within one process by order too,
 * since the 12 bits after the time count up within a millisecond (section 6.2, method 1).
 */
export function uuidv7(now = Date.now()): string {
  if (now > lastMs) {
    lastMs = now
    counter = randomBytes(2).readUInt16BE() & 0x3ff
  } else if (++counter > 0xfff) {
    lastMs++
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  if (random.length === 0) random = randomBytes(RANDOM_FOR_IDS * RANDOM_BYTES)
  random[0] = (random[0]! & 0x3f) | 0x80
  const tail = random.toString('hex', 0, RANDOM_BYTES)
  random = random.subarray(RANDOM_BYTES)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

/** The smallest id of a moment (ms since the epoch): everything made since then sorts after it. */
export function idAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
