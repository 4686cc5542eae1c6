import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Dovecot, noDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { startSmtp, type TestSmtp } from '../smtp.ts'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

export type Office = Awaited<ReturnType<typeof openOffice>>

/** Why an office can't be opened here; undefined where it can. */
export const noOffice: string | undefined = noDovecot ?? noChromium

/**
 * Real Dovecot, a real SMTP server, the product as a process, Chromium with two members, Jane, who is an admin, and Omar,
 * and a mailbox at this address.
 */
export async function openOffice(address: string, more: { aliases?: string[] } = {}) {
  const dovecot: Dovecot = await startDovecot()
  const smtp: TestSmtp = await startSmtp()
  const product: Product = await startProduct()
  const browser: Browser = await openBrowser()
  const jane = (await openPage(browser, product.url)).page
  const omar = (await openPage(browser, product.url)).page

  /** A request as the page of a member sends it. */
  async function request(page: Page, method: 'POST' | 'PUT', url: string, data: object) {
    const response = await page.request.fetch(url, { method, data, headers: { origin: product.url } })
    expect([url, response.status(), await response.text()]).toEqual([url, expect.any(Number), expect.any(String)])
    expect(response.status()).toBeLessThan(300)
    return response.status() === 204 ? {} : await response.json()
  }
  const token = /\/setup\/(\S+)/.exec(product.output())?.[1]
  const password = 'a long walk at dawn'
  await request(jane, 'POST', '/api/setup', { token, name: 'Jane Doe', email: 'jane@northwind.example', password })
  const invitation = { email: 'omar@northwind.example', role: 'member' }
  const { link } = await request(jane, 'POST', '/api/invitations', invitation)
  const joining = { name: 'Omar Reyes', password }
  await request(omar, 'POST', `/api/invitation/${String(link).split('/').at(-1)}`, joining)
  await request(jane, 'POST', '/api/mailboxes', {
    address,
    name: 'Northwind',
    imapHost: '127.0.0.1',
    imapPort: dovecot.imapPort,
    imapSecurity: 'none',
    imapUser: address,
    imapPassword: PASSWORD,
    smtpHost: '127.0.0.1',
    smtpPort: smtp.port,
    smtpSecurity: 'none',
    smtpUser: address,
    smtpPassword: PASSWORD,
    ...more,
  })

  return {
    dovecot,
    smtp,
    product,
    browser,
    jane,
    omar,
    request,
    /** A mail of Dana's arrives, and its issue is opened. */
    async openIssue(page: Page, subject: string, fields: string[] = [`To: ${address}`]) {
      const raw = [
        'From: Dana Whitfield <dana@tacoma.example>',
        ...fields,
        ...(fields.some((field) => field.startsWith('Date:')) ? [] : [`Date: ${new Date().toUTCString()}`]),
        `Subject: ${subject}`,
        `Message-ID: <${subject.replaceAll(' ', '-')}@tacoma.example>`,
        'Content-Type: text/plain; charset=utf-8',
        '',
        QUESTION,
        '',
      ].join('\r\n')
      await page.goto('/')
      await page.getByRole('heading', { name: 'Inbox' }).waitFor()
      await dovecot.deliver(address, raw)
      await open(page, subject)
    },
    async stop() {
      await browser.close()
      await product.stop()
      await smtp.stop()
      await dovecot.stop()
    },
  }
}

/** What Dana writes. */
export const QUESTION = 'Could you send us an offer?'

/** Opens an issue that is in the list. */
export async function open(page: Page, subject: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(subject) }).click()
  await page.getByRole('region', { name: 'Timeline' }).getByText(QUESTION).first().waitFor()
}

/** The files that go along with what is written. */
export const files = (page: Page) => page.getByRole('list', { name: 'Files to send' }).getByRole('listitem')

export type Given = { filename: string; type: string; bytes: Buffer }

/** Gives an element files the way a browser does when they are dropped or pasted. */
export async function give(page: Page, selector: string, event: 'drop' | 'paste', given: Given[]): Promise<void> {
  await page.locator(selector).evaluate(
    (element, { event, given }) => {
      const data = new DataTransfer()
      for (const { filename, type, base64 } of given) {
        const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        data.items.add(new File([content], filename, { type }))
      }
      const init = { bubbles: true, cancelable: true }
      element.dispatchEvent(
        event === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data }),
      )
    },
    { event, given: given.map(({ bytes, ...file }) => ({ ...file, base64: bytes.toString('base64') })) },
  )
}
