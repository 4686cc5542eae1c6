import { type JSX, Show } from 'solid-js'
import { ariaKeys, type CommandId, caps, command, handlerOf } from '../keys.ts'
import { Icon } from './icon.tsx'

/** A button that does a command. Its tooltip shows the keys, so that they are learnt by the way. */
export function CommandButton(props: {
  of: CommandId
  class?: string
  /** Only the icon; the label is said and shown in the tooltip. */
  bare?: boolean
  children?: JSX.Element
}) {
  const label = () => command(props.of).label
  return (
    <button
      type="button"
      class={`btn ${props.class ?? ''}`}
      classList={{ square: props.bare ?? false }}
      data-command={props.of}
      data-tip={label()}
      data-keys={caps(command(props.of).keys ?? []).join(' ')}
      aria-label={props.bare ? label() : undefined}
      aria-keyshortcuts={ariaKeys(props.of)}
      disabled={!handlerOf(props.of)}
      onClick={() => handlerOf(props.of)?.()}
    >
      <Icon name={command(props.of).icon} />
      <Show when={!props.bare}>{props.children ?? label()}</Show>
    </button>
  )
}
