import { once } from 'node:events'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { expect, onTestFinished, test } from 'vitest'
import { sessions } from '../../db/schema.ts'
import { openWorld, PASSWORD } from '../world.ts'

test('over a real connection a session remembers the address it was opened from', async () => {
  const { app, db } = await openWorld()
  // The cast: without options it makes a server of node:http.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}`

  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    body: JSON.stringify({ email: 'ben@northwind.example', password: PASSWORD }),
    headers: {
      'content-type': 'application/json',
      origin: url,
      'user-agent': 'Firefox',
      // Nobody said that a proxy is in front, so this is only a claim.
      'x-forwarded-for': '198.51.100.1',
    },
  })

  expect(answer.status).toBe(200)
  expect(await db.read.select().from(sessions)).toMatchObject([{ address: '127.0.0.1', userAgent: 'Firefox' }])
})
