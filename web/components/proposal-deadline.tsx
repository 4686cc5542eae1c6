import { createSignal, Show } from 'solid-js'
import { fullTime } from '../format.ts'
import { edit } from '../proposal-changes.ts'
import { countdown, wallWords } from '../proposal-words.ts'
import type { Details } from '../proposals.ts'
import { zone } from '../queries.ts'
import { complain } from '../toasts.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { Notice } from './states.tsx'
import { ZoneField } from './zone-field.tsx'

const CLOSE_MS = 48 * 3_600_000

/** When the proposal must be there: what the customer's clocks show, in their zone, and how long that is from now. */
export function ProposalDeadline(props: {
  details: Details
  card: NonNullable<Details['card']>
  now: number
  mayChange: boolean
}) {
  const [editing, setEditing] = createSignal(false)
  const p = () => props.details.proposal
  const due = () =>
    p().dueLocal && p().dueZone ? { local: p().dueLocal!, zone: p().dueZone!, choice: p().dueChoice } : null
  const tone = () => {
    const left = (p().dueAt ?? 0) - props.now
    if (p().submittedAt !== null || p().outcome !== 'open') return ''
    return left < CLOSE_MS ? 'bad' : ''
  }
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form)
    const [day, time] = [String(data.get('day')), String(data.get('time'))]
    if (time && !day) {
      complain('An hour needs a day.')
      return
    }
    const to = day ? { local: time ? `${day}T${time}` : day, zone: newZone() } : null
    if (await edit(props.card, { due: to }, 'Deadline changed.', { due: due() })) setEditing(false)
  }
  const [newZone, setNewZone] = createSignal(zone())
  const begin = () => {
    setNewZone(p().dueZone ?? zone())
    setEditing(true)
  }
  return (
    <section class="deadline">
      <div class="section-head">
        <h2>Deadline</h2>
        <Show when={props.mayChange && !editing()}>
          <button type="button" class="btn ghost" onClick={begin}>
            <Icon name="pen" />
            Change
          </button>
        </Show>
      </div>
      <Show
        when={!editing()}
        fallback={
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void save(event.currentTarget)
            }}
          >
            <div class="due-fields">
              <Field label="Day">
                {(attributes) => (
                  <input
                    {...attributes}
                    class="input"
                    type="date"
                    name="day"
                    value={p().dueLocal?.slice(0, 10) ?? ''}
                  />
                )}
              </Field>
              <Field label="Hour">
                {(attributes) => (
                  <input {...attributes} class="input" type="time" name="time" value={p().dueLocal?.slice(11) ?? ''} />
                )}
              </Field>
              <ZoneField value={newZone()} onChange={setNewZone} />
            </div>
            <div class="row-actions">
              <button type="submit" class="btn primary">
                Keep
              </button>
              <button type="button" class="btn ghost" onClick={() => setEditing(false)}>
                Cancel
              </button>
            </div>
          </form>
        }
      >
        <Show when={due()} fallback={<p class="hint">No deadline was said.</p>}>
          {(found) => (
            <>
              <p class="due-line">
                <b class={`num ${tone()}`}>{countdown(p().dueAt ?? 0, props.now)}</b>
                <span>{wallWords(found().local, found().zone)}</span>
              </p>
              <Show when={found().zone !== zone()}>
                <p class="hint">For you that is {fullTime(p().dueAt ?? 0)}.</p>
              </Show>
            </>
          )}
        </Show>
        <Show when={props.details.dueTwice}>{(twice) => <Notice tone="warn">{twice().explained}</Notice>}</Show>
        <Show when={p().submittedAt}>{(at) => <p class="hint">Submitted {fullTime(at())}.</p>}</Show>
      </Show>
    </section>
  )
}
