import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

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

/** Opens something on a page that is there. */
type Step = (page: Page) => Promise<unknown>
const openIssue: Step = async (page) => {
  await page.locator('[data-issue]').first().click()
  await page.getByRole('region', { name: 'Timeline' }).getByRole('article').first().waitFor()
}
const openProposal: Step = async (page) => {
  await page.locator('.board-card').first().click()
  await page.locator('.proposal-events li').first().waitFor()
}
const loseProposal: Step = async (page) => {
  await page.getByRole('button', { name: 'Lost', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close as lost' }).click()
  await page.locator('.wrong').first().waitFor()
}
const press =
  (...keys: string[]): Step =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key)
  }

const attachFile: Step = async (page) => {
  const file = { name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(40_000) }
  await page.getByLabel('Files to attach').setInputFiles(file)
  await page.getByRole('button', { name: 'Remove offer.pdf' }).waitFor()
}
const send: Step = async (page) => {
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Here you are.')
  await page.keyboard.press('Control+Enter')
  await page.getByText(/^Sending in/).waitFor()
}

const openBids: Step = async (page) => {
  await page.getByRole('link', { name: 'bids@contoso.com' }).click()
  await page.getByRole('heading', { name: 'Who can use it' }).waitFor()
}
const PAGES: [what: string, path: string, ...steps: Step[]][] = [
  ['the inbox', '/'],
  ['notifications', '/notifications'],
  ['what one is told', '/account/notifications'],
  ['rules', '/rules'],
  ['an issue', '/', openIssue],
  ['an answer being written', '/', openIssue, press('r')],
  ['issues that are selected', '/', openIssue, press('x', 'J', 'J')],
  ['commands for what is selected', '/', openIssue, press('x', 'J', 'Control+k')],
  ['the choice of another issue', '/', openIssue, press('2')],
  ['a note being written', '/', openIssue, press('n')],
  ['the palette', '/', openIssue, press('Control+k')],
  ['the choice of somebody', '/', openIssue, press('a')],
  ['the keys', '/', press('?')],
  ['an empty list', '/trash'],
  ['mailboxes', '/mailboxes'],
  ['a new mailbox', '/mailboxes/new'],
  ['Exchange', '/exchange'],
  ['a mailbox of Exchange', '/exchange', openBids],
  ['a new shared mailbox', '/exchange/new'],
  ['a connection to Exchange', '/exchange/connect'],
  ['saved replies', '/saved-replies'],
  ['drafts and scheduled mail', '/unsent'],
  ['people and teams', '/people'],
  ['tags, views and hours', '/desk'],
  ['what is snoozed', '/snoozed'],
  ['the account', '/account'],
  ['the status', '/status'],
  ['motion and movement', '/motion'],
  ['the board', '/pipeline', (page) => page.locator('.board-card').first().waitFor()],
  ['the field', '/pipeline?view=field', (page) => page.locator('.spot').first().waitFor()],
  [
    'the table of proposals',
    '/pipeline?view=table',
    (page) => page.locator('.proposal-table tbody tr').first().waitFor(),
  ],
  ['a proposal', '/pipeline', openProposal],
  ['closing a proposal', '/pipeline', openProposal, loseProposal],
  ['a new proposal', '/proposals/new'],
  ['the forecast', '/forecast'],
  ['win and loss', '/win-loss'],
  ['an answer with a file', '/', openIssue, press('r'), attachFile],
  ['an answer that is held', '/', openIssue, press('r'), attachFile, send],
]

/** What depends on the theme (axe-core, "Rule descriptions"); everything else is the same in both. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block']

async function violations(page: Page, rules?: string[]) {
  const results = await page.evaluate(
    // The cast: axe was put there.
    (rules) => (globalThis as unknown as { axe: Axe }).axe.run(rules ? { runOnly: rules } : {}),
    rules,
  )
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
type Axe = { run(options: { runOnly?: string[] }): Promise<AxeResults> }

/** Until what the page asked for is there, and nothing moves that ends. */
async function settle(page: Page) {
  await expect.poll(() => page.locator('[aria-busy="true"], [class*="bone"]').count(), { timeout: 20_000 }).toBe(0)
  await page.evaluate(async () => {
    const moving = document
      .getAnimations()
      .filter((it) => it.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
    await Promise.all(moving.map((it) => it.finished.catch(() => {})))
  })
}

/** What is wrong with what the page shows: to axe in light and in dark, and where it is wider than a narrow screen. */
async function faultsOf(page: Page) {
  // Past the content policy of the page, as the developer tools do it.
  await page.evaluate(axe)
  await settle(page)
  const light = await violations(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-theme="dark"]').waitFor({ state: 'attached' })
  await settle(page)
  const dark = await violations(page, RULES_OF_COLOUR)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(NARROW)
  await settle(page)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  await page.setViewportSize(WIDE)
  return { light, dark, width }
}
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 380, height: 780 }
const FAULTLESS = { light: [], dark: [], width: NARROW.width }

let page: Page

test('The page for signing in is without faults', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  ;({ page } = await openPage(browser, product.url, WIDE))
  await page.goto('/')
  await page.getByRole('button', { name: /Jane Doe/ }).waitFor()
  expect(await faultsOf(page)).toEqual(FAULTLESS)
  await page.getByRole('button', { name: /Jane Doe/ }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
})

test.for(PAGES)(
  'axe finds nothing to mend in light and dark, and nothing is wider than 380 pixels: %s',
  async ([, path, ...steps], { skip }) => {
    skip(noChromium !== undefined, noChromium)
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    for (const step of steps) await step(page)
    expect(await faultsOf(page)).toEqual(FAULTLESS)
  },
)

test('A name of 500 letters without a space widens no page', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  await page.goto('/')
  const first = page.locator('[data-issue]').first()
  await first.waitFor()
  const id = await first.getAttribute('data-issue')
  const renamed = await page.request.put(`/api/issues/${id}/contact`, {
    headers: { origin: product.url },
    data: { name: 'N'.repeat(500), address: `${'n'.repeat(60)}@example.org` },
  })
  expect(renamed.status()).toBe(200)
  for (const width of [1440, 900, 380]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`/issues/${id}`)
    await page.getByRole('region', { name: 'Timeline' }).getByText('NNNNNNNN').first().waitFor()
    const widest = await page.evaluate(() =>
      Math.max(...Array.from(document.querySelectorAll('.issue *, html'), ({ scrollWidth }) => scrollWidth)),
    )
    expect(widest).toBeLessThanOrEqual(width)
  }
})
