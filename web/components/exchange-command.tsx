import { createSignal } from 'solid-js'
import { complain } from '../toasts.ts'
import { Icon } from './icon.tsx'

/** A command as an admin would type it, to be copied. */
export function ExchangeCommand(props: { command: string; of?: string }) {
  return (
    <span class="exchange-command">
      <code>{props.command}</code>
      <CopyButton text={props.command} label={`Copy the command${props.of ? ` for ${props.of}` : ''}`} />
    </span>
  )
}

const SAID_MS = 2_000

/** Puts a text on the clipboard, and says so in its own place. */
export function CopyButton(props: { text: string; label: string; words?: string }) {
  const [copied, setCopied] = createSignal(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text)
      setCopied(true)
      setTimeout(() => setCopied(false), SAID_MS)
    } catch {
      complain('The browser lets nothing be copied without TLS. Select the text instead.')
    }
  }
  return (
    <button
      type="button"
      class={props.words ? 'btn' : 'btn ghost square'}
      aria-label={props.words ? undefined : copied() ? 'Copied' : props.label}
      data-tip={props.words ? undefined : copied() ? 'Copied' : props.label}
      onClick={() => void copy()}
    >
      <Icon name={copied() ? 'check' : 'copy'} />
      {props.words && (copied() ? 'Copied' : props.words)}
    </button>
  )
}
