import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from './csrf.ts'
import type { Deps, Env } from './deps.ts'
import { headers } from './headers.ts'
import { answerError, problem } from './problem.ts'
import { request } from './request.ts'
import { rule } from './rule.ts'

const MAX_BODY_BYTES = 1_000_000

/** The whole HTTP side of Downfield. Each resource is a file; the chain carries the types to the client. */
export function createApp(deps: Deps) {
  const resources = new Hono<Env>()

  const app = new Hono<Env>()
    .onError(answerError)
    .use(request(deps))
    .use(headers)
    .use(csrf)
    .use(
      bodyLimit({
        maxSize: MAX_BODY_BYTES,
        onError: (c) => problem(c, 413, `The body is larger than ${MAX_BODY_BYTES / 1_000_000} MB. Send less at once.`),
      }),
    )
    .get('/healthz', rule('anyone'), (c) => c.json({ ok: true }))
    .route('/api', resources)

  app.all('/api/*', rule('anyone'), (c) => problem(c, 404, `There is no ${c.req.method} ${c.req.path}.`))
  return app
}
export type App = ReturnType<typeof createApp>
