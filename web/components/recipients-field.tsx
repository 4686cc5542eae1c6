import { createSignal, createUniqueId, For, Show } from 'solid-js'
import type { Address } from '../api.ts'
import { nameOf, readAddresses, withAddresses, without } from '../recipients.ts'
import { Icon } from './icon.tsx'

/** Recipients as chips: typed or pasted addresses become chips at a comma, Enter or Tab; Backspace takes the last. */
export function RecipientsField(props: {
  label: string
  value: Address[]
  wrong?: string | undefined
  onChange: (value: Address[]) => void
}) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [unknown, setUnknown] = createSignal('')
  let field!: HTMLInputElement

  const take = () => {
    const { found, rest } = readAddresses(typed())
    if (found.length > 0) props.onChange(withAddresses(props.value, found))
    setTyped(rest.join(', '))
    setUnknown(rest.length > 0 ? `"${rest[0]}" is no address. Write it as ada@example.org.` : '')
    return rest.length === 0
  }
  const remove = (address: string) => {
    props.onChange(without(props.value, address))
    field.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    const last = props.value.at(-1)
    if (event.key === 'Backspace' && typed() === '' && last) remove(last.address)
    else if ((event.key === 'Enter' || event.key === ',' || event.key === ';') && typed().trim()) {
      event.preventDefault()
      take()
    } else if (event.key === 'Enter') event.preventDefault()
  }
  const problem = () => unknown() || props.wrong

  return (
    <div class="people">
      <label for={id}>{props.label}</label>
      <div>
        <For each={props.value}>
          {(address) => (
            <span class="person" data-tip={address.name ? address.address : undefined}>
              <span class="ellipsis">{nameOf(address)}</span>
              <button type="button" aria-label={`Remove ${nameOf(address)}`} onClick={() => remove(address.address)}>
                <Icon name="close" />
              </button>
            </span>
          )}
        </For>
        <input
          ref={field}
          id={id}
          type="text"
          inputmode="email"
          autocomplete="off"
          spellcheck={false}
          value={typed()}
          placeholder={props.value.length === 0 ? 'Add an address' : ''}
          aria-invalid={problem() ? 'true' : undefined}
          aria-describedby={problem() ? `${id}-wrong` : undefined}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            setUnknown('')
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const text = event.clipboardData?.getData('text') ?? ''
            if (readAddresses(text).found.length < 2) return
            event.preventDefault()
            setTyped(text)
            take()
          }}
          onBlur={() => take()}
        />
        <Show when={problem()}>
          {(words) => (
            <span class="wrong" id={`${id}-wrong`}>
              {words()}
            </span>
          )}
        </Show>
      </div>
    </div>
  )
}
