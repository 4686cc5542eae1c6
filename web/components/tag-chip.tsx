import type { Tag } from '../api.ts'

/** A tag by its name, in its colour. */
export function TagChip(props: { tag: Pick<Tag, 'name' | 'colour'> }) {
  return <span class={`tag of-${props.tag.colour}`}>{props.tag.name}</span>
}
