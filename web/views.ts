import { api, call, type SavedView, wordsOf } from './api.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

// Saved views: kept, changed and removed, each with its way back.

export type ViewDraft = Pick<SavedView, 'name' | 'query' | 'oldestFirst'> & { shared: boolean }

const fetchAgain = async () => {
  await Promise.all([['views'], ['counts']].map((queryKey) => client.invalidateQueries({ queryKey })))
}

const draftOf = ({ name, query, oldestFirst, ownerId }: SavedView): ViewDraft => ({
  name,
  query,
  oldestFirst,
  shared: ownerId === null,
})

/** Keeps a new view, or changes the one with the id. Throws where it is refused, for the form to show. */
export async function saveView(id: string | undefined, draft: ViewDraft): Promise<SavedView> {
  if (id === undefined) {
    const made = await call(api.views.$post({ json: { id: crypto.randomUUID(), ...draft } }))
    await fetchAgain()
    say(`Saved as ${made.name}.`, () => void removeView(made, true))
    return made
  }
  const before = client.getQueryData<SavedView[]>(['views'])?.find((view) => view.id === id)
  const changed = await call(api.views[':id'].$patch({ param: { id }, json: draft }))
  await fetchAgain()
  say('View changed.', before && (() => void quietly(() => saveView(id, draftOf(before)))))
  return changed
}

/** Removes a view; what is in it stays what it is. */
export async function removeView(view: SavedView, isQuiet = false): Promise<void> {
  await quietly(async () => {
    await call(api.views[':id'].$delete({ param: { id: view.id } }))
    await fetchAgain()
  })
  if (!isQuiet) say(`Removed the view ${view.name}.`, () => void quietly(() => saveView(undefined, draftOf(view))))
}

/** Moves a view one place up or down among those of its kind. */
export async function moveView(all: readonly SavedView[], id: string, by: 1 | -1): Promise<void> {
  const ids = all.map((view) => view.id)
  const at = ids.indexOf(id)
  const other = all[at + by]
  if (!other || (other.ownerId === null) !== (all[at]!.ownerId === null)) return
  ids.splice(at + by, 0, ...ids.splice(at, 1))
  await quietly(async () => {
    client.setQueryData<SavedView[]>(['views'], await call(api.views.order.$put({ json: { ids } })))
  })
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    complain(wordsOf(error))
  }
}
