import { For, Show } from 'solid-js'
import { NO_DATE } from '../../db/vocabulary.ts'
import type { ListedIssue } from '../api.ts'
import { tagsOf, waitOf } from '../desk.ts'
import { shortTime, untilWords } from '../format.ts'
import { Icon } from './icon.tsx'
import { TagChip } from './tag-chip.tsx'

/** So many tags have room in a row. */
const MOST_TAGS = 2

/** Until when it is put off, or how long it waits for us where that is long. */
export function TimeBadge(props: { issue: ListedIssue; now: number }) {
  const until = () => (props.issue.status === 'snoozed' ? props.issue.snoozedUntil : null)
  const wait = () => {
    const found = waitOf(props.issue, props.now)
    return found?.tone ? found : null
  }
  return (
    <>
      <Show when={until()}>
        {(at) => (
          <span
            class="chip"
            data-tip={`Snoozed ${untilWords({ at: at(), onReply: props.issue.wakesOnReply }, props.now)}`}
          >
            <Icon name="snooze" />
            <span class="sr">Snoozed until </span>
            {at() === NO_DATE ? 'reply' : shortFuture(at(), props.now)}
          </span>
        )}
      </Show>
      <Show when={wait()}>
        {(found) => (
          <span class={`chip ${found().tone}`} data-tip={`Ours to move for ${found().words} of work`}>
            <span class="sr">Ours to move for </span>
            {found().words}
          </span>
        )}
      </Show>
    </>
  )
}

const DAY_MS = 86_400_000

/** The day, or the time where it is today. */
function shortFuture(at: number, now: number): string {
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
  const isNear = at > now && at - now < 6 * DAY_MS && new Date(at).getDay() !== new Date(now).getDay()
  return isNear ? day.format(at) : shortTime(at, now)
}

/** The first tags of an issue, and how many more there are. */
export function RowTags(props: { issue: ListedIssue }) {
  const all = () => tagsOf(props.issue)
  return (
    <Show when={all().length > 0}>
      <span class="tags">
        <For each={all().slice(0, MOST_TAGS)}>{(tag) => <TagChip tag={tag} />}</For>
        <Show when={all().length > MOST_TAGS}>
          <span
            class="tag"
            data-tip={all()
              .map(({ name }) => name)
              .join(', ')}
          >
            +{all().length - MOST_TAGS}
          </span>
        </Show>
      </span>
    </Show>
  )
}
