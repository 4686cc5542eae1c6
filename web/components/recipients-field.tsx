import { useQuery } from '@tanstack/solid-query'
import { createMemo, createSignal, createUniqueId, For, onCleanup, Show } from 'solid-js'
import { type Address, api, call } from '../api.ts'
import { dataOf } from '../queries.ts'
import { client } from '../query-client.ts'
import { nameOf, readAddresses, withAddresses, without } from '../recipients.ts'
import { Icon } from './icon.tsx'

const ASK_AFTER_MS = 90

/**
 * Recipients as chips: typed or pasted addresses become chips at a comma, Enter or Tab; Backspace takes the last. With
 * whom one wrote before is suggested as one types (the combobox pattern of WAI-ARIA).
 */
export function RecipientsField(props: {
  label: string
  value: Address[]
  wrong?: string | undefined
  onChange: (value: Address[]) => void
}) {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [unknown, setUnknown] = createSignal('')
  const [asked, setAsked] = createSignal('')
  const [at, setAt] = createSignal(0)
  let field!: HTMLInputElement
  let timer = 0
  onCleanup(() => clearTimeout(timer))
  const suggesting = useQuery(
    () => ({
      queryKey: ['contacts', asked()],
      queryFn: () => call(api.contacts.$get({ query: { q: asked() } })),
      enabled: asked() !== '',
      staleTime: 60_000,
    }),
    () => client,
  )
  const suggested = createMemo(() => {
    if (!asked() || !typed()) return []
    const taken = new Set(props.value.map(({ address }) => address))
    return (dataOf(suggesting) ?? []).filter(({ address }) => !taken.has(address))
  })
  const chosen = () => suggested()[Math.min(at(), suggested().length - 1)]
  const ask = (text: string) => {
    clearTimeout(timer)
    setAt(0)
    timer = window.setTimeout(() => setAsked(text.trim().length > 0 ? text.trim() : ''), ASK_AFTER_MS)
  }
  const close = () => {
    clearTimeout(timer)
    setAsked('')
  }
  const pick = (person: Address) => {
    close()
    setTyped('')
    setUnknown('')
    props.onChange(withAddresses(props.value, [person]))
    field.focus()
  }

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
    const person = chosen()
    if (person) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const { length } = suggested()
        setAt((at() + (event.key === 'ArrowDown' ? 1 : -1) + length) % length)
        return
      }
      // Who has typed a whole address means that one.
      const isWhole = readAddresses(typed()).found.length > 0
      if ((event.key === 'Enter' && !isWhole) || (event.key === 'Tab' && !isWhole && !event.shiftKey)) {
        event.preventDefault()
        pick(person)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        close()
        return
      }
    }
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
            ask(event.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const text = event.clipboardData?.getData('text') ?? ''
            if (readAddresses(text).found.length < 2) return
            event.preventDefault()
            setTyped(text)
            take()
          }}
          onBlur={() => {
            close()
            take()
          }}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={suggested().length > 0}
          aria-controls={`${id}-people`}
          aria-activedescendant={chosen() ? `${id}-person-${Math.min(at(), suggested().length - 1)}` : undefined}
        />
        <Show when={suggested().length > 0}>
          <div class="suggested" id={`${id}-people`} role="listbox" aria-label="People you wrote with">
            <For each={suggested()}>
              {(person, place) => (
                // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, as the pattern wants it.
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys.
                <div
                  role="option"
                  id={`${id}-person-${place()}`}
                  aria-selected={place() === Math.min(at(), suggested().length - 1)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => pick(person)}
                >
                  <b class="ellipsis">{nameOf(person)}</b>
                  <span class="ellipsis">{person.name ? person.address : ''}</span>
                </div>
              )}
            </For>
          </div>
        </Show>
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
