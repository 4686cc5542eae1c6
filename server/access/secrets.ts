import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { BadConfig, type Config } from '../config.ts'

/** What needs the key of this installation. */
export type Secrets = {
  /** Seals text so that it can be kept in the database: AES-256-GCM, a fresh nonce each time. */
  encrypt(plain: string): string
  /** @throws where it was sealed with another key, or changed since */
  decrypt(sealed: string): string
  /** HMAC-SHA-256 with a key of its own for each purpose. */
  sign(purpose: string, data: string): Buffer
}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Names how it was sealed, so that another way can follow. */
const VERSION = 'v1.'

/**
 * Opens the key: DOWNFIELD_KEY, or the key file, which is made at the first start for its owner alone.
 * @throws BadConfig where others can read the file or it holds no key
 */
export function openSecrets(config: Pick<Config, 'key' | 'keyFile'>): Secrets {
  const root = config.key ? Buffer.from(config.key, 'base64') : readKey(config.keyFile)
  const keys = new Map<string, Buffer>()
  const keyFor = (purpose: string) => {
    const known = keys.get(purpose)
    if (known) return known
    // RFC 5869: one root, one key per purpose, so that no two uses can be played against each other.
    const key = Buffer.from(hkdfSync('sha256', root, '', `downfield ${purpose}`, KEY_BYTES))
    keys.set(purpose, key)
    return key
  }

  return {
    encrypt(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyFor('encrypt'), nonce)
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    decrypt(sealed) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      try {
        if (!sealed.startsWith(VERSION)) throw new Error('another version')
        const nonce = bytes.subarray(0, NONCE_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', keyFor('encrypt'), nonce, { authTagLength: TAG_BYTES })
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        const plain = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
        return Buffer.concat(plain).toString('utf8')
      } catch (cause) {
        const hint = 'Start Downfield with the key that this data was made with, or enter the password again.'
        throw new Error(`A stored secret can't be opened with this key. ${hint}`, { cause })
      }
    },
    sign: (purpose, data) =>
      createHmac('sha256', keyFor(`sign ${purpose}`))
        .update(data)
        .digest(),
  }
}

function readKey(file: string): Buffer {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    // Fails where the file exists: two processes that start together end up with one key.
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  // Windows has no such bits.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new BadConfig(`Others can read the key in ${file}. Take that right away with: chmod 600 ${file}`)
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES) {
    const hint = 'Put the file back from a backup; without it the stored mail passwords must be entered again.'
    throw new BadConfig(`${file} holds no key of ${KEY_BYTES} bytes in base64. ${hint}`)
  }
  return key
}
