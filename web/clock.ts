import { createSignal, onCleanup } from 'solid-js'

/** The time, every so often, for what says how long ago something was. */
export function useNow(everyMs: number): () => number {
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), everyMs)
  onCleanup(() => clearInterval(timer))
  return now
}

/** Whether the window is as wide as the query says. */
export function useMedia(query: string): () => boolean {
  const media = matchMedia(query)
  const [matches, setMatches] = createSignal(media.matches)
  const change = () => setMatches(media.matches)
  media.addEventListener('change', change)
  onCleanup(() => media.removeEventListener('change', change))
  return matches
}

/** Below this, list and issue are screens of their own (styles/list.css). */
export const NARROW = '(max-width: 860px)'
