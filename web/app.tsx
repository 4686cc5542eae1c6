import { Navigate, Route, Router, type RouteSectionProps, useLocation } from '@solidjs/router'
import { lazy, Match, Show, Switch } from 'solid-js'
import { JobProgress } from './components/job-progress.tsx'
import { Shell } from './components/shell.tsx'
import { Empty, Failed } from './components/states.tsx'
import { Toasts } from './components/toasts.tsx'
import { Tooltip } from './components/tooltip.tsx'
import Issues from './pages/issues.tsx'
import { dataOf, useSession } from './queries.ts'

const SignIn = lazy(() => import('./pages/sign-in.tsx'))
const Setup = lazy(() => import('./pages/setup.tsx'))
const Invitation = lazy(() => import('./pages/invitation.tsx'))
const Mailboxes = lazy(() => import('./pages/mailboxes.tsx'))
const Mailbox = lazy(() => import('./pages/mailbox.tsx'))
const MailboxSettings = lazy(() => import('./pages/mailbox-settings.tsx'))
const Signatures = lazy(() => import('./pages/signatures.tsx'))
const SavedReplies = lazy(() => import('./pages/saved-replies.tsx'))
const Unsent = lazy(() => import('./pages/unsent.tsx'))
const People = lazy(() => import('./pages/people.tsx'))
const Status = lazy(() => import('./pages/status.tsx'))
const Exchange = lazy(() => import('./pages/exchange.tsx'))
const ExchangeConnection = lazy(() => import('./pages/exchange-connection.tsx'))
const ExchangeMailbox = lazy(() => import('./pages/exchange-mailbox.tsx'))
const ExchangeNew = lazy(() => import('./pages/exchange-new.tsx'))
const Print = lazy(() => import('./pages/print.tsx'))
const Motion = lazy(() => import('./pages/motion.tsx'))
const Desk = lazy(() => import('./pages/desk.tsx'))
const Pipeline = lazy(() => import('./pages/pipeline.tsx'))
const Proposal = lazy(() => import('./pages/proposal.tsx'))
const ImportPage = lazy(() => import('./pages/import.tsx'))
const NewProposal = lazy(() => import('./pages/proposal-new.tsx'))
const WinLossPage = lazy(() => import('./pages/reports-win-loss.tsx'))
const ForecastPage = lazy(() => import('./pages/reports-forecast.tsx'))
const Notifications = lazy(() => import('./pages/notifications.tsx'))
const NotificationChoices = lazy(() => import('./pages/notification-choices.tsx'))
const Rules = lazy(() => import('./pages/rules.tsx'))
const Account = lazy(() => import('./pages/account.tsx'))

const VIEWS = ['inbox', 'mine', 'unassigned', 'snoozed', 'waiting', 'done', 'spam', 'trash', 'issues', 'search']

// No Suspense anywhere: with one, the router waits in a transition for whatever loads, and what is pressed meanwhile
// is lost. Each page says itself that it is loading.

/** The pages. Those for everybody who is not in yet stand apart; the others show the sign-in until somebody is. */
export function App() {
  return (
    <Router root={Root}>
      <Route path="/setup/:token" component={Setup} />
      <Route path="/invitation/:token" component={Invitation} />
      <Route path="/" component={() => <Navigate href="/inbox" />} />
      <Route
        path={['/:view/:issueId?', '/team/:teamId/:issueId?', '/views/:viewId/:issueId?']}
        matchFilters={{ view: VIEWS }}
        component={Issues}
      />
      <Route path="/mailboxes" component={Mailboxes} />
      <Route path="/mailboxes/new" component={MailboxSettings} />
      <Route path="/mailboxes/:id" component={Mailbox} />
      <Route path="/mailboxes/:id/settings" component={MailboxSettings} />
      <Route path="/desk" component={Desk} />
      <Route path="/saved-replies" component={SavedReplies} />
      <Route path="/signatures" component={Signatures} />
      <Route path="/unsent" component={Unsent} />
      <Route path="/people" component={People} />
      <Route path="/pipeline" component={Pipeline} />
      <Route path="/import/:id?" component={ImportPage} />
      <Route path="/proposals/new" component={NewProposal} />
      <Route path="/proposals/:id" component={Proposal} />
      <Route path="/exchange" component={Exchange} />
      <Route path="/exchange/connect" component={ExchangeConnection} />
      <Route path="/exchange/connections/:connectionId" component={ExchangeConnection} />
      <Route path="/exchange/new" component={ExchangeNew} />
      <Route path="/exchange/:connectionId/:identity" component={ExchangeMailbox} />
      <Route path="/win-loss" component={WinLossPage} />
      <Route path="/forecast" component={ForecastPage} />
      <Route path="/print/:id" component={Print} />
      <Route path="/motion" component={Motion} />
      <Route path="/status" component={Status} />
      <Route path="/account" component={Account} />
      <Route path="/notifications" component={Notifications} />
      <Route path="/account/notifications" component={NotificationChoices} />
      <Route path="/rules" component={Rules} />
      <Route path="*" component={Missing} />
    </Router>
  )
}

function Root(props: RouteSectionProps) {
  const location = useLocation()
  const isDoor = () => /^\/(setup|invitation)\//.test(location.pathname)
  return (
    <>
      <Show when={!isDoor()} fallback={props.children}>
        <Inside>{props.children}</Inside>
      </Show>
      <JobProgress />
      <Toasts />
      <Tooltip />
    </>
  )
}

/** The page for who is signed in; for anybody else the sign-in, under the address that was asked for. */
function Inside(props: { children: RouteSectionProps['children'] }) {
  const location = useLocation()
  const session = useSession()
  return (
    <Switch>
      {/* Not where it could be asked before: a server that is away for a while takes no page from anybody. */}
      <Match when={session.isError && session.data === undefined}>
        <Failed error={session.error} what="Downfield" retry={() => void session.refetch()} />
      </Match>
      <Match when={dataOf(session)}>
        {(found) => (
          <Show when={!location.pathname.startsWith('/print/')} fallback={props.children}>
            <Shell session={found()}>{props.children}</Shell>
          </Show>
        )}
      </Match>
      <Match when={!session.isPending}>
        <SignIn />
      </Match>
    </Switch>
  )
}

function Missing() {
  return (
    <Empty icon="search" title="There is no such page">
      The address may have been cut off. The inbox is in the navigation.
    </Empty>
  )
}
