import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { attachments, fileTexts, messages, searchQueue, settings, textQueue } from '../../db/schema.ts'
import { docx } from '../../server/demo/sample/office.ts'
import { textPdf } from '../../server/demo/sample/pdf.ts'
import { searchIssues } from '../../server/issues/search/search.ts'
import type { FileReader } from '../../server/mail/files/file-reader.ts'
import { readFile } from '../../server/mail/files/read-file.ts'
import { openTextReading } from '../../server/mail/files/text-reading.ts'
import { openIndexing } from '../../server/mail/place/indexer.ts'
import { understand } from '../../server/mail/place/ingest.ts'
import { openWorld, type World } from '../world.ts'
import { arriveRaw, issuesOf } from './story.ts'

type Attached = { name: string; type?: string; bytes: Buffer }

/** A mail with these files. */
function mailWith(subject: string, text: string, ...files: Attached[]): Buffer {
  const parts = files.map(({ name, type = 'application/octet-stream', bytes }) =>
    [
      '--part',
      `Content-Type: ${type}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
    ].join('\r\n'),
  )
  const head = [
    'From: Dana Whitfield <dana@tacoma.example>',
    'To: proposals@northwind.example',
    `Subject: ${subject}`,
    'Date: Fri, 20 Nov 2026 09:41:00 +0000',
    `Message-ID: <${subject.replaceAll(' ', '-')}@tacoma.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=part',
  ]
  const body = ['--part', 'Content-Type: text/plain; charset=utf-8', '', text]
  return Buffer.from([...head, '', ...body, ...parts, '--part--', ''].join('\r\n'))
}

/** A reader in this thread: that files cost no more than a thread is tested by itself (test/mail/files.test.ts). */
const inThisThread: FileReader = {
  read: (kind, bytes) =>
    readFile(kind, Buffer.from(bytes)).catch((error: unknown) => ({ failed: (error as Error).message })),
  rest: async () => {},
}

/** Indexes what waits, and reads the files that wait, until nothing does. */
async function settle(world: World, reader: FileReader = inThisThread): Promise<void> {
  const indexing = openIndexing(world.mail)
  const reading = openTextReading(world.mail, reader)
  do while ((await indexing.next()) !== 'nothing');
  while ((await reading.next()) === 'read' || (await world.db.read.$count(searchQueue)) > 0)
  await indexing.end()
  await reading.end()
}

async function find(world: World, q: string) {
  const searcher = { memberId: world.ben.id, visible: 'all' as const }
  return (await searchIssues(world.db.read, searcher, { q }, Date.parse('2026-11-21T12:00:00Z'))).issues
}
const subjects = async (world: World, q: string) => (await find(world, q)).map(({ subject }) => subject)

test('what is found in a PDF, a Word document and a plain file names it', async () => {
  const world = await openWorld()
  const files = [
    { name: 'tender.pdf', bytes: textPdf('Tender', ['Rugged tablets for the depot', 'No later than March']) },
    { name: 'terms.docx', bytes: docx(['Payment within thirty days of the invoice.']) },
    { name: 'prices.csv', type: 'text/csv', bytes: Buffer.from('dock;1200\nholster;85\n') },
  ]
  await arriveRaw(world, world.proposals, mailWith('Our tender', 'Please see the attached files.', ...files))
  // The mail is found before its files are read.
  expect(await subjects(world, 'attached')).toEqual(['Our tender'])
  expect(await subjects(world, 'tablets')).toEqual([])
  await settle(world)
  const hitOf = async (q: string) => (await find(world, q))[0]?.hit
  expect(await hitOf('"rugged tablets"')).toMatchObject({ file: { position: 0, filename: 'tender.pdf' } })
  expect((await hitOf('rugged'))!.excerpt.filter(({ marked }) => marked)).toEqual([{ text: 'Rugged', marked: true }])
  expect(await hitOf('thirty days')).toMatchObject({ file: { position: 1, filename: 'terms.docx' } })
  expect(await hitOf('holster')).toMatchObject({ file: { position: 2, filename: 'prices.csv' } })
  expect(await hitOf('attached')).toMatchObject({ file: null })
  // Where a file has more of what was asked for than the mail, it is shown.
  expect(await hitOf('files depot march')).toMatchObject({ file: { filename: 'tender.pdf' } })
  expect(await subjects(world, 'tablets thirty -walnut')).toEqual(['Our tender'])
  expect(await subjects(world, 'subject:tablets')).toEqual([])
  expect(await subjects(world, '"march payment"')).toEqual([])
})

test('the same file in many mails is read once', async () => {
  const world = await openWorld()
  const file = { name: 'tender.pdf', bytes: textPdf('Tender', ['Rugged tablets']) }
  const second = { name: 'again.pdf', bytes: file.bytes }
  await arriveRaw(world, world.proposals, mailWith('First', 'one', file))
  await arriveRaw(world, world.proposals, mailWith('Second', 'two', second))
  let reads = 0
  await settle(world, {
    ...inThisThread,
    read(...file) {
      reads++
      return inThisThread.read(...file)
    },
  })
  expect(reads).toBe(1)
  expect(await world.db.read.$count(fileTexts)).toBe(1)
  expect((await subjects(world, 'tablets')).sort()).toEqual(['First', 'Second'])
})

test('of a long file every word is found, and phrases of its beginning', async () => {
  const world = await openWorld()
  const text = Array.from({ length: 30_000 }, (_, i) => `w${i}`).join(' ')
  await arriveRaw(world, world.proposals, mailWith('Long', 'see', { name: 'a.txt', bytes: Buffer.from(text) }))
  await settle(world)
  expect(await subjects(world, 'w29999 w15000 w3')).toEqual(['Long'])
  expect(await subjects(world, '"w100 w101"')).toEqual(['Long'])
  expect(await subjects(world, '"w20000 w20001"')).toEqual([])
  expect(await subjects(world, 'w2999*')).toEqual(['Long'])
  expect(await subjects(world, 'from:w20000 or subject:w20000')).toEqual([])
  const [found] = await find(world, 'w29999')
  expect(found!.hit).toMatchObject({ file: { filename: 'a.txt' } })
})

test('a file that can not be read is named with its reason, and a newer version tries it again', async () => {
  const world = await openWorld()
  const files = [
    { name: 'broken.pdf', bytes: Buffer.from('%PDF-1.7 and no more') },
    { name: 'whole.txt', bytes: Buffer.from('walnut') },
  ]
  await arriveRaw(world, world.proposals, mailWith('Files', 'see', ...files))
  await settle(world)
  expect(await subjects(world, 'walnut')).toEqual(['Files'])
  const [issue] = await issuesOf(world, world.proposals)
  const timeline = await (await world.as(world.ben)(`/api/issues/${issue!.id}`)).json()
  expect(JSON.stringify(timeline)).toContain('It is damaged, or not what its name says.')
  const status = await (await world.as(world.ada)('/api/status')).json()
  expect(status).toMatchObject({ files: { waiting: 0, failed: 1 } })

  // An upgrade: the version that looked before was an older one, and what it could not read can be read now.
  const { db } = world
  await db.write(async (tx) => {
    await tx.update(fileTexts).set({ readerVersion: 0 }).where(eq(fileTexts.state, 'failed'))
    await tx.update(settings).set({ value: 0 }).where(eq(settings.key, 'file reader'))
  })
  await settle(world, { ...inThisThread, read: async () => ({ text: 'birch', cut: false }) })
  expect(await subjects(world, 'birch walnut')).toEqual(['Files'])
  expect(await db.read.$count(textQueue)).toBe(0)
})

test('files of mail that came before there was a reader are read', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Old', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  await world.db.write(async (tx) => void (await tx.delete(textQueue)))
  await settle(world)
  expect(await subjects(world, 'walnut')).toEqual(['Old'])
})

