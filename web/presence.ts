import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { Doing } from '../db/vocabulary.ts'
import { api, call } from './api.ts'
import { me } from './queries.ts'

// Who else looks at an issue, or writes in it, now. The server tells as it changes (web/live.ts); nothing is kept.

export type Here = { issueId: string; people: { memberId: string; doing: Doing }[] }

const [here, writeHere] = createSignal<ReadonlyMap<string, Here['people']>>(new Map())

/** Takes in what the server told: all of it, or what changed. */
export function setHere(places: Here[], isAll: boolean): void {
  writeHere((before) => {
    const next = new Map(isAll ? [] : before)
    for (const { issueId, people } of places) {
      if (people.length > 0) next.set(issueId, people)
      else next.delete(issueId)
    }
    return next
  })
}

/** Who else is in an issue. */
export function othersIn(issueId: string): Here['people'] {
  const self = me()?.member.id
  return (here().get(issueId) ?? []).filter(({ memberId }) => memberId !== self)
}

/** The server believes a page for 45 seconds (server/issues/presence.ts). */
const SAY_EVERY_MS = 20_000
/** Who only passes an issue in the list is not told of. */
const SAY_AFTER_MS = 250
const pageId = crypto.randomUUID()

/** Says which issue this page shows, and what is done in it, for as long as it does. */
export function sayPresence(issueId: () => string, doing: () => Doing): void {
  let said = ''
  const say = (id: string, what: Doing) => {
    if (document.visibilityState === 'hidden') return
    said = id
    call(api.issues[':id'].presence.$put({ param: { id }, json: { pageId, doing: what } })).catch(() => {})
  }
  const leave = () => {
    if (!said) return
    // Also while the page goes: an ordinary request would be cut off.
    void fetch(`/api/issues/${said}/presence/${pageId}`, { method: 'DELETE', keepalive: true }).catch(() => {})
    said = ''
  }
  createEffect(
    on([issueId, doing], ([id, what]) => {
      const first = window.setTimeout(() => say(id, what), SAY_AFTER_MS)
      const again = window.setInterval(() => say(id, what), SAY_EVERY_MS)
      const seen = () => (document.visibilityState === 'hidden' ? leave() : say(id, what))
      document.addEventListener('visibilitychange', seen)
      onCleanup(() => {
        clearTimeout(first)
        clearInterval(again)
        document.removeEventListener('visibilitychange', seen)
      })
    }),
  )
  window.addEventListener('pagehide', leave)
  onCleanup(() => {
    window.removeEventListener('pagehide', leave)
    leave()
  })
}
