import { Match, Switch } from 'solid-js'
import type { Status } from '../../db/vocabulary.ts'
import type { Entry, ListedIssue } from '../api.ts'
import { toggleTag } from '../desk-changes.ts'
import { bringIn } from '../matter.ts'
import { dataOf, useCounts, type useDirectory } from '../queries.ts'
import { useOpenIssues, type useSuggested } from '../suggested.ts'
import { assigneeItems, statusItems } from './issue-choices.tsx'
import { belongsItems, splitItems } from './matter-choices.tsx'
import { type Item, Picker } from './picker.tsx'
import { Popover } from './popover.tsx'
import { SnoozePicker } from './snooze-picker.tsx'
import { TagPicker } from './tag-picker.tsx'

/** What is chosen of an issue in a menu. */
export type Menu = 'assign' | 'status' | 'snooze' | 'tags' | 'reason' | 'belongs' | 'split'
const WORDS: Record<Menu, [label: string, placeholder: string]> = {
  assign: ['Assign', 'Assign to'],
  status: ['Status', 'Set the status to'],
  snooze: ['Snooze', ''],
  tags: ['Tags', ''],
  reason: ['Done', 'Done because'],
  belongs: ['Belongs to', 'Bring it into'],
  split: ['Take emails out', 'Make an issue of'],
}

/** A menu of an issue, at the button that it belongs to. */
export function IssueMenu(props: {
  of: Menu
  at: Element
  issue: ListedIssue
  entries: Entry[]
  directory: ReturnType<typeof useDirectory>
  /** Issues that are likely about the same. */
  likely: NonNullable<ReturnType<typeof useSuggested>['data']>
  /** It leaves the list, with the status that it gets. */
  onLeave: (status: Status) => void
  onClose: () => void
}) {
  const counts = useCounts()
  const openIssues = useOpenIssues(() => props.of === 'belongs')
  const items = (): Item[] => {
    const { issue } = props
    switch (props.of) {
      case 'assign':
        return assigneeItems(issue, props.directory, { prefix: '' }, dataOf(counts))
      case 'status':
        return statusItems(issue, props.onLeave)
      case 'reason':
        return statusItems(issue, props.onLeave).filter(({ id }) => id.startsWith('status-done'))
      case 'belongs':
        return belongsItems([issue], props.likely, dataOf(openIssues)?.issues ?? [], (into) => {
          props.onLeave('merged')
          void bringIn(issue, into)
        })
      case 'split':
        return splitItems(issue.id, props.entries)
      default:
        return []
    }
  }
  return (
    <Popover
      at={props.at}
      class={props.of === 'belongs' ? 'belongs' : ''}
      label={WORDS[props.of][0]}
      onClose={() => props.onClose()}
    >
      <Switch
        fallback={
          <Picker
            label={WORDS[props.of][1]}
            placeholder={WORDS[props.of][1]}
            items={items()}
            onPick={(item) => {
              props.onClose()
              item.run()
            }}
          />
        }
      >
        <Match when={props.of === 'snooze'}>
          <SnoozePicker
            issue={props.issue}
            onDone={() => {
              props.onClose()
              props.onLeave('snoozed')
            }}
          />
        </Match>
        <Match when={props.of === 'tags'}>
          <TagPicker
            issues={[props.issue]}
            onToggle={(name) => void toggleTag(props.issue, name)}
            onDone={() => props.onClose()}
          />
        </Match>
      </Switch>
    </Popover>
  )
}
