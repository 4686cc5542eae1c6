import { Show } from 'solid-js'
import type { ListedIssue, Suggested } from '../api.ts'
import { bringIn, reasonWords, refuse } from '../matter.ts'
import { Icon } from './icon.tsx'

/** A quiet line: this issue may be about the same matter as another. Nothing happens by itself. */
export function SameMatter(props: { issue: ListedIssue; best: Suggested | undefined; onLeave: () => void }) {
  return (
    <Show when={props.best}>
      {(best) => (
        <p class="happened same-matter" role="note" aria-label="Same matter?">
          <Icon name="inbox" />
          <span>
            {'Same matter as '}
            <a class="link" href={`/issues/${best().issue.id}`}>
              {best().issue.subject || `issue ${best().issue.number}`}
            </a>
            {`? ${sentenceCase(reasonWords(best().reasons))}.`}
          </span>
          <button
            type="button"
            class="link"
            data-tip="Bring it in"
            data-keys="2"
            onClick={() => {
              props.onLeave()
              void bringIn(props.issue, best().issue)
            }}
          >
            Yes
          </button>
          <button type="button" class="link" onClick={() => void refuse(props.issue.id, best().issue.id)}>
            No
          </button>
        </p>
      )}
    </Show>
  )
}

const sentenceCase = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
