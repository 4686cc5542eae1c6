import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { outbox } from '../../db/schema.ts'
import { arrive, arriveRaw } from '../issues/story.ts'
import { openWorld } from '../world.ts'

// Downfield answers nobody by itself: what goes out, somebody has written. As long as that holds, no loop can begin.

test('nothing that comes in makes anything go out, whoever or whatever wrote it', async () => {
  const world = await openWorld()
  const folder = path.join(import.meta.dirname, '../emails')
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.eml')))
    await arriveRaw(world, world.proposals, await readFile(path.join(folder, file)))
  expect(await world.db.read.select().from(outbox)).toEqual([])
})

test('two mailboxes whose servers answer for the absent exchange two mails, and no third', async () => {
  const [ours, theirs] = [await openWorld(), await openWorld()]
  const away = ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All', 'Precedence: bulk']
  await arrive(theirs, theirs.proposals, { id: 'asked@ours.example', from: 'Desk <desk@ours.example>' })
  await arrive(ours, ours.proposals, {
    id: 'away@theirs.example',
    from: 'Desk <desk@theirs.example>',
    subject: 'Automatic reply: Fleet telematics',
    inReplyTo: 'asked@ours.example',
    headers: away,
    text: 'I am out of the office.',
  })
  await arrive(theirs, theirs.proposals, {
    id: 'away@ours.example',
    from: 'Desk <desk@ours.example>',
    subject: 'Automatic reply: Automatic reply: Fleet telematics',
    inReplyTo: 'away@theirs.example',
    headers: away,
    text: 'I am out of the office as well.',
  })
  for (const world of [ours, theirs]) expect(await world.db.read.select().from(outbox)).toEqual([])
})
