import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { mailboxes, uploads } from '../../db/schema.ts'
import { MAX_UPLOAD_BYTES, pruneUploads } from '../../server/issues/upload.ts'
import { compose } from '../../server/mail/send/compose.ts'
import { MAX_GRAPH_MAIL_BYTES } from '../../server/mail/send/graph.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld, type World } from '../world.ts'

const DAY_MS = 86_400_000

async function upload(as: Fetch, filename: string, bytes: Uint8Array) {
  const response = await as(`/api/uploads?filename=${encodeURIComponent(filename)}`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'text/html' },
  })
  expect(response.status).toBe(201)
  return (await response.json()) as { id: string; filename: string; contentType: string; size: number }
}

/** An issue with a mail in it, and how somebody answers it. */
async function openIssue(world: World) {
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const offered = await (await world.as(world.ben)(`/api/issues/${issue!.id}/recipients`)).json()
  const { messageId } = offered as { messageId: string }
  const to = [{ address: 'dana@tacoma.example' }]
  const answer = async (as: Fetch, attachments: string[], id = uuidv7()) =>
    await as(`/api/issues/${issue!.id}/replies`, {
      method: 'POST',
      json: { id, messageId, to, text: 'Here you are.', attachments },
    })
  return { issue: issue!, answer }
}

async function errorsOf(response: Response) {
  const { errors } = (await response.json()) as { errors: { field: string; message: string }[] }
  return errors
}

