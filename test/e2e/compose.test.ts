import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPage } from './browser.ts'
import { files, give, noOffice, type Office, open, openOffice } from './office.ts'

const US = 'writing@northwind.example'
const LONG = { timeout: 30_000 }
/** A picture of one green dot, 1 by 1. */
const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==',
  'base64',
)

let office: Office
let jane: Page
let omar: Page
let smtp: Office['smtp']

beforeEach(({ skip }) => skip(noOffice !== undefined, noOffice))
beforeAll(async () => {
  if (noOffice) return
  office = await openOffice(US, { aliases: ['sales@northwind.example'] })
  ;({ jane, omar, smtp } = office)
})
afterAll(() => office?.stop())

/** A mail to one of our aliases arrives, with somebody in copy, and its issue is opened. */
const openIssue = (page: Page, subject: string) =>
  office.openIssue(page, subject, [
    'To: sales@northwind.example',
    'Cc: Ines <ines@marais.example>',
    'Date: Fri, 20 Nov 2026 09:41:00 +0000',
  ])

/** The field with a form, once its editor is here. */
const writing = (page: Page) => page.locator('.ProseMirror')

/** A file that is still on its way up can only be cancelled. */
const uploaded = (page: Page, name: string) => page.getByRole('button', { name: `Remove ${name}` }).waitFor()

/** What a page shows of a piece of HTML: each block with its words, its place and its size. */
async function boxesOf(page: Page, selector: string) {
  return await page.locator(selector).evaluate((root) => {
    const blocks = [...root.querySelectorAll('p, li, strong, a, img')].filter(
      (one) => !one.closest('.gmail_quote') && !one.classList.contains('ProseMirror-separator'),
    )
    const top = blocks[0]!.getBoundingClientRect().top
    return blocks.map((block) => {
      const { y, height } = block.getBoundingClientRect()
      const words = block.tagName === 'IMG' ? (block.getAttribute('alt') ?? '') : (block.textContent ?? '')
      return [block.tagName, words, block.tagName === 'IMG' ? 0 : Math.sign(height), y >= top]
    })
  })
}

