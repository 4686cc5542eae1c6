// What a browser is pushed is encrypted for it alone: the push service in between sees neither words nor names (RFC 8291).

import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** The keys of a browser's subscription, base64url: its public key on P-256, uncompressed, and a secret of 16 bytes. */
export type BrowserKeys = { p256dh: string; auth: string }

const CURVE = 'prime256v1'
const POINT_BYTES = 65
const AUTH_BYTES = 16
const SALT_BYTES = 16
const TAG = 'aes-128-gcm'
const RECORD_BYTES = 4096
/** RFC 8188, section 2: marks the last record. */
const LAST_RECORD = 2

/** Push services must take this much in a message (RFC 8030, section 7.2), of which encryption takes 103 bytes. */
export const MAX_PUSH_BYTES = 4096 - 103

/** Whether these can be the keys of a subscription. */
export function areBrowserKeys({ p256dh, auth }: BrowserKeys): boolean {
  const point = Buffer.from(p256dh, 'base64url')
  if (point.length !== POINT_BYTES || Buffer.from(auth, 'base64url').length !== AUTH_BYTES) return false
  const own = createECDH(CURVE)
  own.generateKeys()
  try {
    // Refuses what is no point of the curve.
    own.computeSecret(point)
    return true
  } catch {
    return false
  }
}

/**
 * A message as the body of a request to a push service, in the content coding aes128gcm (RFC 8188).
 * @param fixed the salt and the private key, which are random otherwise; the examples of the RFC have theirs
 */
export function encryptPush(
  message: string,
  keys: BrowserKeys,
  fixed: { salt: Buffer; privateKey: Buffer } | null = null,
): Buffer {
  const theirs = Buffer.from(keys.p256dh, 'base64url')
  const salt = fixed?.salt ?? randomBytes(SALT_BYTES)
  const own = createECDH(CURVE)
  if (fixed) own.setPrivateKey(fixed.privateKey)
  else own.generateKeys()
  const ours = own.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const input = derive(own.computeSecret(theirs), Buffer.from(keys.auth, 'base64url'), info, 32)
  const key = derive(input, salt, 'Content-Encoding: aes128gcm\0', 16)
  const nonce = derive(input, salt, 'Content-Encoding: nonce\0', 12)
  const cipher = createCipheriv(TAG, key, nonce)
  const sealed = [cipher.update(message, 'utf8'), cipher.update(Buffer.of(LAST_RECORD)), cipher.final()]
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_BYTES)
  return Buffer.concat([salt, size, Buffer.of(ours.length), ours, ...sealed, cipher.getAuthTag()])
}

const derive = (input: Buffer, salt: Buffer, info: Buffer | string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', input, salt, info, bytes))
