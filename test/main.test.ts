import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createAdmin } from '../server/access/member.ts'
import { startSession } from '../server/access/session.ts'
import { newToken } from '../server/access/token.ts'
import { readConfig } from '../server/config.ts'
import { startServer } from '../server/main.ts'
import { freePort } from './dovecot.ts'

/** A folder and a port of its own. What is printed is gathered. */
async function prepare() {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-main-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const port = String(await freePort())
  const config = readConfig({ DOWNFIELD_DATA: folder, DOWNFIELD_PORT: port })
  let said = ''
  const say = (text: string) => {
    said += text
  }
  return { config, options: { log: pino({ level: 'silent' }), say }, said: () => said, url: `http://127.0.0.1:${port}` }
}

test('the first start prints a link for the first admin, and later ones do so until there is one', async () => {
  const { config, options, said, url } = await prepare()
  const server = await startServer(config, options)
  expect(server.url).toBe(url)
  expect(said()).toMatch(new RegExp(`^Downfield is at ${url}\n[^]*${url}/setup/[\\w-]{20,}\n`))
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  const admin = { email: 'ada@northwind.example', name: 'Ada', passwordHash: 'x' }
  await server.deps.db.write((tx) => createAdmin(tx, admin, 1))
  await server.stop()
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()

  const again = await startServer(config, { ...options, say: (text) => expect(text).toBe(`Downfield is at ${url}\n`) })
  await again.stop()
})

test('a port that is taken is an error, and nothing is left running', async () => {
  const { config, options } = await prepare()
  const first = await startServer(config, options)
  onTestFinished(() => first.stop())
  await expect(startServer(config, options)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('who watches for what changes hears the end when the server ends', async () => {
  const { config, options, url } = await prepare()
  const server = await startServer(config, options)
  const { db } = server.deps
  const admin = await db.write((tx) =>
    createAdmin(tx, { email: 'ada@northwind.example', name: 'Ada', passwordHash: 'x' }, 1),
  )
  const token = newToken()
  await db.write((tx) => startSession(tx, admin, token, { address: '192.0.2.1', userAgent: 'test' }, Date.now()))
  const headers = { cookie: `downfield_session=${token}`, 'sec-fetch-site': 'same-origin' }
  const live = await fetch(`${url}/api/events`, { headers })
  const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toContain('event: hello')

  const stopped = server.stop()
  // An end, and not a broken connection.
  for (let done = false; !done; ) ({ done } = await reader.read())
  await stopped
})
