import type { Browser, Page } from 'playwright-core'
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

const said = (page: Page, words: string | RegExp) => page.locator('.toasts').getByText(words).first().waitFor()

test('With keys alone an issue is brought into another, taken out again, accepted, and closed without action', async ({
  skip,
}) => {
  skip(noChromium !== undefined, noChromium)
  const { page, faults } = await openPage(browser, product.url)
  await page.goto('/inbox')
  await page.getByRole('button', { name: 'Jane' }).click()
  await page.locator('[data-issue]').first().waitFor()
  const issue = async (id: string) => (await (await page.request.get(`/api/issues/${id}`)).json()).issue
  await page.keyboard.press('j')
  await page.getByRole('region', { name: 'Timeline' }).getByRole('heading', { level: 2 }).waitFor()
  const id = /inbox\/([^/?]+)/.exec(page.url())![1]!
  const before = await issue(id)

  await page.keyboard.press('2')
  const options = page.getByRole('listbox', { name: 'Bring it into' }).getByRole('option')
  await options.first().waitFor()
  await page.keyboard.press('Enter')
  await said(page, /^Part of/)
  await page.locator(`[data-issue="${id}"]`).waitFor({ state: 'detached' })
  await expect.poll(async () => (await issue(id)).status).toBe('merged')
  expect(page.url()).not.toContain(id)

  await page.keyboard.press('z')
  await said(page, /on its own again/)
  await page.locator(`[data-issue="${id}"]`).waitFor()
  const { version: _, updatedAt: __, ...now } = await issue(id)
  expect({ ...before, ...now }).toEqual({ ...before, version: before.version })

  await page.goto(`/inbox/${id}`)
  await page.getByRole('region', { name: 'Timeline' }).getByText('took it out of issue').waitFor()
  await page.keyboard.press('1')
  await expect.poll(async () => (await issue(id)).status).toBe('open')
  await page.goto(`/inbox/${id}`)
  await page.getByRole('region', { name: 'Timeline' }).getByRole('heading', { level: 2 }).waitFor()
  await page.keyboard.press('3')
  await expect.poll(async () => (await issue(id)).doneReason).toBe('no_action')
  await page.keyboard.press('z')
  await expect.poll(async () => (await issue(id)).status).toBe('open')
  // Who is not signed in yet is told so.
  expect(faults.filter((fault) => !fault.includes('401'))).toEqual([])
})
