import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