test('a mail with a form, a picture and files survives a reload in the middle and arrives as it was composed', async () => {
  const table = randomBytes(40_000)
  const plan = randomBytes(1_000)
  const reply = await jane.request.put(`/api/saved-replies/${randomUUID()}`, {
    headers: { origin: office.product.url },
    data: { name: 'Greeting', own: false, teamId: null, language: '', html: '<p>Kind regards</p>', files: [] },
  })
  expect([reply.status(), await reply.text()]).toEqual([204, ''])
  await openIssue(jane, 'A whole offer')
  await jane.keyboard.press('r')
  await writing(jane).click()
  await jane.keyboard.type('Dear Dana,')
  await jane.keyboard.press('Enter')
  await jane.keyboard.type('here is ')
  await jane.keyboard.press('Control+b')
  await jane.keyboard.type('our offer')
  await jane.keyboard.press('Control+b')
  await jane.keyboard.type(':')
  await jane.keyboard.press('Enter')
  await jane.keyboard.type('- 40 Stühle')
  await jane.keyboard.press('Enter')
  await jane.keyboard.type('delivery')
  await jane.keyboard.press('Enter')
  await jane.keyboard.press('Enter')
  await give(jane, '.ProseMirror', 'paste', [{ filename: 'image.png', type: 'image/png', bytes: DOT }])
  await writing(jane).getByRole('img', { name: 'image' }).waitFor()
  await give(jane, '.composer', 'drop', [
    { filename: 'Preise für Größe.xlsx', type: 'application/x-wrong', bytes: table },
    { filename: 'plan.bin', type: '', bytes: plan },
  ])
  for (const name of ['Preise für Größe.xlsx', 'plan.bin']) await uploaded(jane, name)
  await jane.getByText('Draft saved').waitFor()

  await jane.reload()
  await writing(jane).getByRole('img', { name: 'image' }).waitFor()
  await expect.poll(() => files(jane).count()).toBe(2)
  expect(await writing(jane).locator('li').allInnerTexts()).toEqual(['40 Stühle', 'delivery'])
  // A note beside it, which names a colleague, leaves the mail as it is.
  await jane.getByRole('tab', { name: 'Note' }).click()
  await jane.getByRole('textbox', { name: 'Note' }).fill('@Omar Reyes, is the price right?')
  await jane.keyboard.press('Control+Enter')
  await jane.getByRole('article', { name: 'Note by Jane Doe' }).waitFor()
  await writing(jane).getByRole('img', { name: 'image' }).waitFor()
  await writing(jane).focus()
  await jane.keyboard.press('Control+End')
  await jane.keyboard.press('Enter')
  await jane.keyboard.press('/')
  await jane.getByRole('combobox', { name: 'Insert a saved reply' }).fill('greet')
  await jane.getByRole('listbox', { name: 'Insert a saved reply' }).getByRole('option', { selected: true }).waitFor()
  await jane.keyboard.press('Enter')
  await writing(jane).getByText('Kind regards').waitFor()
  const composed = await boxesOf(jane, '.ProseMirror')
  await jane.getByRole('button', { name: 'Send', exact: true }).click()
  await jane.getByText(/^Sending in \d+ s$/).waitFor()
  await expect.poll(() => smtp.taken.length, LONG).toBe(1)

  const { raw, to, from } = smtp.taken[0]!
  expect([from, to]).toEqual([US, ['dana@tacoma.example', 'ines@marais.example']])
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
  const mail = await PostalMime.parse(raw)
  const [cid = ''] = /[0-9a-f-]{36}@northwind\.example/.exec(mail.html ?? '') ?? []
  const quoted = 'On Fri, 20 Nov 2026 09:41:00 UTC, Dana Whitfield <dana@tacoma.example> wrote:'
  const own =
    '<p>Dear Dana,</p><p>here is <strong>our offer</strong>:</p><ul><li><p>40 Stühle</p></li><li><p>delivery</p></li></ul>' +
    `<p><img src="cid:${cid}" alt="image" /></p><p>Kind regards</p>`
  const below =
    `<br /><div class="gmail_quote"><div>${quoted.replace('<', '&lt;').replace('>', '&gt;')}</div>` +
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">Could you send us an offer?</blockquote></div>'
  expect({
    from: mail.from,
    to: mail.to,
    cc: mail.cc,
    subject: mail.subject,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    html: /<body>\s*([\s\S]*?)\s*<\/body>/.exec(mail.html ?? '')?.[1],
    text: mail.text?.trimEnd(),
    files: mail.attachments.map(({ filename, mimeType, disposition, contentId, content }) => ({
      filename,
      mimeType,
      disposition,
      contentId,
      hash: hashOf(content as ArrayBuffer),
    })),
  }).toEqual({
    from: { name: 'Northwind', address: 'sales@northwind.example' },
    to: [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }],
    cc: [{ name: 'Ines', address: 'ines@marais.example' }],
    subject: 'Re: A whole offer',
    inReplyTo: '<A-whole-offer@tacoma.example>',
    references: '<A-whole-offer@tacoma.example>',
    html: own + below,
    text: [
      'Dear Dana,',
      '',
      'here is our offer:',
      '',
      '- 40 Stühle',
      '- delivery',
      '',
      '[image]',
      '',
      'Kind regards',
      '',
      `${quoted} `,
      '> Could you send us an offer?',
    ]
      .join('\n')
      .replace('example> wrote: ', 'example> wrote:'),
    files: [
      { filename: 'image.png', mimeType: 'image/png', disposition: 'inline', contentId: `<${cid}>`, hash: hashOf(DOT) },
      {
        filename: 'Preise für Größe.xlsx',
        mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        disposition: 'attachment',
        contentId: undefined,
        hash: hashOf(table),
      },
      {
        filename: 'plan.bin',
        mimeType: 'application/octet-stream',
        disposition: 'attachment',
        contentId: undefined,
        hash: hashOf(plan),
      },
    ],
  })
  const types = [...raw.matchAll(/^Content-Type: ([\w/.-]+)/gim)].map(([, type]) => type)
  expect(types.slice(0, 5)).toEqual([
    'multipart/mixed',
    'multipart/related',
    'multipart/alternative',
    'text/plain',
    'text/html',
  ])

  // Rendered beside what was composed: the same blocks with the same words, in the same order, the picture there.
  const { page: reader } = await openPage(office.browser, office.product.url)
  const dot = `data:image/png;base64,${DOT.toString('base64')}`
  await reader.setContent((mail.html ?? '').replace(`cid:${cid}`, dot))
  expect(await boxesOf(reader, 'body')).toEqual(composed)
  expect(await reader.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1)
  await reader.close()
})

function hashOf(bytes: ArrayBuffer | Uint8Array): string {
  return createHash('sha256').update(new Uint8Array(bytes)).digest('hex').slice(0, 12)
}

test('two who are in the same issue see each other, the draft of one passes to the other, and a second send is stopped', async () => {
  await openIssue(jane, 'Two of us')
  await omar.goto('/')
  await open(omar, 'Two of us')
  await omar.getByText('Jane Doe is looking at this').waitFor()
  await jane.getByText('Omar Reyes is looking at this').waitFor()

  await jane.keyboard.press('r')
  await writing(jane).click()
  await jane.keyboard.type('Dear Dana, yes.')
  await omar.getByText('Jane Doe is writing a reply right now').waitFor()
  await omar
    .getByRole('link', { name: /Two of us/ })
    .getByRole('img', { name: 'Jane Doe is writing a reply' })
    .waitFor()
  await omar
    .getByRole('link', { name: /Two of us/ })
    .getByText('Draft by Jane Doe')
    .waitFor()
  await omar.getByRole('article', { name: 'Draft by Jane Doe' }).getByRole('button', { name: 'Take over' }).click()
  await expect.poll(() => writing(omar).innerText(), LONG).toBe('Dear Dana, yes.')
  await jane.getByText('Omar Reyes has your draft now.').waitFor()
  await expect.poll(() => writing(jane).count()).toBe(0)

  // Both write now; Omar is first.
  await jane.keyboard.press('r')
  await writing(jane).click()
  await jane.keyboard.type('Dear Dana, no.')
  await jane.getByText('Draft saved').waitFor()
  await writing(omar).focus()
  await omar.keyboard.press('Control+Enter')
  await omar.getByText(/^Sending in \d+ s$/).waitFor()
  // It is said before anybody presses Send, and stops who does.
  await jane.getByText('Something came in.').waitFor()
  await writing(jane).focus()
  await jane.keyboard.press('Control+Enter')
  await jane.getByText('This is not sent yet.').waitFor()
  expect(await writing(jane).innerText()).toBe('Dear Dana, no.')
  await jane.getByRole('button', { name: 'Discard the draft' }).click()
  await jane.getByText('Draft discarded.').waitFor()
  await jane.keyboard.press('z')
  await expect.poll(() => writing(jane).innerText(), LONG).toBe('Dear Dana, no.')
})

