import { createPublicKey, type JsonWebKey, verify, webcrypto } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { events, type Member, pushDevices, pushes, sessions } from '../../db/schema.ts'
import { createApiToken } from '../../server/access/api-token.ts'
import { newToken } from '../../server/access/token.ts'
import { assign, findIssue } from '../../server/issues/issue.ts'
import { enter } from '../../server/issues/presence.ts'
import { markRead } from '../../server/notifications/list.ts'
import { notify } from '../../server/notifications/notify.ts'
import { addDevice } from '../../server/notifications/push/device.ts'
import { encryptPush } from '../../server/notifications/push/encrypt.ts'
import { sendPushes } from '../../server/notifications/push/push-sending.ts'
import { choose, chosenBy } from '../../server/notifications/settings.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { outsideWith, PUBLIC, serveOn } from '../net/web.ts'
import { openWorld } from '../world.ts'

const { subtle } = webcrypto
const bytes = (text: string) => Buffer.from(text, 'base64url')

test('a push is encrypted as the example of RFC 8291 is', () => {
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const fixed = {
    salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  }
  expect(encryptPush('When I grow up, I want to be a watermelon', keys, fixed).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

/** A browser with keys of its own, which reads what it is pushed with the cryptography of browsers. */
async function newBrowser() {
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const own = Buffer.from(await subtle.exportKey('raw', pair.publicKey))
  const auth = webcrypto.getRandomValues(Buffer.alloc(16))
  const hkdf = async (input: ArrayBuffer, salt: Buffer, info: Buffer, length: number) => {
    const key = await subtle.importKey('raw', input, 'HKDF', false, ['deriveBits'])
    return await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8)
  }
  return {
    keys: { p256dh: own.toString('base64url'), auth: auth.toString('base64url') },
    async read(body: Buffer): Promise<unknown> {
      const [salt, size] = [body.subarray(0, 16), body[20]!]
      const theirs = body.subarray(21, 21 + size)
      const point = await subtle.importKey('raw', theirs, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
      const shared = await subtle.deriveBits({ name: 'ECDH', public: point }, pair.privateKey, 256)
      const input = await hkdf(shared, auth, Buffer.concat([Buffer.from('WebPush: info\0'), own, theirs]), 32)
      const raw = await hkdf(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
      const iv = await hkdf(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
      const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
      const plain = Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv }, key, body.subarray(21 + size)))
      expect(plain.at(-1)).toBe(2)
      return JSON.parse(plain.subarray(0, -1).toString('utf8'))
    },
  }
}

/** Whether the signature above a request holds, as a push service looks at it (RFC 8292). */
function isSigned(authorization: string, origin: string, key: string, now: number): boolean {
  const [, token = '', k = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? []
  const [head = '', body = '', signature = ''] = token.split('.')
  const point = bytes(k)
  const jwk: JsonWebKey = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const claims = JSON.parse(bytes(body).toString())
  return (
    k === key &&
    JSON.parse(bytes(head).toString()).alg === 'ES256' &&
    claims.aud === origin &&
    claims.exp > now / 1000 &&
    claims.exp <= now / 1000 + 86_400 &&
    /^(https:|mailto:.+@)/.test(claims.sub) &&
    verify('sha256', Buffer.from(`${head}.${body}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes(signature))
  )
}

/** A push service on what stands for the public internet, an issue of Ben's, and a browser in which he is told. */
async function openDesk() {
  const world = await openWorld()
  const { db, secrets, proposals, ben, mo, now } = world
  const service = { status: 201, taken: [] as unknown[], signed: [] as boolean[], refused: 0 }
  const browser = await newBrowser()
  const { key } = await (await world.as(ben)('/api/notifications/devices')).json()
  const port = await serveOn(PUBLIC, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const { authorization = '', ttl, topic = '', 'content-encoding': encoding } = request.headers
      service.signed.push(
        isSigned(authorization, `http://push.example:${port}`, key, now()) &&
          Number(ttl) > 0 &&
          String(topic).length <= 32 &&
          encoding === 'aes128gcm',
      )
      if (service.status === 201) service.taken.push(await browser.read(Buffer.concat(chunks)))
      else service.refused++
      response.writeHead(service.status).end()
    })
  })
  const { outside } = outsideWith({ 'push.example': [PUBLIC] })
  await arrive(world, proposals, { date: new Date(now()) })
  const [issue] = await issuesOf(world, proposals)
  const signIn = async (member: Member, endpoint = `http://push.example:${port}/browser`) => {
    await world.headersOf(member)
    const rows = await db.read.select().from(sessions).where(eq(sessions.memberId, member.id))
    const origin = { member, session: rows.at(-1)!, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }
    await db.write((tx) => addDevice(tx, secrets, { endpoint, keys: browser.keys }, origin, now()))
    return rows.at(-1)!
  }
  /** Mo gives the issue to somebody, who is told of it. */
  const give = async (to: Member) => {
    await db.write(async (tx) => assign(tx, await findIssue(tx, issue!.id), { member: to }, mo, now()))
    const all = await db.read.select().from(events).where(eq(events.action, 'assigned'))
    await notify(db, all, now())
  }
  const send = () => sendPushes({ ...world.deps, outside, url: 'http://inbox.example' }, now)
  const rows = async () => await db.read.select().from(pushes)
  return { ...world, issue: issue!, service, signIn, give, send, rows }
}

test('a member is told in their browser, signed and encrypted, once, and of nothing that they have read or look at', async () => {
  const { db, issue, service, ben, vic, signIn, give, send, rows, now, pass } = await openDesk()
  await signIn(ben)
  await give(ben)
  await give(ben)
  expect([await send(), await send()]).toEqual([1, 0])
  const path = `/issues/${issue.id}`
  const title = 'Mo assigned it to you'
  expect(service.taken).toEqual([{ title, body: 'Fleet telematics (#1)', tag: issue.id, path }])
  expect(service.signed).toEqual([true])
  expect(await rows()).toMatchObject([{ state: 'done', attempts: 1 }])
  // What lies here tells nobody where the browser is reached.
  const [device] = await db.read.select().from(pushDevices)
  expect(JSON.stringify(device)).not.toContain('push.example')

  await give(vic)
  await give(ben)
  await db.write((tx) => markRead(tx, ben.id, {}, true, now()))
  await send()
  await give(vic)
  await give(ben)
  await db.write((tx) => enter(tx, issue, { id: crypto.randomUUID(), doing: 'looking' }, ben, now()))
  await send()
  expect(service.taken).toHaveLength(1)
  pass(60_000)
  await give(vic)
  await give(ben)
  await send()
  expect(service.taken).toHaveLength(2)
})

test('in quiet hours nothing is pushed, and when they end it is', async () => {
  const { db, service, ben, signIn, give, send, now, pass } = await openDesk()
  await signIn(ben)
  const chosen = (await chosenBy(db.read, [ben.id])).get(ben.id)!
  const minute = (at: number) => Math.floor(at / 60_000) % (24 * 60)
  const quiet = { from: minute(now() - 3_600_000), to: minute(now() + 3_600_000) }
  await db.write((tx) => choose(tx, ben, { ...chosen, zone: 'UTC', quiet }, now()))
  await give(ben)
  await send()
  expect(service.taken).toHaveLength(0)
  pass(3_600_000)
  await send()
  expect(service.taken).toHaveLength(1)
})

test('a push service that has no time is asked again, and a browser that it does not know any more is let go of', async () => {
  const { db, service, ben, vic, signIn, give, send, rows, pass } = await openDesk()
  await signIn(ben)
  service.status = 429
  await give(ben)
  await send()
  expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1, response: 'It answered 429.' }])
  service.status = 201
  pass(30_000)
  await send()
  expect(await rows()).toMatchObject([{ state: 'done', attempts: 2 }])
  service.status = 410
  await give(vic)
  await give(ben)
  await send()
  expect(await db.read.select().from(pushDevices)).toEqual([])
  expect(await rows()).toEqual([])
})

