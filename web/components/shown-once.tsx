import { createSignal } from 'solid-js'
import { Icon } from './icon.tsx'

/** A secret that is shown this once, to be copied. */
export function ShownOnce(props: { label: string; value: string }) {
  const [copied, setCopied] = createSignal(false)
  let field!: HTMLInputElement
  const copy = async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(props.value)
      setCopied(true)
    } catch {
      // Without TLS there is no clipboard: the text is selected, and the keys do it.
      setCopied(false)
    }
  }
  return (
    <div class="once">
      <input
        ref={field}
        class="input"
        readonly
        aria-label={props.label}
        value={props.value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="btn" onClick={() => void copy()}>
        <Icon name={copied() ? 'check' : 'copy'} />
        <span role="status">{copied() ? 'Copied' : 'Copy'}</span>
      </button>
    </div>
  )
}
