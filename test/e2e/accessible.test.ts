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

async function violations(page: Page) {
  // Past the content policy of the page, as the developer tools do it.
  await page.evaluate(axe)
  const results = await page.evaluate(
    // The cast: axe has just been put there.
    () => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

test.skipIf(noChromium).each(['light', 'dark'] as const)(
  `axe finds nothing to mend on any page, %s${noChromium ? ` (skipped: ${noChromium})` : ''}`,
  async (theme) => {
    const { page } = await openPage(browser, product.url, { dark: theme === 'dark' })
    await page.goto('/')
    const found: Record<string, string[]> = {}
    const look = async (what: string) => {
      const list = await violations(page)
      if (list.length > 0) found[what] = list
    }
    await page.getByRole('button', { name: /Jane Doe/ }).waitFor()
    await look('sign-in')
    await page.getByRole('button', { name: /Jane Doe/ }).click()
    await page.getByRole('navigation', { name: 'Main' }).waitFor()
    for (const [what, path, ...steps] of PAGES) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      for (const step of steps) await step(page)
      await page.waitForTimeout(400)
      await look(what)
    }
    expect(found).toEqual({})
  },
)

test.skipIf(noChromium)(
  `every page fits a width of 380 pixels${noChromium ? ` (skipped: ${noChromium})` : ''}`,
  async () => {
    const { page } = await openPage(browser, product.url, { width: 380, height: 780 })
    await page.goto('/')
    await page.getByRole('button', { name: /Jane Doe/ }).click()
    await page.locator('[data-issue]').first().waitFor()
    for (const [what, path] of PAGES) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect([what, width]).toEqual([what, 380])
    }
  },
)
