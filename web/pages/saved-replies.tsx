import { createSignal, For, Show } from 'solid-js'
import { api, call, type SavedReply, wordsOf } from '../api.ts'
import { Field, TextField } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Loaded, Notice } from '../components/states.tsx'
import { dataOf, useSavedReplies, useSession, useTeams, useVariables } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'
import { htmlOf } from '../written.ts'

const LANGUAGES = [
  ['', 'Any language'],
  ['en', 'English'],
  ['de', 'German'],
  ['fr', 'French'],
  ['es', 'Spanish'],
  ['nl', 'Dutch'],
  ['ja', 'Japanese'],
] as const

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
        {(which) => <Editor reply={which === 'new' ? undefined : which} onClose={() => setEditing(undefined)} />}
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
            props.reply.language.toUpperCase(),
            props.reply.files.length > 0 && `${props.reply.files.length} files`,
            props.reply.uses > 0 && `inserted ${props.reply.uses} times`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span class="ellipsis">{props.reply.text.replace(/\s+/g, ' ').slice(0, 200)}</span>
      </button>
    </li>
  )
}

function Editor(props: { reply: SavedReply | undefined; onClose: () => void }) {
  // Once: what is typed must not be written over when the list is fetched again.
  const before = props.reply
  const id = before?.id ?? crypto.randomUUID()
  const session = useSession()
  const teams = useTeams()
  const variables = useVariables()
  const [files, setFiles] = createSignal(before?.files.map(({ id, filename }) => ({ id, filename })) ?? [])
  const [busy, setBusy] = createSignal(false)
  let area!: HTMLTextAreaElement
  const managesAll = () => dataOf(session)?.rights.includes('manage saved replies') ?? false
  const mine = () =>
    (dataOf(teams) ?? []).filter(
      ({ memberIds }) => managesAll() || memberIds.includes(dataOf(session)?.member.id ?? ''),
    )

  const submit = createSubmit(async (form) => {
    const whose = textOf(form, 'whose')
    const text = textOf(form, 'text')
    const json = {
      name: textOf(form, 'name'),
      own: whose === 'own',
      teamId: whose === 'own' || whose === 'all' ? null : whose,
      language: textOf(form, 'language'),
      // What was formatted elsewhere stays so as long as its words are the same.
      html: before && text.trim() === before.text.trim() ? before.html : htmlOf(text),
      files: files().map((file) => file.id),
    }
    await call(api['saved-replies'][':id'].$put({ param: { id }, json }))
    void client.invalidateQueries({ queryKey: ['saved-replies'] })
    say('Saved.')
    props.onClose()
  })
  const attach = async (list: FileList | null) => {
    for (const file of list ?? []) {
      setBusy(true)
      try {
        const response = await fetch(`/api/uploads?filename=${encodeURIComponent(file.name)}`, {
          method: 'POST',
          body: file,
        })
        if (!response.ok) throw new Error(`${file.name} could not be attached. Try again, or choose another.`)
        // The cast: what POST /api/uploads answers.
        const kept = (await response.json()) as { id: string; filename: string }
        setFiles((all) => [...all, kept])
      } catch (error) {
        complain(wordsOf(error))
      }
      setBusy(false)
    }
  }
  const remove = async () => {
    try {
      await call(api['saved-replies'][':id'].$delete({ param: { id } }))
      void client.invalidateQueries({ queryKey: ['saved-replies'] })
      say('Deleted.')
      props.onClose()
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  const insert = (name: string) => {
    area.setRangeText(`{{${name}}}`, area.selectionStart, area.selectionEnd, 'end')
    area.focus()
  }
  const whose = () => (before ? (before.memberId ? 'own' : (before.teamId ?? 'all')) : 'own')

  return (
    <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
      <fieldset>
        <legend>{before ? before.name : 'New saved reply'}</legend>
        <div class="pair">
          <TextField
            label="Name"
            name="name"
            value={before?.name ?? ''}
            autofocus={!before}
            wrong={submit.wrong('name')}
          />
          <Field label="Who uses it" wrong={submit.wrong('teamId')}>
            {(attributes) => (
              <select {...attributes} class="input" name="whose">
                <option value="own" selected={whose() === 'own'}>
                  Only you
                </option>
                <For each={mine()}>
                  {(team) => (
                    <option value={team.id} selected={whose() === team.id}>
                      {team.name}
                    </option>
                  )}
                </For>
                <Show when={managesAll()}>
                  <option value="all" selected={whose() === 'all'}>
                    Everybody
                  </option>
                </Show>
              </select>
            )}
          </Field>
        </div>
        <Field label="Language" wrong={submit.wrong('language')}>
          {(attributes) => (
            <select {...attributes} class="input" name="language">
              <For each={LANGUAGES}>
                {([code, name]) => (
                  <option value={code} selected={(before?.language ?? '') === code}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <Field label="Text" wrong={submit.wrong('html')} help="An empty line begins a paragraph.">
          {(attributes) => (
            <textarea {...attributes} ref={area} class="input" name="text" rows="10">
              {before?.text ?? ''}
            </textarea>
          )}
        </Field>
        <div class="variables">
          <For each={Object.entries(dataOf(variables) ?? {})}>
            {([name, means]) => (
              <button type="button" class="btn ghost" title={means} onClick={() => insert(name)}>
                {`{{${name}}}`}
              </button>
            )}
          </For>
        </div>
        <p class="hint">
          A variable that nobody knows is marked when it is inserted, and keeps the mail from going out.
        </p>
      </fieldset>
      <fieldset>
        <legend>Files</legend>
        <For each={files()}>
          {(file) => (
            <p class="file">
              <Icon name="clip" />
              <span class="ellipsis">{file.filename}</span>
              <button
                type="button"
                class="btn ghost square"
                aria-label={`Remove ${file.filename}`}
                onClick={() => setFiles((all) => all.filter((other) => other.id !== file.id))}
              >
                <Icon name="close" />
              </button>
            </p>
          )}
        </For>
        <label class="btn">
          Attach files
          <input
            class="sr"
            type="file"
            multiple
            disabled={busy()}
            onChange={(event) => void attach(event.currentTarget.files)}
          />
        </label>
      </fieldset>
      <Show when={submit.general('name', 'teamId', 'language', 'html')}>
        {(words) => <Notice tone="bad">{words()}</Notice>}
      </Show>
      <div class="actions">
        <button type="submit" class="btn primary" disabled={submit.busy() || busy()}>
          Save
        </button>
        <button type="button" class="btn ghost" onClick={() => props.onClose()}>
          Cancel
        </button>
        <Show when={before}>
          <button type="button" class="btn ghost danger" onClick={() => void remove()}>
            Delete
          </button>
        </Show>
      </div>
    </form>
  )
}
