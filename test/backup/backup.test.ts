import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { postgres } from '../../db/columns.ts'
import { openSqliteFile } from '../../db/portable/sqlite-file.ts'
import { messages, notes } from '../../db/schema.ts'
import { backUp } from '../../server/backup/backup.ts'
import { loadIntoPostgres } from '../../server/backup/load.ts'
import { findBackup, readManifest } from '../../server/backup/manifest.ts'
import { restore } from '../../server/backup/restore.ts'
import { verifyBackup, verifyInstallation } from '../../server/backup/verify.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { databaseUrl } from '../postgres.ts'
import { openWorld, type World } from '../world.ts'

const TAKEN_AT = Date.parse('2026-11-20T10:00:00Z')
const made = { version: '1.2.3', now: TAKEN_AT }

/** A world with three mails in two issues, one of which somebody took and wrote a note on. */
async function openBusyWorld() {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { subject: 'Fleet telematics', id: 'a@tacoma.example' },
    { subject: 'Re: Fleet telematics', inReplyTo: 'a@tacoma.example' },
    { subject: 'Weighbridge', from: 'Jo <jo@fenwick.example>', text: 'Grüße, 検索 and a "quote" \\ backslash' },
  )
  const [fleet] = await issuesOf(world, world.proposals)
  const as = world.as(world.ben)
  await as(`/api/issues/${fleet!.id}/assignee`, { method: 'PUT', json: { memberId: world.ben.id } })
  const note = { id: randomUUID(), text: 'They need it by Friday.' }
  expect((await as(`/api/issues/${fleet!.id}/notes`, { method: 'POST', json: note })).status).toBeLessThan(300)
  return world
}

const places = (world: World) => ({
  folder: path.join(world.folder, 'backups'),
  fresh: { dataDir: path.join(world.folder, 'fresh'), databaseUrl: path.join(world.folder, 'fresh', 'downfield.db') },
})

/** What every table of a SQLite file holds. */
function digestsOf(file: string) {
  const opened = openSqliteFile(file, { readonly: true })
  try {
    return Object.fromEntries(opened.tables.map((table) => [table.name, opened.digest(table)]))
  } finally {
    opened.close()
  }
}

test('a backup that is restored elsewhere holds every row and every raw mail', async () => {
  const world = await openBusyWorld()
  const { folder, fresh } = places(world)

  const backup = await backUp(world.config, folder, made)
  const restored = await restore(fresh, backup.folder)

  expect(backup.tables.messages?.rows).toBe(3)
  expect(backup.blobs.count).toBe(3)
  expect(restored).toMatchObject({ takenAt: TAKEN_AT, messages: 3, blobs: 3 })
  expect(digestsOf(fresh.databaseUrl)).toEqual(backup.tables)
  expect(await verifyInstallation(fresh)).toMatchObject({ messages: 3, blobs: 3, troubles: [] })
})

test('rows that are written while a backup is under way are not in it, and do not disturb it', async () => {
  const world = await openBusyWorld()
  const { folder } = places(world)

  const [backup] = await Promise.all([
    backUp(world.config, folder, made),
    arrive(world, world.proposals, ...Array.from({ length: 5 }, (_, i) => ({ subject: `Late ${i}` }))),
  ])

  expect(await verifyBackup(backup.folder)).toMatchObject({ troubles: [] })
  expect(await world.db.read.$count(messages)).toBe(8)
})

test('a second backup copies only what is new, and letting go of the first keeps what the second needs', async () => {
  const world = await openBusyWorld()
  const { folder } = places(world)
  const first = await backUp(world.config, folder, made)
  await arrive(world, world.proposals, { subject: 'One more' })

  const second = await backUp(world.config, folder, { ...made, now: TAKEN_AT + 1, keep: 1 })

  expect([first.added, second.added]).toEqual([3, 1])
  expect(second.removed).toEqual([path.basename(first.folder)])
  expect(await findBackup(folder)).toBe(second.folder)
  expect(await verifyBackup(second.folder)).toMatchObject({ messages: 4, blobs: 4, troubles: [] })
})

