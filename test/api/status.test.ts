import { expect, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { createApp } from '../../server/api/app.ts'
import { arrive } from '../issues/story.ts'
import { openWorld } from '../world.ts'

test('an admin sees how everything goes, and nobody else does', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { subject: 'Fleet telematics' })

  const answer = await world.as(world.ada)('/api/status')

  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    disk: { freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
    backups: { on: false, newestAt: null },
    mailboxes: [
      { address: 'desk@northwind.example', waiting: 0, failed: 0 },
      { address: 'proposals@northwind.example', waiting: 0, failed: 0 },
    ],
    outbox: { queued: 0, uncertain: 0, oldestDueAt: null },
    alerts: expect.any(Array),
  })
  expect((await world.as(world.mo)('/api/status')).status).toBe(403)
})

test('Prometheus reads measurements with a token that only reads', async () => {
  const world = await openWorld()
  const ada = world.as(world.ada)
  const made = await ada('/api/tokens', { method: 'POST', json: { name: 'Prometheus', readOnly: true } })
  // The cast: the answer of our own route.
  const { token } = (await made.json()) as { token: string }
  const { status, headers } = await world.app.request('/api/issues', { headers: { authorization: `Bearer ${token}` } })
  expect([status, headers.has('x-request-id')]).toEqual([200, true])

  const answer = await world.app.request('/metrics', { headers: { authorization: `Bearer ${token}` } })

  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  expect(text).toContain('downfield_mails_failed{mailbox="proposals@northwind.example"} 0')
  expect(text).toContain('downfield_outbox_messages{state="queued"} 0')
  expect(text).toMatch(/downfield_http_request_seconds_count\{method="GET",route="\/api\/issues",status="2xx"\} [1-9]/)
  expect(text).toContain('process_resident_memory_bytes')
  expect((await world.asNobody('/metrics')).status).toBe(401)
})

test('a server whose database is gone runs and is not ready', async () => {
  const world = await openWorld()
  expect((await world.asNobody('/readyz')).status).toBe(200)

  const gone = await openDb(world.config.databaseUrl)
  await gone.close()
  const app = createApp({ ...world.deps, db: gone })
  expect((await app.request('/readyz')).status).toBe(503)
  expect((await app.request('/healthz')).status).toBe(200)
})
