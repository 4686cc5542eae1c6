import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { realClock } from '../../server/provisioning/clock.ts'
import { SIMULATED_CLIENT, SIMULATED_TENANT, startSimulator } from '../../server/provisioning/simulator/http.ts'
import { type SimulatedMail, startSimulatedMail } from '../../server/provisioning/simulator/mail/mail.ts'
import { openTenant } from '../../server/provisioning/simulator/tenant.ts'
import { startDns, type TestDns } from '../dns.ts'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

const SECRET = 'a secret / of the+app'
const US = 'proposals@contoso.com'
const CUSTOMER = 'dana@tacoma.example'

/** A tenant with three people and no shared mailbox, its mail, the product as a process with nothing in it, and Chromium. */
const tenant = openTenant({ platform: 'exo', clock: realClock, autoMapDelayMs: 0 })
const people = ['Jane Doe', 'Omar Haddad', 'Mia Tran'].map((name) => {
  const local = name.toLowerCase().replace(' ', '.')
  return tenant.add(name, { alias: local, upn: `${local}@contoso.com`, addresses: [`SMTP:${local}@contoso.com`] })
})
let simulator: Awaited<ReturnType<typeof startSimulator>>
let mail: SimulatedMail
let names: TestDns
let product: Product
let browser: Browser

