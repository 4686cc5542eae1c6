import { useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import type { Status, View } from '../../db/vocabulary.ts'
import type { ListedIssue, Right } from '../api.ts'
import type { Target } from '../bulk.ts'
import { NARROW, useMedia } from '../clock.ts'
import { Acting } from '../components/acting.tsx'
import { IssueList } from '../components/issue-list.tsx'
import { IssuePane } from '../components/issue-pane.tsx'
import { Empty } from '../components/states.tsx'
import { views } from '../desk.ts'
import { restored } from '../drafts.ts'
import { bindCommands, isTyping } from '../keys.ts'
import { belongs, hrefOf, neighbour, type Place, stepFrom } from '../lists.ts'
import { setOpenIssue } from '../open-issue.ts'
import { dataOf, issueKey, me, useCounts, useDirectory, useIssues, useSession } from '../queries.ts'
import { client } from '../query-client.ts'
import {
  clearSelection,
  extendSelection,
  isAllSelected,
  isSelecting,
  keepSelected,
  selectAll,
  selectedIds,
  toggleSelected,
} from '../selection.ts'
import { VIEW_WORDS } from '../words.ts'

/** While a key is held, the list moves on and the issue waits for it to stop. */
const SETTLE_MS = 90
/** Fewer found issues than fill the screen. */
const FEW = 20
const MAX_PAGES_BY_ITSELF = 12
/** The router is given this long to follow. */
const GIVE_UP_MS = 1_000

/** A list of issues, and the one that is open. On a narrow screen they are screens of their own. */
export default function Issues() {
  const params = useParams<{ view?: string; teamId?: string; viewId?: string; issueId?: string }>()
  const [search] = useSearchParams<{ q?: string; order?: string }>()
  const navigate = useNavigate()
  const session = useSession()
  const directory = useDirectory()
  const counts = useCounts()
  const narrow = useMedia(NARROW)
  const place = createMemo<Place>(
    () => {
      const order = search.order === 'oldest' ? { order: 'oldest' as const } : {}
      if (params.viewId) {
        const view = views().find(({ id }) => id === params.viewId)
        const asked = view?.oldestFirst ? { order: 'oldest' as const } : {}
        return { view: 'search', q: view?.query ?? '', viewId: params.viewId, ...asked }
      }
      if (params.teamId) return { view: 'team', teamId: params.teamId, ...order }
      if (params.view === 'search') return { view: 'search', q: search.q ?? '', ...order }
      return { view: viewOf(params.view), ...order }
    },
    { view: 'inbox' },
    {
      equals: (a, b) =>
        a.view === b.view && a.teamId === b.teamId && a.q === b.q && a.viewId === b.viewId && a.order === b.order,
    },
  )
  const query = useIssues(place)
  const pages = () => dataOf(query)?.pages
  const ids = createMemo(() => pages()?.flatMap(({ issues }) => issues.map(({ id }) => id)) ?? [])
  // The router follows a moment later; keys that come within it already mean the issue that was asked for.
  const [asked, setAsked] = createSignal<{ id: string | undefined }>()
  const issueId = () => (asked() ? asked()?.id : params.issueId)
  createEffect(
    on(
      () => params.issueId,
      (id) => {
        if (asked()?.id === id) setAsked(undefined)
      },
    ),
  )
  const chosen = createMemo(() =>
    pages()
      ?.flatMap(({ issues }) => issues)
      .find(({ id }) => id === issueId()),
  )
  // A search that leaves out very much finds little at once, and goes on by itself for a while.
  createEffect(() => {
    const isShort = place().view === 'search' && ids().length < FEW && (pages()?.length ?? 0) < MAX_PAGES_BY_ITSELF
    if (isShort && query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
  })
  /** The list to go back to when a search is cleared. */
  const before = createMemo<string>((last) => (place().view === 'search' ? last : hrefOf(place())), '/inbox')
  const may = (right: Right) => dataOf(session)?.rights.includes(right) ?? false
  const savedView = () => views().find(({ id }) => id === place().viewId)
  const title = () =>
    savedView()?.name ??
    (place().view === 'team' ? (directory.team(place().teamId)?.name ?? VIEW_WORDS.team) : VIEW_WORDS[place().view])

  const [paneId, setPaneId] = createSignal(issueId())
  createEffect(
    on(issueId, (id) => {
      if (id === undefined || client.getQueryData(issueKey(id)) !== undefined) {
        setPaneId(id)
        return
      }
      const timer = setTimeout(() => setPaneId(id), paneId() === undefined ? 0 : SETTLE_MS)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  /** The row that has the focus; a dialog over the page does not take it. */
  const [focusedId, setFocusedId] = createSignal<string>()
  createEffect(() => setOpenIssue(issueId() ?? focusedId()))
  onCleanup(() => setOpenIssue(undefined))
  createEffect(on(place, () => clearSelection(), { defer: true }))
  createEffect(on(ids, keepSelected, { defer: true }))
  onCleanup(clearSelection)
  /** What is selected; else the row that has the focus, while no issue is open. */
  const target = createMemo<Target | undefined>(() => {
    const issues = pages()?.flatMap((page) => page.issues) ?? []
    if (isAllSelected()) return { issues, all: place() }
    const wanted = isSelecting() ? selectedIds() : new Set(issueId() === undefined ? [focusedId()] : [])
    const found = issues.filter(({ id }) => wanted.has(id))
    return found.length > 0 ? { issues: found, all: null } : undefined
  })

  const go = (id: string | undefined, replace: boolean) => {
    if (id === params.issueId) setAsked(undefined)
    else {
      const asking = { id }
      setAsked(asking)
      // Should the way be barred, what is open counts again.
      setTimeout(() => setAsked((now) => (now === asking ? undefined : now)), GIVE_UP_MS)
    }
    navigate(hrefOf(place(), id), { replace, scroll: false })
  }
  // What was taken back is written on where it was written.
  createEffect(on(restored, (found) => found?.open && go(found.issueId, issueId() !== undefined), { defer: true }))
  const focusRow = (id: string) =>
    // The row may have to come into sight first. Who has begun to write by then is left alone.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!isTyping(document.activeElement)) rowOf(id)?.focus({ preventScroll: true })
      }),
    )
  /** Presses of J that came before the page with the next row was there. */
  let owed = 0
  createEffect(on(place, () => (owed = 0), { defer: true }))
  const cursor = () => issueId() ?? focusedId()
  const goTo = (id: string) => {
    if (!narrow()) go(id, issueId() !== undefined)
    // The focus follows two frames later; a key within them already means this row.
    else setFocusedId(id)
    focusRow(id)
  }
  const step = (by: 1 | -1): string | undefined => {
    if (owed > 0) {
      owed += by
      return undefined
    }
    const id = stepFrom(ids(), cursor(), by)
    if (id !== undefined) goTo(id)
    else if (by === 1 && query.hasNextPage) {
      owed = 1
      if (!query.isFetchingNextPage) void query.fetchNextPage()
    }
    return id
  }
  createEffect(
    on(
      ids,
      (now) => {
        if (owed === 0) return
        const at = now.indexOf(cursor() ?? '') + owed
        const id = now[Math.min(at, now.length - 1)]
        owed = query.hasNextPage ? Math.max(0, at - (now.length - 1)) : 0
        if (id !== undefined && id !== cursor()) goTo(id)
        if (owed > 0) void query.fetchNextPage()
      },
      { defer: true },
    ),
  )
  const extend = (by: 1 | -1) => {
    const start = cursor()
    const id = step(by)
    if (id) extendSelection(start ?? id, id, ids())
  }
  let lastPicked: string | undefined
  const select = (id: string, isRange: boolean) => {
    const start = lastPicked ?? cursor()
    if (isRange && start && ids().includes(start)) extendSelection(start, id, ids())
    else toggleSelected(id, ids())
    lastPicked = id
  }
  const back = () => {
    const id = issueId()
    if (id === undefined) return
    if (narrow()) go(undefined, false)
    focusRow(id)
  }
  /** The issue goes elsewhere: the next one opens, or the list, where there is no next. */
  const leave = (status: Status) => {
    const id = issueId()
    const issue = chosen()
    if (!id || !issue || belongs(place(), { ...issue, status }, me()?.member.id ?? '')) return
    const next = neighbour(ids(), id)
    if (next && next !== id) go(next, true)
    else go(undefined, true)
  }
  /** Several go elsewhere: where the open one is among them, the next that stays opens. */
  const leaveAll = (going: readonly ListedIssue[], to: Partial<ListedIssue>) => {
    const id = cursor()
    const meId = me()?.member.id ?? ''
    const gone = new Set(going.filter((issue) => !belongs(place(), { ...issue, ...to }, meId)).map((issue) => issue.id))
    if (!id || !gone.has(id)) return
    const at = ids().indexOf(id)
    const stays = (one: string) => !gone.has(one)
    const next = ids().slice(at).find(stays) ?? ids().slice(0, at).findLast(stays)
    if (next && (issueId() !== undefined || !narrow())) goTo(next)
    else if (issueId() !== undefined) go(undefined, true)
  }
  bindCommands({
    next: () => void step(1),
    previous: () => void step(-1),
    ...(may('triage')
      ? {
          select: () => {
            const id = cursor()
            if (id) select(id, false)
          },
          selectDown: () => extend(1),
          selectUp: () => extend(-1),
          selectAll: () => selectAll(ids(), query.hasNextPage),
        }
      : {}),
    open: () => {
      const id = focusedIssue() ?? ids()[0]
      if (id && issueId() === undefined) go(id, false)
    },
  })

  createEffect(() => {
    const id = isSelecting() ? undefined : cursor()
    if (id && may('triage')) bindCommands({ promote: () => navigate(`/proposals/new?issue=${id}`) })
  })

  return (
    <div
      class="triage"
      classList={{ reading: issueId() !== undefined }}
      onFocusIn={() => setFocusedId(focusedIssue())}
      onFocusOut={({ relatedTarget }) => {
        const isOver = relatedTarget instanceof Element && relatedTarget.closest('dialog, [popover]') !== null
        if (!isOver) setFocusedId(undefined)
      }}
    >
      {/* The list, with its heading, is not there then. */}
      <Show when={narrow() && issueId() !== undefined}>
        <h1 class="sr">{title()}</h1>
      </Show>
      <IssueList
        title={title()}
        place={place()}
        pages={pages()}
        counts={dataOf(counts)}
        failed={query.isError ? query.error : undefined}
        hasMore={query.hasNextPage && !query.isFetchingNextPage}
        currentId={issueId()}
        directory={directory}
        isSearching={query.isFetching && place().view === 'search'}
        onMore={() => void query.fetchNextPage()}
        onRetry={() => void query.refetch()}
        onOpen={(issue, event) => openedByPointer(issue, event, issueId())}
        onOrder={(order) => navigate(hrefOf({ ...place(), order }, issueId()), { replace: true, scroll: false })}
        savedView={savedView()}
        mayShare={may('manage desk')}
        onSearch={(q) => navigate(hrefOf({ view: 'search', q }), { replace: place().view === 'search' })}
        onClear={() => place().view === 'search' && navigate(before())}
        onSelect={(issue, isRange) => select(issue.id, isRange)}
      >
        <Show when={may('triage') && target() && (isSelecting() ? 'selection' : 'row')} keyed>
          {(kind) => (
            <Acting
              target={target() ?? NOTHING}
              isSelection={kind === 'selection'}
              directory={directory}
              onLeave={leaveAll}
            />
          )}
        </Show>
      </IssueList>
      <Show
        when={paneId()}
        fallback={
          <div class="issue bare">
            <Empty icon="mail" title="No issue is open">
              Choose one from the list, or press J. The keys are under the question mark.
            </Empty>
          </div>
        }
      >
        {(id) => (
          <IssuePane
            id={id()}
            chosen={chosen()}
            directory={directory}
            may={may}
            onLeave={leave}
            onAdvance={() => step(1)}
            onMerged={(into) => go(into, true)}
            onBack={back}
            onSettle={() => setPaneId(issueId())}
          />
        )}
      </Show>
    </div>
  )
}

const NOTHING: Target = { issues: [], all: null }

const viewOf = (segment: string | undefined): View => (segment === 'issues' ? 'all' : ((segment ?? 'inbox') as View))

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-issue="${CSS.escape(id)}"]`)
const focusedIssue = () => document.activeElement?.closest<HTMLElement>('[data-issue]')?.dataset.issue

/** A second click on the open row goes into the issue, as Enter does. */
function openedByPointer(issue: ListedIssue, event: MouseEvent, openId: string | undefined): void {
  if (issue.id === openId && event.detail === 0) document.querySelector<HTMLElement>('.flow')?.focus()
}
