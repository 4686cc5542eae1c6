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

test.for([1440, 900, 380])(
  'A name of 500 letters without a space does not widen a page of %i pixels',
  async (width, { skip }) => {
    skip(noChromium !== undefined, noChromium)
    const { page } = await openPage(browser, product.url, { width })
    await page.goto('/')
    await page.getByRole('button', { name: 'Jane' }).click()
    const first = page.locator('[data-issue]').first()
    await first.waitFor()
    const id = await first.getAttribute('data-issue')
    const renamed = await page.request.put(`/api/issues/${id}/contact`, {
      headers: { origin: product.url },
      data: { name: 'N'.repeat(500), address: `${'n'.repeat(60)}@example.org` },
    })
    expect(renamed.status()).toBe(200)
    await page.goto(`/issues/${id}`)
    await page.getByRole('region', { name: 'Timeline' }).getByText('NNNNNNNN').first().waitFor()
    const widest = await page.evaluate(() =>
      Math.max(...Array.from(document.querySelectorAll('.issue *, html'), ({ scrollWidth }) => scrollWidth)),
    )
    expect(widest).toBeLessThanOrEqual(width)
  },
)
