import { createEffect, createSignal, on, untrack } from 'solid-js'
import { api, type Crossed, call } from './api.ts'
import { type Draft, isMailEmpty } from './drafts.ts'

/**
 * What came in while a draft is written: until its first word it is read as it comes; from then on it may pass unseen, and
 * is told.
 * @param newest the newest event that the timeline above shows
 */
export function createNews(to: {
  issueId: string | null
  newest: () => string | undefined
  draft: () => Draft
  patch: (to: Partial<Draft>) => void
  isGone: () => boolean
}) {
  const { issueId, draft } = to
  const [news, setNews] = createSignal<Crossed>()
  createEffect(
    on([to.newest, () => draft().seen], ([newest, seen]) => {
      if (!newest || seen === newest) return
      if (seen === null || untrack(() => isMailEmpty(draft()))) to.patch({ seen: newest })
      else if (issueId)
        void call(api.issues[':id'].meanwhile.$get({ param: { id: issueId }, query: { since: seen } })).then(
          (found) => {
            if (!to.isGone()) setNews(found.arrived.length > 0 ? found : undefined)
          },
          () => {}, // Sending asks again.
        )
    }),
  )
  return { news, clear: () => setNews(undefined) }
}
