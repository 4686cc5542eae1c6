// Takes pictures of every screen, light and dark, wide and narrow, and runs axe on each.
//   node test/e2e/screens.ts --url http://localhost:3000 --into shots [--only inbox,issue]
// What the demo does not show (troubles, emptiness, slowness) is put on by answering single requests here.

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    into: { type: 'string', default: 'shots' },
    only: { type: 'string' },
  },
})

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 380, height: 780 } } as const
const THEMES = ['light', 'dark'] as const
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Screen = { name: string; signedIn?: false; path: string; act?: (page: Page, wide: boolean) => Promise<void> }

const TROUBLE = {
  state: 'trouble',
  since: Date.now() - 3_600_000,
  trouble: 'wrong_password',
  detail: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
  summary: 'The server does not take the password.',
  whatToDo: 'Enter the password again. If the provider asks for an app password, make one there.',
  syncedAt: Date.now() - 3_700_000,
  failures: 7,
  nextTryAt: Date.now() + 90_000,
}

/** Answers a request of the page as the real server would, with a change. */
async function amend(page: Page, url: string | RegExp, change: (json: never) => unknown) {
  await page.route(url, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: change((await answer.json()) as never) })
  })
}

const inTrouble = <T extends object>(mailbox: T) => ({ ...mailbox, watch: TROUBLE })
const openFirst = async (page: Page) => {
  await page.locator('.row').first().click()
  await page.locator('.message').first().waitFor()
  await page.waitForTimeout(500)
}
const firstMailbox = async (page: Page) => {
  await page.goto(`${values.url}/mailboxes`)
  await page.locator('.mailbox-line a').first().click()
}

