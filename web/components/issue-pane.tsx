import {
  createEffect,
  createMemo,
  createSignal,
  For,
  Match,
  on,
  onCleanup,
  onMount,
  Show,
  Switch,
  untrack,
} from 'solid-js'
import type { ChosenStatus, Following, Status } from '../../db/vocabulary.ts'
import type { ListedIssue, Right } from '../api.ts'
import { assign, markSeen, markUnread, setStatus } from '../changes.ts'
import { NARROW, useMedia, useNow } from '../clock.ts'
import { toggleFollowing, toggleTag } from '../desk-changes.ts'
import {
  begunDraft,
  type Draft,
  draftOf,
  forgetDraft,
  isEmpty,
  isMailEmpty,
  newDraft,
  rememberDraft,
  restored,
  takeRestored,
} from '../drafts.ts'
import { exportIssue } from '../export-issue.ts'
import { plural } from '../format.ts'
import { bindCommands } from '../keys.ts'
import { bringIn } from '../matter.ts'
import { sayPresence } from '../presence.ts'
import { dataOf, me, useCounts, type useDirectory, useIssue } from '../queries.ts'
import { useOpenIssues, useSuggested } from '../suggested.ts'
import { fold, foldWords } from '../timeline.ts'
import { say } from '../toasts.ts'
import { STATUS_WORDS } from '../words.ts'
import { CommandButton } from './command-button.tsx'
import { Composer } from './composer.tsx'
import { DraftCard } from './draft-card.tsx'
import { Icon } from './icon.tsx'
import { assigneeItems, statusItems } from './issue-choices.tsx'
import { IssueSide } from './issue-side.tsx'
import { belongsItems, splitItems } from './matter-choices.tsx'
import { type Item, Picker } from './picker.tsx'
import { Popover } from './popover.tsx'
import { PresenceLine } from './presence-line.tsx'
import { prefetchEditor } from './rich-field.tsx'
import { SameMatter } from './same-matter.tsx'
import { SnoozePicker } from './snooze-picker.tsx'
import { Bones, Failed } from './states.tsx'
import { TagPicker } from './tag-picker.tsx'
import { Fold, Timeline } from './timeline.tsx'

