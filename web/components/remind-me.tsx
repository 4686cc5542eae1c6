import { createSignal, Show } from 'solid-js'
import { plural } from '../format.ts'
import { Icon } from './icon.tsx'
import { Popover } from './popover.tsx'
import { type TimeChoice, TimePicker } from './time-picker.tsx'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const CHOICES: readonly TimeChoice[] = [
  ['In 2 days', 'in 2 days', 'in 2 tagen'],
  ['In 5 days', 'in 5 days', 'in 5 tagen'],
  ['In a week', 'in a week', 'in einer woche'],
  ['In 2 weeks', 'in 2 weeks', 'in 2 wochen'],
  ['In a month', 'in a month', 'in einem monat'],
]

/** When the issue comes back where nobody answers what is being written. */
export function RemindMe(props: { afterMs: number | null; onAfterMs: (afterMs: number | null) => void }) {
  const [at, setAt] = createSignal<Element>()
  const choose = (afterMs: number | null) => {
    setAt(undefined)
    props.onAfterMs(afterMs)
  }
  return (
    <>
      <button
        type="button"
        class="btn ghost"
        classList={{ square: props.afterMs === null, set: props.afterMs !== null }}
        aria-label={`Remind me if nobody answers${props.afterMs === null ? '' : `: in ${spanWords(props.afterMs)}`}`}
        aria-haspopup="dialog"
        data-tip="Remind me if nobody answers"
        onClick={(event) => setAt(event.currentTarget)}
      >
        <Icon name="clock" />
        <Show when={props.afterMs}>{(afterMs) => <span class="num">{spanWords(afterMs())}</span>}</Show>
      </button>
      <Show when={at()}>
        {(anchor) => (
          <Popover at={anchor()} label="Remind me if nobody answers" class="times" onClose={() => setAt(undefined)}>
            <TimePicker
              label="Remind me if nobody answers"
              placeholder="If nobody answers in 5 days"
              icon="clock"
              choices={CHOICES}
              further={
                props.afterMs === null
                  ? []
                  : [
                      {
                        id: 'none',
                        label: 'No reminder',
                        words: 'keine erinnerung none',
                        icon: () => <Icon name="close" />,
                        run: () => choose(null),
                      },
                    ]
              }
              onPick={(time, now) => choose(spanUntil(time, now))}
            />
          </Popover>
        )}
      </Show>
    </>
  )
}

/**
 * It counts from when the mail goes out, so days are whole days, as many as there are midnights: what is chosen late in
 * the evening is not a day less. Less than a day is whole hours.
 */
function spanUntil(at: number, now: number): number {
  if (at - now < DAY_MS) return Math.max(1, Math.round((at - now) / HOUR_MS)) * HOUR_MS
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  return Math.round((midnight(at) - midnight(now)) / DAY_MS) * DAY_MS
}

function spanWords(ms: number): string {
  return ms < DAY_MS ? plural(Math.round(ms / HOUR_MS), 'hour') : plural(Math.round(ms / DAY_MS), 'day')
}
