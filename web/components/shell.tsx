import { type RouteSectionProps, useLocation, useNavigate } from '@solidjs/router'
import { createEffect, createSignal, ErrorBoundary, lazy, on, onCleanup, onMount, Show } from 'solid-js'
import { api, call, type Right, type SignedIn, wordsOf } from '../api.ts'
import { iconOf, titleOf } from '../badge.ts'
import { resumeJobs } from '../bulk.ts'
import { NARROW, useMedia } from '../clock.ts'
import { views as savedViews, setHours, setTags, setViews } from '../desk.ts'
import { NEW, restored, sweepDrafts } from '../drafts.ts'
import { bindCommands, type CommandId, handlerOf, listenForKeys } from '../keys.ts'
import { followChanges } from '../live.ts'
import { useOpenProposals } from '../proposals.ts'
import { followPush, keepPush } from '../push.ts'
import {
  dataOf,
  useCounts,
  useDirectory,
  useHours,
  useMailboxes,
  useTags,
  useViewCounts,
  useViews,
} from '../queries.ts'
import { enter } from '../query-client.ts'
import { isDark, setTheme } from '../theme.ts'
import { complain, undoLast } from '../toasts.ts'
import { VIEW_WORDS } from '../words.ts'
import { Dialog } from './dialog.tsx'
import { Freshness } from './freshness.tsx'
import { Icon } from './icon.tsx'
import { Mark } from './mark.tsx'
import { Nav } from './nav.tsx'
import { Empty } from './states.tsx'

const Palette = lazy(() => import('./palette.tsx'))
const KeySheet = lazy(() => import('./key-sheet.tsx'))
const NewMail = lazy(() => import('./new-mail.tsx'))

const GOES: Partial<Record<CommandId, string>> = {
  goInbox: '/inbox',
  goMine: '/mine',
  goUnassigned: '/unassigned',
  goSnoozed: '/snoozed',
  goWaiting: '/waiting',
  goDone: '/done',
  goAll: '/issues',
  goSpam: '/spam',
  goTrash: '/trash',
  goAccount: '/account',
  goMotion: '/motion',
  goNotifications: '/notifications',
  goProposals: '/pipeline',
  goForecast: '/forecast',
  goWinLoss: '/win-loss',
}
const WRITER_GOES: Partial<Record<CommandId, string>> = {
  goSavedReplies: '/saved-replies',
  goSignatures: '/signatures',
  goUnsent: '/unsent',
}
const ADMIN_GOES: Partial<Record<CommandId, string>> = {
  goMailboxes: '/mailboxes',
  goExchange: '/exchange',
  goPeople: '/people',
  goStatus: '/status',
}

