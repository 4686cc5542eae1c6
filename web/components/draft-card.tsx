import { Show } from 'solid-js'
import { api, call, type IssuePage, wordsOf } from '../api.ts'
import { ago } from '../format.ts'
import { issueKey, me } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain } from '../toasts.ts'
import { Avatar } from './avatar.tsx'
import { Text } from './text.tsx'
import { Time } from './time.tsx'

type Shown = IssuePage['drafts'][number]

/** What a colleague is writing, as far as it is saved. */
export function DraftCard(props: {
  draft: Shown
  name: string
  now: number
  mayTake: boolean
  /** It is ours to go on with. */
  onTaken: (draft: Shown) => void
}) {
  const draft = () => props.draft
  const take = async () => {
    const { id, issueId } = draft()
    try {
      const json = { memberId: me()?.member.id ?? '' }
      props.onTaken(await call(api.drafts[':id'].member.$put({ param: { id }, json })))
      if (issueId) void client.invalidateQueries({ queryKey: issueKey(issueId) })
      void client.invalidateQueries({ queryKey: ['drafts'] })
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  return (
    <article class="draft-card" aria-label={`Draft by ${props.name}`}>
      <header>
        <Avatar name={props.name} of={draft().memberId} />
        <h3>Draft by {props.name}</h3>
        <Time at={draft().updatedAt}>{ago(Math.min(draft().updatedAt, props.now), props.now)}</Time>
        <span class="spacer" />
        <Show when={props.mayTake}>
          <button type="button" class="btn" onClick={() => void take()}>
            Take over
          </button>
        </Show>
      </header>
      <Text text={draft().read.trim() || draft().content.note.trim() || 'Without words so far.'} />
    </article>
  )
}
