import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from 'solid-js'
import { Virtualizer, type VirtualizerHandle } from 'virtua/solid'
import type { Order, Status } from '../../db/vocabulary.ts'
import type { Counts, ListedIssue, IssueList as Page, SavedView } from '../api.ts'
import { useNow } from '../clock.ts'
import { count, plural } from '../format.ts'
import { hrefOf, type Line, linesOf, type Place } from '../lists.ts'
import { dataOf, type useDirectory, useDrafts } from '../queries.ts'
import { isSelected, isSelecting } from '../selection.ts'
import { EMPTY_WORDS, STATUS_WORDS } from '../words.ts'
import type { IconName } from './icon.tsx'
import { IssueRow } from './issue-row.tsx'
import { ListTools } from './list-tools.tsx'
import { SearchField } from './search-field.tsx'
import { SearchHelp } from './search-help.tsx'
import { Bones, Empty, Failed } from './states.tsx'

const ROW_PX = 58
/** The next page is fetched when so few rows are left below the window. */
const AHEAD = 25

/** A list of issues: grouped, virtual, and paged by key as one scrolls. */
export function IssueList(props: {
  title: string
  place: Place
  pages: readonly Page[] | undefined
  counts: Counts | undefined
  failed: unknown
  hasMore: boolean
  /** More is on its way. */
  isSearching: boolean
  currentId: string | undefined
  directory: ReturnType<typeof useDirectory>
  onMore: () => void
  onRetry: () => void
  onOpen: (issue: ListedIssue, event: MouseEvent) => void
  onSearch: (q: string) => void
  onOrder: (order: Order) => void
  savedView: SavedView | undefined
  mayShare: boolean
  onClear: () => void
  onSelect: (issue: ListedIssue, isRange: boolean) => void
  /** What can be done with what is selected. */
  children: JSX.Element
}) {
  const writing = useDrafts()
  const drafts = createMemo(() => new Map((dataOf(writing) ?? []).map((draft) => [draft.issueId, draft])))
  const now = useNow(30_000)
  const issues = createMemo(() => props.pages?.flatMap((page) => page.issues) ?? [])
  const byId = createMemo(() => new Map(issues().map((issue) => [issue.id, issue])))
  const lines = createMemo(() => linesOf(issues(), props.place.view), [], {
    equals: (a, b) => a.length === b.length && a.every((line, index) => line === b[index]),
  })
  const [scroller, setScroller] = createSignal<HTMLDivElement>()
  const [handle, setHandle] = createSignal<VirtualizerHandle>()

  // A row that comes into the list because of a key is brought into sight.
  createEffect(
    on([() => props.currentId, handle], ([id]) => {
      const index = id === undefined ? -1 : lines().indexOf(`issue:${id}`)
      if (index < 0) return
      // The head of the first group shows with its first row.
      handle()?.scrollToIndex(index === 1 ? 0 : index, { align: 'nearest' })
    }),
  )
  createEffect(
    on(
      () => [props.place.view, props.place.teamId, props.place.q],
      () => handle()?.scrollTo(0),
      { defer: true },
    ),
  )

  const more = () => {
    const at = handle()
    if (!at || !props.hasMore) return
    if (at.findItemIndex(at.scrollOffset + at.viewportSize) > lines().length - AHEAD) props.onMore()
  }

  return (
    <section class="list" classList={{ selecting: isSelecting() }} aria-label={props.title}>
      <header>
        <h1>{props.title}</h1>
        <p>
          <Show when={props.counts}>{(counts) => <Summary counts={counts()} place={props.place} />}</Show>
          <ListTools place={props.place} view={props.savedView} mayShare={props.mayShare} onOrder={props.onOrder} />
        </p>
        <SearchField
          q={props.place.q ?? ''}
          problems={props.pages?.[0]?.explained?.problems ?? []}
          focused={props.place.view === 'search' && !props.place.q}
          onSearch={props.onSearch}
          onClear={props.onClear}
        />
        {props.children}
      </header>
      <Switch>
        <Match when={props.pages === undefined && props.failed}>
          <Failed error={props.failed} what="The issues" retry={() => props.onRetry()} />
        </Match>
        <Match when={props.place.view === 'search' && !props.place.q}>
          <SearchHelp />
        </Match>
        <Match when={props.pages === undefined || (issues().length === 0 && props.isSearching)}>
          <div class="scroll">
            <Bones rows={14} height={ROW_PX} />
          </div>
        </Match>
        <Match when={issues().length === 0}>
          <Empty icon={EMPTY_ICONS[props.place.view] ?? 'inbox'} title={EMPTY_WORDS[props.place.view][0]}>
            {EMPTY_WORDS[props.place.view][1]}
          </Empty>
        </Match>
        <Match when={true}>
          <div ref={setScroller} class="scroll">
            <Show when={scroller()}>
              {(scrollRef) => (
                <Virtualizer
                  ref={setHandle}
                  data={lines()}
                  scrollRef={scrollRef()}
                  itemSize={ROW_PX}
                  bufferSize={400}
                  as="ul"
                  item="li"
                  onScroll={more}
                  onResize={more}
                >
                  {(line) => (
                    <Switch>
                      <Match when={groupOf(line)}>
                        {(status) => (
                          <h2 class="groupline">
                            {STATUS_WORDS[status()]}
                            <span>{groupCount(status(), props.counts, props.place)}</span>
                          </h2>
                        )}
                      </Match>
                      <Match when={byId().get(line.slice('issue:'.length))}>
                        {(issue) => (
                          <IssueRow
                            issue={issue()}
                            href={hrefOf(props.place, issue().id)}
                            current={issue().id === props.currentId}
                            directory={props.directory}
                            draft={drafts().get(issue().id)}
                            now={now()}
                            onOpen={(event) => props.onOpen(issue(), event)}
                            selected={isSelected(issue().id)}
                            onSelect={(isRange) => props.onSelect(issue(), isRange)}
                          />
                        )}
                      </Match>
                    </Switch>
                  )}
                </Virtualizer>
              )}
            </Show>
          </div>
        </Match>
      </Switch>
    </section>
  )
}

