import { createSignal, For, Show } from 'solid-js'
import type { SavedReply } from '../api.ts'
import { Icon } from '../components/icon.tsx'
import { SavedReplyEditor } from '../components/saved-reply-editor.tsx'
import { Bones, Empty, Loaded } from '../components/states.tsx'
import { plural } from '../format.ts'
import { languageName } from '../languages.ts'
import { dataOf, useSavedReplies, useTeams } from '../queries.ts'

/** The saved replies, and one of them being written. */
export default function SavedRepliesPage() {
  const replies = useSavedReplies()
  const [editing, setEditing] = createSignal<SavedReply | 'new'>()
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Saved replies</h1>
          <p>What you answer often, kept to be inserted while you write: press T, or type a slash on an empty line.</p>
        </div>
        <Show when={!editing()}>
          <a class="btn" href="/signatures">
            <Icon name="pen" />
            Signatures
          </a>
          <button type="button" class="btn primary" onClick={() => setEditing('new')}>
            <Icon name="plus" />
            New saved reply
          </button>
        </Show>
      </div>
      <Show
        when={editing()}
        keyed
        fallback={
          <Loaded query={replies} what="The saved replies" loading={<Bones rows={5} height={56} />}>
            {(found) => (
              <Show
                when={found().length > 0}
                fallback={
                  <Empty icon="note" title="No saved replies yet">
                    Write down what you answer again and again: thanks for an enquiry, questions back, how to send
                    drawings.
                  </Empty>
                }
              >
                <ul class="cards">
                  <For each={found()}>{(reply) => <Card reply={reply} onEdit={() => setEditing(reply)} />}</For>
                </ul>
              </Show>
            )}
          </Loaded>
        }
      >
        {(which) => (
          <SavedReplyEditor reply={which === 'new' ? undefined : which} onClose={() => setEditing(undefined)} />
        )}
      </Show>
    </div>
  )
}

function Card(props: { reply: SavedReply; onEdit: () => void }) {
  const teams = useTeams()
  const whose = () => {
    const { memberId, teamId } = props.reply
    if (memberId) return 'Only you'
    return teamId ? (dataOf(teams)?.find(({ id }) => id === teamId)?.name ?? 'A team') : 'Everybody'
  }
  return (
    <li>
      <button type="button" class="card" onClick={() => props.onEdit()}>
        <strong>{props.reply.name}</strong>
        <span class="hint">
          {[
            whose(),
            props.reply.language && languageName(props.reply.language),
            props.reply.files.length > 0 && plural(props.reply.files.length, 'file'),
            props.reply.uses > 0 && `inserted ${plural(props.reply.uses, 'time')}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span class="ellipsis">{props.reply.text.replace(/\s+/g, ' ').slice(0, 200)}</span>
      </button>
    </li>
  )
}
