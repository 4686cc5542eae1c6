import type { InferResponseType } from 'hono/client'
import { createSignal } from 'solid-js'
import { api, call } from './api.ts'

// Jobs of this member, as far as this page knows: what is done to many issues at once.

export type Job = InferResponseType<(typeof api.jobs)[':id']['$get'], 200>

/** Where no event comes, it is asked again after so long. */
const ASK_EVERY_MS = 1_500

/** What is said while a job goes on; only of those that take a while. */
export type Progress = { id: string; words: string; done: number; total: number }
const [progress, setProgress] = createSignal<readonly Progress[]>([])

export { progress }

const events = new EventTarget()

/** The server says that some job of this member has come further. */
export function jobsChanged(): void {
  events.dispatchEvent(new Event('changed'))
}

/**
 * Waits until a job is over.
 * @param words what is said of it meanwhile, with how far it has come; null: nothing
 */
export async function untilOver(job: Job, words: string | null): Promise<Job> {
  const { id } = job
  let now = job
  const tell = () => {
    if (words === null) return
    const { done, total } = now
    setProgress((all) =>
      all.some((one) => one.id === id)
        ? all.map((one) => (one.id === id ? { ...one, done, total } : one))
        : [...all, { id, words, done, total }],
    )
  }
  try {
    while (now.state === 'running') {
      tell()
      await nextChange()
      now = await call(api.jobs[':id'].$get({ param: { id } }))
    }
    return now
  } finally {
    setProgress((all) => all.filter((one) => one.id !== id))
  }
}

function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      events.removeEventListener('changed', over)
      resolve()
    }
    const timer = setTimeout(over, ASK_EVERY_MS)
    events.addEventListener('changed', over)
  })
}
