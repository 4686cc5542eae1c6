// Files are read in a thread with limits of time and memory: one that takes too much of either costs its thread, and is
// known as unreadable.

import { Worker } from 'node:worker_threads'
import type { FileKind } from '../../issues/search/file-kind.ts'
import type { FileAnswer, FileTask } from './file-worker.ts'

export type FileReader = {
  /**
   * The text of a file, or why it could not be read. One at a time: wait for the one before.
   * @throws Error where it was let go of meanwhile: that says nothing about the file
   */
  read(kind: FileKind, bytes: Uint8Array): Promise<FileAnswer>
  /** Lets go of what is read and gives back what the thread holds; the next file starts another. */
  rest(): Promise<void>
}

/** The longest that a file may take; what is long and in order ends before, and counts as far as it got. */
export const READ_TIMEOUT_MS = 90_000
/** The most memory for JavaScript objects in the thread. */
const OBJECTS_MB = 384
/** The most memory for bytes in it, which no limit of Node's counts: unpacked streams above all. */
const BYTES_MB = 384
/** How often that is looked at: in this time no file makes very much more. */
const LOOK_EVERY_MS = 50

/** Opens a reader; its thread starts with the first file and does not keep the process alive. */
export function openFileReader(options: { timeoutMs?: number; objectsMb?: number; bytesMb?: number } = {}): FileReader {
  const timeoutMs = options.timeoutMs ?? READ_TIMEOUT_MS
  const bytesMb = options.bytesMb ?? BYTES_MB
  let worker: Worker | undefined
  let letGo: ((error: Error) => void) | undefined

  function start(): Worker {
    const started = new Worker(new URL('./file-worker.ts', import.meta.url), {
      name: 'files',
      execArgv: [],
      env: {},
      resourceLimits: {
        maxOldGenerationSizeMb: options.objectsMb ?? OBJECTS_MB,
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 8,
      },
    })
    // It may also end when it reads nothing: then the next file starts another.
    const forget = () => {
      if (worker === started) worker = undefined
    }
    started.on('error', forget).on('exit', forget).unref()
    return started
  }

  async function end(): Promise<void> {
    const ended = worker
    worker = undefined
    await ended?.terminate()
  }

  return {
    async read(kind, bytes) {
      worker ??= start()
      const thread = worker
      const { promise, resolve, reject } = Promise.withResolvers<FileAnswer>()
      letGo = reject
      const fail = (why: string) => resolve({ failed: why })
      const late = setTimeout(() => fail(`Reading it took more than ${timeoutMs / 1000} seconds.`), timeoutMs)
      const looking = setInterval(() => void look(), LOOK_EVERY_MS)
      const look = async () => {
        // It may end while it is asked.
        const heap = await thread.getHeapStatistics().catch(() => undefined)
        if (heap && heap.external_memory > bytesMb * 1024 * 1024) fail(TOO_MUCH)
      }
      const onError = (error: unknown) => fail(isOutOfMemory(error) ? TOO_MUCH : 'Reading it failed.')
      const onExit = () => fail('Reading it ended unexpectedly.')
      thread.once('message', resolve).once('error', onError).once('exit', onExit)
      thread.ref()
      // A copy of its own is handed over whole.
      const task: FileTask = { kind, bytes: new Uint8Array(bytes) }
      thread.postMessage(task, [task.bytes.buffer as ArrayBuffer])
      try {
        const answer = await promise
        if ('failed' in answer) await end()
        return answer
      } finally {
        letGo = undefined
        clearTimeout(late)
        clearInterval(looking)
        thread.removeListener('message', resolve).removeListener('error', onError).removeListener('exit', onExit)
        thread.unref()
      }
    },
    async rest() {
      letGo?.(new Error('The file reader was let go.'))
      await end()
    },
  }
}

const TOO_MUCH = 'Reading it took too much memory.'

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
