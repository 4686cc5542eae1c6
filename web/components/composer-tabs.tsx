import { For, type JSX } from 'solid-js'
import type { Draft } from '../drafts.ts'

type Kind = Draft['kind']
const TABS: readonly { kind: Kind; label: string }[] = [
  { kind: 'reply', label: 'Reply' },
  { kind: 'note', label: 'Note' },
  { kind: 'forward', label: 'Forward' },
]

/** What is being written, as tabs; `id` begins the ids of the tabs and of their panel. */
export function ComposerTabs(props: {
  id: string
  kind: Kind
  /** Another was chosen; `byKey` where the arrows did, and the focus stays on the tabs. */
  onKind: (kind: Kind, byKey: boolean) => void
  children: JSX.Element
}) {
  const step = (by: number) => {
    const place = TABS.findIndex(({ kind }) => kind === props.kind)
    return TABS[(place + by + TABS.length) % TABS.length]!.kind
  }
  return (
    <div class="tabs">
      <div
        role="tablist"
        aria-label="What to write"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
          props.onKind(step(event.key === 'ArrowLeft' ? -1 : 1), true)
          event.currentTarget.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
        }}
      >
        <For each={TABS}>
          {({ kind, label }) => (
            <button
              type="button"
              role="tab"
              id={`${props.id}-${kind}`}
              aria-selected={props.kind === kind}
              aria-controls={`${props.id}-panel`}
              tabIndex={props.kind === kind ? 0 : -1}
              onClick={() => props.onKind(kind, false)}
            >
              {label}
            </button>
          )}
        </For>
      </div>
      <span class="spacer" />
      {props.children}
    </div>
  )
}
