import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { Order } from '../../db/vocabulary.ts'
import type { SavedView } from '../api.ts'
import type { Place } from '../lists.ts'
import { removeView, saveView } from '../views.ts'
import { Icon } from './icon.tsx'
import { ViewDialog } from './view-dialog.tsx'

/** What can be done with a list: its order, and keeping a search as a view. */
export function ListTools(props: {
  place: Place
  view: SavedView | undefined
  mayShare: boolean
  onOrder: (order: Order) => void
}) {
  const navigate = useNavigate()
  const [editing, setEditing] = createSignal(false)
  const isOldest = () => props.place.order === 'oldest'
  const mayChange = () => props.view !== undefined && (props.view.ownerId !== null || props.mayShare)
  return (
    <span class="tools">
      <Show when={!props.view && props.place.view !== 'snoozed'}>
        <button
          type="button"
          class="link"
          aria-pressed={isOldest()}
          data-tip={isOldest() ? 'Show the newest first' : 'Show what waits longest first'}
          onClick={() => props.onOrder(isOldest() ? 'newest' : 'oldest')}
        >
          {isOldest() ? 'Oldest first' : 'Newest first'}
        </button>
      </Show>
      <Show when={!props.view && props.place.view === 'search' && props.place.q}>
        <button type="button" class="link" onClick={() => setEditing(true)}>
          <Icon name="filter" /> Save as a view
        </button>
      </Show>
      <Show when={mayChange()}>
        <button type="button" class="link" onClick={() => setEditing(true)}>
          Change this view
        </button>
      </Show>
      <Show when={editing()}>
        <ViewDialog
          view={props.view ?? { name: '', query: props.place.q ?? '', oldestFirst: isOldest(), ownerId: 'me' }}
          mayShare={props.mayShare}
          onClose={() => setEditing(false)}
          onSave={async (draft) => {
            const saved = await saveView(props.view?.id, draft)
            setEditing(false)
            if (!props.view) navigate(`/views/${saved.id}`)
          }}
          {...(props.view && {
            onRemove: async () => {
              const { view } = props
              setEditing(false)
              navigate('/inbox')
              if (view) await removeView(view)
            },
          })}
        />
      </Show>
    </span>
  )
}
