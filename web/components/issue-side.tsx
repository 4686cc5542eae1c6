import { For, Show } from 'solid-js'
import type { IssuePage } from '../api.ts'
import { useNow } from '../clock.ts'
import { tagsOf, waitOf } from '../desk.ts'
import { followingOf, toggleFollowing } from '../desk-changes.ts'
import { day, fullTime, plural, untilWords } from '../format.ts'
import type { useDirectory } from '../queries.ts'
import { STATUS_WORDS } from '../words.ts'
import { Avatar, Nobody } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { IssueProposal } from './issue-proposal.tsx'
import { TagChip } from './tag-chip.tsx'

/** What is known about an issue, beside it. */
export function IssueSide(props: {
  page: IssuePage
  directory: ReturnType<typeof useDirectory>
  onAssign?: ((at: Element) => void) | undefined
  onStatus?: ((at: Element) => void) | undefined
  onSnooze?: ((at: Element) => void) | undefined
  onTags?: ((at: Element) => void) | undefined
}) {
  const now = useNow(30_000)
  const issue = () => props.page.issue
  const member = () => props.directory.member(issue().assigneeId)
  const team = () => props.directory.team(issue().teamId)
  const followers = () => props.page.followers.filter(({ state }) => state === 'following')
  const mine = () => followingOf(props.page)
  const reason = () =>
    issue().doneReason === 'no_action'
      ? ', no action needed'
      : issue().doneReason === 'duplicate'
        ? ', a duplicate'
        : ''
  return (
    <aside class="side" aria-label="Details">
      <h3>Issue {issue().number}</h3>
      <dl>
        <dt>Status</dt>
        <dd>
          <button type="button" disabled={!props.onStatus} onClick={(event) => props.onStatus?.(event.currentTarget)}>
            <span class={`disc ${issue().status}`} />
            <span class="ellipsis">
              {STATUS_WORDS[issue().status]}
              {reason()}
            </span>
          </button>
        </dd>
        <dt>Assignee</dt>
        <dd>
          <button type="button" disabled={!props.onAssign} onClick={(event) => props.onAssign?.(event.currentTarget)}>
            <Show
              when={member()}
              fallback={
                <Show
                  when={team()}
                  fallback={
                    <>
                      <Nobody />
                      <span class="hint">Nobody yet</span>
                    </>
                  }
                >
                  {(found) => (
                    <>
                      <Avatar name={found().name} of={found().id} team />
                      <span class="ellipsis">{found().name}</span>
                    </>
                  )}
                </Show>
              }
            >
              {(found) => (
                <>
                  <Avatar name={found().name} of={found().id} />
                  <span class="ellipsis">{found().name}</span>
                </>
              )}
            </Show>
          </button>
        </dd>
        <Show when={issue().status === 'snoozed' && issue().snoozedUntil}>
          {(at) => (
            <>
              <dt>Snoozed</dt>
              <dd>
                <button
                  type="button"
                  disabled={!props.onSnooze}
                  onClick={(event) => props.onSnooze?.(event.currentTarget)}
                >
                  <Icon name="snooze" />
                  <span class="ellipsis">{untilWords({ at: at(), onReply: issue().wakesOnReply }, now())}</span>
                </button>
              </dd>
            </>
          )}
        </Show>
        <Show when={waitOf(issue(), now())}>
          {(wait) => (
            <>
              <dt>Ours for</dt>
              <dd>
                <span class={`chip ${wait().tone}`} data-tip={`Of work, since ${fullTime(issue().waitingSince ?? 0)}`}>
                  {wait().words}
                </span>
              </dd>
            </>
          )}
        </Show>
        <dt>Tags</dt>
        <dd>
          <button
            type="button"
            class="tags"
            aria-label={`Tags: ${
              tagsOf(issue())
                .map(({ name }) => name)
                .join(', ') || 'None yet'
            }`}
            disabled={!props.onTags}
            onClick={(event) => props.onTags?.(event.currentTarget)}
          >
            <For each={tagsOf(issue())} fallback={<span class="hint">None yet</span>}>
              {(tag) => <TagChip tag={tag} />}
            </For>
          </button>
        </dd>
        <dt>Followers</dt>
        <dd>
          <span class="following">
            <For each={followers()}>
              {({ memberId }) => (
                <Avatar name={props.directory.name(memberId)} of={memberId} label={props.directory.name(memberId)} />
              )}
            </For>
            <button
              type="button"
              aria-pressed={mine() === 'following'}
              data-tip={mine() === 'following' ? 'Follow no longer' : 'Follow'}
              data-keys="P"
              aria-keyshortcuts="P"
              onClick={() => void toggleFollowing(props.page, 'following')}
            >
              {mine() === 'following' ? 'Following' : mine() === 'muted' ? 'Muted' : 'Follow'}
            </button>
          </span>
        </dd>
        <dt>Mailbox</dt>
        <dd>
          <span class="ellipsis" data-tip={props.page.mailbox.address}>
            {props.page.mailbox.name}
          </span>
        </dd>
        <For each={props.page.mailboxes.filter(({ id }) => id !== props.page.mailbox.id)}>
          {({ name, address }) => (
            <>
              <dt>Also to</dt>
              <dd>
                <span class="ellipsis" data-tip={address}>
                  {name}
                </span>
              </dd>
            </>
          )}
        </For>
      </dl>
      <IssueProposal issueId={issue().id} now={now()} />
      <h3>{issue().contactName || 'From'}</h3>
      <dl>
        <dt>Address</dt>
        <dd class="address">{issue().contactAddress}</dd>
        <dt>Emails</dt>
        <dd>
          {plural(issue().messageCount, 'email')}
          {props.page.threads > 1 ? ` in ${props.page.threads} threads` : ''}
        </dd>
        <dt>People</dt>
        <dd>{plural(props.page.people, 'person', 'people')}</dd>
        <dt>Last email</dt>
        <dd>{day(issue().lastMessageAt)}</dd>
      </dl>
    </aside>
  )
}
