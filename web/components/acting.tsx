import { createSignal, For, Show } from 'solid-js'
import type { ChosenStatus, DoneReason } from '../../db/vocabulary.ts'
import type { Act } from '../../server/jobs/act.ts'
import type { ListedIssue } from '../api.ts'
import { actOnMany, selectionWords, type Target } from '../bulk.ts'
import { type Assignee, assign, markUnread, setStatus } from '../changes.ts'
import { snooze, toggleTag } from '../desk-changes.ts'
import type { Until } from '../format.ts'
import { bindCommands, type CommandId } from '../keys.ts'
import { bringIn } from '../matter.ts'
import { dataOf, me, useCounts, type useDirectory } from '../queries.ts'
import { clearSelection } from '../selection.ts'
import { useOpenIssues, useSuggested } from '../suggested.ts'
import { CommandButton } from './command-button.tsx'
import { Icon } from './icon.tsx'
import { assigneeItems, statusItems } from './issue-choices.tsx'
import { belongsItems } from './matter-choices.tsx'
import { Picker } from './picker.tsx'
import { Popover } from './popover.tsx'
import { SnoozePicker } from './snooze-picker.tsx'
import { TagPicker } from './tag-picker.tsx'

type Menu = 'assign' | 'status' | 'snooze' | 'tags' | 'reason' | 'belongs'
const MENU_WORDS: Record<Menu, [label: string, placeholder: string]> = {
  assign: ['Assign', 'Assign to'],
  status: ['Status', 'Set the status to'],
  snooze: ['Snooze', ''],
  tags: ['Tags', ''],
  reason: ['Done', 'Done because'],
  belongs: ['Belongs to', 'Bring it into'],
}
const BUTTONS: CommandId[] = ['assign', 'done', 'snooze', 'tags', 'belongs', 'status']

