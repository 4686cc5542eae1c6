import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noChromium, openBrowser, openPage } from './browser.ts'
import { type Product, startProduct } from './product.ts'

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

test.skipIf(noChromium)(
  `from nothing to a shared mailbox with three delegates, and why one of them does not see it${noChromium ? ` (skipped: ${noChromium})` : ''}`,
  async () => {
    const { page, faults } = await openPage(browser, product.url)
    await page.goto('/exchange')
    await page.getByRole('button', { name: /Jane Doe/ }).click()
    await page.getByRole('link', { name: 'bids@contoso.com' }).waitFor()
    // The question who is signed in was answered with 401 before.
    faults.length = 0
    await page.getByRole('link', { name: 'New shared mailbox' }).click()
    await page.getByLabel('Address').fill('proposals@contoso.com')
    await page.getByLabel('Name', { exact: true }).fill('Proposals')
    await page
      .getByLabel('Who is to use it')
      .fill('jane.doe@contoso.com\nomar.haddad@contoso.com # sales\n\nmia.tran@contoso.com\n')
    await page.getByRole('button', { name: 'Show the plan' }).click()

    const plan = page.getByRole('region', { name: 'What will be done' })
    await plan.getByText(/^New-Mailbox -Name 'proposals' -Shared/).waitFor()
    expect(await plan.getByText(/^Add-MailboxPermission/).allTextContents()).toEqual(
      ['jane.doe', 'omar.haddad', 'mia.tran'].map(
        (user) =>
          `Add-MailboxPermission -Identity 'proposals@contoso.com' -User '${user}@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $true -Confirm:$false`,
      ),
    )
    // One of them has many mailboxes open already.
    await page.getByLabel('Appears by itself for omar.haddad@contoso.com').selectOption('off')
    await plan.getByText(/omar.haddad@contoso.com' .*-AutoMapping \$false/).waitFor()
    await page.getByRole('button', { name: /^Apply \d+ changes$/ }).click()
    await page.getByText('a second plan was empty').waitFor()
    await plan.getByText('the plan is empty').waitFor()

    await page.getByRole('button', { name: 'Why does Omar Haddad not see it?' }).click()
    await page.getByRole('button', { name: 'Find out' }).click()
    await page.locator('[data-code="LINK_OFF"]').getByText('-AutoMapping $true').waitFor()
    expect(faults).toEqual([])
  },
)
