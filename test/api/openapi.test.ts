import { expect, test } from 'vitest'
import { openWorld } from '../world.ts'

test('the document describes every route, what it takes, and who may', async () => {
  const { as, vic, app } = await openWorld()
  // The cast: the parts of an OpenAPI document that are looked at.
  const document = (await (await as(vic)('/api/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, { summary?: string; responses: object; requestBody?: object }>>
  }

  expect(document.openapi).toMatch(/^3\.1\./)
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
  expect(new Set(described)).toEqual(
    new Set([...routes, 'GET /healthz', 'GET /calendar/{file}', 'GET /metrics', 'GET /readyz']),
  )

  expect(document.paths['/api/invitations']?.post).toMatchObject({
    summary: 'Invite somebody',
    description: 'For the roles admin.',
    tags: ['invitations'],
    requestBody: {
      content: {
        'application/json': {
          schema: {
            properties: { role: { enum: ['admin', 'manager', 'member', 'viewer'] } },
            required: ['email', 'role'],
          },
        },
      },
    },
  })
  const silent = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).filter(({ responses }) => Object.keys(responses).length === 0),
  )
  expect(silent).toEqual([])
})

test('the document is for members', async () => {
  const { asNobody } = await openWorld()
  expect((await asNobody('/api/openapi.json')).status).toBe(401)
})
