import path from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findBackup } from '../../server/backup/manifest.ts'
import { isDue, newestBackup, runBackups } from '../../server/backup/schedule.ts'
import { verifyBackup } from '../../server/backup/verify.ts'
import { arrive } from '../issues/story.ts'
import { openWorld } from '../world.ts'

const at = (text: string) => Date.parse(text)

test.each([
  ['nothing was ever backed up', undefined, '2026-11-20T01:00:00Z', true],
  ['last night is there', '2026-11-20T02:00:01Z', '2026-11-20T23:59:00Z', false],
  ['it is before two', '2026-11-19T02:00:01Z', '2026-11-20T01:59:00Z', false],
  ['it is two', '2026-11-19T02:00:01Z', '2026-11-20T02:00:00Z', true],
  ['a night was missed', '2026-11-18T02:00:01Z', '2026-11-20T01:00:00Z', true],
])('where %s, a backup is due: %s %s', (_, newest, now, due) => {
  expect(isDue(newest === undefined ? undefined : at(newest), at(now))).toBe(due)
})

test('a server that has none makes a backup as soon as it runs', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { subject: 'Fleet telematics' })
  const folder = path.join(world.folder, 'backups')
  const { databaseUrl, dataDir } = world.config

  const backups = runBackups(
    { db: world.db, log: pino({ level: 'silent' }) },
    { databaseUrl, dataDir, folder, keep: 2 },
    '1.2.3',
  )
  onTestFinished(() => backups.stop())
  await vi.waitFor(async () => expect(await newestBackup(folder)).toBeGreaterThan(0), { timeout: 20_000 })

  expect(Date.now() - (await newestBackup(folder))!).toBeLessThan(60_000)
  expect(await verifyBackup(await findBackup(folder))).toMatchObject({ messages: 1, blobs: 1, troubles: [] })
})
