import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { fromBuffer } from 'yauzl'
import { openWorld } from '../world.ts'
import { arriveRaw, issuesOf, rawOf } from './story.ts'

/** The files of a ZIP by name. */
function unzip(bytes: Buffer): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (error, zip) => {
      if (error) return reject(error)
      const files = new Map<string, string>()
      zip.on('error', reject)
      zip.on('end', () => resolve(files))
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, async (failed, stream) => {
          if (failed) return reject(failed)
          files.set(entry.fileName, await text(stream))
          zip.readEntry()
        })
      })
      zip.readEntry()
    })
  })
}

test('an issue is exported with each mail as it came, its notes, and what happened', async () => {
  const world = await openWorld()
  const first = rawOf({ id: 'a@tacoma.example', subject: '../../etc/passwd: "Fleet" <telematics>' })
  const second = rawOf({ inReplyTo: 'a@tacoma.example', subject: 'Re: Grüße 検索', from: 'dana@tacoma.example' })
  await arriveRaw(world, world.proposals, first)
  await arriveRaw(world, world.proposals, second, 'inbox', Date.parse('2026-11-21T09:41:00Z'))
  const [issue] = await issuesOf(world, world.proposals)
  const ben = world.as(world.ben)
  const note = { id: crypto.randomUUID(), text: 'They need it by Friday.' }
  await ben(`/api/issues/${issue!.id}/notes`, { method: 'POST', json: note })

  const answer = await ben(`/api/issues/${issue!.id}/export`, { method: 'POST' })

  expect(answer.headers.get('content-type')).toBe('application/zip')
  const files = await unzip(Buffer.from(await answer.arrayBuffer()))
  expect([...files.keys()]).toEqual([
    '1 2026-11-20 Dana Whitfield - .. .. etc passwd Fleet telematics.eml',
    '2 2026-11-20 dana@tacoma.example - Re Grüße 検索.eml',
    'notes.txt',
    'issue.json',
  ])
  expect([...files.values()].slice(0, 2)).toEqual([first.toString(), second.toString()])
  expect(files.get('notes.txt')).toContain('They need it by Friday.')
  expect(JSON.parse(files.get('issue.json')!)).toMatchObject({
    number: 1,
    mails: [{ direction: 'in' }, { direction: 'in' }],
    events: expect.arrayContaining([expect.objectContaining({ action: 'noted', memberId: world.ben.id })]),
  })
  const page = await (await ben(`/api/issues/${issue!.id}`)).json()
  expect(page).toMatchObject({
    timeline: expect.arrayContaining([
      expect.objectContaining({ kind: 'event', event: expect.objectContaining({ action: 'exported' }) }),
    ]),
  })
})

test('an issue of a mailbox that a member does not see is not exported', async () => {
  const world = await openWorld()
  await arriveRaw(world, world.closed, rawOf({ to: 'desk@northwind.example' }))
  const [issue] = await issuesOf(world, world.closed)

  expect((await world.as(world.mo)(`/api/issues/${issue!.id}/export`, { method: 'POST' })).status).toBe(404)
})
