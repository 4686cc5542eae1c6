import { Hono } from 'hono'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createApp } from '../../server/api/app.ts'
import type { Env } from '../../server/api/deps.ts'
import { headers } from '../../server/api/headers.ts'
import { answerError } from '../../server/api/problem.ts'
import { request } from '../../server/api/request.ts'
import { Changed } from '../../server/errors.ts'
import { openWorld, PASSWORD } from '../world.ts'

const signIn = { method: 'POST', body: JSON.stringify({ email: 'ben@northwind.example', password: PASSWORD }) }
const json = { 'content-type': 'application/json' }

test.each([
  ['a page of ours over TLS', { 'sec-fetch-site': 'same-origin' }, 200],
  ['a page of ours without TLS', { origin: 'http://localhost' }, 200],
  ['a page under the public address', { origin: 'https://downfield.example.org' }, 200],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['another site, old browser', { origin: 'https://evil.example' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['another host of the same site', { 'sec-fetch-site': 'same-site', origin: 'https://www.example.org' }, 403],
  ['a name that ends like ours', { origin: 'https://notdownfield.example.org' }, 403],
  ['a program without a token', {}, 403],
])('a change sent by %s', async (_, from, status) => {
  const { app } = await openWorld({ env: { DOWNFIELD_URL: 'https://downfield.example.org' } })
  const answer = await app.request('/api/session', { ...signIn, headers: { ...json, host: 'localhost', ...from } })
  expect(answer.status).toBe(status)
})

test('a form of another site, sent as text, changes nothing', async () => {
  const { app, ada, headersOf } = await openWorld()
  const { cookie } = await headersOf(ada)
  const answer = await app.request('/api/teams', {
    method: 'POST',
    body: '{"name":"Evil"}',
    headers: { cookie, 'content-type': 'text/plain', origin: 'https://evil.example' },
  })
  expect(answer.status).toBe(403)
  expect(await (await app.request('/api/teams', { headers: { cookie } })).json()).toMatchObject([{ name: 'Desk' }])
})

test('every answer carries the headers that keep a page safe', async () => {
  const { asNobody } = await openWorld({ env: { DOWNFIELD_URL: 'https://downfield.example.org' } })
  for (const url of ['/healthz', '/api/session', '/api/nothing', '/issues']) {
    const answer = await asNobody(url)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy':
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; " +
        "form-action 'self'",
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
      'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
    })
  }
  expect((await asNobody('/api/session')).headers.get('cache-control')).toBe('no-store')
})

test('a handler that sets its own policy keeps it', async () => {
  const { deps } = await openWorld()
  const app = new Hono<Env>()
    .use(request(deps))
    .use(headers)
    .get('/body', (c) => c.html('', 200, { 'content-security-policy': "sandbox; default-src 'none'" }))
  const answer = await app.request('/body')
  expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  expect(answer.headers.get('x-frame-options')).toBeNull()
})

test('what is not there is a problem under /api, and not the page', async () => {
  const { asNobody } = await openWorld()
  const answer = await asNobody('/api/nothing')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  expect(await answer.json()).toEqual({
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: 'There is no GET /api/nothing here.',
  })
  expect((await asNobody('/api/nothing', { method: 'DELETE' })).status).toBe(404)
})

test('a body that is broken, of another kind, or too large is refused in words', async () => {
  const { app } = await openWorld()
  const send = async (body: string, type = 'application/json') => {
    const sent = { method: 'POST', body, headers: { 'sec-fetch-site': 'same-origin', 'content-type': type } }
    const answer = await app.request('/api/session', sent)
    // The cast: the form of every problem.
    const { detail } = (await answer.json()) as { detail: string }
    return [answer.status, detail]
  }
  expect(await send('{"email":')).toEqual([400, 'The body is not JSON. Check its commas and quotes.'])
  expect(await send('email=a', 'application/x-www-form-urlencoded')).toEqual([
    400,
    'Send the body as JSON, with the header Content-Type: application/json.',
  ])
  expect(await send('{}')).toEqual([400, 'email is missing. password is missing.'])
  expect(await send('[]')).toEqual([400, 'The body must be an object.'])
  expect(await send(`"${'x'.repeat(1_000_000)}"`)).toEqual([413, 'The body is larger than 1 MB. Send less at once.'])
})

/** An app whose one route throws this, and what it logs. */
async function failing(error: unknown) {
  const lines: string[] = []
  const { deps } = await openWorld({ log: pino({ level: 'info' }, { write: (line: string) => lines.push(line) }) })
  const app = new Hono<Env>()
    .onError(answerError)
    .use(request(deps))
    .get('/', () => {
      throw error
    })
  return { answer: await app.request('/'), lines }
}

const withCode = (code: string) => Object.assign(new Error('the words of the driver'), { code })

test.each([
  ['a changed version', new Changed('Mo took it.'), 409, 'Mo took it.'],
  ['a full disk', withCode('ENOSPC'), 507, 'The disk is full'],
  ['a full SQLite database', withCode('SQLITE_FULL'), 507, 'The disk is full'],
  ['a full PostgreSQL server', new Error('failed', { cause: withCode('53100') }), 507, 'The disk is full'],
  ['a locked SQLite database', withCode('SQLITE_BUSY_SNAPSHOT'), 503, 'The database is busy'],
  ['a PostgreSQL server that is away', withCode('ECONNREFUSED'), 503, 'The database is busy'],
  ['a PostgreSQL server that stops', new Error('failed', { cause: withCode('57P01') }), 503, 'The database is busy'],
  ['a NUL character', new Error('failed', { cause: withCode('22021') }), 400, 'Text must not contain NUL'],
])('%s is told as it is', async (_, error, status, detail) => {
  const { answer } = await failing(error)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) })
})

test('a fault of ours tells the person its number and the log everything else', async () => {
  const { answer, lines } = await failing(new Error('the inner workings'))
  const requestId = answer.headers.get('x-request-id')
  const text = await answer.text()

  expect(answer.status).toBe(500)
  expect(JSON.parse(text)).toMatchObject({ title: 'Fault', requestId })
  expect(text).not.toContain('inner workings')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ requestId, err: expect.objectContaining({ message: 'the inner workings' }) }),
  ])
})

test('no secret reaches the log', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const { app, headersOf, ada, deps } = await openWorld({ log })
  const { cookie } = await headersOf(ada)
  const token = 'a-link-token-that-nobody-should-see-in-a-log'
  await app.request(`/api/invitation/${token}?key=${token}`, {
    headers: { cookie, authorization: `Bearer df_${token}` },
  })
  await createApp(deps).request('/api/session', { ...signIn, headers: { ...json, 'sec-fetch-site': 'same-origin' } })

  expect(lines.length).toBeGreaterThanOrEqual(2)
  for (const secret of [token, cookie.split('=')[1]!, PASSWORD]) expect(lines.join('')).not.toContain(secret)
})