/** How many blobs are on the disk. */
async function blobCount({ folder }: World): Promise<number> {
  const found = await readdir(path.join(folder, 'blobs'), { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).length
}

test('a file goes along with an answer, is listed with it, and comes back as it was given, before it is sent', async () => {
  const world = await openWorld()
  const { issue, answer } = await openIssue(world)
  const as = world.as(world.ben)
  const bytes = randomBytes(300_000)
  const file = await upload(as, 'C:\\Users\\ben\\Angebot für Größe.pdf', bytes)
  // What the browser says it is counts for nothing: the name decides.
  expect(file).toEqual({
    id: expect.any(String),
    filename: 'Angebot für Größe.pdf',
    contentType: 'application/pdf',
    size: 300_000,
  })
  const page = await upload(as, 'page.html', Buffer.from('<script>alert(1)</script>'))
  const id = uuidv7()

  expect((await answer(as, [page.id, file.id], id)).status).toBe(201)
  // The same request again changes nothing, although its files are taken by now.
  expect((await answer(as, [page.id, file.id], id)).status).toBe(201)

  const shown = (await (await as(`/api/issues/${issue.id}`)).json()) as {
    issue: { hasAttachments: boolean }
    timeline: { id: string; message?: { attachments: unknown[] } }[]
  }
  expect(shown.issue.hasAttachments).toBe(true)
  // Nothing keeps their text from being found, as far as anybody has looked.
  const searchable = { unsearchable: null }
  expect(shown.timeline.find((entry) => entry.id === id)?.message?.attachments).toEqual([
    { position: 0, filename: 'page.html', contentType: 'text/html', size: 25, inline: false, ...searchable },
    {
      position: 1,
      filename: 'Angebot für Größe.pdf',
      contentType: 'application/pdf',
      size: 300_000,
      inline: false,
      ...searchable,
    },
  ])
  const got = await world.as(world.vic)(`/api/messages/${id}/attachments/1`)
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
  // HTML that somebody uploaded is never a page of ours.
  const html = await as(`/api/messages/${id}/attachments/0?inline=1`)
  expect(Object.fromEntries(html.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': expect.stringMatching(/^attachment; /),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
})

test('files that are not there, not theirs, or sent already are refused by their place in the list', async () => {
  const world = await openWorld()
  const { answer } = await openIssue(world)
  const [ben, mo] = [world.as(world.ben), world.as(world.mo)]
  const own = await upload(ben, 'a.txt', Buffer.from('a'))
  const theirs = await upload(mo, 'b.txt', Buffer.from('b'))
  const sent = await upload(ben, 'c.txt', Buffer.from('c'))
  expect((await answer(ben, [sent.id])).status).toBe(201)

  const refused = await answer(ben, [own.id, theirs.id, 'nothing', sent.id, own.id])

  expect(refused.status).toBe(400)
  expect(await errorsOf(refused)).toEqual([
    ...[1, 2, 3].map((i) => ({
      field: `attachments.${i}`,
      message: `attachments.${i} must be a file that you uploaded. Attach it again.`,
    })),
    { field: 'attachments.4', message: 'attachments.4 is there twice. Name each file once.' },
  ])
})

test('what is too large is refused: one file as it comes in, several before the answer is queued', async () => {
  const world = await openWorld()
  const { answer } = await openIssue(world)
  const as = world.as(world.ben)
  const largest = await upload(as, 'largest.bin', Buffer.alloc(MAX_UPLOAD_BYTES))
  const small = await upload(as, 'small.bin', Buffer.alloc(2_000_000))

  const tooLarge = await as('/api/uploads?filename=a.bin', {
    method: 'POST',
    body: new Uint8Array(MAX_UPLOAD_BYTES + 1),
  })
  const together = await answer(as, [largest.id, small.id])
  const empty = await as('/api/uploads?filename=a.bin', { method: 'POST', body: new Uint8Array() })

  expect([tooLarge.status, await tooLarge.json()]).toMatchObject([
    413,
    { detail: 'A file may have 25 MB. Send a link to larger ones.' },
  ])
  expect(await errorsOf(together)).toEqual([
    {
      field: 'attachments',
      message: 'attachments may have 25 MB together; these have 27 MB. Remove some, or send a link.',
    },
  ])
  expect(empty.status).toBe(400)
  expect((await answer(as, [largest.id])).status).toBe(201)
})

test('the limit is known before anything is sent, and is lower where the mailbox sends by Microsoft Graph', async () => {
  const world = await openWorld()
  const { issue } = await openIssue(world)
  const as = world.as(world.ben)
  const limits = async () => await (await as(`/api/issues/${issue.id}/recipients`)).json()
  expect(await limits()).toMatchObject({
    maxFileBytes: 25_000_000,
    maxAttachedBytes: 25_000_000,
    maxAttachedFiles: 50,
  })
  await world.db.write(async (tx) => {
    await tx.update(mailboxes).set({ sendBy: 'graph' }).where(eq(mailboxes.id, world.proposals.id))
  })
  const { maxAttachedBytes } = (await limits()) as { maxAttachedBytes: number }
  // As large as that it still fits, in base64 and with the rest of the mail.
  const file = { filename: 'a.bin', contentType: 'application/octet-stream', bytes: Buffer.alloc(maxAttachedBytes) }
  const raw = await compose(
    {
      internetMessageId: 'a@northwind.example',
      inReplyTo: null,
      references: [],
      subject: 'Offer',
      fromName: '',
      fromAddress: 'proposals@northwind.example',
      to: [{ name: '', address: 'dana@tacoma.example' }],
      cc: [],
      at: 0,
    },
    'word '.repeat(10_000),
    [file],
  )
  expect(raw.length).toBeLessThanOrEqual(MAX_GRAPH_MAIL_BYTES)
  expect(raw.length).toBeGreaterThan(MAX_GRAPH_MAIL_BYTES * 0.9)
})

test('a file that is removed is gone from the disk; one of somebody else, or being sent, stays', async () => {
  const world = await openWorld()
  const { answer } = await openIssue(world)
  const [ben, mo] = [world.as(world.ben), world.as(world.mo)]
  const before = await blobCount(world)
  const same = Buffer.from('the same bytes')
  const [first, second, sent] = [
    await upload(ben, 'a.txt', same),
    await upload(mo, 'a.txt', same),
    await upload(ben, 'c.txt', same),
  ]
  await answer(ben, [sent.id])
  expect((await blobCount(world)) - before).toBe(3)

  const statuses = []
  for (const id of [first.id, second.id, sent.id])
    statuses.push((await ben(`/api/uploads/${id}`, { method: 'DELETE' })).status)

  expect(statuses).toEqual([204, 404, 404])
  expect((await blobCount(world)) - before).toBe(2)
})

test('files that nobody sent are forgotten when their draft is, and no others', async () => {
  const world = await openWorld()
  const { answer } = await openIssue(world)
  const as = world.as(world.ben)
  const unused = await upload(as, 'unused.txt', Buffer.from('unused'))
  const used = await upload(as, 'used.txt', Buffer.from('used'))
  await answer(as, [used.id])
  const before = await blobCount(world)
  const left = async () => (await world.db.read.select().from(uploads)).map(({ filename }) => filename).sort()

  await pruneUploads(world.mail, world.now() + 59 * DAY_MS)
  expect(await left()).toEqual(['unused.txt', 'used.txt'])
  await pruneUploads(world.mail, world.now() + 61 * DAY_MS)

  // The other one has not gone out yet.
  expect(await left()).toEqual(['used.txt'])
  expect((await blobCount(world)) - before).toBe(-1)
  expect(await errorsOf(await answer(as, [unused.id]))).toMatchObject([{ field: 'attachments.0' }])
})
