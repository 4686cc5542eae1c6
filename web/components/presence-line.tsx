import { For, Show } from 'solid-js'
import { listed } from '../format.ts'
import { othersIn } from '../presence.ts'
import type { useDirectory } from '../queries.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'

type Directory = ReturnType<typeof useDirectory>

/** Who else looks at an issue, and who writes in it, in a line that takes no room where nobody does. */
export function PresenceLine(props: { issueId: string; directory: Directory }) {
  const names = (what: 'writing' | 'looking') =>
    othersIn(props.issueId)
      .filter(({ doing }) => doing === what)
      .map(({ memberId }) => props.directory.name(memberId))
  const said = (people: string[], does: string) => `${listed(people)} ${people.length > 1 ? 'are' : 'is'} ${does}`
  return (
    <div class="presence" role="status">
      <For each={othersIn(props.issueId)}>
        {({ memberId }) => <Avatar name={props.directory.name(memberId)} of={memberId} />}
      </For>
      <Show when={names('writing').length > 0}>
        <span class="writes">{said(names('writing'), 'writing a reply right now')}</span>
      </Show>
      <Show when={names('looking').length > 0}>
        <span>{said(names('looking'), 'looking at this')}</span>
      </Show>
    </div>
  )
}

/** Who else is in an issue, in a row of the list. */
export function PresenceMarks(props: { issueId: string; directory: Directory }) {
  return (
    <For each={othersIn(props.issueId)}>
      {({ memberId, doing }) => {
        const label = `${props.directory.name(memberId)} is ${doing === 'writing' ? 'writing a reply' : 'looking at this'}`
        return (
          <span class="here" classList={{ writes: doing === 'writing' }} role="img" aria-label={label} data-tip={label}>
            <Icon name={doing === 'writing' ? 'pen' : 'eye'} />
          </span>
        )
      }}
    </For>
  )
}
