import { Show } from 'solid-js'
import { shortMoney } from '../money.ts'
import { nextChip, quietChip } from '../proposal-words.ts'
import type { Card } from '../proposals.ts'
import type { useDirectory } from '../queries.ts'
import { Avatar, Nobody } from './avatar.tsx'

/** A proposal on the board. The link is the card: it has the focus, opens the proposal, and is what one drags. */
export function BoardCard(props: {
  card: Card
  now: number
  directory: ReturnType<typeof useDirectory>
  /** The one card of the board that Tab leads to. */
  isStop: boolean
  isDragged: boolean
  helpId: string
}) {
  const owner = () => props.directory.member(props.card.ownerId)
  const team = () => props.directory.team(props.card.teamId)
  const next = () => nextChip(props.card, props.now)
  const quiet = () => quietChip(props.card)
  return (
    <a
      class="board-card"
      classList={{ dragged: props.isDragged }}
      href={`/proposals/${props.card.id}`}
      data-card={props.card.id}
      draggable={false}
      tabIndex={props.isStop ? 0 : -1}
      aria-describedby={props.helpId}
    >
      <strong class="ellipsis">{props.card.title}</strong>
      <span class="customer num">
        <span class="ellipsis">{props.card.organizationName ?? 'No customer yet'}</span>
        <Show when={props.card.isOverride}>
          <span class="own">{props.card.probability} %</span>
        </Show>
      </span>
      <span class="foot num">
        <b>
          <Show when={props.card.valueMinor !== null} fallback={<span class="hint">No value</span>}>
            {shortMoney(props.card.valueMinor ?? 0, props.card.currency)}
          </Show>
        </b>
        <span class="spacer" />
        <Show when={quiet()}>{(chip) => <span class={`chip ${chip().tone}`}>{chip().words}</span>}</Show>
        <Show when={!quiet() || next()?.tone === 'bad' ? next() : undefined}>
          {(chip) => <span class={`chip ${chip().tone}`}>{chip().words}</span>}
        </Show>
        <Show
          when={owner()}
          fallback={
            <Show when={team()} fallback={<Nobody label="Nobody yet" />}>
              {(found) => <Avatar name={found().name} of={found().id} team label={found().name} />}
            </Show>
          }
        >
          {(found) => <Avatar name={found().name} of={found().id} label={found().name} />}
        </Show>
      </span>
    </a>
  )
}
