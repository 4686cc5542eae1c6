import { createEffect, createMemo, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import type { ChosenStatus, Following, Status } from '../../db/vocabulary.ts'
import type { ListedIssue, Right } from '../api.ts'
import { assign, markSeen, markUnread, setStatus } from '../changes.ts'
import { useNow } from '../clock.ts'
import { toggleFollowing } from '../desk-changes.ts'
import { draftOf, isMailEmpty } from '../drafts.ts'
import { exportIssue } from '../export-issue.ts'
import { plural } from '../format.ts'
import { type Asked, createWriting } from '../issue-writing.ts'
import { bindCommands } from '../keys.ts'
import { sayPresence } from '../presence.ts'
import { dataOf, me, type useDirectory, useIssue } from '../queries.ts'
import { useSuggested } from '../suggested.ts'
import { fold, foldWords } from '../timeline.ts'
import { STATUS_WORDS } from '../words.ts'
import { Composer } from './composer.tsx'
import { ComposerResting } from './composer-resting.tsx'
import { DraftCard } from './draft-card.tsx'
import { IssueBar } from './issue-bar.tsx'
import { IssueMenu, type Menu } from './issue-menu.tsx'
import { IssueSide } from './issue-side.tsx'
import { PresenceLine } from './presence-line.tsx'
import { prefetchEditor } from './rich-field.tsx'
import { SameMatter } from './same-matter.tsx'
import { Bones, Failed } from './states.tsx'
import { Fold, Timeline } from './timeline.tsx'

/** An issue counts as seen when it was open this long. */
const SEEN_AFTER_MS = 800
/** So near to its end a timeline follows what is added to it. */
const AT_END_PX = 120

/** One issue: what can be done with it, its timeline, where an answer is written, and what is known about it. */
export function IssuePane(props: {
  id: string
  /** The issue that is chosen in the list: commands act on it even while the pane is still fetching. */
  chosen: ListedIssue | undefined
  directory: ReturnType<typeof useDirectory>
  may: (right: Right) => boolean
  /** The issue leaves the list: the next one is to open. */
  onLeave: (status: Status) => void
  /** The issue is settled and stays: the next one opens. */
  onAdvance: () => void
  /** Its emails are in another issue. */
  onMerged: (intoId: string) => void
  onBack: () => void
  /** The pane is to show what is chosen at once. */
  onSettle: () => void
}) {
  const query = useIssue(() => props.id)
  const now = useNow(30_000)
  const pages = () => dataOf(query)?.pages
  const page = () => pages()?.[0]
  const issue = () => page()?.issue
  const entries = createMemo(() => (pages() ?? []).toReversed().flatMap(({ timeline }) => timeline))
  const [unfolded, setUnfolded] = createSignal(false)
  const folded = createMemo(() =>
    fold(entries(), { emails: issue()?.messageCount ?? 0, people: page()?.people ?? 0 }, unfolded()),
  )
  const [menu, setMenu] = createSignal<{ of: Menu; at: Element }>()
  /** Made unread on purpose: it stays so until another one was open. */
  const [keptUnread, setKeptUnread] = createSignal<string>()
  let flow!: HTMLElement

  createEffect(
    on(
      () => props.id,
      (id) => {
        if (keptUnread() !== id) setKeptUnread(undefined)
        setUnfolded(false)
        setMenu(undefined)
      },
    ),
  )
  const writing = createWriting({ issueId: () => props.id, page, nameOf: (id) => props.directory.name(id) })
  const { draft } = writing
  sayPresence(
    () => props.id,
    () => {
      const now = draft()
      return now && now.kind !== 'note' && !isMailEmpty(now) ? 'writing' : 'looking'
    },
  )
  onMount(() => props.may('reply') && prefetchEditor())
  // A new issue starts at its end, where the newest email is; what is added later is followed only from there.
  const lastEntry = createMemo(() => folded().shown.at(-1)?.id)
  let shownId = ''
  createEffect(
    on([() => props.id, lastEntry], ([id, last]) => {
      if (!last) return
      const opened = shownId !== id
      shownId = id
      const nearEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < AT_END_PX
      if (opened) flow.scrollTop = 0
      else if (nearEnd) queueMicrotask(() => flow.scrollTo({ top: flow.scrollHeight }))
    }),
  )
  createEffect(() => {
    const now = issue()
    if (!now?.unread || keptUnread() === now.id) return
    const timer = setTimeout(() => document.visibilityState === 'visible' && void markSeen(now), SEEN_AFTER_MS)
    onCleanup(() => clearTimeout(timer))
  })

  createEffect(() => {
    const into = page()?.mergedInto
    if (into) props.onMerged(into.id)
  })
  const suggested = useSuggested(() =>
    props.may('triage') && (issue()?.status === 'new' || issue()?.status === 'open') ? props.id : undefined,
  )
  const likely = () => dataOf(suggested) ?? []

  const openEarlier = () => {
    setUnfolded(true)
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
  }
  const write = (asked: Asked) => {
    // What is written belongs to the issue that is chosen, and keys go into the field from here on.
    props.onSettle()
    writing.write(asked)
  }
  const emails = () => [...flow.querySelectorAll<HTMLElement>('article.message')]
  /** The email that has the focus itself, as with the keys that go along them: what it is asked for is about that one. */
  const focused = () => emails().find((email) => email === document.activeElement)
  const about = (asked: Asked) => () => {
    const messageId = focused()?.id.replace(/^message-/, '')
    write(messageId === undefined ? asked : { ...asked, messageId })
  }
  const goAlong = (by: 1 | -1) => () => {
    const all = emails()
    const from = all.indexOf(focused() ?? flow)
    const next = from < 0 ? all.at(-1) : all[from + by]
    next?.focus({ preventScroll: true })
    next?.scrollIntoView({ block: 'nearest' })
  }
  const withIssue = (act: (issue: ListedIssue) => void) => () => {
    const fetched = issue()
    const found = props.chosen && props.chosen.id !== fetched?.id ? props.chosen : fetched
    if (found) act(found)
  }
  const move = (to: ChosenStatus) =>
    withIssue((found) => {
      // A second press takes it back: what is done, spam or trash returns to where it is seen.
      const status = found.status === to ? (to === 'done' ? 'open' : 'new') : to
      props.onLeave(status)
      void setStatus(found, status)
    })
  const menuAt = (of: Menu) => () => {
    const bar = flow.parentElement
    const at = bar?.querySelector(`[data-command="${of}"]`) ?? bar?.querySelector('[data-command="status"]')
    if (at) setMenu({ of, at })
  }

  bindCommands({
    print: withIssue(({ id }) => void window.open(`/print/${id}`, '_blank', 'noopener')),
    export: withIssue((found) => void exportIssue(found)),
  })
  bindCommands({
    back: props.onBack,
    earlier: openEarlier,
    open: () => flow.focus(),
    nextEmail: goAlong(1),
    previousEmail: goAlong(-1),
  })
  if (props.may('triage'))
    bindCommands({
      assign: menuAt('assign'),
      status: menuAt('status'),
      snooze: menuAt('snooze'),
      tags: menuAt('tags'),
      assignMe: withIssue((found) => {
        const self = me()?.member
        if (self) void assign(found, { memberId: self.id }, 'you')
      }),
      done: move('done'),
      accept: withIssue((found) => {
        props.onAdvance()
        if (found.status !== 'open') void setStatus(found, 'open')
      }),
      belongs: menuAt('belongs'),
      noAction: withIssue((found) => {
        props.onLeave('done')
        void setStatus(found, 'done', 'no_action')
      }),
      doneBecause: menuAt('reason'),
      split: menuAt('split'),
      unread: withIssue((found) => {
        setKeptUnread(found.id)
        void markUnread(found)
      }),
      waiting: move('waiting'),
      spam: move('spam'),
      trash: move('trash'),
    })
  const followAs = (state: Following) => () => {
    const found = page()
    if (found) void toggleFollowing(found, state)
  }
  bindCommands({ follow: followAs('following'), mute: followAs('muted') })
  if (props.may('reply'))
    bindCommands({
      reply: about({ kind: 'reply' }),
      replyOne: about({ kind: 'reply', all: false }),
      forward: about({ kind: 'forward' }),
    })
  if (props.may('note')) bindCommands({ note: () => write({ kind: 'note' }) })

  const closeComposer = (sent?: 'waiting' | 'done') => {
    writing.setDraft(undefined)
    flow.focus({ preventScroll: true })
    if (sent === 'done') props.onLeave('done')
  }

  return (
    <div class="issue">
      <div class="thread">
        <IssueBar isDone={issue()?.status === 'done'} onBack={props.onBack} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
        <section ref={flow} class="flow" tabIndex={0} aria-label="Timeline">
          <Switch>
            <Match when={query.isPending}>
              <div class="title">
                <span class="bone" style={{ width: '58%', height: '22px' }} />
                <p>
                  <span class="bone" style={{ width: '32%', height: '14px' }} />
                </p>
              </div>
              <Bones rows={3} height={130} />
            </Match>
            <Match when={query.isError && !page()}>
              <Failed error={query.error} what="This issue" retry={() => void query.refetch()} />
            </Match>
            <Match when={page()}>
              {(found) => (
                <>
                  <header class="title">
                    <h2 dir="auto">{found().issue.subject || 'Without a subject'}</h2>
                    <p>
                      <span class={`chip ${found().issue.status}`}>{STATUS_WORDS[found().issue.status]}</span>
                      <span data-tip={found().issue.contactAddress}>
                        {found().issue.contactName || found().issue.contactAddress}
                      </span>
                      <span class="hint">
                        {plural(found().issue.messageCount, 'email')}
                        {found().threads > 1 ? ` in ${found().threads} threads` : ''}
                      </span>
                    </p>
                  </header>
                  <SameMatter issue={found().issue} best={likely()[0]} onLeave={() => props.onLeave('merged')} />
                  <Show when={folded().emails > 0}>
                    <Fold words={foldWords(folded())} busy={query.isFetchingNextPage} onOpen={openEarlier} />
                  </Show>
                  <Timeline
                    issueId={props.id}
                    entries={folded().shown}
                    directory={props.directory}
                    now={now()}
                    mayAct={props.may('reply')}
                    mayTriage={props.may('triage')}
                    onWrite={write}
                  />
                  <For each={writing.theirs()}>
                    {(other) => (
                      <DraftCard
                        draft={other}
                        name={props.directory.name(other.memberId)}
                        now={now()}
                        mayTake={props.may('reply')}
                        onTaken={(taken) => writing.show(draftOf(taken))}
                      />
                    )}
                  </For>
                </>
              )}
            </Match>
          </Switch>
        </section>
        <PresenceLine issueId={props.id} directory={props.directory} />
        <Show
          when={draft()}
          fallback={
            <Show when={props.may('reply') && page()}>
              <ComposerResting onWrite={(kind) => write({ kind })} />
            </Show>
          }
        >
          {(now) => (
            <Composer
              issueId={props.id}
              newest={page()?.newest}
              draft={now()}
              asked={writing.asked()}
              onDraft={writing.setDraft}
              onClose={closeComposer}
            />
          )}
        </Show>
      </div>
      <Show when={page()} fallback={<aside class="side" aria-label="Details" />}>
        {(found) => (
          <IssueSide
            page={found()}
            directory={props.directory}
            onAssign={props.may('triage') ? (at) => setMenu({ of: 'assign', at }) : undefined}
            onStatus={props.may('triage') ? (at) => setMenu({ of: 'status', at }) : undefined}
            onSnooze={props.may('triage') ? (at) => setMenu({ of: 'snooze', at }) : undefined}
            onTags={props.may('triage') ? (at) => setMenu({ of: 'tags', at }) : undefined}
          />
        )}
      </Show>
      <Show when={menu()} keyed>
        {({ of, at }) => (
          <Show when={issue()}>
            {(found) => (
              <IssueMenu
                of={of}
                at={at}
                issue={found()}
                entries={entries()}
                directory={props.directory}
                likely={likely()}
                onLeave={props.onLeave}
                onClose={() => setMenu(undefined)}
              />
            )}
          </Show>
        )}
      </Show>
    </div>
  )
}
