import { setTimeout as sleep } from 'node:timers/promises'

/** Steady, and more than a team of twenty asks for; spread evenly over what `KINDS` lists. */
export const REQUESTS_PER_SECOND = 25
const KINDS = ['list', 'issue', 'counts', 'search'] as const
const LETTERS_OF_A_WORD = /\p{L}{4,}/gu

type Listed = { id: string; subject: string }

/**
 * Asks the API as pages do, at a steady rate that does not wait for answers: one that comes late holds up no other, and
 * is counted from when it was due, so that waiting anywhere counts.
 * @returns what ends it and gives how long each answer took, in ms
 */
export function loadApi(url: string, cookie: string): () => Promise<number[]> {
  const stop = new AbortController()
  const took: number[] = []
  const asked: Promise<unknown>[] = []
  const failed: unknown[] = []
  let listed: Listed[] = []

  const pathFor = (n: number): string => {
    const kind = KINDS[n % KINDS.length]!
    const issue = listed[n % (listed.length || 1)]
    const words = issue?.subject.match(LETTERS_OF_A_WORD) ?? []
    if (kind === 'issue' && issue) return `/api/issues/${issue.id}`
    if (kind === 'search') return `/api/search?q=${encodeURIComponent(words[n % (words.length || 1)] ?? 'hello')}`
    return kind === 'counts' ? '/api/issues/counts' : '/api/issues'
  }
  const ask = async (n: number, dueAt: number) => {
    const path = pathFor(n)
    const answer = await fetch(url + path, { headers: { cookie } })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`)
    const body = await answer.text()
    took.push(performance.now() - dueAt)
    // The cast: the list of issues, as far as it is used here.
    if (path === '/api/issues') listed = (JSON.parse(body) as { issues: Listed[] }).issues
  }
  const running = (async () => {
    const began = performance.now()
    for (let n = 0; !stop.signal.aborted; n++) {
      const dueAt = began + (n * 1000) / REQUESTS_PER_SECOND
      await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal: stop.signal }).catch(() => {})
      if (!stop.signal.aborted) asked.push(ask(n, dueAt).catch((error) => void failed.push(error)))
    }
  })()

  return async () => {
    stop.abort()
    await running
    await Promise.all(asked)
    if (failed.length > 0) throw new Error(`${failed.length} requests failed.`, { cause: failed[0] })
    return took
  }
}
