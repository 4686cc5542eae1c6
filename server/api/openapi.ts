import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Hono, Schema } from 'hono'
import { generateSpecs } from 'hono-openapi'
import type { Env } from './deps.ts'

// The cast: our own package.json.
const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string
}

const problem = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' as const },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    detail: { type: 'string' as const, description: 'What is wrong and what to do, for a person.' },
    errors: {
      type: 'array' as const,
      items: {
        type: 'object' as const,
        required: ['field', 'message'],
        properties: { field: { type: 'string' as const }, message: { type: 'string' as const } },
      },
    },
  },
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
const problemAnswer = { description: 'What went wrong.', content: problemContent }

/** The API as an OpenAPI 3.1 document, made from the routes themselves. */
export async function document<S extends Schema, P extends string>(app: Hono<Env, S, P>): Promise<object> {
  const specs = await generateSpecs(app, {
    documentation: {
      openapi: '3.1.0',
      info: {
        title: 'Downfield',
        version: version,
        description: [
          'Times are integers: milliseconds since 1970 in UTC. Errors are problem details (RFC 9457).',
          'Make a token under your account and send it as "Authorization: Bearer df_…".',
        ].join(' '),
      },
      components: {
        schemas: { Problem: problem },
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'downfield_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    // It takes a dot in the last part of a path for a file, and would leave this document out of itself.
    excludeStaticFile: false,
    exclude: [/^\/\*/, /^\/api\/\*/, /^\/assets/, /^\/[:{]file\b/],
    defaultValidationErrorResponse: {
      description: 'The input can not be understood; each wrong field is named.',
      content: problemContent,
    },
  })
  for (const [path, item] of Object.entries(specs.paths)) {
    const tag = path.split('/')[path.startsWith('/api/') ? 2 : 1]
    for (const operation of Object.values(item)) {
      if (typeof operation !== 'object' || !('responses' in operation)) continue
      if (tag) operation.tags ??= [tag]
      operation.responses = { '2XX': { description: 'It went well.' }, default: problemAnswer, ...operation.responses }
    }
  }
  return specs
}
