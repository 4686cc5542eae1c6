import { createSignal, Show } from 'solid-js'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'
import { type TimeChoice, TimePicker } from './time-picker.tsx'

/** Ready times to send at. */
export const SEND_CHOICES: readonly TimeChoice[] = [
  ['Later today', 'in 3 hours', 'today heute später'],
  ['Tomorrow morning', 'tomorrow 8', 'morgen früh'],
  ['Tomorrow afternoon', 'tomorrow 14:00', 'morgen nachmittag'],
  ['Monday morning', 'monday 8', 'montag früh next week'],
]

/** Beside Send: a time at which the mail goes out. */
export function SendLater(props: { busy: boolean; onPick: (at: number) => void }) {
  const [at, setAt] = createSignal<Element>()
  return (
    <>
      <button
        type="button"
        class="btn primary square"
        aria-label="Send later"
        aria-haspopup="dialog"
        data-tip="Send later"
        disabled={props.busy}
        onClick={(event) => setAt(event.currentTarget)}
      >
        <Icon name="down" />
      </button>
      <Show when={at()}>
        {(anchor) => (
          <Popover at={anchor()} label="Send later" class="times" onClose={() => setAt(undefined)}>
            <TimePicker
              label="Send at"
              placeholder="Tomorrow 8, in 2 Stunden, 27 Nov 14:00"
              icon="send"
              choices={SEND_CHOICES}
              onPick={(time) => {
                setAt(undefined)
                props.onPick(time)
              }}
            />
          </Popover>
        )}
      </Show>
    </>
  )
}
