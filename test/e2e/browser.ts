import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const CANDIDATES = [
  process.env.DOWNFIELD_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const executablePath = CANDIDATES.find((file) => file && existsSync(file))

/** Why tests in a browser can't run here; undefined where they can. Where they must run, they do and fail. */
export const noChromium: string | undefined =
  executablePath || process.env.DOWNFIELD_TEST_REQUIRE === '1' ? undefined : 'Chromium is not installed'

/** What keeps Chromium from calling home and from needing a sandbox of the machine. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The longest that one step in the browser may take. */
const STEP_MS = 20_000

/** The system's Chromium without a window. */
export async function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error('Chromium is not installed. Install the package chromium.')
  return await chromium.launch({ executablePath, args: ARGS })
}

/** A page of somebody with a session of their own. Whatever goes wrong in it is in `faults`. */
export async function openPage(browser: Browser, baseURL: string, { width = 1440, height = 900, dark = false } = {}) {
  const context = await browser.newContext({
    baseURL,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  const page: Page = await context.newPage()
  page.setDefaultTimeout(STEP_MS)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`${error.message}\n${error.stack}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return { page, context, faults }
}
