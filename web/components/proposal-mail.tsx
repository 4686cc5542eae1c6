import { For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { plural, shortTime } from '../format.ts'
import { attempt } from '../proposal-changes.ts'
import type { Details } from '../proposals.ts'
import { Icon } from './icon.tsx'
import { Time } from './time.tsx'

/** The mail that belongs to a proposal, and why. */
export function ProposalMail(props: { details: Details; now: number; mayChange: boolean }) {
  const id = () => props.details.proposal.id
  const take = (threadId: string) =>
    attempt(
      id(),
      () => call(api.proposals[':id'].threads[':threadId'].$delete({ param: { id: id(), threadId } })),
      'The mail no longer belongs to this proposal.',
    )
  return (
    <section>
      <div class="section-head">
        <h2>Mail</h2>
      </div>
      <Show
        when={props.details.threads.length > 0}
        fallback={
          <p class="hint">
            No mail belongs to it yet. Mail that names PRP-{props.details.proposal.number} is linked by itself.
          </p>
        }
      >
        <ul class="lines">
          <For each={props.details.threads}>
            {(thread) => (
              <li>
                <Icon name="mail" />
                <span class="grow">
                  <a class="line-link" href={`/issues/${thread.issueId}`}>
                    {thread.subject || 'Without a subject'}
                  </a>
                  <small class="hint">
                    Issue {thread.issueNumber}, {plural(thread.messageCount, 'email')}. {thread.why}
                  </small>
                </span>
                <Time at={thread.lastMessageAt}>{shortTime(thread.lastMessageAt, props.now)}</Time>
                <Show when={props.mayChange}>
                  <button
                    type="button"
                    class="btn ghost square"
                    aria-label={`Take away: ${thread.subject}`}
                    data-tip="Does not belong here"
                    onClick={() => void take(thread.threadId)}
                  >
                    <Icon name="close" />
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
