// All that is done with mail by itself is done in a thread of its own: fetching, placing, indexing, sending. Whoever asks
// for a page does not wait for it.

import { Worker } from 'node:worker_threads'
import type { Shared } from '../../db/threads.ts'
import type { Config } from '../config.ts'
import type { SendPace } from './send/outbox.ts'

const RESOLVE_DRIZZLE = new URL('../resolve-drizzle.mjs', import.meta.url).href

/** What the thread begins with. */
export type MailWork = { config: Config; database: Shared; logLevel: string; sendPace?: Partial<SendPace> | undefined }
/** What it is told later. */
export type MailOrder = { lookNow: string; more?: 'and check' | undefined } | { stop: true }

export type MailThread = {
  /** Looks into a mailbox at once, without waiting for its timer; may also compare all of it with what is here. */
  lookNow(mailboxId: string, more?: 'and check'): void
  /** Ends when all is at rest. What was under way goes on at the next start. */
  stop(): Promise<void>
}

/**
 * Starts the thread.
 * @param onFault is told of a fault that nobody caught in it, after which it does nothing any more
 */
export function startMailThread(work: MailWork, onFault: (error: unknown) => void): MailThread {
  const options = { name: 'mail', workerData: work, execArgv: ['--import', RESOLVE_DRIZZLE] }
  const worker = new Worker(new URL('./mail-worker.ts', import.meta.url), options)
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const tell = (order: MailOrder) => worker.postMessage(order)
  worker.once('error', onFault)
  return {
    lookNow: (mailboxId, more) => tell({ lookNow: mailboxId, more }),
    async stop() {
      tell({ stop: true })
      await ended
    },
  }
}
