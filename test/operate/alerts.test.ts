import { expect, test } from 'vitest'
import { alertsOf, BACKUP_LATE_MS, OUTBOX_LATE_MS, STALE_MS } from '../../server/operate/alerts.ts'
import type { Status } from '../../server/operate/status.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z')

const mailbox: Status['mailboxes'][number] = {
  id: 'm1',
  address: 'proposals@northwind.example',
  paused: false,
  state: 'live',
  since: NOW - 1_000,
  syncedAt: NOW - 1_000,
  waiting: 0,
  failed: 0,
}
const fine: Status = {
  version: '1.2.3',
  engine: 'sqlite',
  databaseBytes: 1,
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  backups: { on: true, newestAt: NOW - 9 * 3_600_000, dueAt: NOW - 10 * 3_600_000 },
  mailboxes: [mailbox],
  outbox: { queued: 0, sending: 0, uncertain: 0, oldestDueAt: null },
  unindexed: 0,
  files: { waiting: 0, failed: 0 },
}

test('where everything goes well there is nothing to say', () => {
  expect(alertsOf(fine, NOW)).toEqual([])
})

test.each<[what: string, Partial<Status>, key: string, urgency: 'now' | 'soon']>([
  ['a mailbox in trouble for long', one({ state: 'trouble', syncedAt: NOW - STALE_MS - 1 }), 'mailbox_stale:m1', 'now'],
  ['a mailbox that was never seen', one({ syncedAt: null, since: NOW - STALE_MS - 1 }), 'mailbox_stale:m1', 'now'],
  ['mail that can not be understood', one({ failed: 2 }), 'mails_failed:m1', 'soon'],
  ['an answer that does not go out', box({ queued: 1, oldestDueAt: NOW - OUTBOX_LATE_MS - 1 }), 'outbox_stuck', 'now'],
  ['an answer that may have gone out', box({ uncertain: 1 }), 'outbox_uncertain', 'soon'],
  ['little disk', { disk: { freeBytes: 1e9, totalBytes: 1e12 } }, 'disk_low', 'now'],
  ['a small share of disk', { disk: { freeBytes: 4e9, totalBytes: 100e9 } }, 'disk_low', 'now'],
  [
    'a backup that is missing',
    { backups: { on: true, newestAt: null, dueAt: NOW - BACKUP_LATE_MS - 1 } },
    'backup_late',
    'soon',
  ],
])('%s is said, with what to do', (_, wrong, key, urgency) => {
  const alerts = alertsOf({ ...fine, ...wrong }, NOW)
  expect(alerts).toMatchObject([{ key, urgency }])
  for (const { summary, whatToDo } of alerts) {
    expect(summary).toMatch(/\.$/)
    expect(whatToDo).toMatch(/\.$/)
  }
})

test.each<[what: string, Partial<Status>]>([
  ['a paused mailbox', one({ paused: true, syncedAt: NOW - 10 * STALE_MS })],
  ['a short trouble', one({ state: 'trouble', syncedAt: NOW - STALE_MS + 1_000 })],
  ['an answer on its way', box({ queued: 3, oldestDueAt: NOW - 60_000 })],
  ['a backup under way', { backups: { on: true, newestAt: null, dueAt: NOW - 60_000 } }],
  ['no backups, by choice', { backups: { on: false, newestAt: null, dueAt: NOW - 2 * BACKUP_LATE_MS } }],
])('%s is no alarm', (_, change) => {
  expect(alertsOf({ ...fine, ...change }, NOW)).toEqual([])
})

function one(change: Partial<Status['mailboxes'][number]>): Partial<Status> {
  return { mailboxes: [{ ...mailbox, ...change }] }
}

function box(change: Partial<Status['outbox']>): Partial<Status> {
  return { outbox: { ...fine.outbox, ...change } }
}
