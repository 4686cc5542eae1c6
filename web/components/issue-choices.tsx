import { Show } from 'solid-js'
import type { ChosenStatus, DoneReason } from '../../db/vocabulary.ts'
import type { Counts, ListedIssue } from '../api.ts'
import { type Assignee, assign, setStatus } from '../changes.ts'
import { plural } from '../format.ts'
import { me, type useDirectory } from '../queries.ts'
import { STATUS_WORDS } from '../words.ts'
import { Avatar, Nobody } from './avatar.tsx'
import { Caps } from './caps.tsx'
import { Chosen, type Item } from './picker.tsx'

// What an issue can be given to or set to: the same items in the menus of the issue and in the palette.

/** Whom the issue, or several (null), can be given to: me first, then teams, people, and nobody. */
export function assigneeItems(
  issue: ListedIssue | null,
  directory: ReturnType<typeof useDirectory>,
  words: { prefix: string; group?: string },
  /** What each member and team has to move; none: not said. */
  load?: Pick<Counts, 'load' | 'teams'>,
  give = (to: Assignee, name: string): void => {
    if (issue) void assign(issue, to, name)
  },
): Item[] {
  const meId = me()?.member.id
  const label = (name: string) => (words.prefix ? `${words.prefix} ${name}` : name)
  const common = words.group === undefined ? {} : { group: words.group }
  const people = directory.active().filter(({ id }) => id !== meId)
  const self = directory.member(meId)
  return [
    ...(self
      ? [
          {
            ...common,
            id: 'assign-me',
            label: words.prefix ? `${words.prefix} me` : 'Me',
            words: self.name,
            icon: () => <Avatar name={self.name} of={self.id} />,
            end: () => (
              <>
                <Load n={load?.load[self.id]} known={load !== undefined} />
                {issue?.assigneeId === self.id ? <Chosen /> : <Caps of="assignMe" />}
              </>
            ),
            run: () => give({ memberId: self.id }, 'you'),
          },
        ]
      : []),
    ...directory.teams().map(({ id, name }) => ({
      ...common,
      id: `assign-${id}`,
      label: label(name),
      icon: () => <Avatar name={name} of={id} team />,
      end: () => (
        <>
          <Load n={load?.teams[id]} known={load !== undefined} />
          {issue?.teamId === id ? <Chosen /> : null}
        </>
      ),
      run: () => give({ teamId: id }, name),
    })),
    ...people.map(({ id, name, email }) => ({
      ...common,
      id: `assign-${id}`,
      label: label(name),
      words: email,
      icon: () => <Avatar name={name} of={id} />,
      end: () => (
        <>
          <Load n={load?.load[id]} known={load !== undefined} />
          {issue?.assigneeId === id ? <Chosen /> : null}
        </>
      ),
      run: () => give({ memberId: id }, name),
    })),
    {
      ...common,
      id: 'assign-nobody',
      label: words.prefix ? `${words.prefix} nobody` : 'Nobody',
      icon: () => <Nobody />,
      ...(issue && !issue.assigneeId && !issue.teamId ? { end: Chosen } : {}),
      run: () => give({ memberId: null }, ''),
    },
  ]
}

/** How many issues somebody has to move. */
function Load(props: { n: number | undefined; known: boolean }) {
  return (
    <Show when={props.known}>
      <span class="load num" data-tip={`${plural(props.n ?? 0, 'issue')} to move`}>
        <span class="sr">, </span>
        {props.n ?? 0}
        <span class="sr"> to move</span>
      </span>
    </Show>
  )
}

const CHOICES: { status: ChosenStatus; reason?: DoneReason; label: string }[] = [
  { status: 'new', label: STATUS_WORDS.new },
  { status: 'open', label: STATUS_WORDS.open },
  { status: 'waiting', label: STATUS_WORDS.waiting },
  { status: 'done', label: STATUS_WORDS.done },
  { status: 'done', reason: 'no_action', label: 'Done, no action needed' },
  { status: 'done', reason: 'duplicate', label: 'Done, a duplicate' },
  { status: 'spam', label: STATUS_WORDS.spam },
  { status: 'trash', label: STATUS_WORDS.trash },
]

/** What the issue can be set to. `leave` is called where it leaves the list, so that the next one opens. */
export function statusItems(
  issue: ListedIssue | null,
  leave: (status: ChosenStatus) => void,
  put = (status: ChosenStatus, reason?: DoneReason): void => {
    if (issue) void setStatus(issue, status, reason)
  },
): Item[] {
  return CHOICES.map(({ status, reason, label }) => ({
    id: `status-${status}${reason ?? ''}`,
    label,
    icon: () => <span class={`disc ${status}`} />,
    ...(issue?.status === status && (reason ?? 'answered') === (issue.doneReason ?? 'answered') ? { end: Chosen } : {}),
    run: () => {
      leave(status)
      put(status, reason)
    },
  }))
}
