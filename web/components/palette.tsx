import type { Team } from '../api.ts'
import { known } from '../changes.ts'
import { COMMANDS, handlerOf } from '../keys.ts'
import { openIssue } from '../open-issue.ts'
import type { useDirectory } from '../queries.ts'
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
  const items = (): Item[] => {
    const found = issue()
    const subject = found?.subject || 'Issue'
    const commands: Item[] = COMMANDS.filter((command) => !('keyOnly' in command) && handlerOf(command.id)).map(
      ({ id, label, group, icon }) => ({
        id,
        label,
        words: group,
        group: group === 'Issue' || group === 'Move' ? subject : group,
        icon: () => <Icon name={icon} />,
        end: () => <Caps of={id} />,
        run: () => handlerOf(id)?.(),
      }),
    )
    const own = commands.filter(({ group }) => group === subject)
    const assigning =
      found && props.mayTriage ? assigneeItems(found, props.directory, { prefix: 'Assign to', group: subject }) : []
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
    return [
      ...own.filter(({ id }) => id !== 'assignMe'),
      ...assigning,
      ...going.slice(0, 2),
      ...teams,
      ...going.slice(2),
      ...commands.filter(({ group }) => group === 'General'),
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
