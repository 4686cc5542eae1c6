import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { issues, mailboxes } from '../../db/schema.ts'
import { buildWeb } from '../../server/build.ts'
import { writeFolder } from '../../server/mail/fetch/folder-state.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { storeFound } from '../../server/mail/place/deliver.ts'
import { understand } from '../../server/mail/place/ingest.ts'
import type { Running } from '../../server/main.ts'
import { mailboxOn, openInstallation } from '../bench/installation.ts'
import { folderOf, rawOf } from '../issues/story.ts'
import { noChromium, openBrowser, openPage } from './browser.ts'

// A hundred emails, none of which answers another: a newsletter again and again, and seven matters in several emails each.

const MATTERS = ['Tacoma', 'Harbor', 'Spokane', 'Everett', 'Yakima', 'Olympia', 'Bremerton'] as const
const NEWSLETTERS = 60
/** Six emails of each of the first five matters, five of the others: forty. */
const sizeOf = (matter: number) => (matter < 5 ? 6 : 5)
/** On a busy machine a page is slow; what it shows in the end is what counts. */
const SOON = { timeout: 20_000 }
const AT = Date.parse('2026-11-20T09:00:00Z')

let installation: Awaited<ReturnType<typeof openInstallation>>
let running: Running
let browser: Browser

beforeAll(async () => {
  if (noChromium) return
  await buildWeb(() => {})
  installation = await openInstallation(async (db, secrets) => {
    const settings = { ...mailboxOn('proposals@northwind.example', '', 1), paused: true }
    await db.write((tx) => addMailbox(tx, secrets, settings, null, AT))
  })
  running = await installation.start()
  const { deps } = running
  const [mailbox] = await deps.db.read.select().from(mailboxes)
  const folder = await folderOf(deps, mailbox!, 'inbox')
  const found = emails().map((raw, i) => ({ uid: i + 1, raw, internalAt: AT + i * 60_000 }))
  await storeFound(deps, folder, found, Date.now(), (tx) => writeFolder(tx, folder, { lastUid: found.length }))
  await understand(deps, mailbox!.id)
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
  await installation?.remove()
})

/** The raw emails, the matters mixed. */
function emails(): Buffer[] {
  const letters = Array.from({ length: NEWSLETTERS }, (_, i) => ({
    from: `Weekly <weekly${i}@newsletter.example>`,
    subject: `Newsletter issue ${i + 1}`,
  }))
  for (const [matter, name] of MATTERS.entries())
    for (let i = 0; i < sizeOf(matter); i++)
      letters.splice((matter * 11 + i * 9) % letters.length, 0, {
        from: `Buyer ${i} <buyer${i}@${name.toLowerCase()}.example>`,
        subject: `${name} request ${i + 1}`,
      })
  return letters.map((letter, i) => rawOf({ ...letter, date: new Date(AT + i * 60_000), text: 'Please see above.' }))
}

const standing = async () => {
  const rows = await running.deps.db.read.select().from(issues)
  return rows
    .map(({ id, status, doneReason, assigneeId, mergedIntoId, messageCount, waitingSince, subject }) =>
      Object.values({ id, status, doneReason, assigneeId, mergedIntoId, messageCount, waitingSince, subject }).join(
        ' ',
      ),
    )
    .toSorted()
}
const countsOf = async () => {
  const rows = await running.deps.db.read.select({ status: issues.status }).from(issues)
  return Object.fromEntries([...Map.groupBy(rows, ({ status }) => status)].map(([status, all]) => [status, all.length]))
}

/** The one live region that says what was done: what a screen reader hears. */
const hear = (page: Page, words: string | RegExp) =>
  page.locator('.toasts[role="status"][aria-live="polite"]').getByText(words).first().waitFor()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-issue') ?? null)

/** Searches with keys, and goes to the first row of what was found. */
async function find(page: Page, words: string, rows: number) {
  await page.keyboard.press('/')
  const field = page.getByRole('combobox', { name: 'Search' })
  await expect.poll(() => field.evaluate((it) => it === document.activeElement), SOON).toBe(true)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.locator('[data-issue]').filter({ hasText: words }).count(), SOON)
    .toBeGreaterThanOrEqual(rows)
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page), SOON).not.toBeNull()
}

