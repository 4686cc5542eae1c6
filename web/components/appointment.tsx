import { For, Show } from 'solid-js'
import { answerOf, kindOf, type Appointment as Of, whenOf } from '../appointment.ts'
import { plural } from '../format.ts'
import { Icon } from './icon.tsx'

/** So many of those who are asked are named. */
const MAX_NAMED = 6

/** What a calendar part of an email asks or tells. */
export function Appointment(props: { of: Of }) {
  const isCancelled = () => kindOf(props.of) === 'Cancelled'
  return (
    <section class="card" classList={{ gone: isCancelled() }} aria-label={kindOf(props.of)}>
      <Icon name="clock" />
      <div>
        <p class="hint">{kindOf(props.of)}</p>
        <h4>{props.of.summary || 'Without a title'}</h4>
        <dl>
          <Show when={whenOf(props.of)}>
            {(when) => (
              <>
                <dt>When</dt>
                <dd data-tip={props.of.timeZone ? `Planned in ${props.of.timeZone}, shown in your time` : undefined}>
                  {when()}
                  {props.of.recurrence ? ', again and again' : ''}
                </dd>
              </>
            )}
          </Show>
          <Show when={props.of.location}>
            {(location) => (
              <>
                <dt>Where</dt>
                <dd>{location()}</dd>
              </>
            )}
          </Show>
          <Show when={props.of.organizer}>
            {(organizer) => (
              <>
                <dt>From</dt>
                <dd>{organizer().name || organizer().address}</dd>
              </>
            )}
          </Show>
          <Show when={props.of.attendees.length > 0}>
            <dt>{props.of.method === 'reply' ? 'Answer' : 'Asked'}</dt>
            <dd>
              <For each={props.of.attendees.slice(0, MAX_NAMED)}>{(attendee) => <span>{answerOf(attendee)}</span>}</For>
              <Show when={props.of.attendees.length > MAX_NAMED}>
                <span>{`and ${plural(props.of.attendees.length - MAX_NAMED, 'other')}`}</span>
              </Show>
            </dd>
          </Show>
        </dl>
      </div>
    </section>
  )
}
