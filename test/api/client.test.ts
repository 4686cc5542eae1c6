import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import { expect, expectTypeOf, test } from 'vitest'
import type { Role } from '../../db/vocabulary.ts'
import type { App } from '../../server/api/app.ts'
import { openWorld } from '../world.ts'

test('the typed client speaks to the routes and knows what they take and give', async () => {
  const { app, headersOf, ada } = await openWorld()
  const headers = await headersOf(ada)
  const { api } = hc<App>('http://localhost', {
    headers,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => await app.request(input, init),
  })

  const answer = await api.invitations.$post({ json: { email: 'cleo@northwind.example', role: 'viewer' } })

  expect(answer.status).toBe(201)
  expect((await answer.json()).link).toMatch(/^http:\/\/localhost\/invitation\//)
  expectTypeOf<InferRequestType<typeof api.invitations.$post>['json']['role']>().toEqualTypeOf<Role>()
  expectTypeOf<InferResponseType<typeof api.members.$get>[number]['disabledAt']>().toEqualTypeOf<number | null>()
  expectTypeOf<InferResponseType<typeof api.session.$get>['member']>().not.toHaveProperty('passwordHash')
})
