import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { files, give, noOffice, type Office, open, openOffice } from './office.ts'

const US = 'answers@northwind.example'
const LONG = { timeout: 30_000 }

let office: Office
let jane: Page
let omar: Page
let smtp: Office['smtp']

beforeEach(({ skip }) => skip(noOffice !== undefined, noOffice))
beforeAll(async () => {
  if (noOffice) return
  office = await openOffice(US)
  ;({ jane, omar, smtp } = office)
})
afterAll(() => office?.stop())

const writing = (page: Page) => page.getByRole('textbox', { name: /^Reply to/ })
const giving = (event: 'drop' | 'paste', filename: string, type: string, bytes: Buffer) =>
  give(jane, '.composer textarea', event, [{ filename, type, bytes }])

test('files are chosen, dropped and pasted, survive a reload and an undo, and arrive byte for byte', async () => {
  const given = {
    'Angebot für Größe.pdf': randomBytes(2_000_000),
    'table.xlsx': randomBytes(40_000),
    'image.png': randomBytes(1_000),
    'image 2.png': randomBytes(1_001),
  }
  await office.openIssue(jane, 'Offer with files')
  await jane.keyboard.press('r')
  await jane.getByRole('button', { name: 'Plain text' }).click()
  await writing(jane).fill('Dear Dana, here you are.')
  const chooser = jane.waitForEvent('filechooser')
  await jane.getByRole('button', { name: 'Attach files' }).click()
  await (await chooser).setFiles([
    { name: 'Angebot für Größe.pdf', mimeType: 'application/pdf', buffer: given['Angebot für Größe.pdf'] },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('not this one') },
  ])
  await giving('drop', 'table.xlsx', 'application/x-msdownload', given['table.xlsx'])
  await giving('paste', 'image.png', 'image/png', given['image.png'])
  await giving('paste', 'image.png', 'image/png', given['image 2.png'])
  for (const name of [...Object.keys(given), 'wrong.txt'])
    await jane.getByRole('button', { name: `Remove ${name}` }).waitFor()
  await jane.getByRole('button', { name: 'Remove wrong.txt' }).click()
  await jane.getByText('2.0 MB of 25 MB').waitFor()
  await jane.getByText('Draft saved').waitFor()

  await jane.reload()
  await expect.poll(() => files(jane).count(), LONG).toBe(4)

  // Sent, then taken back with Z: all of it is in the composer again, and nobody got it.
  await writing(jane).focus()
  await jane.keyboard.press('Control+Enter')
  await jane.getByText(/^Sending in \d+ s$/).waitFor()
  await jane.getByRole('link', { name: 'Angebot für Größe.pdf' }).waitFor()
  const [download] = await Promise.all([
    jane.waitForEvent('download'),
    jane.getByRole('link', { name: 'Angebot für Größe.pdf' }).click(),
  ])
  expect((await readFile(await download.path())).equals(given['Angebot für Größe.pdf'])).toBe(true)
  await jane.keyboard.press('z')
  await expect.poll(() => writing(jane).inputValue(), LONG).toBe('Dear Dana, here you are.')
  expect(await files(jane).count()).toBe(4)
  await jane.getByText('dana@tacoma.example').or(jane.getByText('Dana Whitfield')).first().waitFor()
  await expect.poll(() => jane.getByText(/^Sending in/).count()).toBe(0)
  expect(smtp.taken).toEqual([])

  // Sent again, it goes out, once.
  await writing(jane).focus()
  await jane.keyboard.press('Control+Enter')
  await jane.getByText(/^Sending in \d+ s$/).waitFor()
  await expect.poll(() => smtp.taken.length, LONG).toBe(1)
  const mail = await PostalMime.parse(smtp.taken[0]!.raw)
  expect(mail.text).toMatch(/^Dear Dana, here you are\./)
  expect(mail.attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    ['Angebot für Größe.pdf', 'application/pdf'],
    ['table.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['image.png', 'image/png'],
    ['image 2.png', 'image/png'],
  ])
  // The cast: without an encoding the content is an ArrayBuffer.
  for (const [i, bytes] of Object.values(given).entries())
    expect(Buffer.from(mail.attachments[i]!.content as ArrayBuffer).equals(bytes)).toBe(true)
})

