// Foreign mail is read in threads of their own, with limits of time and memory: a mail that takes too much of either
// costs its thread, which is replaced, and is shown as unreadable; every other mail is as it would have been.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Answer, ReadMail, Result, Task } from './parser-worker.ts'
import type { HtmlOptions, SanitizedHtml } from './sanitize.ts'
import { unreadableMail } from './unreadable.ts'

export type { HtmlOptions, ReadMail, SanitizedHtml }
export { unreadableMail }

export type Parsers = {
  /** Always gives a mail; one that can't be read in time is given as `unreadableMail`. */
  parse(raw: Uint8Array): Promise<ReadMail>
  /** The decoded bytes of an attachment; null when there is none, or it can't be read in time. */
  attachment(raw: Uint8Array, position: number): Promise<Uint8Array | null>
  /** The mail's HTML made harmless; null when it has none, or it can't be made so in time: show the text. */
  html(raw: Uint8Array, options: HtmlOptions): Promise<SanitizedHtml | null>
  /** Ends the threads. What is still waiting is refused, so that nothing half read is taken for the mail. */
  close(): Promise<void>
}

/** The longest that one mail may take. Ordinary mail takes a millisecond, the worst we made a few seconds. */
export const PARSE_TIMEOUT_MS = 20_000
/** The most memory for JavaScript objects in a thread; the raw mail itself comes on top. */
export const PARSER_MEMORY_MB = 512
/** So many mails, or bytes of them, are handed over ahead: a thread need not wait until ours has time to hand over the next. */
const AHEAD = 64
const AHEAD_BYTES = 4 * 1024 * 1024

type Read = Exclude<Answer, { ready: true }> | { lost: string }
type Job = { task: Task; settle: (answer: Read) => void; refuse: (error: Error) => void }
type Thread = { worker: Worker; ready: boolean; jobs: Job[]; bytes: number; timer: NodeJS.Timeout | undefined }

/**
 * Starts a pool of parser threads; a thread starts with its first mail and does not keep the process alive when idle.
 * What waits is not copied: a caller who awaits its results before it reads on holds no more in memory than those.
 */
export function openParsers(options: { workers?: number; timeoutMs?: number; memoryMb?: number } = {}): Parsers {
  const size = options.workers ?? Math.max(1, Math.min(4, availableParallelism() - 1))
  const timeoutMs = options.timeoutMs ?? PARSE_TIMEOUT_MS
  const memoryMb = options.memoryMb ?? PARSER_MEMORY_MB
  const threads = new Set<Thread>()
  const waiting: Job[] = []
  let closed = false

  function start(): Thread {
    const worker = new Worker(new URL('./parser-worker.ts', import.meta.url), {
      name: 'parser',
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 8 },
    })
    const thread: Thread = { worker, ready: false, jobs: [], bytes: 0, timer: undefined }
    worker.on('message', (answer: Answer) => {
      if ('ready' in answer) thread.ready = true
      else {
        const job = thread.jobs.shift()
        thread.bytes -= job?.task.raw.length ?? 0
        job?.settle(answer)
      }
      watch(thread)
      dispatch()
    })
    worker.on('error', (error) => drop(thread, wordsFor(error), error))
    worker.on('exit', () => drop(thread, 'Reading it ended unexpectedly.'))
    worker.unref()
    threads.add(thread)
    return thread
  }

  /** The clock runs for the mail that is being read: the oldest of those handed over. */
  function watch(thread: Thread) {
    clearTimeout(thread.timer)
    if (thread.jobs.length === 0) {
      thread.worker.unref()
      return
    }
    thread.worker.ref()
    if (!thread.ready) return
    thread.timer = setTimeout(() => drop(thread, `Reading it took more than ${timeoutMs / 1000} seconds.`), timeoutMs)
  }

  /** Gives a thread up. The mail it was reading is lost to it; those handed over ahead are read by another. */
  function drop(thread: Thread, reason: string, error?: unknown) {
    if (!threads.delete(thread)) return
    clearTimeout(thread.timer)
    void thread.worker.terminate()
    const [guilty, ...innocent] = thread.jobs
    thread.jobs = []
    if (!thread.ready) {
      // The thread could not even start: that is no fault of the mail, and asking again may help.
      const fault = new Error('The parser thread did not start.', { cause: error })
      for (const { refuse } of [guilty, ...innocent].filter((job) => job !== undefined)) refuse(fault)
      return
    }
    waiting.unshift(...innocent)
    guilty?.settle({ lost: reason })
    dispatch()
  }

  function dispatch() {
    while (!closed && waiting.length > 0) {
      const next = waiting[0]!
      const idle = [...threads].find(({ jobs }) => jobs.length === 0) ?? (threads.size < size ? start() : undefined)
      const ahead = [...threads]
        .filter(({ jobs, bytes }) => jobs.length < AHEAD && bytes + next.task.raw.length <= AHEAD_BYTES)
        .sort((a, b) => a.bytes - b.bytes)[0]
      const thread = idle ?? ahead
      if (!thread) return
      waiting.shift()
      thread.jobs.push(next)
      thread.bytes += next.task.raw.length
      // The copy is handed over whole; posting a view of a larger buffer would copy all of that.
      const raw = new Uint8Array(next.task.raw)
      thread.worker.postMessage({ ...next.task, raw }, [raw.buffer])
      if (thread.jobs.length === 1) watch(thread)
    }
  }

  function ask(task: Task): Promise<Read> {
    return new Promise((settle, refuse) => {
      if (closed) return refuse(new Error('The parsers are closed.'))
      waiting.push({ task, settle, refuse })
      dispatch()
    })
  }

  async function resultOf<R extends Result>(task: Task): Promise<R | null> {
    const answer = await ask(task)
    // The thread answers each kind of task with its own kind of result (parser-worker.ts).
    return 'result' in answer ? (answer.result as R) : null
  }

  return {
    async parse(raw) {
      const answer = await ask({ do: 'parse', raw })
      // As above: a parsed mail answers 'parse'.
      if ('result' in answer) return answer.result as ReadMail
      return unreadableMail(raw, 'lost' in answer ? answer.lost : `It could not be read: ${answer.error}`)
    },
    attachment: (raw, position) => resultOf<Uint8Array>({ do: 'attachment', raw, position }),
    html: (raw, options) => resultOf<SanitizedHtml>({ do: 'html', raw, options }),
    async close() {
      closed = true
      const open = [...threads]
      threads.clear()
      const refused = [...open.flatMap(({ jobs }) => jobs), ...waiting.splice(0)]
      for (const { refuse } of refused) refuse(new Error('The parsers are closed.'))
      for (const { timer } of open) clearTimeout(timer)
      await Promise.all(open.map(({ worker }) => worker.terminate()))
    },
  }
}

function wordsFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Reading it took too much memory.' : 'Reading it failed.'
}
