import { createSignal } from 'solid-js'

// Which issues of the list are selected: some of the rows that are loaded, or all that the list holds.

type Selection = {
  ids: ReadonlySet<string>
  /** All of the list, loaded or not. */
  isAll: boolean
  /** Where extending began, and what was selected before. */
  from: { id: string; before: ReadonlySet<string> } | null
}
const NONE: Selection = { ids: new Set(), isAll: false, from: null }
const [selection, setSelection] = createSignal<Selection>(NONE)

/** The issues that are selected, as far as they are loaded. */
export const selectedIds = (): ReadonlySet<string> => selection().ids
export const isAllSelected = (): boolean => selection().isAll
export const isSelecting = (): boolean => selection().isAll || selection().ids.size > 0
export const isSelected = (id: string): boolean => selection().isAll || selection().ids.has(id)

export function clearSelection(): void {
  if (selection() !== NONE) setSelection(NONE)
}

/** Selects one more, or one less. `loaded`: what all of the list was, if it was all of it. */
export function toggleSelected(id: string, loaded: readonly string[]): void {
  setSelection(({ ids, isAll }) => {
    const next = new Set(isAll ? loaded : ids)
    if (!next.delete(id)) next.add(id)
    return { ids: next, isAll: false, from: null }
  })
}

/** Selects all from where extending began to here; going back takes off what going on put on. */
export function extendSelection(start: string, to: string, loaded: readonly string[]): void {
  setSelection(({ ids, isAll, from }) => {
    if (isAll) return { ids, isAll, from }
    const begun = from && loaded.includes(from.id) ? from : { id: start, before: ids }
    const [a, b] = [loaded.indexOf(begun.id), loaded.indexOf(to)].sort((one, other) => one - other) as [number, number]
    return { ids: new Set([...begun.before, ...loaded.slice(Math.max(0, a), b + 1)]), isAll: false, from: begun }
  })
}

/** Selects all of a list: the rows, where all of them are loaded, else the list as such. */
export function selectAll(loaded: readonly string[], hasMore: boolean): void {
  setSelection({ ids: new Set(loaded), isAll: hasMore && loaded.length > 0, from: null })
}

/** What went out of the list is not selected any more; what came into one that is selected as a whole is. */
export function keepSelected(loaded: readonly string[]): void {
  setSelection((now) => {
    if (now.ids.size === 0 && !now.isAll) return now
    if (now.isAll) return loaded.length === 0 ? NONE : { ...now, ids: new Set(loaded) }
    const there = new Set(loaded)
    const left = [...now.ids].filter((id) => there.has(id))
    if (left.length === now.ids.size) return now
    return left.length === 0 ? NONE : { ...now, ids: new Set(left) }
  })
}