beforeAll(async () => {
  if (noChromium) return
  simulator = await startSimulator({ tenant, clientSecret: SECRET })
  mail = await startSimulatedMail(simulator)
  names = await startDns({ records: { 'CNAME autodiscover.contoso.com': ['autodiscover.outlook.com'] } })
  product = await startProduct({ env: { DOWNFIELD_DNS: names.server } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await mail?.close()
  await names?.stop()
  await simulator?.close()
})

async function setUp(page: Page) {
  await page.goto(/http\S+\/setup\/\S+/.exec(product.output())![0])
  await page.getByLabel('Your name').fill('Jane Doe')
  await page.getByLabel('Email').fill('jane.doe@contoso.com')
  await page.getByLabel('Password').fill('a long walk at dawn')
  await page.getByRole('button', { name: 'Create the account' }).click()
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
}

async function connect(page: Page) {
  await page.goto('/exchange')
  await page.getByText('Not connected to Exchange yet').waitFor()
  await page.getByRole('link', { name: 'Connect to Exchange' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Contoso')
  await page.getByLabel('Directory (tenant)').fill(SIMULATED_TENANT)
  await page.getByLabel('Application (client) id').fill(SIMULATED_CLIENT)
  await page.getByLabel('Client secret').fill(SECRET)
  await page.getByText('Another cloud').click()
  for (const service of ['Sign-in service', 'Exchange', 'Autodiscover'])
    await page.getByLabel(service, { exact: true }).fill(simulator.url)
  for (const [name, { host, port }] of Object.entries({ IMAP: mail.imap, SMTP: mail.smtp })) {
    await page.getByLabel(name, { exact: true }).fill(host)
    await page.getByLabel(`Port of ${name}`).fill(String(port))
    await page.getByLabel(`Encryption of ${name}`).selectOption('none')
  }
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('No shared mailbox yet.').waitFor()
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText('It works:').waitFor()
}

async function create(page: Page) {
  await page.getByRole('link', { name: 'New shared mailbox' }).click()
  await page.getByLabel('Address').fill(US)
  await page.getByLabel('Name', { exact: true }).fill('Proposals')
  await page
    .getByLabel('Who is to use it')
    .fill('jane.doe@contoso.com\nomar.haddad@contoso.com # sales\n\nmia.tran@contoso.com\n')
  await page.getByRole('button', { name: 'Show the plan' }).click()
  const plan = page.getByRole('region', { name: 'What will be done' })
  await plan.getByText(/^New-Mailbox -Name 'proposals' -Shared/).waitFor()
  expect(await plan.getByText(/^Add-MailboxPermission/).allTextContents()).toEqual(
    people.map(
      ({ upn }) =>
        `Add-MailboxPermission -Identity '${US}' -User '${upn}' -AccessRights FullAccess -InheritanceType All -AutoMapping $true -Confirm:$false`,
    ),
  )
  // One of them has many mailboxes open already.
  await page.getByLabel('Appears by itself for omar.haddad@contoso.com').selectOption('off')
  await plan.getByText(/omar.haddad@contoso.com' .*-AutoMapping \$false/).waitFor()
}

const way = (page: Page) => page.getByRole('list', { name: 'The way to a watched mailbox' })
const step = (page: Page, name: string) => way(page).getByRole('listitem').filter({ hasText: name })

test.skipIf(noChromium)(
  `from an empty tenant to a shared mailbox with three delegates, watched, a mail received and answered${noChromium ? ` (skipped: ${noChromium})` : ''}`,
  async () => {
    const { page, faults } = await openPage(browser, product.url)
    await setUp(page)
    // The question who is signed in was answered with 401 before.
    faults.length = 0
    await connect(page)
    await create(page)

    // Whatever happens to the browser: what was wanted is there, and so is the step that comes next.
    const path = new URL(page.url()).pathname
    await page.goto('/exchange')
    await page.getByText('Begun, nothing applied yet').waitFor()
    await page.evaluate(() => sessionStorage.clear())
    await page.goto(path)
    const plan = page.getByRole('region', { name: 'What will be done' })
    await plan.getByText(/omar.haddad@contoso.com' .*-AutoMapping \$false/).waitFor()
    expect(await step(page, 'Create').getAttribute('aria-current')).toBe('step')
    await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click()
    await page.getByText('a second plan was empty').waitFor()
    await plan.getByText('the plan is empty').waitFor()
    await step(page, 'Give access, done').waitFor()

    await page.getByRole('button', { name: 'Why does Omar Haddad not see it?' }).click()
    await page.getByRole('button', { name: 'Find out' }).click()
    await page.locator('[data-code="LINK_OFF"]').getByText('-AutoMapping $true').waitFor()

    const watch = page.getByRole('region', { name: 'Watch it with Downfield' })
    await watch.getByRole('button', { name: 'Show what will be done' }).click()
    await watch.getByText(/^New-ServicePrincipal/).waitFor()
    await watch.getByRole('button', { name: 'Let it in and watch' }).click()
    await step(page, 'Watch, done').waitFor()
    await watch.getByRole('button', { name: 'Send a test mail' }).click()
    await step(page, 'Try it, done').waitFor()

    // The form of the mailbox signs in as the app as well.
    await watch.getByRole('link', { name: 'How it is doing' }).click()
    await page.getByRole('link', { name: 'Change settings' }).click()
    await page.getByRole('button', { name: 'Test connection' }).click()
    for (const title of ['Receiving works', 'Sending works']) await page.getByText(title).waitFor()

    // A customer writes, and is answered: the answer goes out from the shared mailbox, and Exchange keeps the copy.
    const outgoing = new Promise<{ from: string; to: string[]; raw: Buffer }>((resolve) => mail.onSent(resolve))
    const head = [
      `From: Dana Whitfield <${CUSTOMER}>`,
      `To: ${US}`,
      'Subject: RFP 2026-114',
      'Message-ID: <rfp@tacoma>',
    ]
    const raw = Buffer.from(
      `${head.join('\r\n')}\r\nDate: ${new Date().toUTCString()}\r\n\r\nCan you bid by Friday?\r\n`,
    )
    expect(await mail.deliver({ raw, from: CUSTOMER, to: [US] })).toEqual([])
    await page.goto('/')
    await page.getByText('RFP 2026-114').first().click()
    await page.getByText('Can you bid by Friday?').first().waitFor()
    await page.keyboard.press('r')
    await page.getByRole('textbox', { name: /^Reply to/ }).fill('We can.')
    await page.keyboard.press('Control+Enter')
    const sent = await outgoing
    expect([sent.from, sent.to]).toEqual([US, [CUSTOMER]])
    expect(sent.raw.toString()).toMatch(/^In-Reply-To: <rfp@tacoma>/m)
    // The test mail and the answer, once each.
    const copies = (await mail.mailsIn(US, 'Sent Items')).map(String)
    expect(copies.map((copy) => copy.includes('We can.'))).toEqual([false, true])
    expect(faults).toEqual([])
  },
)
