import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Status } from './status.ts'

/** From a list in a millisecond to a search that is too slow, in seconds. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** What a Prometheus server reads: https://prometheus.io/docs/instrumenting/exposition_formats/. */
export type Metrics = {
  /** Counts a request and how long it took. The route is its pattern, so that ids do not become labels. */
  answered(method: string, route: string, status: number, seconds: number): void
  /** Everything in the text format, with the status as it is now. */
  text(status: Status, now: number): Promise<string>
  contentType: string
}

let opened: Metrics | undefined

/** The metrics of this process: memory, processor and event loop are the same for all that runs in it. */
export function processMetrics(): Metrics {
  opened ??= openMetrics()
  return opened
}

function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'downfield_http_request_seconds',
    help: 'Requests by method, route and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  })
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `downfield_${name}`, help, labelNames, registers: [registry] })
  const lag = gauge('mailbox_lag_seconds', 'Since when nobody knows that nothing is missing.', 'mailbox')
  const live = gauge('mailbox_watched', '1 while the watch over a mailbox goes well.', 'mailbox')
  const waiting = gauge('mails_waiting', 'Mails that are stored and not understood yet.', 'mailbox')
  const failed = gauge('mails_failed', 'Mails that could not be understood.', 'mailbox')
  const outgoing = gauge('outbox_messages', 'Messages on their way out, by state.', 'state')
  const outboxAge = gauge('outbox_oldest_due_seconds', 'How long the oldest due message has been due.')
  const unindexed = gauge('search_queue_messages', 'Messages that search does not find yet, up to 10000.')
  const unread = gauge('file_queue_files', 'Files whose text is still to be read for the search, up to 10000.')
  const unreadable = gauge('files_unreadable', 'Files whose text could not be read.')
  const diskFree = gauge('disk_free_bytes', 'Free space of the data folder.')
  const database = gauge('database_bytes', 'Size of the SQLite file.')
  const backup = gauge('backup_age_seconds', 'Age of the newest complete backup.')

  return {
    contentType: registry.contentType,
    answered(method, route, status, seconds) {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    async text(status, now) {
      for (const each of [lag, live, waiting, failed, outgoing, backup]) each.reset()
      for (const mailbox of status.mailboxes) {
        const labels = { mailbox: mailbox.address }
        if (!mailbox.paused && mailbox.syncedAt !== null) lag.set(labels, (now - mailbox.syncedAt) / 1000)
        live.set(labels, mailbox.state === 'live' || mailbox.state === 'polling' ? 1 : 0)
        waiting.set(labels, mailbox.waiting)
        failed.set(labels, mailbox.failed)
      }
      for (const state of ['queued', 'sending', 'uncertain'] as const) outgoing.set({ state }, status.outbox[state])
      const { oldestDueAt } = status.outbox
      outboxAge.set(oldestDueAt === null ? 0 : (now - oldestDueAt) / 1000)
      unindexed.set(status.unindexed)
      unread.set(status.files.waiting)
      unreadable.set(status.files.failed)
      diskFree.set(status.disk.freeBytes)
      if (status.databaseBytes !== null) database.set(status.databaseBytes)
      if (status.backups.newestAt !== null) backup.set((now - status.backups.newestAt) / 1000)
      return await registry.metrics()
    },
  }
}
