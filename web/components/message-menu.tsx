import { createSignal, Show } from 'solid-js'
import type { Asked } from '../issue-writing.ts'
import { Caps } from './caps.tsx'
import { Icon, type IconName } from './icon.tsx'
import { type Item, Picker } from './picker.tsx'
import { Popover } from './popover.tsx'

/** The ways to answer one email of an issue, or to pass it on. */
export function MessageMenu(props: { messageId: string; name: string; onWrite: (asked: Asked) => void }) {
  const [at, setAt] = createSignal<Element>()
  const way = (id: 'reply' | 'replyOne' | 'forward', label: string, icon: IconName, asked: Asked): Item => ({
    id,
    label,
    icon: () => <Icon name={icon} />,
    end: () => <Caps of={id} />,
    run: () => props.onWrite({ ...asked, messageId: props.messageId }),
  })
  const items = (): Item[] => [
    way('reply', 'Reply to this email', 'replyAll', { kind: 'reply' }),
    way('replyOne', 'Reply to its sender only', 'reply', { kind: 'reply', all: false }),
    way('forward', 'Forward this email', 'forward', { kind: 'forward' }),
  ]
  return (
    <>
      <button
        type="button"
        class="btn ghost square"
        aria-label={`Answer or forward the email of ${props.name}`}
        aria-haspopup="dialog"
        data-tip="Reply to this email, or forward it"
        onClick={(event) => setAt(event.currentTarget)}
      >
        <Icon name="more" />
      </button>
      <Show when={at()}>
        {(anchor) => (
          <Popover at={anchor()} class="times" label={`Email of ${props.name}`} onClose={() => setAt(undefined)}>
            <Picker
              label="What to do with this email"
              placeholder="Reply or forward"
              items={items()}
              onPick={(item) => {
                setAt(undefined)
                item.run()
              }}
            />
          </Popover>
        )}
      </Show>
    </>
  )
}