test('a damaged backup is not restored, and says what is wrong', async () => {
  const world = await openBusyWorld()
  const { folder, fresh } = places(world)
  const backup = await backUp(world.config, folder, made)
  const [blob] = await blobsIn(path.join(folder, 'blobs'))
  await writeFile(blob!, 'something else')
  const file = openSqliteFile(path.join(backup.folder, 'downfield.db'))
  file.run("update notes set text = 'tampered with'")
  file.close()

  const { troubles } = await verifyBackup(backup.folder)

  expect(troubles).toEqual([
    `Blobs whose content does not match their name: ${path.basename(blob!)}.`,
    'The rows of notes are not those that were backed up.',
  ])
  await expect(restore(fresh, backup.folder)).rejects.toThrow('The backup is damaged, and nothing was restored.')
  await expect(readFile(fresh.databaseUrl)).rejects.toThrow('ENOENT')
})

test('a backup that was cut short is none', async () => {
  const world = await openBusyWorld()
  const { folder } = places(world)
  const backup = await backUp(world.config, folder, made)
  await rm(path.join(backup.folder, 'manifest.json'))

  await expect(findBackup(folder)).rejects.toThrow(`There is no complete backup in ${folder}.`)
})

test('a restore never writes over data', async () => {
  const world = await openBusyWorld()
  const { folder, fresh } = places(world)
  const backup = await backUp(world.config, folder, made)
  await restore(fresh, backup.folder)

  await expect(restore(fresh, backup.folder)).rejects.toThrow('exists. Move it away first')
})

test('verify names a raw mail that is missing, and a list whose count is wrong', async () => {
  const world = await openBusyWorld()
  const [blob] = await blobsIn(path.join(world.config.dataDir, 'blobs'))
  await rm(blob!)
  const { folder } = places(world)

  const { troubles } = await verifyInstallation(world.config)

  expect(troubles).toEqual([`Blobs that are missing: ${path.basename(blob!)}.`])
  // The backup is made all the same, and says what it lacks.
  await expect(backUp(world.config, folder, made)).rejects.toThrow('A raw mail or file is missing or damaged')
  expect(await readManifest(await findBackup(folder))).toMatchObject({ blobs: { count: 2 } })
})

// Only there is a second PostgreSQL database to move into.
if (postgres) {
  test('what moves to PostgreSQL is equal by hash, also when the move was cut short', async () => {
    const world = await openBusyWorld()
    const { folder } = places(world)
    const backup = await backUp(world.config, folder, made)
    const url = await emptyDatabase()
    const file = path.join(backup.folder, 'downfield.db')
    const cut = new Error('cut')

    await expect(
      loadIntoPostgres(file, url, (table) => {
        if (table === 'messages') throw cut
      }),
    ).rejects.toThrow(cut)
    await loadIntoPostgres(file, url, () => {})

    const again = await backUp({ ...world.config, databaseUrl: url }, folder, { ...made, now: TAKEN_AT + 1 })
    expect(again.tables).toEqual(backup.tables)
    expect(await world.db.read.$count(notes)).toBe(1)
  })

  test('a database with rows of its own is not moved into', async () => {
    const world = await openBusyWorld()
    const { folder } = places(world)
    const backup = await backUp(world.config, folder, made)
    await arrive(world, world.proposals, { subject: 'One more' })

    const file = path.join(backup.folder, 'downfield.db')
    await expect(loadIntoPostgres(file, world.config.databaseUrl, () => {})).rejects.toThrow('has rows of its own')
  })
}

async function blobsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

async function emptyDatabase(): Promise<string> {
  const server = inject('postgresUrl')
  const name = `move_${randomUUID().replaceAll('-', '')}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name}`)
  onTestFinished(() => run(`drop database ${name} with (force)`))
  return databaseUrl(server, name)
}