type Menu = 'assign' | 'status' | 'snooze' | 'tags' | 'reason' | 'belongs' | 'split'
const MENU_WORDS: Record<Menu, [label: string, placeholder: string]> = {
  assign: ['Assign', 'Assign to'],
  status: ['Status', 'Set the status to'],
  snooze: ['Snooze', ''],
  tags: ['Tags', ''],
  reason: ['Done', 'Done because'],
  belongs: ['Belongs to', 'Bring it into'],
  split: ['Take emails out', 'Make an issue of'],
}

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
  const narrow = useMedia(NARROW)
  const now = useNow(30_000)
  const counts = useCounts()
  const pages = () => dataOf(query)?.pages
  const page = () => pages()?.[0]
  const issue = () => page()?.issue
  const entries = createMemo(() => (pages() ?? []).toReversed().flatMap(({ timeline }) => timeline))
  const [unfolded, setUnfolded] = createSignal(false)
  const folded = createMemo(() =>
    fold(entries(), { emails: issue()?.messageCount ?? 0, people: page()?.people ?? 0 }, unfolded()),
  )
  // With its issue, so that what was written to one is never taken for an answer to another.
  const [written, setWritten] = createSignal<{ id: string; draft: Draft }>()
  const draft = () => (written()?.id === props.id ? written()?.draft : undefined)
  // How often somebody asked to write: a draft that was only restored does not take the keys.
  const [asked, setAsked] = createSignal(0)
  const setDraft = (to: Draft | undefined) => setWritten(to && { id: props.id, draft: to })
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
        setAsked(0)
        const back = untrack(() => takeRestored(id))
        setDraft(back)
        if (back) setAsked((n) => n + 1)
      },
    ),
  )
  const myId = () => me()?.member.id
  const theirs = () => page()?.drafts.filter(({ memberId }) => memberId !== myId()) ?? []
  const mine = () => page()?.drafts.findLast(({ memberId }) => memberId === myId())
  /** What was begun here before, on whatever machine. */
  const begun = () => {
    const kept = mine()
    return begunDraft(props.id, kept && draftOf(kept))
  }
  createEffect(
    on([() => props.id, () => page() !== undefined], ([id, isThere], before) => {
      // Once for each issue, when it is known what the server has.
      if (!isThere || (before && before[0] === id && before[1]) || untrack(draft)) return
      const found = untrack(begun)
      if (found && !isEmpty(found)) setDraft(found)
    }),
  )
  // Who took it over goes on with it.
  createEffect(() => {
    const written = draft()
    // A later version than the one we go on from: else it is we who took it, and the page does not know yet.
    const taken = theirs().find(({ id, version }) => id === written?.id && version > written.version)
    if (!taken) return
    forgetDraft(props.id)
    rememberDraft(props.id, undefined)
    setDraft(undefined)
    say(`${props.directory.name(taken.memberId)} has your draft now.`)
  })
  sayPresence(
    () => props.id,
    () => {
      const now = draft()
      return now && now.kind !== 'note' && !isMailEmpty(now) ? 'writing' : 'looking'
    },
  )
  onMount(() => props.may('reply') && prefetchEditor())
  createEffect(
    on(
      restored,
      (found) => {
        if (found?.issueId !== props.id) return
        setDraft(found.draft)
        if (found.open) setAsked((n) => n + 1)
      },
      { defer: true },
    ),
  )
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
  const openIssues = useOpenIssues(() => menu()?.of === 'belongs')

  const openEarlier = () => {
    setUnfolded(true)
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
  }
  const write = (kind: Draft['kind'], all = true) => {
    // What is written belongs to the issue that is chosen, and keys go into the field from here on.
    props.onSettle()
    setAsked((n) => n + 1)
    const found = draft() ?? begun()
    const begins = found ?? newDraft(kind === 'forward' ? 'reply' : kind, all)
    const turned = kind === 'forward' && begins.kind !== 'forward' ? { recipients: { to: [], cc: [], bcc: [] } } : {}
    setDraft({ ...begins, kind, ...(all ? {} : { all, recipients: null }), ...turned })
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
  bindCommands({ back: props.onBack, earlier: openEarlier, open: () => flow.focus() })
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
      reply: () => write('reply'),
      replyOne: () => write('reply', false),
      forward: () => write('forward'),
    })
  if (props.may('note')) bindCommands({ note: () => write('note') })

  const itemsOf = (of: Menu): Item[] => {
    const found = issue()
    if (!found) return []
    switch (of) {
      case 'assign':
        return assigneeItems(found, props.directory, { prefix: '' }, dataOf(counts))
      case 'status':
        return statusItems(found, props.onLeave)
      case 'reason':
        return statusItems(found, props.onLeave).filter(({ id }) => id.startsWith('status-done'))
      case 'belongs':
        return belongsItems([found], likely(), dataOf(openIssues)?.issues ?? [], (into) => {
          props.onLeave('merged')
          void bringIn(found, into)
        })
      case 'split':
        return splitItems(found.id, entries())
      default:
        return []
    }
  }

  const closeComposer = (sent?: 'waiting' | 'done') => {
    setDraft(undefined)
    flow.focus({ preventScroll: true })
    if (sent === 'done') props.onLeave('done')
  }

  return (
    <div class="issue">
      <div class="thread">
        <div class="bar">
          <Show when={narrow()}>
            <button type="button" class="btn ghost square" aria-label="Back to the list" onClick={() => props.onBack()}>
              <Icon name="back" />
            </button>
          </Show>
          <CommandButton of="assign">Assign</CommandButton>
          <CommandButton of="snooze" class="ghost">
            Snooze
          </CommandButton>
          <CommandButton of="done">{issue()?.status === 'done' ? 'Reopen' : 'Done'}</CommandButton>
          <CommandButton of="status" class="ghost">
            Status
          </CommandButton>
          <span class="spacer" />
          <CommandButton of="tags" class="ghost" bare />
          <CommandButton of="note" class="ghost" bare />
          <CommandButton of="spam" class="ghost" bare />
          <CommandButton of="trash" class="ghost" bare />
        </div>
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
                  />
                  <For each={theirs()}>
                    {(other) => (
                      <DraftCard
                        draft={other}
                        name={props.directory.name(other.memberId)}
                        now={now()}
                        mayTake={props.may('reply')}
                        onTaken={(taken) => {
                          setDraft(draftOf(taken))
                          setAsked((n) => n + 1)
                        }}
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
              <div class="composer resting">
                <button
                  type="button"
                  class="btn primary"
                  data-tip="Reply"
                  data-keys="R"
                  aria-keyshortcuts="R"
                  onClick={() => write('reply')}
                >
                  <Icon name="reply" />
                  Reply
                </button>
                <button
                  type="button"
                  class="btn"
                  data-tip="Write a note"
                  data-keys="N"
                  aria-keyshortcuts="N"
                  onClick={() => write('note')}
                >
                  <Icon name="note" />
                  Note
                </button>
                <button
                  type="button"
                  class="btn ghost"
                  data-tip="Forward"
                  data-keys="F"
                  aria-keyshortcuts="F"
                  onClick={() => write('forward')}
                >
                  <Icon name="forward" />
                  Forward
                </button>
              </div>
            </Show>
          }
        >
          {(now) => (
            <Composer
              issueId={props.id}
              newest={page()?.newest}
              draft={now()}
              asked={asked()}
              onDraft={setDraft}
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
          <Popover
            at={at}
            class={of === 'belongs' ? 'belongs' : ''}
            label={MENU_WORDS[of][0]}
            onClose={() => setMenu(undefined)}
          >
            <Show when={of === 'snooze' && issue()}>
              {(found) => (
                <SnoozePicker
                  issue={found()}
                  onDone={() => {
                    setMenu(undefined)
                    props.onLeave('snoozed')
                  }}
                />
              )}
            </Show>
            <Show when={of === 'tags' && issue()}>
              {(found) => (
                <TagPicker
                  issues={[found()]}
                  onToggle={(name) => void toggleTag(found(), name)}
                  onDone={() => setMenu(undefined)}
                />
              )}
            </Show>
            <Show when={of !== 'snooze' && of !== 'tags'}>
              <Picker
                label={MENU_WORDS[of][1]}
                placeholder={MENU_WORDS[of][1]}
                items={itemsOf(of)}
                onPick={(item) => {
                  setMenu(undefined)
                  item.run()
                }}
              />
            </Show>
          </Popover>
        )}
      </Show>
    </div>
  )
}
