import { expect, test } from 'vitest'
import { pictureType } from '../../server/net/picture.ts'
import { isPublicAddress } from '../../server/net/public-address.ts'
import { OURS, outsideWith, PUBLIC, serveOn } from './web.ts'

test.each([
  ['93.184.215.14', true],
  ['2606:4700::6810:85e5', true],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:93.184.215.14', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fd00::1', false],
  ['ff02::1', false],
  ['2002:7f00:1::', false],
  ['2001:0:7f00:1::', false],
  ['not an address', false],
])('%s is public: %s', (address, is) => {
  expect(isPublicAddress(address)).toBe(is)
})

test('what is on the public internet is fetched, as nobody in particular', async () => {
  let headers = {}
  const port = await serveOn(PUBLIC, (request, response) => {
    headers = request.headers
    response.setHeader('content-type', 'image/png').setHeader('set-cookie', 'a=b').end('bytes')
  })
  const { outside } = outsideWith({ 'pictures.example': [PUBLIC] })
  const url = `http://pictures.example:${port}/a.png?who=dana`
  expect(await outside.get(url, { accept: 'image/*' })).toEqual({
    url,
    status: 200,
    contentType: 'image/png',
    bytes: Buffer.from('bytes'),
  })
  expect(headers).toEqual({
    host: `pictures.example:${port}`,
    accept: 'image/*',
    'accept-encoding': 'identity',
    'user-agent': 'Mozilla/5.0 (compatible)',
    connection: 'close',
  })
})

test('redirects are followed as far as allowed, without cookies, each looked at like the first address', async () => {
  const inside = await serveOn(OURS, (_, response) => response.end('secret'))
  const cookies: (string | undefined)[] = []
  const port = await serveOn(PUBLIC, (request, response) => {
    cookies.push(request.headers.cookie)
    const left = Number(request.url?.slice(1))
    const to = request.url === '/in' ? `http://ours.example:${inside}/` : `/${left - 1}`
    if (left === 0) response.end('there')
    else response.writeHead(302, { location: to, 'set-cookie': 'seen=1' }).end()
  })
  const { outside } = outsideWith({ 'pictures.example': [PUBLIC], 'ours.example': [OURS] })
  const at = (path: string) => outside.get(`http://pictures.example:${port}/${path}`)
  expect((await at('3')).bytes.toString()).toBe('there')
  await expect(at('4')).rejects.toThrow('redirects too often')
  await expect(at('in')).rejects.toThrow('ours.example is not on the public internet')
  expect(new Set(cookies)).toEqual(new Set([undefined]))
})

test.each([
  'http://127.0.0.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f.1:PORT/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://ours.example:PORT/',
  'http://both.example:PORT/',
  'http://localhost:PORT/',
])('%s leads to our own network and is not opened', async (url) => {
  let asked = 0
  const port = await serveOn(OURS, (_, response) => {
    asked++
    response.end('secret')
  })
  const { outside } = outsideWith({
    'ours.example': [OURS],
    'both.example': [PUBLIC, OURS],
    localhost: [OURS],
  })
  await expect(outside.get(url.replace('PORT', String(port)))).rejects.toThrow('is not on the public internet')
  expect(asked).toBe(0)
})

test('a name that means something else a moment later still leads where it was looked at', async () => {
  const inside = await serveOn(OURS, (_, response) => response.end('secret'))
  let times = 0
  const { outside, asked } = outsideWith({ 'rebind.example': () => [times++ === 0 ? PUBLIC : OURS] })
  // Nothing listens on this port at the address that was checked: asking again would have led inside.
  await expect(outside.get(`http://rebind.example:${inside}/`)).rejects.toThrow('does not answer')
  expect(asked).toEqual(['rebind.example'])
})

test.each([
  'ftp://pictures.example/',
  'file:///etc/passwd',
  'data:text/plain,a',
  'nonsense',
  'http://a:b@pictures.example/',
])('%s is not opened', async (url) => {
  await expect(outsideWith({ 'pictures.example': [PUBLIC] }).outside.get(url)).rejects.toMatchObject({
    name: 'Refused',
  })
})

test('what is too large or too slow is given up', async () => {
  const port = await serveOn(PUBLIC, (request, response) => {
    if (request.url === '/told') response.setHeader('content-length', 3_000_000).end(Buffer.alloc(3_000_000))
    else if (request.url === '/untold') for (let i = 0; i < 30; i++) response.write(Buffer.alloc(100_000))
    else response.write('a')
  })
  const { outside } = outsideWith({ 'pictures.example': [PUBLIC] })
  const at = (path: string) =>
    outside.get(`http://pictures.example:${port}/${path}`, { maxBytes: 2_000_000, timeoutMs: 300 })
  await expect(at('told')).rejects.toThrow('larger than 2 MB')
  await expect(at('untold')).rejects.toThrow('larger than 2 MB')
  await expect(at('slow')).rejects.toMatchObject({ name: 'Refused' })
})

test.each([
  ['89504e470d0a1a0a0000000d', 'image/png'],
  ['ffd8ffe000104a46', 'image/jpeg'],
  ['474946383961', 'image/gif'],
  ['524946460000000057454250', 'image/webp'],
  ['0000001c6674797061766966', 'image/avif'],
  [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">').toString('hex'), null],
  [Buffer.from('<!doctype html>').toString('hex'), null],
  ['', null],
])('bytes %s are %s', (hex, type) => {
  expect(pictureType(Buffer.from(hex, 'hex'))).toBe(type)
})
