import type { Browser, Page } from 'playwright-core'
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

async function enter(name: string, path = '/'): Promise<Page> {
  const { page } = await openPage(browser, product.url)
  await page.goto(path)
  await page.getByRole('button', { name }).click()
  await page.locator('[data-issue]').first().waitFor()
  return page
}

const done = (page: Page, words: string) => page.getByText(words).first().waitFor()

test('What somebody else did in between is not undone', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const jane = await enter('Jane', '/unassigned')
  const id = await jane.locator('[data-issue]').first().getAttribute('data-issue')
  await jane.goto(`/issues/${id}`)
  const omar = await enter('Omar', `/issues/${id}`)
  const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' })
  await timeline(jane).waitFor()
  await timeline(omar).waitFor()
  const issue = async () => {
    const { assigneeId, status } = (await (await jane.request.get(`/api/issues/${id}`)).json()).issue
    return { assigneeId, status }
  }

  await jane.keyboard.press('i')
  await done(jane, 'Assigned to you.')
  await done(omar, 'Jane Doe took it')
  await omar.keyboard.press('i')
  await done(omar, 'Assigned to you.')
  const byOmar = await issue()
  await jane.keyboard.press('z')
  await done(jane, 'This was changed again since, so it is not undone.')
  expect(await issue()).toEqual(byOmar)

  await omar.keyboard.press('z')
  await done(omar, 'Undone.')
  expect(await issue()).not.toEqual(byOmar)
})

test('What is pushed to a browser is shown, and choosing it opens its issue', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const omar = await enter('Omar')
  const context = omar.context()
  await context.grantPermissions(['notifications'])
  const id = await omar.locator('[data-issue]').nth(1).getAttribute('data-issue')
  await omar.evaluate(async () => {
    await navigator.serviceWorker.register('/push.js', { scope: '/' })
    await navigator.serviceWorker.ready
  })
  // The push service of a browser lies elsewhere: its developer tools stand in for it.
  const tools = await context.newCDPSession(omar)
  const registered = new Promise<string>((resolve) =>
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId)
    }),
  )
  await tools.send('ServiceWorker.enable')
  const message = { title: 'Mo assigned it to you', body: 'Chairs (#1)', tag: id, path: `/issues/${id}` }
  const data = JSON.stringify(message)
  await tools.send('ServiceWorker.deliverPushMessage', { origin: product.url, registrationId: await registered, data })
  const shown = async () =>
    await omar.evaluate(async () => {
      const all = (await (await navigator.serviceWorker.getRegistration())?.getNotifications()) ?? []
      return all.map(({ title, body }) => [title, body])
    })
  await expect.poll(shown).toEqual([['Mo assigned it to you', 'Chairs (#1)']])
  await context.serviceWorkers()[0]!.evaluate(`(async () => {
    const [notification] = await self.registration.getNotifications()
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }))
  })()`)
  await omar.waitForURL(`**/issues/${id}`)
  expect(await shown()).toEqual([])
})

test('With , and . one goes along the emails of an issue, and answers the one where one is', async ({ skip }) => {
  skip(noChromium !== undefined, noChromium)
  const mia = await enter('Mia', '/issues')
  const issues = (await (await mia.request.get('/api/issues?view=all&limit=60')).json()).issues
  const { id } = issues.find((issue: { messageCount: number }) => issue.messageCount > 3)
  await mia.goto(`/issues/${id}`)
  await mia.locator('article.message').last().waitFor()
  await mia.keyboard.press(',')
  await mia.keyboard.press(',')
  const email = mia.locator('article.message:focus')
  const answered = await email.getAttribute('id')
  expect(answered).not.toBe(await mia.locator('article.message').last().getAttribute('id'))
  await mia.keyboard.press('r')
  await mia.locator('.ProseMirror').waitFor()
  await mia.keyboard.type('About this one.')
  await mia.getByText('Draft saved').waitFor()
  const { drafts } = await (await mia.request.get(`/api/issues/${id}`)).json()
  expect(drafts.map((draft: { content: object }) => draft.content)).toContainEqual(
    expect.objectContaining({ kind: 'reply', messageId: answered?.replace('message-', '') }),
  )
})
