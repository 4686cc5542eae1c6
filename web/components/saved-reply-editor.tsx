import { createSignal, For, Show } from 'solid-js'
import { api, call, type SavedReply, wordsOf } from '../api.ts'
import { dataOf, useSession, useTeams } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'
import { Field, TextField } from './field.tsx'
import { Icon } from './icon.tsx'
import { LanguageField } from './language-field.tsx'
import { RichField, type RichHandle } from './rich-field.tsx'
import { Notice } from './states.tsx'
import { Variables } from './variables.tsx'

/** A saved reply being written: its words, whose it is, its language and its files. */
export function SavedReplyEditor(props: { reply: SavedReply | undefined; onClose: () => void }) {
  // Once: what is typed must not be written over when the list is fetched again.
  const before = props.reply
  const id = before?.id ?? crypto.randomUUID()
  const session = useSession()
  const teams = useTeams()
  const [files, setFiles] = createSignal(before?.files.map(({ id, filename }) => ({ id, filename })) ?? [])
  const [busy, setBusy] = createSignal(false)
  const [html, setHtml] = createSignal(before?.html ?? '')
  let handle: RichHandle | undefined
  const managesAll = () => dataOf(session)?.rights.includes('manage saved replies') ?? false
  const mine = () =>
    (dataOf(teams) ?? []).filter(
      ({ memberIds }) => managesAll() || memberIds.includes(dataOf(session)?.member.id ?? ''),
    )

  const submit = createSubmit(async (form) => {
    const whose = textOf(form, 'whose')
    const json = {
      name: textOf(form, 'name'),
      own: whose === 'own',
      teamId: whose === 'own' || whose === 'all' ? null : whose,
      language: textOf(form, 'language'),
      html: html(),
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
        <LanguageField
          name="language"
          value={before?.language ?? ''}
          help="Stands first where one answers in it."
          wrong={submit.wrong('language')}
        />
        <div class="composer writing">
          <RichField
            label="Text"
            placeholder="Thank you for your enquiry"
            html={before?.html ?? ''}
            readonly={submit.busy()}
            onHtml={setHtml}
            ref={(made) => {
              handle = made
            }}
          />
        </div>
        <Show when={submit.wrong('html')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <Variables onInsert={(variable) => handle?.insertHtml(variable)} />
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
