import { colourOf, initials } from '../format.ts'

/** Somebody's initials in a colour that stays theirs. Teams are square. The name stands beside it, or is the label. */
export function Avatar(props: {
  name: string
  /** What the colour depends on: an id or an address. */
  of: string
  team?: boolean
  size?: 'large' | 'huge' | undefined
  /** Said where no name stands beside it. */
  label?: string
}) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is there whenever the label is.
    <span
      class={`avatar c${colourOf(props.of)} ${props.size ?? ''}`}
      classList={{ team: props.team ?? false }}
      role={props.label ? 'img' : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : true}
      data-tip={props.label}
    >
      {initials(props.name)}
    </span>
  )
}

/** The place of somebody, empty. */
export function Nobody(props: { label?: string }) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is there whenever the label is.
    <span
      class="avatar nobody"
      role={props.label ? 'img' : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : true}
      data-tip={props.label}
    />
  )
}
