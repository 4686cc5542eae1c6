import { createEffect, createSignal, on, untrack } from 'solid-js'
import type { IssuePage } from './api.ts'
import {
  begunDraft,
  type Draft,
  draftOf,
  forgetDraft,
  isEmpty,
  newDraft,
  rememberDraft,
  restored,
  takeRestored,
} from './drafts.ts'
import { aboutMessage, turned } from './passing-on.ts'
import { me } from './queries.ts'
import { say } from './toasts.ts'

/** What somebody asks to write: what it is, to all or to the sender alone, and what it answers or passes on. */
export type Asked = { kind: Draft['kind']; all?: boolean; messageId?: string }

/**
 * The draft of the issue that is shown: what was begun before, on whatever machine, what is restored from elsewhere, and
 * what is begun now.
 */
export function createWriting(to: {
  issueId: () => string
  page: () => IssuePage | undefined
  nameOf: (memberId: string) => string
}) {
  // With its issue, so that what was written to one is never taken for an answer to another.
  const [written, setWritten] = createSignal<{ id: string; draft: Draft }>()
  const draft = () => (written()?.id === to.issueId() ? written()?.draft : undefined)
  // How often somebody asked to write: a draft that was only restored does not take the keys.
  const [asked, setAsked] = createSignal(0)
  const setDraft = (next: Draft | undefined) => setWritten(next && { id: to.issueId(), draft: next })
  const show = (next: Draft) => {
    setDraft(next)
    setAsked((n) => n + 1)
  }
  const myId = () => me()?.member.id
  const theirs = () => to.page()?.drafts.filter(({ memberId }) => memberId !== myId()) ?? []
  const mine = () => to.page()?.drafts.findLast(({ memberId }) => memberId === myId())
  /** What was begun here before. */
  const begun = () => {
    const kept = mine()
    return begunDraft(to.issueId(), kept && draftOf(kept))
  }

  createEffect(
    on(to.issueId, (id) => {
      setAsked(0)
      const back = untrack(() => takeRestored(id))
      setDraft(back)
      if (back) setAsked((n) => n + 1)
    }),
  )
  createEffect(
    on([to.issueId, () => to.page() !== undefined], ([id, isThere], before) => {
      // Once for each issue, when it is known what the server has.
      if (!isThere || (before && before[0] === id && before[1]) || untrack(draft)) return
      const found = untrack(begun)
      if (found && !isEmpty(found)) setDraft(found)
    }),
  )
  // Who took it over goes on with it.
  createEffect(() => {
    const own = draft()
    // A later version than the one we go on from: else it is we who took it, and the page does not know yet.
    const taken = theirs().find(({ id, version }) => id === own?.id && version > own.version)
    if (!taken) return
    forgetDraft(to.issueId())
    rememberDraft(to.issueId(), undefined)
    setDraft(undefined)
    say(`${to.nameOf(taken.memberId)} has your draft now.`)
  })
  createEffect(
    on(
      restored,
      (found) => {
        if (found?.issueId !== to.issueId()) return
        setDraft(found.draft)
        if (found.open) setAsked((n) => n + 1)
      },
      { defer: true },
    ),
  )

  return {
    draft,
    setDraft,
    /** Shows a draft, to be gone on with at once. */
    show,
    asked,
    /** What colleagues are writing here. */
    theirs,
    /** Begins to write, or goes on with what was begun, which keeps its words whatever it becomes. */
    write({ kind, all = true, messageId }: Asked) {
      const begins = draft() ?? begun() ?? newDraft(kind === 'forward' ? 'reply' : kind, all)
      const next = turned(begins, kind)
      const whom = all ? next : { ...next, all, recipients: null }
      show(messageId === undefined ? whom : aboutMessage(whom, messageId))
    },
  }
}
