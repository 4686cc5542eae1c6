import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

const MONTH_MS = 30 * 86_400_000

let product: Product
let browser: Browser
let page: Page
let faults: string[]

beforeAll(async () => {
  if (noChromium) return
  product = await startProduct({ command: 'demo' })
  browser = await openBrowser()
  ;({ page, faults } = await openPage(browser, product.url))
  await page.goto('/')
  await page.getByRole('button', { name: /Jane Doe/ }).click()
  await page.locator('[data-issue]').first().waitFor()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const column = (name: string) => page.locator('.column').filter({ has: page.getByRole('heading', { name }) })
const card = (title: string) => page.locator('.board-card').filter({ hasText: title })
const said = (words: string | RegExp) => page.getByText(words).first().waitFor()
/** The proposal of that title as the server has it. */
async function stored(title: string) {
  const found = await page.request.get(`/api/proposals?outcome=all&limit=500`)
  const { proposals } = (await found.json()) as { proposals: { title: string; id: string; status: string }[] }
  return proposals.find((one) => one.title === title)
}

test('An issue becomes a proposal with key 4, and says so beside its mail', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const issues = (await (await page.request.get('/api/issues?view=inbox')).json()).issues as { id: string }[]
  const proposals = await Promise.all(
    issues.map(async ({ id }) => (await (await page.request.get(`/api/issues/${id}/proposal`)).json()).proposal),
  )
  const id = issues[proposals.indexOf(null)]!.id
  await page.goto(`/issues/${id}`)
  await page.getByRole('region', { name: 'Timeline' }).getByRole('article').first().waitFor()

  await page.keyboard.press('4')
  await page.getByLabel('Title').fill('Dispatch radios for the harbour')
  await page.getByLabel('Customer').fill('Harbour of Aarhus')
  await page.getByLabel('Value').fill('240k')
  await page.getByLabel('Day', { exact: true }).fill('2027-03-04')
  await page.getByLabel('Hour', { exact: true }).fill('14:00')
  await page.getByLabel('Time zone').fill('America/Denver')
  await page.getByRole('button', { name: 'Make the proposal' }).click()

  await page.getByRole('heading', { level: 1, name: /Dispatch radios/ }).waitFor()
  await said('Thu 4 Mar 2027 at 14:00 (America/Denver)')
  await said('For you that is Thursday 4 March 2027 at 22:00.')
  expect(await page.locator('.proposal .lines a').first().getAttribute('href')).toBe(`/issues/${id}`)
  await page.goto(`/issues/${id}`)
  await page.getByRole('complementary', { name: 'Details' }).getByText('Lead · 10 %').waitFor()
})

test('A card is dragged to a stage, and moved on with the keys; both can be undone', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const title = 'Dispatch radios for the harbour'
  await page.goto('/pipeline')
  await card(title).waitFor()
  const [from, to] = [await card(title).boundingBox(), await column('Writing').boundingBox()]
  await page.mouse.move(from!.x + 40, from!.y + 30)
  await page.mouse.down()
  await page.mouse.move(from!.x + 90, from!.y + 40, { steps: 3 })
  await page.mouse.move(to!.x + 60, from!.y + 60, { steps: 5 })
  await page.mouse.up()
  await column('Writing').locator('.board-card', { hasText: title }).waitFor()
  await expect.poll(async () => (await stored(title))?.status).toBe('Writing · 40 %')

  await card(title).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await column('Pending').locator('.board-card', { hasText: title }).waitFor()
  await said(`${title} moved from Writing to Pending.`)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(title)
  await expect.poll(async () => (await stored(title))?.status).toBe('Pending · 60 %')
  await page.keyboard.press('z')
  await said('Undone.')
  expect((await stored(title))?.status).toBe('Writing · 40 %')
  await column('Writing').locator('.board-card', { hasText: title }).waitFor()
})

test('What somebody else changed in between is not overwritten, and that is said', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const title = 'Dispatch radios for the harbour'
  const { id } = (await stored(title))!
  // The page does not hear of it, and goes on with what it saw.
  await page.route('**/api/events', (route) => route.abort())
  await page.goto('/pipeline')
  await card(title).waitFor()
  const headers = { origin: product.url }
  await page.request.patch(`/api/proposals/${id}`, { data: { nextStep: 'Call them' }, headers })
  await card(title).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await said(`${title} was changed by somebody else in between. It is shown as it is now.`)
  await column('Writing').locator('.board-card', { hasText: title }).waitFor()
  expect((await stored(title))?.status).toBe('Writing · 40 %')
  await page.unroute('**/api/events')
})

test('80 as its status gives it a probability of its own', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const title = 'Dispatch radios for the harbour'
  await page.goto(`/proposals/${(await stored(title))!.id}`)
  await page.getByRole('button', { name: /Status:/ }).click()
  await page.getByRole('combobox', { name: /^Stage, or/ }).fill('80')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Status: 80 %' }).waitFor()
  await expect.poll(async () => (await stored(title))?.status).toBe('80 %')
  await said('$192,000 weighted')
})

test('A proposal is lost with a reason to a competitor, and reopened', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const title = 'Dispatch radios for the harbour'
  await page.goto(`/proposals/${(await stored(title))!.id}`)
  await page.getByRole('button', { name: 'Lost', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Close as lost' }).click()
  await dialog.getByText('Say what the main reason was.').waitFor()
  await dialog.getByLabel('Main reason').selectOption({ label: 'Incumbent' })
  await dialog.getByLabel('Who won').fill('Baltic Radio')
  await dialog.getByRole('button', { name: 'Close as lost' }).click()
  await said('Baltic Radio won')
  await page.getByRole('button', { name: 'Status: Lost' }).waitFor()

  await page.getByRole('button', { name: 'Reopen' }).click()
  await page.getByRole('button', { name: 'Status: 80 %' }).waitFor()
  await said('reopened it')
})

test('As of last month the board stands as it stood, and nothing moves', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const then = new Date(Date.now() - MONTH_MS).toISOString().slice(0, 10)
  const found = await page.request.get(`/api/proposals/board?asOf=${then}`)
  const { total } = (await found.json()) as { total: { count: number } }
  await page.goto('/pipeline')
  await page.locator('.board-card').first().waitFor()
  await page.getByLabel('As of the end of a past day').fill(then)
  await said('Nothing can be changed here.')
  await said(new RegExp(`^${total.count} open proposals?`))
  expect(await card('Dispatch radios for the harbour').count()).toBe(0)

  const first = page.locator('.board-card').first()
  await first.focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('m')
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(new URL(page.url()).searchParams.get('asOf')).toBe(then)
  await page.getByRole('button', { name: 'Back to today' }).click()
  await card('Dispatch radios for the harbour').waitFor()
  expect(faults.filter((fault) => !/Failed to load|status of 4/.test(fault))).toEqual([])
})
