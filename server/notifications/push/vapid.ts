// How an installation says to push services who it is (VAPID, RFC 8292).

import { createECDH, createPrivateKey, sign } from 'node:crypto'
import type { Secrets } from '../../access/secrets.ts'

type Signer = Pick<Secrets, 'sign'>

const CURVE = 'prime256v1'
const PURPOSE = 'vapid'
/** RFC 8292, section 2: at most a day. */
const GOOD_FOR_S = 12 * 3_600
/** That a number of 32 bytes is no key of the curve happens once in 2^32 times. */
const MAX_TRIES = 8

/**
 * The key pair of the installation. It follows from the key of the installation, so it is stored nowhere and the same on
 * every node.
 */
function keyPair(secrets: Signer) {
  const pair = createECDH(CURVE)
  for (let i = 0; i < MAX_TRIES; i++) {
    try {
      pair.setPrivateKey(secrets.sign(PURPOSE, String(i)))
      return { privateKey: pair.getPrivateKey(), publicKey: pair.getPublicKey() }
    } catch {
      // The next is as good.
    }
  }
  throw new Error('no key for push services could be made')
}

/** The public key by which browsers tie their subscriptions to this installation, base64url. */
export function vapidPublicKey(secrets: Signer): string {
  return keyPair(secrets).publicKey.toString('base64url')
}

/**
 * The Authorization field of a request to a push service.
 * @param contact an address of the web or mailto:, where the push service finds whose this is
 */
export function vapidAuthorization(secrets: Signer, endpoint: string, contact: string, now: number): string {
  const { privateKey, publicKey } = keyPair(secrets)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1_000) + GOOD_FOR_S, sub: contact }
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: privateKey.toString('base64url'),
      x: publicKey.subarray(1, 33).toString('base64url'),
      y: publicKey.subarray(33).toString('base64url'),
    },
  })
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
  return `vapid t=${signed}.${signature.toString('base64url')}, k=${publicKey.toString('base64url')}`
}