const SCREENS: Screen[] = [
  { name: 'sign-in', signedIn: false, path: '/' },
  {
    name: 'sign-in-plain',
    signedIn: false,
    path: '/',
    act: async (page) => {
      await page.route('**/api/demo', (route) => route.fulfill({ status: 404, json: { status: 404 } }))
      await page.reload()
      await page.getByLabel('Email').fill('jane@northwind.example')
      await page.getByLabel('Password').fill('not this one')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'set-up',
    signedIn: false,
    path: '/setup/abcdefghijklmnopqrstuvwxyz',
    act: async (page) => {
      await page.route('**/api/setup', (route) => route.fulfill({ json: { isNeeded: true } }))
      await page.reload()
      await page.getByLabel('Password').waitFor()
    },
  },
  {
    name: 'invitation',
    signedIn: false,
    path: '/invitation/abcdefghijklmnopqrstuvwxyz',
    act: async (page) => {
      const expiresAt = Date.now() + 6 * 86_400_000
      const json = { email: 'mia@northwind.example', name: 'Mia Lund', role: 'member', expiresAt }
      await page.route('**/api/invitation/*', (route) => route.fulfill({ json }))
      await page.reload()
      await page.getByLabel('Password').waitFor()
    },
  },
  { name: 'invitation-gone', signedIn: false, path: '/invitation/abcdefghijklmnopqrstuvwxyz' },
  { name: 'inbox', path: '/inbox' },
  { name: 'issue', path: '/inbox', act: openFirst },
  {
    name: 'issue-long',
    path: '/issues',
    act: async (page) => {
      const rows = page.locator('.row')
      await rows.first().waitFor()
      const counts = await rows.evaluateAll((all) =>
        all.map((row) => Number(row.querySelector('.count span[aria-hidden]')?.textContent)),
      )
      await rows.nth(counts.indexOf(Math.max(...counts))).click()
      await page.locator('.message').first().waitFor()
      await page.waitForTimeout(600)
    },
  },
  {
    name: 'composer',
    path: '/inbox',
    act: async (page) => {
      await openFirst(page)
      await page.keyboard.press('r')
      await page.keyboard.type(
        'Good morning,\n\nthank you for the amendment. Yes: every unit buffers 96 hours offline.',
      )
      await page.waitForTimeout(700)
    },
  },
  {
    name: 'note',
    path: '/inbox',
    act: async (page) => {
      await openFirst(page)
      await page.keyboard.press('n')
      await page.keyboard.type('They bought from us in 2023. Worth a call before we answer.')
      await page.waitForTimeout(700)
    },
  },
  {
    name: 'palette',
    path: '/inbox',
    act: async (page) => {
      await openFirst(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('assign')
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'assign',
    path: '/inbox',
    act: async (page) => {
      await openFirst(page)
      await page.keyboard.press('a')
      await page.getByRole('combobox').waitFor()
    },
  },
  {
    name: 'keys',
    path: '/inbox',
    act: async (page) => {
      await page.locator('.row').first().waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'done-undo',
    path: '/inbox',
    act: async (page) => {
      // Nothing is changed in the demo: the request gets no further than this.
      await page.route('**/api/issues/*/status', async () => {})
      await openFirst(page)
      await page.keyboard.press('e')
      await page.locator('.toast').waitFor()
      await page.waitForTimeout(500)
    },
  },
  {
    name: 'not-sent',
    path: '/waiting',
    act: async (page) => {
      const outgoing = {
        state: 'rejected',
        response: '550 5.1.1 <dana@tacoma.example>: Recipient address rejected: User unknown',
        trouble: 'other',
        advice: null,
        rejected: [],
        attempts: 1,
        dueAt: 0,
        acceptedAt: null,
        copy: 'none',
        copyError: null,
      }
      type Found = { timeline: { kind: string; message?: { direction: string } }[] }
      await amend(page, /\/api\/issues\/[0-9a-f-]{36}(\?.*)?$/, (found: Found) => ({
        ...found,
        timeline: found.timeline.map((entry) =>
          entry.message?.direction === 'out' ? { ...entry, message: { ...entry.message, outgoing } } : entry,
        ),
      }))
      await openFirst(page)
    },
  },
  {
    name: 'unreadable',
    path: '/inbox',
    act: async (page) => {
      const flaws = { unreadable: 'MIME parts are nested more than 100 levels deep.' }
      type Found = { timeline: { kind: string; message?: object }[] }
      await amend(page, /\/api\/issues\/[0-9a-f-]{36}(\?.*)?$/, (found: Found) => ({
        ...found,
        timeline: found.timeline.map((entry) =>
          entry.message ? { ...entry, message: { ...entry.message, flaws, deliveryId: 'x' } } : entry,
        ),
      }))
      await openFirst(page)
    },
  },
  {
    name: 'inbox-trouble',
    path: '/inbox',
    act: async (page) => {
      await amend(page, /\/api\/mailboxes$/, (all: object[]) => all.map(inTrouble))
      await page.route('**/api/events', (route) => route.abort())
      await page.reload()
      await page.waitForTimeout(4_500)
    },
  },
  {
    name: 'inbox-empty',
    path: '/inbox',
    act: async (page) => {
      await page.route(/\/api\/issues\?/, (route) => route.fulfill({ json: { issues: [], next: null } }))
      const none = { new: 0, open: 0, mine: 0, teams: {}, unassigned: 0, waiting: 0, emailsThisWeek: 103 }
      await page.route('**/api/issues/counts', (route) => route.fulfill({ json: none }))
      await page.reload()
      await page.locator('.blank').first().waitFor()
    },
  },
  {
    name: 'inbox-loading',
    path: '/inbox',
    act: async (page) => {
      await page.route(/\/api\/issues/, async () => {})
      await page.reload()
      await page.locator('.bone').first().waitFor()
    },
  },
  {
    name: 'inbox-failing',
    path: '/inbox',
    act: async (page) => {
      const json = { status: 503, detail: 'The database is busy or does not answer. Try again in a moment.' }
      await page.route(/\/api\/issues\?/, (route) => route.fulfill({ status: 503, json }))
      await page.reload()
      await page.getByRole('alert').first().waitFor({ timeout: 10_000 })
    },
  },
  { name: 'mailboxes', path: '/mailboxes' },
  { name: 'mailbox', path: '/mailboxes', act: firstMailbox },
  {
    name: 'mailbox-trouble',
    path: '/mailboxes',
    act: async (page) => {
      await amend(page, /\/api\/mailboxes$/, (all: object[]) => all.map(inTrouble))
      await amend(page, /\/api\/mailboxes\/[0-9a-f-]{36}$/, inTrouble)
      await firstMailbox(page)
      await page.getByText('does not take the password').last().waitFor()
    },
  },
  {
    name: 'mailbox-form',
    path: '/mailboxes/new',
    act: async (page) => {
      await page.getByLabel('Address', { exact: true }).fill('proposals@northwind.example')
      await page.getByRole('button', { name: 'Add mailbox' }).click()
      await page.locator('.wrong').first().waitFor()
    },
  },
  {
    name: 'mailbox-test',
    path: '/mailboxes/new',
    act: async (page) => {
      await page.route('**/api/mailboxes/test', (route) =>
        route.fulfill({
          json: {
            imap: {
              ok: true,
              trouble: null,
              summary: 'Signed in. The inbox has 4,120 mails.',
              whatToDo: '',
              detail: '',
            },
            smtp: {
              ok: false,
              trouble: 'wrong_password',
              summary: 'smtp.northwind.example does not take the password.',
              whatToDo: 'Check user and password. The provider may ask for an app password.',
              detail: '535 5.7.8 Error: authentication failed',
            },
          },
        }),
      )
      await page.getByLabel('Address', { exact: true }).fill('proposals@northwind.example')
      await page.getByRole('button', { name: 'Test connection' }).click()
      await page.locator('.results').scrollIntoViewIfNeeded()
      await page.waitForTimeout(300)
    },
  },
  { name: 'people', path: '/people' },
  {
    name: 'invite',
    path: '/people',
    act: async (page) => {
      await page.getByRole('button', { name: 'Invite somebody' }).click()
      await page.getByRole('dialog').waitFor()
      await page.waitForTimeout(200)
    },
  },
  { name: 'account', path: '/account' },
  { name: 'status', path: '/status' },
  { name: 'motion', path: '/motion' },
  { name: 'board', path: '/pipeline', act: (page) => page.locator('.board-card').first().waitFor() },
  {
    name: 'board-empty',
    path: '/pipeline',
    act: async (page) => {
      const none = { count: 0, totalMinor: 0, weightedMinor: 0, withoutValue: 0, withoutRate: 0 }
      type Found = { columns: object[] }
      await amend(page, '**/api/proposals/board*', (board: Found) => ({
        ...board,
        total: none,
        columns: board.columns.map((column) => ({ ...column, sum: none, cards: [] })),
      }))
      await page.reload()
      await page.locator('.blank').waitFor()
    },
  },
  {
    name: 'board-failing',
    path: '/pipeline',
    act: async (page) => {
      const json = { status: 503, detail: 'The database is busy or does not answer. Try again in a moment.' }
      await page.route('**/api/proposals/board*', (route) => route.fulfill({ status: 503, json }))
      await page.reload()
      await page.getByRole('alert').first().waitFor({ timeout: 10_000 })
    },
  },
  {
    name: 'board-menu',
    path: '/pipeline',
    act: async (page) => {
      await page.locator('.board-card').first().focus()
      await page.keyboard.press('m')
      await page.getByRole('combobox', { name: /^Stage, or/ }).fill('80')
    },
  },
  { name: 'field', path: '/pipeline?view=field', act: (page) => page.locator('.spot').first().waitFor() },
  {
    name: 'proposals',
    path: '/pipeline?view=table&outcome=all',
    act: (page) => page.locator('.proposal-table tbody tr').first().waitFor(),
  },
  {
    name: 'proposal',
    path: '/pipeline',
    act: async (page) => {
      await page.locator('.column').nth(2).locator('.board-card').last().click()
      await page.locator('.proposal-events li').first().waitFor()
    },
  },
  {
    name: 'proposal-close',
    path: '/pipeline',
    act: async (page) => {
      await page.locator('.board-card').first().click()
      await page.getByRole('button', { name: 'Lost', exact: true }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  { name: 'proposal-new', path: '/proposals/new' },
  { name: 'exchange', path: '/exchange' },
  { name: 'exchange-new', path: '/exchange/new' },
  { name: 'exchange-connect', path: '/exchange/connect' },
  {
    name: 'exchange-mailbox',
    path: '/exchange',
    act: async (page) => {
      await page.getByRole('link', { name: 'bids@contoso.com' }).click()
      await page.getByRole('heading', { name: 'Who can use it' }).waitFor()
    },
  },
  { name: 'forecast', path: '/forecast' },
  { name: 'win-loss', path: '/win-loss' },
  {
    name: 'navigation',
    path: '/inbox',
    act: async (page, wide) => {
      if (!wide) await page.getByRole('button', { name: 'Navigation' }).click()
      await page.waitForTimeout(300)
    },
  },
]

async function signIn(browser: Browser) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(values.url)
  const enter = page.locator('.cast button').first()
  await enter.click()
  await page.locator('.app').waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

async function take(context: BrowserContext, screen: Screen, label: string, wide: boolean): Promise<string[]> {
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => {
    const expected = /Failed to load resource|net::ERR/.test(message.text())
    if (!expected && ['error', 'warning'].includes(message.type())) said.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => said.push(`error: ${error.stack}`))
  try {
    await page.goto(values.url + screen.path)
    await page.locator('.row, .entry h1, .entry .blank, .page h1, .pipeline h1').first().waitFor({ timeout: 8_000 })
    await screen.act?.(page, wide)
    await page.waitForTimeout(250)
  } catch (error) {
    said.push(`could not be reached: ${String(error).split('\n').slice(0, 3).join(' ')}`)
  }
  await page.screenshot({ path: path.join(values.into, `${label}.png`) })
  await page.evaluate(axe).catch(() => {})
  const found = await page
    .evaluate(async () => {
      // The cast: axe has just been put there.
      const { axe } = window as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } }
      return (await axe.run({ iframes: false })).violations
    })
    .catch((error) => [{ id: 'axe', help: String(error), nodes: [] as Violation['nodes'] }])
  for (const { id, help, nodes } of found)
    said.push(
      `axe ${id}: ${help}\n${nodes
        .slice(0, 3)
        .map(
          ({ html, failureSummary }) =>
            `      ${html.slice(0, 160)} ${failureSummary.split('\n').slice(1, 2).join('')}`,
        )
        .join('\n')}`,
    )
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (overflow > 0) said.push(`is ${overflow} px wider than the window`)
  await page.close()
  return said
}

if (!existsSync('/usr/bin/chromium')) throw new Error('Chromium is needed: apt-get install chromium')
mkdirSync(values.into, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS })
const storageState = await signIn(browser)
const only = values.only?.split(',')
let troubles = 0
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const theme of THEMES) {
    for (const screen of SCREENS) {
      if (only && !only.includes(screen.name)) continue
      const context = await browser.newContext({
        viewport,
        colorScheme: theme,
        ...(screen.signedIn === false ? {} : { storageState }),
      })
      const label = `${screen.name}-${size}-${theme}`
      const said = await take(context, screen, label, size === 'wide')
      troubles += said.length
      if (said.length > 0) console.log(`${label}\n  ${said.join('\n  ')}`)
      await context.close()
    }
  }
}
await browser.close()
console.log(`${troubles} troubles`)
process.exitCode = troubles === 0 ? 0 : 1
