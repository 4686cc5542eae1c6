import { existsSync } from 'node:fs'
import path from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Env } from './deps.ts'
import { problem } from './problem.ts'
import { rule } from './rule.ts'

/** What `npm run build` made of web/. */
export const BUILT = path.join(import.meta.dirname, '../../dist/web')
const NOT_BUILT = 'The page has not been built. Run "npm run build" and start Downfield again.'
const YEAR_S = 365 * 24 * 60 * 60

/** The page and its files. Every path that is neither a file nor the API is the page: it has routes of its own. */
export function staticFiles(root: string) {
  if (!existsSync(root)) return new Hono<Env>().get('*', rule('anyone'), (c) => problem(c, 404, NOT_BUILT))
  /** Where there is no file, serveStatic goes on with the next handler; we say so ourselves. */
  const missing = async () => {}
  const files = serveStatic<Env>({ root })
  const page = serveStatic<Env>({ root, path: 'index.html' })
  return (
    new Hono<Env>()
      // Their names carry a hash of their content, so they never change; a missing one is missing, not the page.
      .get('/assets/*', rule('anyone'), async (c) => {
        const answer = await files(c, missing)
        if (!answer) return problem(c, 404, 'There is no such file.')
        answer.headers.set('cache-control', `public, max-age=${YEAR_S}, immutable`)
        return answer
      })
      .get('/:file{[\\w.-]+\\.(?:js|svg|png|ico|txt|webmanifest)}', rule('anyone'), async (c) => {
        const answer = await files(c, missing)
        return answer ?? problem(c, 404, 'There is no such file.')
      })
      .get('*', rule('anyone'), async (c) => {
        const answer = await page(c, missing)
        if (!answer) return problem(c, 404, NOT_BUILT)
        answer.headers.set('cache-control', 'no-cache')
        return answer
      })
  )
}