const EMPTY_ICONS: Partial<Record<Place['view'], IconName>> = { inbox: 'done', search: 'search' }

// The cast: lines are made by linesOf alone.
const groupOf = (line: Line) => (line.startsWith('group:') ? (line.slice('group:'.length) as Status) : undefined)

/** The count of a group is known only where the group is the whole of a status. */
function groupCount(status: Status, counts: Counts | undefined, { view }: Place): string {
  if (!counts || (view !== 'inbox' && view !== 'all')) return ''
  return status === 'new' || status === 'open' || status === 'waiting' ? count(counts[status]) : ''
}

/** "103 emails this week, 7 issues to move" */
function Summary(props: { counts: Counts; place: Place }) {
  const figures = (): [n: number, words: string] => {
    const { counts, place } = props
    const ours = (n: number): [number, string] => [n, n === 1 ? 'issue to move' : 'issues to move']
    switch (place.view) {
      case 'mine':
        return ours(counts.mine)
      case 'team':
        return ours(counts.teams[place.teamId ?? ''] ?? 0)
      case 'unassigned':
        return [counts.unassigned, counts.unassigned === 1 ? 'issue without anybody' : 'issues without anybody']
      case 'snoozed':
        return [counts.snoozed, counts.snoozed === 1 ? 'issue comes back by itself' : 'issues come back by themselves']
      case 'waiting':
        return [counts.waiting, counts.waiting === 1 ? 'issue is theirs to move' : 'issues are theirs to move']
      default:
        return ours(counts.new + counts.open)
    }
  }
  return (
    <Show
      when={props.place.view === 'inbox'}
      fallback={
        <Show
          when={!['done', 'spam', 'trash', 'all', 'search'].includes(props.place.view)}
          fallback={props.place.order === 'oldest' ? 'The oldest first' : 'The newest first'}
        >
          <b>{count(figures()[0])}</b> {figures()[1]}
        </Show>
      }
    >
      <b>{count(props.counts.emailsThisWeek)}</b> {plural(props.counts.emailsThisWeek, 'email').replace(/^\S+ /, '')}{' '}
      this week, <b>{count(figures()[0])}</b> {figures()[1]}
    </Show>
  )
}
