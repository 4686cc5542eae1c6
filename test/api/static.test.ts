import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createApp } from '../../server/api/app.ts'
import { openWorld } from '../world.ts'

const SCRIPT = 'console.log("downfield")\n'.repeat(200)

/** An app over a small built page. */
async function builtApp() {
  const { deps, folder } = await openWorld()
  const web = path.join(folder, 'web')
  await mkdir(path.join(web, 'assets'), { recursive: true })
  await writeFile(path.join(web, 'index.html'), '<!doctype html><title>Downfield</title>')
  await writeFile(path.join(web, 'icon.svg'), '<svg/>')
  await writeFile(path.join(web, 'assets/main-B2x.js'), SCRIPT)
  await writeFile(path.join(folder, 'secret.txt'), 'not for anybody')
  return createApp(deps, web)
}

test('every path that is no file is the page, and it is never kept by a cache', async () => {
  const app = await builtApp()
  for (const url of ['/', '/issues', '/issues/7?view=mine', '/invitation/abc']) {
    const answer = await app.request(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toContain('<title>Downfield</title>')
  }
})

test('files with a hash in their name are kept for ever, compressed where the browser can', async () => {
  const app = await builtApp()
  const answer = await app.request('/assets/main-B2x.js', { headers: { 'accept-encoding': 'gzip' } })
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe(SCRIPT)
})

test('a missing file is missing, not the page', async () => {
  const app = await builtApp()
  expect((await app.request('/assets/old-A1.js')).status).toBe(404)
  expect((await app.request('/robots.txt')).status).toBe(404)
  expect((await app.request('/icon.svg')).status).toBe(200)
})

test.each([
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
])('%s does not lead out of the folder', async (url) => {
  const app = await builtApp()
  expect(await (await app.request(url)).text()).not.toContain('not for anybody')
})

test('without a built page the answer says how to get one', async () => {
  const { deps, folder } = await openWorld()
  const answer = await createApp(deps, path.join(folder, 'none')).request('/')
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('npm run build') })
})
