import { Show } from 'solid-js'
import type { ListedIssue } from '../api.ts'
import { plural, shortTime } from '../format.ts'
import { singleKeys } from '../keys.ts'
import { me, type useDirectory } from '../queries.ts'
import { STATUS_WORDS } from '../words.ts'
import { Avatar, Nobody } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { Marked } from './marked.tsx'
import { PresenceMarks } from './presence-line.tsx'
import { RowTags, TimeBadge } from './row-badges.tsx'
import { Time } from './time.tsx'

/** An issue as one row of a list. All rows have one height, so that the list can be virtual. */
export function IssueRow(props: {
  issue: ListedIssue
  href: string
  current: boolean
  directory: ReturnType<typeof useDirectory>
  now: number
  /** What somebody is writing in it. */
  draft?: { memberId: string; snippet: string } | undefined
  onOpen: (event: MouseEvent) => void
  selected: boolean
  /** `isRange`: all from where the last one was to this one. */
  onSelect: (isRange: boolean) => void
}) {
  const issue = () => props.issue
  const assignee = () => props.directory.member(issue().assigneeId)
  const team = () => props.directory.team(issue().teamId)
  /** Of what was found, or of the last mail. */
  const at = () => issue().hit?.at ?? issue().lastMessageAt
  const failed = () => issue().sending === 'rejected' || issue().sending === 'uncertain'
  return (
    <div class="rowbox" classList={{ selected: props.selected }}>
      <input
        type="checkbox"
        class="pick"
        checked={props.selected}
        tabIndex={singleKeys() ? -1 : 0}
        aria-label={`Select ${issue().subject || 'Without a subject'}`}
        onClick={(event) => props.onSelect(event.shiftKey)}
      />
      <a
        href={props.href}
        class="row"
        classList={{ unread: issue().unread, selected: props.selected }}
        aria-current={props.current ? 'true' : undefined}
        data-issue={issue().id}
        onClick={(event) => {
          if (!event.shiftKey) return props.onOpen(event)
          event.preventDefault()
          props.onSelect(true)
        }}
      >
        <span class={`disc ${issue().status}`} role="img" aria-label={STATUS_WORDS[issue().status]} />
        <span class="line">
          <span class="subject ellipsis" dir="auto">
            <Show when={issue().hit} fallback={issue().subject || 'Without a subject'}>
              {(hit) => <Marked pieces={hit().subject} />}
            </Show>
            <Show when={issue().unread}>
              <span class="sr">, unread</span>
            </Show>
            <Show when={props.selected}>
              <span class="sr">, selected</span>
            </Show>
          </span>
          <TimeBadge issue={issue()} now={props.now} />
        </span>
        <span class="right">
          <PresenceMarks issueId={issue().id} directory={props.directory} />
          <Show when={failed()}>
            <span class="failed" role="img" aria-label="An answer was not sent" data-tip="An answer was not sent">
              <Icon name="warning" />
            </span>
          </Show>
          <Time at={at()}>{shortTime(at(), props.now)}</Time>
        </span>
        <span class="line preview">
          <span class="ellipsis" dir="auto">
            <Show
              when={issue().hit}
              fallback={
                <Show
                  when={props.draft}
                  fallback={
                    <>
                      {issue().lastFrom}
                      <Show when={issue().snippet}>{`: ${issue().snippet}`}</Show>
                    </>
                  }
                >
                  {(draft) => (
                    <>
                      <span class="drafted">
                        {draft().memberId === me()?.member.id
                          ? 'Your draft'
                          : `Draft by ${props.directory.name(draft().memberId)}`}
                      </span>
                      <Show when={draft().snippet}>{`: ${draft().snippet}`}</Show>
                    </>
                  )}
                </Show>
              }
            >
              {(hit) => (
                <>
                  {/* Where it was found: in a file, or in a mail of somebody. */}
                  {`${hit().file ? hit().file?.filename || 'Attachment' : hit().from}: `}
                  <Marked pieces={hit().excerpt} />
                </>
              )}
            </Show>
          </span>
          {/* What was found has little room as it is. */}
          <Show when={!issue().hit}>
            <RowTags issue={issue()} />
          </Show>
        </span>
        <span class="right">
          <Show when={issue().hasAttachments}>
            <span class="count" role="img" aria-label="With attachments">
              <Icon name="clip" />
            </span>
          </Show>
          <span class="count">
            <Icon name="mail" />
            <span aria-hidden="true">{issue().messageCount}</span>
            <span class="sr">{plural(issue().messageCount, 'email')}</span>
          </span>
          <Show
            when={assignee()}
            fallback={
              <Show when={team()} fallback={<Nobody label="Unassigned" />}>
                {(found) => <Avatar name={found().name} of={found().id} team label={`Assigned to ${found().name}`} />}
              </Show>
            }
          >
            {(found) => <Avatar name={found().name} of={found().id} label={`Assigned to ${found().name}`} />}
          </Show>
        </span>
      </a>
    </div>
  )
}
