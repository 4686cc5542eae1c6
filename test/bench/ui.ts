import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { buildWeb } from '../../server/build.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { openBrowser, openPage } from '../e2e/browser.ts'
import { type Benchmark, type Figure, median, quantile } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'

const ISSUES = 10_000
/** So many of them somebody has scrolled through before. */
const LOADED = 1_000
/** Presses of each key. */
const PRESSES = 50
const WARM_UP = 5
/** Between two presses, so that each is painted alone. */
const PAUSE_MS = 120
const WAIT_MS = 10_000

export const benchmark: Benchmark = {
  about: `${ISSUES} issues in a view: from the press of a key until what it changes is painted, ${4 * PRESSES} presses, and what moved by itself meanwhile`,
  async measure(tell, presses = PRESSES) {
    await buildWeb(tell)
    const installation = await openInstallation(async (db, secrets) => {
      const settings = { ...mailboxOn('proposals@northwind.example', '', 1), paused: true }
      await db.write((tx) => addMailbox(tx, secrets, settings, null, Date.now()))
    })
    fill(installation.databaseFile)
    const { url, stop } = await installation.start()
    const browser = await openBrowser()
    try {
      const { page, context } = await openPage(browser, url)
      await context.addCookies([{ ...installation.cookie, url }])
      await page.addInitScript(WATCH)
      await page.goto('/inbox')
      await page.locator('[data-issue]').first().waitFor()
      await scrollUntil(page, LOADED)
      await page.keyboard.press('j')
      await page.locator('[data-issue][aria-current="true"]').waitFor()
      await page.getByRole('region', { name: 'Timeline' }).getByRole('heading', { level: 2 }).waitFor()
      await sleep(500)
      const figures: Figure[] = []
      await page.evaluate('window.bench.shift = 0')
      for (const one of KEYS) figures.push(...(await measureKey(page, one, presses)))
      const shift = await page.evaluate<number>('window.bench.shift')
      return [
        ...figures,
        { name: 'layoutShift', words: 'layout shift that no press explains, all in all', value: shift },
      ]
    } finally {
      await browser.close()
      await stop()
      await installation.remove()
    }
  },
}

/** Scrolls down page by page until so many rows are loaded, and back to the top. */
async function scrollUntil(page: Page, rows: number): Promise<void> {
  let loaded = 0
  page.on('response', (response) => {
    if (/\/api\/issues\?.*cursor=/.test(response.url())) loaded += 50
  })
  const scroller = page.locator('.list .scroll')
  while (loaded < rows) {
    await scroller.evaluate((it) => it.scrollTo(0, it.scrollHeight))
    await sleep(30)
  }
  await scroller.evaluate((it) => it.scrollTo(0, 0))
  await page.locator('[data-issue]').first().waitFor()
}

/** A key, what comes before it, and the words in the page for: what it changes is there. */
type Key = { name: string; words: string; before?: string[]; press: string; until: string }

const OPEN = `document.querySelector('[data-issue][aria-current="true"]')?.dataset.issue`
const KEYS: Key[] = [
  { name: 'j', words: 'J, the next row is the open one', press: 'j', until: `${OPEN} !== was.open` },
  {
    name: 'e',
    words: 'E, the row is gone and the next is open',
    press: 'e',
    until: `${OPEN} !== was.open && !document.querySelector('[data-issue="' + was.open + '"]')`,
  },
  {
    name: 'undo',
    words: 'Z after E, the row is back',
    before: ['e'],
    press: 'z',
    until: `document.querySelector('[data-issue="' + was.gone + '"]')`,
  },
  {
    name: 'a',
    words: 'A, somebody chosen with Enter, the row shows it',
    before: ['j', 'a'],
    press: 'Enter',
    until: `document.querySelector('[data-issue="' + was.open + '"]')?.innerText !== was.text && !document.querySelector('[popover]')`,
  },
]

/**
 * Runs in the page. The time is that of the press as the browser has it (Event.timeStamp); what is looked for is looked for
 * at each change of the document, and has been painted when a task runs that was posted from the frame after it.
 */
const WATCH = `
  window.bench = { shift: 0 }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.bench.shift += entry.value
  }).observe({ type: 'layout-shift' })
  window.bench.arm = (until, gone) => {
    const row = document.querySelector('[data-issue][aria-current="true"]')
    const was = { open: row?.dataset.issue, text: row?.innerText, gone }
    const isThere = new Function('was', 'return Boolean(' + until + ')')
    window.bench.took = new Promise((resolve) => {
      let pressed
      addEventListener('keydown', (event) => { pressed = event.timeStamp }, { capture: true, once: true })
      const look = () => {
        if (pressed === undefined || !isThere(was)) return
        observer.disconnect()
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - pressed)
          port2.postMessage(0)
        })
      }
      const observer = new MutationObserver(look)
      observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true })
    })
    return was.open
  }
`

async function measureKey(page: Page, { name, words, before = [], press, until }: Key, presses: number) {
  const took: number[] = []
  for (let i = -WARM_UP; i < presses; i++) {
    const gone = await page.evaluate<string>(OPEN)
    for (const key of before) {
      await page.keyboard.press(key)
      if (key === 'a') await page.getByRole('combobox', { name: 'Assign to' }).waitFor()
      await sleep(PAUSE_MS)
    }
    await page.evaluate(`void window.bench.arm(${JSON.stringify(until)}, ${JSON.stringify(gone)})`)
    await page.keyboard.press(press)
    const late = sleep(WAIT_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${words}: it did not show within ${WAIT_MS / 1_000} s`)
    })
    const ms = await Promise.race([page.evaluate<number>('window.bench.took'), late])
    if (i >= 0) took.push(ms)
    await sleep(PAUSE_MS)
  }
  return [
    { name: `${name}P50Ms`, words: `${words}, ms at the median`, value: median(took) },
    { name: `${name}P95Ms`, words: `${words}, ms at the 95th percentile`, value: quantile(took, 0.95) },
  ]
}

/** Issues that need triage, with a mail each, in a few statements past the product: what is measured is the page. */
function fill(file: string): void {
  const db = new Database(file)
  db.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ISSUES})
    insert into issues (id, mailbox_id, number, subject, status, contact_name, contact_address, last_from,
      snippet, last_direction, message_count, has_attachments, last_message_at, listed_at, waiting_since, created_at, updated_at, version)
    select printf('01a00000-%04x-7%03x-8000-%012x', i / 4096, i % 4096, i), m.id, i,
      'Request for quote ' || i || ': field tablets and docks', 'new',
      'Person ' || (i % 5000), 'person' || (i % 5000) || '@customer.example', 'Person ' || (i % 5000),
      'Please let us have your best price for the quantities below by the end of the week, delivered to our site.',
      'in', 1 + i % 5, i % 10 = 0, 1700000000000 + i * 60000, 1700000000000 + i * 60000, 1700000000000 + i * 60000,
      1700000000000 + i * 60000, 1700000000000 + i * 60000, 1
    from n, mailboxes m;
    insert into counts (mailbox_id, status, assignee, n) select mailbox_id, status, '', count(*) from issues group by 1, 2;
    update mailboxes set last_number = ${ISSUES};
    analyze;
  `)
  db.close()
}