test('who signs out is told nothing more, and a browser tells the member who signed in there last', async () => {
  const { db, service, ben, vic, signIn, give, send } = await openDesk()
  const session = await signIn(ben)
  await signIn(vic)
  expect(await db.read.select().from(pushDevices)).toMatchObject([{ memberId: vic.id }])
  await give(ben)
  await send()
  expect(service.taken).toHaveLength(0)
  const later = await signIn(ben)
  expect(later.id).not.toBe(session.id)
  await db.write((tx) => tx.delete(sessions).where(eq(sessions.id, later.id)))
  expect(await db.read.select().from(pushDevices)).toEqual([])
})

test('an address that is none of a push service, or keys that are none of a browser, are refused, and devices are their member’s', async () => {
  const world = await openWorld()
  const { db, ben, mo, vic } = world
  const { outside } = outsideWith({ 'push.example': [PUBLIC], 'inside.example': ['10.0.0.1'] })
  world.deps.outside = outside
  const { keys } = await newBrowser()
  const as = world.as(ben)
  const add = async (json: object, by = as) => {
    const response = await by('/api/notifications/devices', { method: 'PUT', json })
    return [response.status, response.status === 200 ? '' : (await response.json()).detail]
  }
  const endpoint = 'https://push.example/one'
  for (const [wrong, words] of [
    [{ endpoint: 'http://push.example/one', keys }, 'must begin with https:'],
    [{ endpoint: 'https://inside.example/one', keys }, 'not on the public internet'],
    [{ endpoint: 'https://127.0.0.1/one', keys }, 'not on the public internet'],
    [{ endpoint: 'https://nobody.example/one', keys }, 'There is no server named'],
    [{ endpoint, keys: { ...keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } }, 'keys must be those'],
    [{ endpoint, keys: { ...keys, auth: 'AAAAAAAAAAAA' } }, 'keys must be those'],
  ] as const)
    expect(await add(wrong)).toEqual([400, expect.stringContaining(words)])
  const token = newToken()
  await db.write((tx) =>
    createApiToken(tx, ben, { name: 'report', readOnly: false, expiresAt: null }, token, world.now()),
  )
  const byToken: typeof as = (url, init) =>
    world.asNobody(url, { ...init, headers: { authorization: `Bearer ${token}` } })
  expect(await add({ endpoint, keys }, byToken)).toEqual([422, expect.stringContaining('added by itself')])

  expect(await add({ endpoint, keys })).toEqual([200, ''])
  expect(await add({ endpoint, keys })).toEqual([200, ''])
  const { devices } = await (await as('/api/notifications/devices')).json()
  expect(devices).toMatchObject([{ reachedAt: null }])
  const remove = async (by: typeof as) =>
    (await by(`/api/notifications/devices/${devices[0].id}`, { method: 'DELETE' })).status
  expect([await remove(world.as(mo)), await remove(world.as(vic)), await remove(as)]).toEqual([404, 404, 204])
})
