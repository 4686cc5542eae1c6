import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  if (noChromium) return
  product = await startProduct({ command: 'demo' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const LISTS = [
  ['/inbox', '**/api/issues?*', 'The issues'],
  ['/mailboxes', '**/api/mailboxes', 'The mailboxes'],
  ['/people', '**/api/members', 'The people'],
  ['/people', '**/api/teams', 'The teams'],
  ['/people', '**/api/invitations', 'The invitations'],
] as const

test.for(LISTS)(
  'On %s, when %s fails, the page says so, and trying again helps',
  async ([path, route, what], { skip }) => {
    skip(noChromium !== undefined, noChromium)
    const { page, context } = await openPage(browser, product.url)
    await page.goto('/')
    await page.getByRole('button', { name: 'Jane' }).click()
    await page.locator('[data-issue]').first().waitFor()
    // New mail would have the page try again by itself, before anybody can.
    await page.route('**/api/events', (request) => request.abort())
    await page.route(route, (request) => request.fulfill({ status: 500, body: '{}' }))
    await page.goto(path)
    const words = page.getByRole('alert').filter({ hasText: `${what} could not be loaded` })
    await words.waitFor()
    await page.unroute(route)
    await words.getByRole('button', { name: 'Try again' }).click()
    await words.waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(0)
    await context.close()
  },
)

/** What lies between browser and server. Cut, it loses everything and says nothing, as a network does that was left. */
async function openNetwork(to: number) {
  const ends = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.on('data', (bytes) => isCut || into.write(bytes))
      from.on('end', () => isCut || into.end())
      from.on('error', () => into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server on a port has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    cut() {
      isCut = true
    },
    /** What was open stays dead; what is opened from now on works. */
    mend() {
      isCut = false
      for (const end of ends) end.destroy()
    },
    close() {
      for (const end of ends) end.destroy()
      server.close()
    },
  }
}

test('A page whose connection is lost without a word says that it may be behind, and catches up', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const network = await openNetwork(Number(new URL(product.url).port))
  onTestFinished(() => network.close())
  const { page, context } = await openPage(browser, network.url)
  await page.clock.install()
  await page.goto('/')
  await page.getByRole('button', { name: 'Jane' }).click()
  await page.locator('[data-issue]').first().waitFor()
  const words = page.getByText('Live updates are interrupted.').first()
  expect(await words.isVisible()).toBe(false)

  network.cut()
  await page.clock.fastForward(60_000)
  await page.clock.fastForward(5_000)
  await words.waitFor()

  network.mend()
  await page.clock.fastForward(30_000)
  await words.waitFor({ state: 'detached' })
  await context.close()
})
