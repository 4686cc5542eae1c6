import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

let product: Product
let browser: Browser

beforeAll(async () => {
  if (noChromium) return
  const env = { DOWNFIELD_PORT: '0' }
  product = await startProduct({ env })
  // The page comes back to where it was.
  env.DOWNFIELD_PORT = new URL(product.url).port
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('A page that is open while the server starts again stays as it is, says so, and goes on by itself', async ({
  skip,
}) => {
  skip(noChromium !== undefined, noChromium)
  const link = /http:\S+\/setup\/\S+/.exec(product.output())?.[0] ?? ''
  const { page } = await openPage(browser, product.url)
  await page.goto(link)
  await page.getByLabel('Your name').fill('Ada Byron')
  await page.getByLabel('Email').fill('ada@example.org')
  await page.getByLabel('Password', { exact: true }).fill('a lantern in the fog')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Inbox' }).first().waitFor()
  await page.goto('/mailboxes/new')
  const name = page.getByRole('textbox').first()
  await name.fill('half a sentence')

  await product.kill()
  await page.getByText('Live updates').first().waitFor()
  expect(await name.inputValue()).toBe('half a sentence')

  await product.start()
  await page.getByText('Live updates').first().waitFor({ state: 'detached' })
  expect(await name.inputValue()).toBe('half a sentence')
})