test('after a restore, which has no texts, files are read again', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Kept', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  await settle(world)
  await world.db.write(async (tx) => void (await tx.delete(fileTexts)))
  await openIndexing(world.mail).again()
  await settle(world)
  expect(await subjects(world, 'walnut')).toEqual(['Kept'])
})

test('a file during which the process ended again and again is left alone, and says so', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Fatal', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  // As after ends without a word.
  await world.db.write(async (tx) => void (await tx.update(textQueue).set({ tries: 3 })))
  await settle(world, {
    ...inThisThread,
    read: async () => {
      throw new Error('it was read nevertheless')
    },
  })
  const [text] = await world.db.read.select().from(fileTexts)
  expect(text).toMatchObject({ state: 'failed', reason: 'Downfield ended 3 times while it was read.' })
})

test('a file whose reading is cut short for a reason of ours is read the next time, as if for the first', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Cut', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  const letGo = async () => {
    throw new Error('The file reader was let go.')
  }
  const reading = openTextReading(world.mail, { ...inThisThread, read: letGo })
  await expect(reading.next()).rejects.toThrow('let go')
  await reading.end()
  expect(await world.db.read.select({ tries: textQueue.tries }).from(textQueue)).toEqual([{ tries: 0 }])
  await settle(world)
  expect(await subjects(world, 'walnut')).toEqual(['Cut'])
})

test('a file whose raw mail is missing holds up nothing', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Lost', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  const [message] = await world.db.read.select().from(messages)
  await world.blobs.delete(message!.rawHash!)
  await settle(world)
  expect(await world.db.read.$count(textQueue)).toBe(0)
  expect(await subjects(world, 'lost')).toEqual(['Lost'])
})

test('files of a mail that is read anew are read anew', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.proposals, mailWith('Again', 'see', { name: 'a.txt', bytes: Buffer.from('walnut') }))
  await settle(world)
  await world.db.write(async (tx) => {
    await tx.update(attachments).set({ contentHash: null })
  })
  await openIndexing(world.mail).again()
  await understand(world.mail, world.proposals.id)
  await settle(world)
  const [file] = await world.db.read.select().from(attachments)
  expect(file!.contentHash).toMatch(/^[0-9a-f]{64}$/)
  expect(await subjects(world, 'walnut')).toEqual(['Again'])
})