test('Presses of J that come faster than the pages of a list are not lost', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const { page, context } = await openPage(browser, running.url)
  onTestFinished(() => context.close())
  await context.addCookies([{ ...installation.cookie, url: running.url }])
  await page.goto('/inbox')
  await page.locator('[data-issue]').first().waitFor()
  const { issues: all } = (await (await page.request.get('/api/issues?view=inbox&limit=200')).json()) as {
    issues: { id: string }[]
  }
  for (let i = 0; i < 60; i++) await page.keyboard.press('j')
  await expect.poll(() => page.url(), SOON).toContain(all[59]!.id)
})

test('A hundred emails become seven issues by keys alone, a screen reader hears each step, and Z takes all of it back', async ({
  skip,
}) => {
  skip(noChromium !== undefined, noChromium)
  const { page, context, faults } = await openPage(browser, running.url)
  await context.addCookies([{ ...installation.cookie, url: running.url }])
  const before = await standing()
  expect(await countsOf()).toEqual({ new: 100 })

  await page.goto('/inbox')
  await page.locator('[data-issue]').first().waitFor()
  const list = page.getByRole('region', { name: 'Inbox' })
  expect(await list.getByRole('heading', { level: 1 }).innerText()).toBe('Inbox')
  expect(await list.getByRole('heading', { level: 2 }).first().innerText()).toContain('Needs triage')

  // The newsletters: more than are loaded, through one job.
  await find(page, 'Newsletter', 20)
  await page.keyboard.press('Control+a')
  const toolbar = page.getByRole('toolbar', { name: 'Selected issues' })
  expect(await toolbar.getByRole('status').innerText()).toBe('All in this list')
  const names = await toolbar.getByRole('button').evaluateAll((all) => all.map((it) => it.getAttribute('aria-label')))
  expect(names).toEqual(['Assign…', 'Done', 'Snooze…', 'Tags…', 'Status…', 'Select nothing'])
  await page.keyboard.press('3')
  await hear(page, /^60 issues are done without action\.$/)
  expect(await countsOf()).toEqual({ new: 40, done: 60 })
  let steps = 1

  for (const [matter, name] of MATTERS.entries()) {
    const size = sizeOf(matter)
    await find(page, name, size)
    // The first is an issue; the others belong to it.
    await page.keyboard.press('o')
    const row = page.locator('[data-issue][aria-current="true"]')
    await row.waitFor()
    const subject = new RegExp(`${name} request \\d`).exec(await row.innerText())![0]
    await page.keyboard.press('1')
    await hear(page, 'Ours to move.')
    await page.keyboard.press('x')
    for (let i = 2; i < size; i++) await page.keyboard.press('J')
    await expect.poll(() => toolbar.getByRole('status').innerText(), SOON).toBe(`${size - 1} selected`)
    const boxes = page.getByRole('checkbox', { name: /^Select / })
    expect(await boxes.evaluateAll((all) => all.filter((box) => (box as HTMLInputElement).checked).length)).toBe(
      size - 1,
    )
    await page.keyboard.press('2')
    const picker = page.getByRole('combobox', { name: 'Bring it into' })
    await picker.waitFor()
    await page.keyboard.type(subject)
    const chosen = page.getByRole('listbox', { name: 'Bring it into' }).getByRole('option', { selected: true })
    await expect.poll(() => chosen.innerText(), SOON).toContain(subject)
    await page.keyboard.press('Enter')
    await hear(page, `${size - 1} issues are part of "${subject}" now.`)
    steps += 2
  }
  await expect.poll(countsOf, SOON).toEqual({ open: 7, done: 60, merged: 33 })
  // One right after the other, whatever the page is about.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('t')])
  await expect.poll(() => page.locator('[data-issue]').count(), SOON).toBe(7)
  expect(await page.getByRole('region', { name: 'Inbox' }).getByRole('heading', { level: 2 }).innerText()).toContain(
    'Ours to move',
  )

  for (let i = 0; i < steps; i++) {
    const was = await standing()
    await page.keyboard.press('z')
    await hear(page, /^Undone\.$/)
    await expect.poll(async () => (await standing()).join() === was.join(), SOON).toBe(false)
  }
  await expect.poll(countsOf, SOON).toEqual({ new: 100 })
  expect(await standing()).toEqual(before)
  expect(faults.filter((fault) => !fault.includes('401'))).toEqual([])
})
