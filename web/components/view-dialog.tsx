import { Show } from 'solid-js'
import type { SavedView } from '../api.ts'
import { createSubmit, textOf } from '../submit.ts'
import type { ViewDraft } from '../views.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Notice } from './states.tsx'

/** What a view is called, what it shows, and for whom. */
export function ViewDialog(props: {
  view: Pick<SavedView, 'name' | 'query' | 'oldestFirst' | 'ownerId'>
  mayShare: boolean
  onSave: (draft: ViewDraft) => Promise<void>
  onRemove?: () => Promise<void>
  onClose: () => void
}) {
  const { busy, onSubmit, wrong, general } = createSubmit(async (form) => {
    await props.onSave({
      name: textOf(form, 'name'),
      query: textOf(form, 'query'),
      oldestFirst: form.get('oldestFirst') !== null,
      shared: form.get('shared') !== null,
    })
  })
  return (
    <Dialog label={props.view.name || 'Save as a view'} titled onClose={() => props.onClose()}>
      <form class="form body" onSubmit={onSubmit}>
        <Show when={general('name', 'query')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <TextField label="Name" name="name" value={props.view.name} required autofocus wrong={wrong('name')} />
        <TextField
          label="Search"
          name="query"
          value={props.view.query}
          required
          help="As in the search field: assignee:me tag:telematics waiting:>2d"
          wrong={wrong('query')}
        />
        <label class="check">
          <input type="checkbox" name="oldestFirst" checked={props.view.oldestFirst} />
          What waits longest first
        </label>
        <Show when={props.mayShare}>
          <label class="check">
            <input type="checkbox" name="shared" checked={props.view.ownerId === null} />
            For everybody
          </label>
        </Show>
        <div class="foot">
          <button type="submit" class="btn primary" disabled={busy()}>
            Save
          </button>
          <Show when={props.onRemove}>
            {(remove) => (
              <button type="button" class="btn ghost" onClick={() => void remove()()}>
                Remove the view
              </button>
            )}
          </Show>
        </div>
      </form>
    </Dialog>
  )
}