test('what a colleague wrote meanwhile stops an answer, is shown, and nothing is lost', async () => {
  await office.openIssue(jane, 'Two at once')
  await jane.keyboard.press('r')
  await writing(jane).fill('Dear Dana, no.')
  await omar.goto('/')
  await open(omar, 'Two at once')
  await omar.keyboard.press('n')
  await omar.getByRole('textbox', { name: 'Note' }).fill('I said yes to them by phone.')
  await omar.keyboard.press('Control+Enter')
  await jane.getByRole('article', { name: 'Note by Omar Reyes' }).waitFor()
  const before = smtp.taken.length

  await writing(jane).focus()
  await jane.keyboard.press('Control+Enter')
  const notice = jane.getByRole('status').filter({ hasText: 'This is not sent yet.' })
  await notice.getByText(/^Omar Reyes wrote a note (just now|\d+ s ago)$/).waitFor()
  await notice.getByText('I said yes to them by phone.').waitFor()
  expect(await writing(jane).inputValue()).toBe('Dear Dana, no.')

  await notice.getByRole('button', { name: 'Look first' }).click()
  await notice.waitFor({ state: 'detached' })
  await writing(jane).fill('Dear Dana, yes.')
  await jane.keyboard.press('Control+Enter')
  await jane.getByText(/^Sending in \d+ s$/).waitFor()
  // Omar sees that it is on its way; to take it back is for Jane.
  await omar.getByText(/^Sending in \d+ s$/).waitFor()
  expect(await omar.getByRole('button', { name: 'Undo' }).count()).toBe(0)
  await jane
    .getByRole('article', { name: /Jane Doe/ })
    .getByRole('button', { name: 'Undo' })
    .click()
  await expect.poll(() => writing(jane).inputValue(), LONG).toBe('Dear Dana, yes.')
  expect(smtp.taken).toHaveLength(before)
})

test('a file on its way up shows how far it is, can be cancelled, and one that is too large is told before it is sent', async () => {
  await office.openIssue(jane, 'Large files')
  await jane.keyboard.press('r')
  await writing(jane).fill('Dear Dana, see the file.')
  const folder = await mkdtemp(path.join(tmpdir(), 'df-files-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const choose = async (name: string, size: number) => {
    await writeFile(path.join(folder, name), '')
    await truncate(path.join(folder, name), size)
    await jane.getByLabel('Files to attach').setInputFiles(path.join(folder, name))
  }
  // The server takes its time.
  let asked = 0
  await jane.route('**/api/uploads?*', () => void asked++)
  await choose('slow.zip', 1_000)
  await jane.getByRole('progressbar', { name: 'Upload of slow.zip' }).waitFor()
  await expect.poll(() => asked).toBe(1)
  await jane.keyboard.press('Control+Enter')
  await jane.getByText('Wait until the files are up, or cancel them.').waitFor()
  await jane.getByRole('button', { name: 'Cancel the upload of slow.zip' }).click()
  await expect.poll(() => files(jane).count()).toBe(0)
  await jane.unroute('**/api/uploads?*')

  await choose('huge.zip', 25_000_001)
  await files(jane).filter({ hasText: 'is 25 MB; a file may have 25 MB' }).waitFor()
  await jane.getByRole('button', { name: 'Remove huge.zip' }).click()
  await choose('one.zip', 13_000_000)
  await choose('two.zip', 13_000_000)
  await jane.getByText('26 MB together. One email may have 25 MB: remove some, or send a link.').waitFor()
  await jane.getByRole('button', { name: 'Remove two.zip' }).click()
  await jane.getByText('13 MB of 25 MB').waitFor()
  await jane.getByRole('button', { name: 'Remove one.zip' }).click()
  await expect.poll(() => files(jane).count()).toBe(0)
})

test('an answer that was stopped is sent all the same where its writer says so, and ends what is done', async () => {
  await office.openIssue(jane, 'All the same')
  await jane.keyboard.press('r')
  await writing(jane).fill('Dear Dana, all the same.')
  await office.dovecot.deliver(
    US,
    [
      'From: Dana Whitfield <dana@tacoma.example>',
      `To: ${US}`,
      'Subject: Re: All the same',
      `Date: ${new Date().toUTCString()}`,
      'Message-ID: <again@tacoma.example>',
      'In-Reply-To: <All-the-same@tacoma.example>',
      '',
      'One more question.',
      '',
    ].join('\r\n'),
  )
  const timeline = jane.getByRole('region', { name: 'Timeline' })
  await timeline.getByText('One more question.').waitFor()
  await writing(jane).focus()
  await jane.keyboard.press('Control+Shift+Enter')
  const notice = jane.getByRole('status').filter({ hasText: 'This is not sent yet.' })
  await notice.getByText(/^Dana Whitfield wrote /).waitFor()
  await notice.getByRole('button', { name: 'Send anyway' }).click()
  await jane.getByText('Done. It goes out in 10 seconds.').waitFor()

  // Another issue is open by now, or none: taking it back opens this one again.
  await jane.keyboard.press('z')
  await expect.poll(() => writing(jane).inputValue(), LONG).toBe('Dear Dana, all the same.')
  await jane
    .getByRole('link', { name: /All the same/ })
    .getByRole('img', { name: /triage|Ours to move/ })
    .waitFor()
})

test('an answer that is held when the server is killed goes out once it runs again', async () => {
  await office.openIssue(jane, 'Held and killed')
  const before = smtp.taken.length
  await jane.keyboard.press('r')
  await writing(jane).fill('Dear Dana, in spite of all.')
  await jane.keyboard.press('Control+Enter')
  await jane.getByText(/^Sending in \d+ s$/).waitFor()
  await office.product.kill()
  expect(smtp.taken).toHaveLength(before)
  await office.product.start()
  await expect
    .poll(() => smtp.taken.slice(before).map(({ raw }) => raw.includes('in spite of all')), LONG)
    .toEqual([true])
})