/** What can be done to the issues that are selected, or to the row that has the focus while no issue is open. */
export function Acting(props: {
  target: Target
  /** Rows were chosen: the bar shows, and these commands go before those of the issue that is open. */
  isSelection: boolean
  directory: ReturnType<typeof useDirectory>
  /** They become this: what is open may leave the list. */
  onLeave: (issues: readonly ListedIssue[], to: Partial<ListedIssue>) => void
}) {
  const counts = useCounts()
  const [menu, setMenu] = createSignal<{ of: Menu; at: Element }>()
  // Read before a menu closes: picking takes the focus, and with it the row.
  const [held, setHeld] = createSignal<Target>()
  const target = () => held() ?? props.target
  const only = () => (target().all === null && target().issues.length === 1 ? target().issues[0] : undefined)
  const suggested = useSuggested(() => (menu()?.of === 'belongs' ? only()?.id : undefined))
  const openIssues = useOpenIssues(() => menu()?.of === 'belongs')
  let bar: HTMLDivElement | undefined

  /** One issue is changed as if it were open; several by one job. */
  const act = (many: Act, one: (issue: ListedIssue) => void, to: Partial<ListedIssue>, name?: string) => {
    const found = target()
    const single = only()
    if (found.all === null) props.onLeave(found.issues, to)
    if (single) one(single)
    else void actOnMany(found, many, name)
    if (many.do !== 'tag') clearSelection()
  }
  const put = (status: ChosenStatus, reason?: DoneReason) =>
    act({ do: 'status', status, reason: reason ?? null }, (issue) => void setStatus(issue, status, reason), { status })
  const give = (to: Assignee, name: string) => {
    const memberId = 'memberId' in to ? to.memberId : null
    const teamId = 'teamId' in to ? to.teamId : null
    act(
      { do: 'assign', memberId, teamId },
      (issue) => void assign(issue, to, name),
      { assigneeId: memberId, teamId },
      name,
    )
  }
  const putOff = (until: Until) =>
    act({ do: 'snooze', until: until.at, onReply: until.onReply }, (issue) => void snooze(issue, until), {
      status: 'snoozed',
    })
  const tag = (name: string, isOn: boolean) =>
    act({ do: 'tag', add: isOn ? [] : [name], remove: isOn ? [name] : [] }, (issue) => void toggleTag(issue, name), {})
  const bring = (into: ListedIssue) =>
    act(
      { do: 'merge', intoId: into.id },
      (issue) => void bringIn(issue, into),
      { status: 'merged' },
      into.subject || `issue ${into.number}`,
    )
  /** A second press takes it back, where all of them are so. */
  const move = (to: ChosenStatus) => () => {
    const isSo = target().issues.length > 0 && target().issues.every(({ status }) => status === to)
    put(isSo && target().all === null ? (to === 'done' ? 'open' : 'new') : to)
  }
  const menuAt = (of: Menu) => () => {
    const row = document.querySelector(`[data-issue="${CSS.escape(props.target.issues[0]?.id ?? '')}"]`)
    const at = bar?.querySelector(`[data-command="${of}"]`) ?? bar?.querySelector('[data-command="status"]') ?? row
    if (!at) return
    setHeld(props.target)
    setMenu({ of, at })
  }
  const close = () => {
    setMenu(undefined)
    setHeld(undefined)
  }
  const isAll = () => props.target.all !== null
  bindCommands(
    {
      assign: menuAt('assign'),
      status: menuAt('status'),
      snooze: menuAt('snooze'),
      tags: menuAt('tags'),
      doneBecause: menuAt('reason'),
      // What a whole list has in common is no matter.
      belongs: () => !isAll() && menuAt('belongs')(),
      assignMe: () => {
        const self = me()?.member
        if (self) give({ memberId: self.id }, 'you')
      },
      accept: () => put('open'),
      noAction: () => put('done', 'no_action'),
      done: move('done'),
      waiting: move('waiting'),
      spam: move('spam'),
      trash: move('trash'),
      unread: () => act({ do: 'unread', unread: true }, (issue) => void markUnread(issue), {}),
      ...(props.isSelection ? { back: clearSelection } : {}),
    },
    { isFirst: props.isSelection },
  )

  const itemsOf = (of: Menu) => {
    const single = only() ?? null
    switch (of) {
      case 'assign':
        return assigneeItems(single, props.directory, { prefix: '' }, dataOf(counts), give)
      case 'status':
        return statusItems(single, () => {}, put)
      case 'reason':
        return statusItems(single, () => {}, put).filter(({ id }) => id.startsWith('status-done'))
      case 'belongs':
        return belongsItems(target().issues, dataOf(suggested) ?? [], dataOf(openIssues)?.issues ?? [], bring)
      default:
        return []
    }
  }

  return (
    <>
      <Show when={props.isSelection}>
        <div ref={bar} class="selected-bar" role="toolbar" aria-label="Selected issues">
          <span class="num" role="status">
            {selectionWords(props.target.issues.length, isAll())}
          </span>
          <For each={BUTTONS}>
            {(of) => (
              <Show when={of !== 'belongs' || !isAll()}>
                <CommandButton of={of} class="ghost" bare />
              </Show>
            )}
          </For>
          <button
            type="button"
            class="btn ghost square"
            aria-label="Select nothing"
            data-tip="Select nothing"
            data-keys="esc"
            onClick={clearSelection}
          >
            <Icon name="close" />
          </button>
        </div>
      </Show>
      <Show when={menu()} keyed>
        {({ of, at }) => (
          <Popover at={at} class={of === 'belongs' ? 'belongs' : ''} label={MENU_WORDS[of][0]} onClose={close}>
            <Show when={of === 'snooze'}>
              <SnoozePicker onPut={putOff} onDone={() => setMenu(undefined)} />
            </Show>
            <Show when={of === 'tags'}>
              <TagPicker issues={target().issues} onToggle={tag} onDone={close} />
            </Show>
            <Show when={of !== 'snooze' && of !== 'tags'}>
              <Picker
                label={MENU_WORDS[of][1]}
                placeholder={MENU_WORDS[of][1]}
                items={itemsOf(of)}
                onPick={(item) => {
                  setMenu(undefined)
                  item.run()
                  setHeld(undefined)
                }}
              />
            </Show>
          </Popover>
        )}
      </Show>
    </>
  )
}
