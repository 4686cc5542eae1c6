import type { Team } from '../api.ts'
import { selectionWords } from '../bulk.ts'
import { known } from '../changes.ts'
import { COMMANDS, handlerOf } from '../keys.ts'
import { openIssue } from '../open-issue.ts'
import type { useDirectory } from '../queries.ts'
import { isAllSelected, isSelecting, selectedIds } from '../selection.ts'
import { Caps } from './caps.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { assigneeItems } from './issue-choices.tsx'
import { type Item, Picker } from './picker.tsx'

/** Every command that exists now, found by a few letters of it, with its keys, so that they are learnt by the way. */
export default function Palette(props: {
  directory: ReturnType<typeof useDirectory>
  mayTriage: boolean
  onGo: (href: string) => void
  onClose: () => void
}) {
  const issue = () => {
    const id = openIssue()
    return id === undefined ? undefined : known(id)
  }
  const whyBarred = (needsOne: boolean, isMissing: boolean): string | undefined => {
    if (needsOne && isSelecting()) return 'One issue at a time'
    if (!isMissing) return undefined
    if (issue() && !props.mayTriage) return 'Viewers read along'
    return needsOne && issue() ? 'Open the issue first' : 'Choose an issue first'
  }
  const items = (): Item[] => {
    const found = issue()
    const subject = isSelecting() ? selectionWords(selectedIds().size, isAllSelected()) : found?.subject || 'Issue'
    const offered = COMMANDS.filter(
      (command) => !('keyOnly' in command) && (handlerOf(command.id) || command.group === 'Issue'),
    )
    const commands = offered.map((command): Item => {
      const { id, label, group, icon } = command
      const why = whyBarred('one' in command, group === 'Issue' && !handlerOf(id))
      return {
        id,
        label,
        words: group,
        group: group === 'Issue' || group === 'Move' ? subject : group,
        icon: () => <Icon name={icon} />,
        end: () => <Caps of={id} />,
        ...(why === undefined ? {} : { barred: why }),
        run: () => handlerOf(id)?.(),
      }
    })
    // What is done with an issue, then how one moves about.
    const own = ['Issue', 'Move'].flatMap((words) =>
      commands.filter((one) => one.group === subject && one.words === words),
    )
    const assigning =
      found && props.mayTriage && !isSelecting()
        ? assigneeItems(found, props.directory, { prefix: 'Assign to', group: subject })
        : []
    const teams = props.directory.teams().map(
      (team: Team): Item => ({
        id: `go-${team.id}`,
        label: team.name,
        words: 'Go to team',
        group: 'Go to',
        icon: () => <Icon name="team" />,
        run: () => props.onGo(`/team/${team.id}`),
      }),
    )
    const going = commands.filter(({ group }) => group === 'Go to')
    const isThere = found !== undefined || isSelecting()
    return [
      ...(isThere ? own.filter(({ id }) => isSelecting() || id !== 'assignMe') : []),
      ...assigning,
      ...going.slice(0, 2),
      ...teams,
      ...going.slice(2),
      ...commands.filter(({ group }) => group === 'General'),
      ...(isThere ? [] : own),
    ]
  }
  return (
    <Dialog label="Commands" class="palette" onClose={() => props.onClose()}>
      <Picker
        label="Commands"
        placeholder="What do you want to do?"
        items={items()}
        end={<kbd>esc</kbd>}
        onPick={(item) => {
          props.onClose()
          // After the dialog has given the focus back, so that what the command focuses keeps it.
          setTimeout(() => item.run())
        }}
      />
    </Dialog>
  )
}
