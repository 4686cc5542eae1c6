import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { ApiError, api, call, wordsOf } from './api.ts'
import { type ManagedDetails, useManagedDetails } from './exchange.ts'
import { fileOf, NOTHING, type Wish, wishOf } from './exchange-wanted.ts'
import { dataOf } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

/** What was typed is kept on the server once nobody types for this long. */
const KEEP_AFTER_MS = 600

/**
 * What is wanted of a mailbox before it is applied. Where Downfield looks after it, it is kept on the server, so that
 * another browser goes on from it; before that, in this tab.
 * @param id of the mailbox that is looked after; none yet
 */
export function createDraft(connectionId: string, identity: string, id: () => string | undefined) {
  const details = useManagedDetails(id)
  const key = `exchange:${connectionId}:${identity}`
  const [typed, setTyped] = createSignal<Wish | undefined>(wishOf(sessionStorage.getItem(key) ?? 'none'))
  let version = 0
  let timer = 0
  /** What is to be kept, and of which mailbox: known here, since the page may be gone when it is kept. */
  let unsaved: { row: string; draft: string } | undefined
  createEffect(
    on(
      () => dataOf(details)?.flow.version,
      (known) => {
        version = Math.max(version, known ?? 0)
      },
    ),
  )

  async function keep(): Promise<void> {
    if (unsaved === undefined) return
    const { row, draft } = unsaved
    unsaved = undefined
    try {
      const saved = await call(
        api.exchange.mailboxes[':id'].flow.$put({ param: { id: row }, json: { draft, version } }),
      )
      version = saved.version
      client.setQueryData<ManagedDetails>(['exchange', 'mailboxes', row], (before) => {
        if (!before) return before
        const { draft: _old, ...flow } = before.flow
        // What is applied already is no draft.
        return { ...before, flow: { ...flow, version, ...(draft === before.wanted ? {} : { draft }) } }
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409) {
        say(error.message)
        setTyped(undefined)
        void client.invalidateQueries({ queryKey: ['exchange'] })
      } else if (error.status !== 400) complain(error.message)
      // What can't be understood yet is what the plan says something about.
    }
  }
  const keepNow = () => {
    clearTimeout(timer)
    void keep()
  }
  onCleanup(keepNow)

  const stored = () => {
    const found = dataOf(details)
    return found?.flow.draft ?? found?.wanted ?? ''
  }
  return {
    details,
    /** What stands on the server, as the file that says so. */
    stored,
    /** A wanted state that was written as a file, with more in it than is edited here. */
    isFile: () => typed() === undefined && wishOf(stored()) === undefined,
    wish: () => typed() ?? wishOf(stored()) ?? NOTHING,
    edit(wish: Wish) {
      setTyped(wish)
      const file = fileOf(identity, wish)
      const row = id()
      if (row === undefined) return sessionStorage.setItem(key, file)
      unsaved = { row, draft: file }
      clearTimeout(timer)
      timer = window.setTimeout(() => void keep(), KEEP_AFTER_MS)
    },
    /** Whether something is wanted that was not applied yet, where there is something to go back to. */
    isDraft: () => {
      const found = dataOf(details)
      return found?.flow.draft !== undefined && found.wanted !== ''
    },
    /** Goes back to what was applied last. */
    discard() {
      const before = typed() ?? wishOf(stored())
      const row = id()
      clearTimeout(timer)
      unsaved = undefined
      if (row === undefined) return
      const undo = before ? () => this.edit(before) : undefined
      void call(api.exchange.mailboxes[':id'].flow.$put({ param: { id: row }, json: { draft: null, version } })).then(
        async (saved) => {
          version = saved.version
          setTyped(undefined)
          await client.invalidateQueries({ queryKey: ['exchange'] })
          say('What was not applied is gone.', undo)
        },
        (error: unknown) => complain(wordsOf(error)),
      )
    },
    /** It is applied: what is wanted now stands on the server. */
    applied() {
      clearTimeout(timer)
      unsaved = undefined
      sessionStorage.removeItem(key)
    },
  }
}
