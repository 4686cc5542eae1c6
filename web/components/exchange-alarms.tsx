import { For } from 'solid-js'
import { useAlarms } from '../exchange.ts'
import { dataOf } from '../queries.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { Notice } from './states.tsx'

/** Who lost access on the way and does not have it back, with what gives it back. Above everything else. */
export function ExchangeAlarms(props: { identity?: string }) {
  const alarms = useAlarms()
  const all = () =>
    (dataOf(alarms) ?? []).filter(
      ({ identity }) => props.identity === undefined || identity.toLowerCase() === props.identity.toLowerCase(),
    )
  return (
    <For each={all()}>
      {(alarm) => (
        <div class="exchange-alarm">
          <Notice tone="bad">
            <strong>
              {alarm.user} is without access to {alarm.identity}.
            </strong>{' '}
            Downfield goes on trying to give it back. So does an admin who runs this:
            <ExchangeCommand command={alarm.command} />
            {alarm.message && <span class="words">{alarm.message}</span>}
          </Notice>
        </div>
      )}
    </For>
  )
}
