import { For } from 'solid-js'
import type { Draft } from '../drafts.ts'
import { Icon, type IconName } from './icon.tsx'

const WAYS: readonly {
  kind: Draft['kind']
  label: string
  tip: string
  keys: string
  icon: IconName
  class: string
}[] = [
  { kind: 'reply', label: 'Reply', tip: 'Reply', keys: 'R', icon: 'reply', class: 'primary' },
  { kind: 'note', label: 'Note', tip: 'Write a note', keys: 'N', icon: 'note', class: '' },
  { kind: 'forward', label: 'Forward', tip: 'Forward', keys: 'F', icon: 'forward', class: 'ghost' },
]

/** Where nothing is written: the ways to begin. */
export function ComposerResting(props: { onWrite: (kind: Draft['kind']) => void }) {
  return (
    <div class="composer resting">
      <For each={WAYS}>
        {({ kind, label, tip, keys, icon, class: look }) => (
          <button
            type="button"
            class={`btn ${look}`}
            data-tip={tip}
            data-keys={keys}
            aria-keyshortcuts={keys}
            onClick={() => props.onWrite(kind)}
          >
            <Icon name={icon} />
            {label}
          </button>
        )}
      </For>
    </div>
  )
}
