import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import type { Page } from 'playwright-core'
import { buildWeb } from '../../server/build.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { PASSWORD, startDovecot } from '../dovecot.ts'
import { openBrowser, openPage } from '../e2e/browser.ts'
import { type Benchmark, median, quantile } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'

const MAILS = 30
const WARM_UP = 3
const ADDRESS = 'proposals@northwind.example'
/** Between two mails, so that each is a piece of news of its own. */
const PAUSE_MS = 300
const WAIT_MS = 30_000

export const benchmark: Benchmark = {
  about: `${MAILS} mails delivered to Dovecot by LMTP: when each stands in the list of an open page, beside when Dovecot tells imapflow on a second connection`,
  async measure(tell) {
    await buildWeb(tell)
    const dovecot = await startDovecot()
    const installation = await openInstallation(async (db, secrets) => {
      const settings = mailboxOn(ADDRESS, PASSWORD, dovecot.imapPort)
      await db.write((tx) => addMailbox(tx, secrets, settings, null, Date.now()))
    })
    const { url, stop } = await installation.start()
    const browser = await openBrowser()
    const listener = await listen(dovecot.imapPort)
    try {
      const { page, context } = await openPage(browser, url)
      await context.addCookies([{ ...installation.cookie, url }])
      const shown = await watchPage(page)
      await page.goto('/')
      const told: number[] = []
      const visible: number[] = []
      for (let i = -WARM_UP; i < MAILS; i++) {
        const subject = `Bench mail ${i + WARM_UP}x`
        const seen = shown(subject)
        const exists = once(listener, 'exists', { signal: AbortSignal.timeout(WAIT_MS) }).then(() => performance.now())
        const began = performance.now()
        await dovecot.deliver(ADDRESS, mail(i, subject))
        const [existsAt, seenAt] = await Promise.all([exists, seen])
        if (i >= 0) {
          told.push(existsAt - began)
          visible.push(seenAt - began)
        }
        await sleep(PAUSE_MS)
      }
      const after = visible.map((ms, i) => ms - told[i]!)
      return [
        { name: 'visibleMedianMs', words: 'delivered until visible, ms at the median', value: median(visible) },
        {
          name: 'visibleP95Ms',
          words: 'delivered until visible, ms at the 95th percentile',
          value: quantile(visible, 0.95),
        },
        { name: 'toldMedianMs', words: 'delivered until Dovecot tells of it, ms at the median', value: median(told) },
        {
          name: 'toldP95Ms',
          words: 'delivered until Dovecot tells of it, ms at the 95th percentile',
          value: quantile(told, 0.95),
        },
        { name: 'afterMedianMs', words: 'visible after Dovecot told, ms at the median', value: median(after) },
        {
          name: 'afterP95Ms',
          words: 'visible after Dovecot told, ms at the 95th percentile',
          value: quantile(after, 0.95),
        },
      ]
    } finally {
      await listener.logout()
      await browser.close()
      await stop()
      await installation.remove()
      await dovecot.stop()
    }
  },
}

/** A second connection that waits for news, as Downfield's own does. */
async function listen(port: number): Promise<ImapFlow> {
  const auth = { user: ADDRESS, pass: PASSWORD }
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false })
  await client.connect()
  await client.mailboxOpen('INBOX', { readOnly: true })
  client.idle().catch(() => {}) // ends with the connection
  return client
}

/** The page tells of each subject the moment that it stands in the document. */
async function watchPage(page: Page): Promise<(subject: string) => Promise<number>> {
  const waiting = new Map<string, (at: number) => void>()
  await page.exposeFunction('benchShown', (subject: string) => waiting.get(subject)?.(performance.now()))
  // As text: it runs in the page.
  await page.addInitScript(`
    const told = new Set()
    new MutationObserver(() => {
      for (const [subject] of document.body?.textContent.matchAll(/Bench mail \\d+x/g) ?? []) {
        if (told.has(subject)) continue
        told.add(subject)
        window.benchShown(subject)
      }
    }).observe(document, { childList: true, subtree: true, characterData: true })
  `)
  return (subject) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`"${subject}" did not show within ${WAIT_MS / 1000} s`)), WAIT_MS)
      waiting.set(subject, (at) => {
        clearTimeout(late)
        resolve(at)
      })
    })
}

function mail(i: number, subject: string): string {
  return `From: Ada <ada@example.org>\r
To: ${ADDRESS}\r
Subject: ${subject}\r
Date: ${new Date().toUTCString()}\r
Message-ID: <bench-${i}-${Date.now()}@example.org>\r
\r
How much is it?\r
`
}
