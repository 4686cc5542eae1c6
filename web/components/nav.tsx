import { useLocation } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Counts, Mailbox, Member, Right, Team, ViewCounts } from '../api.ts'
import { views } from '../desk.ts'
import { count } from '../format.ts'
import { type CommandId, caps, command } from '../keys.ts'
import { dataOf, useUnread } from '../queries.ts'
import { Avatar } from './avatar.tsx'
import { Freshness } from './freshness.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Mark } from './mark.tsx'

/** The way to everything, and at its foot who one is and how fresh it all is. */
export function Nav(props: {
  member: Member
  may: (right: Right) => boolean
  counts: Counts | undefined
  teams: Team[]
  viewCounts: ViewCounts | undefined
  mailboxes: Mailbox[] | undefined
  openProposals: number | undefined
}) {
  const unread = useUnread()
  const mine = () => props.teams.filter(({ memberIds }) => memberIds.includes(props.member.id))
  return (
    <nav class="nav" aria-label="Main">
      <a href="/inbox" class="brand">
        <Mark />
        Downfield
      </a>
      <ul>
        <Place
          to="/notifications"
          icon="bell"
          label="Notifications"
          n={dataOf(unread)?.n}
          more={dataOf(unread)?.more}
          of="goNotifications"
        />
        <Place
          to="/inbox"
          icon="inbox"
          label="Inbox"
          n={props.counts && props.counts.new + props.counts.open}
          of="goInbox"
        />
        <Place to="/mine" icon="user" label="Assigned to me" n={props.counts?.mine} of="goMine" />
        <For each={mine()}>
          {(team) => <Place to={`/team/${team.id}`} icon="team" label={team.name} n={props.counts?.teams[team.id]} />}
        </For>
        <Place to="/unassigned" icon="nobody" label="Unassigned" n={props.counts?.unassigned} of="goUnassigned" />
        <Place to="/waiting" icon="clock" label="Waiting on them" n={props.counts?.waiting} of="goWaiting" />
        <Place to="/snoozed" icon="snooze" label="Snoozed" n={props.counts?.snoozed} of="goSnoozed" />
        <Place to="/done" icon="done" label="Done" of="goDone" />
      </ul>
      <h2>Pipeline</h2>
      <ul>
        <Place to="/pipeline" icon="pipeline" label="Board" n={props.openProposals} of="goProposals" />
        <Place to="/forecast" icon="trend" label="Forecast" of="goForecast" />
        <Place to="/win-loss" icon="trophy" label="Win / loss" of="goWinLoss" />
      </ul>
      <Show when={views().length > 0}>
        <h2>Saved views</h2>
        <ul>
          <For each={views()}>
            {(view, index) => (
              <Place
                to={`/views/${view.id}`}
                icon="filter"
                label={view.name}
                n={props.viewCounts?.[view.id]?.n}
                more={props.viewCounts?.[view.id]?.more}
                of={VIEW_KEYS[index()]}
              />
            )}
          </For>
        </ul>
      </Show>
      <h2>More</h2>
      <ul>
        <Place to="/issues" icon="all" label="All issues" of="goAll" />
        <Place to="/spam" icon="spam" label="Spam" of="goSpam" />
        <Place to="/trash" icon="trash" label="Trash" of="goTrash" />
        <Show when={props.may('reply')}>
          <Place to="/unsent" icon="pen" label="Drafts, scheduled" of="goUnsent" />
          <Place to="/saved-replies" icon="note" label="Saved replies" />
        </Show>
        <Place to="/motion" icon="motion" label="Motion vs movement" of="goMotion" />
      </ul>
      <Show when={props.may('manage desk')}>
        <h2>Admin</h2>
        <ul>
          <Place to="/desk" icon="sliders" label="Tags and views" of="goDesk" />
          <Place to="/rules" icon="robot" label="Rules" of="goRules" />
        </ul>
      </Show>
      <Show when={props.may('manage mailboxes')}>
        <ul>
          <Place to="/mailboxes" icon="mailbox" label="Mailboxes" of="goMailboxes" />
          <Place to="/exchange" icon="cloud" label="Exchange" of="goExchange" />
          <Place to="/people" icon="people" label="People and teams" of="goPeople" />
          <Place to="/status" icon="server" label="Status" of="goStatus" />
        </ul>
      </Show>
      <div class="foot">
        <a href="/account" class="me" data-tip="Your account" data-keys={keysOf('goAccount')}>
          <Avatar name={props.member.name} of={props.member.id} size="large" />
          <span class="ellipsis">{props.member.name}</span>
        </a>
        <Freshness mailboxes={props.mailboxes} mayManage={props.may('manage mailboxes')} />
      </div>
    </nav>
  )
}

const keysOf = (id: CommandId) => caps(command(id).keys ?? []).join(' ')

/** The keys of the first nine views. */
const VIEW_KEYS: readonly CommandId[] = [
  'goView1',
  'goView2',
  'goView3',
  'goView4',
  'goView5',
  'goView6',
  'goView7',
  'goView8',
  'goView9',
]

function Place(props: {
  to: string
  icon: IconName
  label: string
  n?: number | undefined
  /** There are more than were counted. */
  more?: boolean | undefined
  of?: CommandId | undefined
}) {
  const location = useLocation()
  const isHere = () => location.pathname === props.to || location.pathname.startsWith(`${props.to}/`)
  const keys = () => (props.of ? keysOf(props.of) : '')
  return (
    <li>
      <a
        href={props.to}
        aria-current={isHere() ? 'page' : undefined}
        data-tip={keys() ? props.label : undefined}
        data-keys={keys() || undefined}
      >
        <Icon name={props.icon} />
        <span class="ellipsis">{props.label}</span>
        <span class="n num">{props.n ? `${count(props.n)}${props.more ? '+' : ''}` : ''}</span>
      </a>
    </li>
  )
}
