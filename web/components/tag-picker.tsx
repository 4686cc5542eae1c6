import type { ListedIssue } from '../api.ts'
import { tags } from '../desk.ts'
import { Icon } from './icon.tsx'
import { Chosen, type Item, Picker } from './picker.tsx'
import { TagChip } from './tag-chip.tsx'

const MAX_CHARACTERS = 40

/** Puts tags on issues and takes them off; what is typed and does not exist is made. */
export function TagPicker(props: {
  /** A tag that all of them have is taken off. */
  issues: readonly ListedIssue[]
  onDone: () => void
  onToggle: (name: string, isOn: boolean) => void
}) {
  const isOn = (id: string) => props.issues.length > 0 && props.issues.every(({ tagIds }) => tagIds.includes(id))
  const items = (): Item[] =>
    tags().map((tag) => ({
      id: tag.id,
      label: tag.name,
      icon: () => <span class={`swatch of-${tag.colour}`} />,
      ...(isOn(tag.id) ? { end: Chosen } : {}),
      run: () => props.onToggle(tag.name, isOn(tag.id)),
    }))
  const made = (typed: string): Item[] => {
    const name = typed.trim().replace(/\s+/g, ' ').slice(0, MAX_CHARACTERS)
    if (name === '' || tags().some((tag) => tag.name.toLowerCase() === name.toLowerCase())) return []
    return [
      {
        id: 'make',
        label: `Make the tag ${name}`,
        icon: () => <Icon name="plus" />,
        end: () => <TagChip tag={{ name, colour: 'grey' }} />,
        run: () => props.onToggle(name, false),
      },
    ]
  }
  /** A tag that begins as what is typed is meant rather than a new one. */
  const isBegun = (typed: string) => tags().some((tag) => tag.name.toLowerCase().startsWith(typed.trim().toLowerCase()))
  return (
    <Picker
      label="Tags"
      placeholder="Tag, or a new one"
      items={items()}
      made={(typed) => (isBegun(typed) ? [] : made(typed))}
      also={(typed) => (isBegun(typed) ? made(typed) : [])}
      hint={(typed) => (typed.trim() ? undefined : 'There are no tags yet. Type one to make it.')}
      onPick={(item) => {
        item.run()
        props.onDone()
      }}
    />
  )
}