/** What stands around every page of a member: navigation, commands and their keys, live updates. */
export function Shell(props: { session: SignedIn; children: RouteSectionProps['children'] }) {
  const navigate = useNavigate()
  const location = useLocation()
  const narrow = useMedia(NARROW)
  const counts = useCounts()
  const directory = useDirectory()
  const mailboxes = useMailboxes()
  const viewCounts = useViewCounts()
  const openProposals = useOpenProposals()
  const [tags, views, hours] = [useTags(), useViews(), useHours()]
  createEffect(() => setTags(dataOf(tags) ?? []))
  createEffect(() => setViews(dataOf(views) ?? []))
  createEffect(() => setHours(dataOf(hours)))
  const [open, setOpen] = createSignal<'palette' | 'keySheet' | 'drawer'>()
  const [composing, setComposing] = createSignal(false)
  createEffect(
    on(
      restored,
      (found) => {
        if (found?.issueId === NEW && found.open) setComposing(true)
      },
      { defer: true },
    ),
  )
  const may = (right: Right) => props.session.rights.includes(right)

  onMount(() => {
    onCleanup(listenForKeys())
    onCleanup(followChanges())
    onCleanup(followPush((path) => navigate(path)))
    void keepPush().catch(() => {}) // Tried again with the next page.
    sweepDrafts(Date.now())
    if (may('triage')) void resumeJobs()
  })
  const toggle = (what: 'palette' | 'keySheet') => () => setOpen((now) => (now === what ? undefined : what))
  const going = (goes: typeof GOES) =>
    Object.fromEntries(Object.entries(goes).map(([id, href]) => [id, () => navigate(href)]))
  bindCommands({
    ...going(GOES),
    ...(may('manage mailboxes') ? going(ADMIN_GOES) : {}),
    ...(may('manage desk') ? going({ goDesk: '/desk', goRules: '/rules' }) : {}),
    ...(may('reply') ? going(WRITER_GOES) : {}),
    ...(may('triage') ? { newProposal: () => navigate('/proposals/new') } : {}),
    ...(may('import proposals') ? { importProposals: () => navigate('/import') } : {}),
    ...goToViews(),
    palette: toggle('palette'),
    keySheet: toggle('keySheet'),
    search: () => navigate('/search'),
    ...(may('reply') ? { compose: () => setComposing(true) } : {}),
    undo: undoLast,
    theme: () => setTheme(isDark() ? 'light' : 'dark'),
    signOut: () => void signOut(),
  })
  function goToViews() {
    const go = (index: number) => () => {
      const view = savedViews()[index]
      if (view) navigate(`/views/${view.id}`)
    }
    return {
      goView1: go(0),
      goView2: go(1),
      goView3: go(2),
      goView4: go(3),
      goView5: go(4),
      goView6: go(5),
      goView7: go(6),
      goView8: go(7),
      goView9: go(8),
    }
  }
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(undefined),
      { defer: true },
    ),
  )
  createEffect(() => {
    const toTriage = dataOf(counts)?.new ?? 0
    document.title = titleOf(pageOf(location.pathname), toTriage)
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href = iconOf(toTriage)
  })

  const nav = () => (
    <Nav
      member={props.session.member}
      may={may}
      counts={dataOf(counts)}
      teams={directory.teams()}
      viewCounts={dataOf(viewCounts)}
      mailboxes={dataOf(mailboxes)}
      openProposals={dataOf(openProposals)}
    />
  )
  return (
    <div class="app">
      <a class="btn skip" href="#main">
        Go to the content
      </a>
      <Show when={!narrow()}>{nav()}</Show>
      <main id="main" tabIndex={-1}>
        <div class="topbar">
          <button type="button" class="btn ghost square" aria-label="Navigation" onClick={() => setOpen('drawer')}>
            <Icon name="menu" />
          </button>
          <a href="/inbox" class="brand">
            <Mark />
            Downfield
          </a>
          <span class="spacer" />
          <button type="button" class="btn ghost square" aria-label="Commands" onClick={() => handlerOf('palette')?.()}>
            <Icon name="search" />
          </button>
        </div>
        <Freshness mailboxes={dataOf(mailboxes)} mayManage={may('manage mailboxes')} troublesOnly />
        <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
          {props.children}
        </ErrorBoundary>
      </main>
      <Show when={open() === 'palette'}>
        <Palette
          directory={directory}
          mayTriage={may('triage')}
          onGo={(href) => navigate(href)}
          onClose={() => setOpen(undefined)}
        />
      </Show>
      <Show when={open() === 'keySheet'}>
        <KeySheet onClose={() => setOpen(undefined)} />
      </Show>
      <Show when={composing()}>
        <NewMail onClose={() => setComposing(false)} onSent={(issueId) => navigate(`/waiting/${issueId}`)} />
      </Show>
      <Show when={open() === 'drawer'}>
        <Dialog label="Navigation" class="drawer" onClose={() => setOpen(undefined)}>
          {nav()}
        </Dialog>
      </Show>
    </div>
  )
}

/** Signs out here, and forgets all that was read. */
export async function signOut(): Promise<void> {
  try {
    await call(api.session.$delete())
    enter(null)
  } catch (error) {
    complain(wordsOf(error))
  }
}

function Broken(props: { error: unknown; reset: () => void }) {
  const location = useLocation()
  console.error(props.error)
  // Another page need not be broken.
  createEffect(
    on(
      () => location.pathname,
      () => props.reset(),
      { defer: true },
    ),
  )
  return (
    <Empty icon="warning" title="This page broke">
      Load it again. If it breaks again, tell an admin what you did before.
    </Empty>
  )
}

function pageOf(path: string): string {
  const [first = ''] = path.slice(1).split('/')
  if (first === 'issues') return VIEW_WORDS.all
  if (first in VIEW_WORDS) return VIEW_WORDS[first as keyof typeof VIEW_WORDS]
  return (
    {
      mailboxes: 'Mailboxes',
      people: 'People and teams',
      status: 'Status',
      pipeline: 'Pipeline',
      proposals: 'Proposal',
      motion: 'Motion and movement',
      account: 'Your account',
      'saved-replies': 'Saved replies',
      signatures: 'Signatures',
      unsent: 'Drafts and scheduled',
      notifications: 'Notifications',
      rules: 'Rules',
      desk: 'Tags, views and hours',
      views: 'Saved view',
    }[first] ?? ''
  )
}