test('a new mail begins an issue, with somebody suggested whom one wrote with', async () => {
  await jane.goto('/')
  await jane.getByRole('heading', { name: 'Inbox' }).waitFor()
  const before = smtp.taken.length
  await jane.keyboard.press('c')
  const dialog = jane.getByRole('dialog', { name: 'New email' })
  await dialog.getByRole('combobox', { name: 'To' }).fill('whit')
  await dialog.getByRole('option', { name: /Dana Whitfield/ }).click()
  await dialog.getByLabel('Subject').fill('Our offer')
  await dialog.locator('.ProseMirror').click()
  await jane.keyboard.type('Dear Dana, here it is.')
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await jane.getByRole('heading', { name: 'Our offer' }).waitFor()
  await expect.poll(() => smtp.taken.slice(before).map(({ to }) => to), LONG).toContainEqual(['dana@tacoma.example'])
})

test('a signed mail goes out at a time said in words, and is written again to whom it did not reach', async () => {
  const signature = {
    mailboxId: null,
    own: true,
    language: '',
    html: '<p><strong>{{member.name}}</strong><br>Northwind</p>',
  }
  const kept = await jane.request.put('/api/signatures', { headers: { origin: office.product.url }, data: signature })
  expect([kept.status(), await kept.text()]).toEqual([204, ''])
  await openIssue(jane, 'Signed and later')
  await jane.keyboard.press('r')
  const body = jane.locator('.composer > div > .rich-text .ProseMirror')
  await body.click()
  await jane.keyboard.type('Dear Dana, here it is.')
  await give(jane, '.composer', 'drop', [{ filename: 'plan.bin', type: '', bytes: DOT }])
  await jane.locator('.signed').getByText('Jane Doe').waitFor()
  await jane.getByRole('button', { name: 'Remind me if nobody answers' }).click()
  await jane.getByRole('option', { name: 'In 5 days' }).click()
  await jane.getByRole('button', { name: 'Remind me if nobody answers: in 5 days' }).waitFor()
  await uploaded(jane, 'plan.bin')
  await jane.getByRole('button', { name: 'Send later' }).click()
  await jane.getByRole('combobox', { name: 'Send at' }).fill('übermorgen 14:00')
  await jane.keyboard.press('Enter')
  await jane.getByText(/^Goes out on/).waitFor()
  expect((await (await jane.request.get('/api/messages/scheduled')).json()).length).toBe(1)

  smtp.behave({ refuseRecipients: { 'ines@marais.example': '550 5.1.1 No such user' } })
  const before = smtp.taken.length
  await jane.getByRole('button', { name: 'Send now' }).click()
  await expect.poll(() => smtp.taken.slice(before).map(({ to }) => to), LONG).toEqual([['dana@tacoma.example']])
  const first = await PostalMime.parse(smtp.taken[before]!.raw)
  await jane.getByText('It was sent, but not to everybody').waitFor()
  smtp.behave({})

  await jane.getByRole('button', { name: 'Edit and resend' }).click()
  await expect.poll(() => body.innerText(), LONG).toBe('Dear Dana, here it is.')
  expect(await files(jane).allInnerTexts()).toEqual([expect.stringContaining('plan.bin')])
  await body.focus()
  await jane.keyboard.press('Control+Enter')
  await expect.poll(() => smtp.taken.slice(before + 1).map(({ to }) => to), LONG).toEqual([['ines@marais.example']])
  const second = await PostalMime.parse(smtp.taken[before + 1]!.raw)
  const shape = ({ html, text, attachments }: typeof first) => [
    /<body>\s*([\s\S]*?)<br \/>/.exec((html ?? '').replace('</strong><br />', '</strong> '))?.[1],
    text?.split('\nOn Fri')[0]?.trimEnd(),
    attachments.map(({ filename, content }) => [filename, hashOf(content as ArrayBuffer)]),
  ]
  expect(shape(first)).toEqual([
    '<p>Dear Dana, here it is.</p><div class="gmail_signature"><p><strong>Jane Doe</strong> Northwind</p></div>',
    'Dear Dana, here it is.\n\n-- \nJane Doe\nNorthwind',
    [['plan.bin', hashOf(DOT)]],
  ])
  expect(shape(second)).toEqual(shape(first))
})
