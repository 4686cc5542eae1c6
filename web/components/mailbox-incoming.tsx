import type { MailboxDetails } from '../api.ts'
import { textOf } from '../submit.ts'
import { Field, TextField } from './field.tsx'

export const INCOMING_FIELDS = ['sinceAt', 'sentCopy', 'sentFolder', 'moreFolders', 'writeBack']

/** What the fields below say. */
export function incomingOf(form: FormData) {
  return {
    sentCopy: textOf(form, 'sentCopy') === 'server' ? ('server' as const) : ('append' as const),
    sinceAt: textOf(form, 'since') ? new Date(`${textOf(form, 'since')}T00:00`).getTime() : null,
    sentFolder: textOf(form, 'sentFolder').trim(),
    moreFolders: textOf(form, 'moreFolders')
      .split('\n')
      .map((path) => path.trim())
      .filter(Boolean),
    writeBack: writeBackOf(form),
  }
}

function writeBackOf(form: FormData) {
  const seen = form.has('writeSeen')
  const answered = form.has('writeAnswered')
  const moveDoneTo = textOf(form, 'moveDoneTo').trim() || null
  return seen || answered || moveDoneTo ? { seen, answered, moveDoneTo } : null
}

/** Which mail comes in, and what is shown of our work on the server. */
export function MailboxIncoming(props: {
  before: MailboxDetails | undefined
  wrong: (field: string) => string | undefined
}) {
  return (
    <>
      <fieldset>
        <legend>What comes in</legend>
        <div class="pair">
          <Field
            label="Mail since"
            help="Older mail stays on the server. Empty: all of it."
            wrong={props.wrong('sinceAt')}
          >
            {(attributes) => (
              <input
                {...attributes}
                class="input"
                type="date"
                name="since"
                value={props.before?.sinceAt ? new Date(props.before.sinceAt).toLocaleDateString('sv-SE') : ''}
              />
            )}
          </Field>
          <Field
            label="Copy of what is sent"
            help="Gmail and Exchange keep one by themselves."
            wrong={props.wrong('sentCopy')}
          >
            {(attributes) => (
              <select {...attributes} class="input" name="sentCopy">
                <option value="append" selected={props.before?.sentCopy !== 'server'}>
                  Downfield files it
                </option>
                <option value="server" selected={props.before?.sentCopy === 'server'}>
                  The server keeps it
                </option>
              </select>
            )}
          </Field>
        </div>
        <div class="pair">
          <TextField
            label="Folder of sent mail"
            name="sentFolder"
            value={props.before?.sentFolder ?? ''}
            help="Empty: Downfield finds it by itself."
            wrong={props.wrong('sentFolder')}
          />
          <Field
            label="Further folders"
            help="One on each line, with its whole path."
            wrong={props.wrong('moreFolders')}
          >
            {(attributes) => (
              <textarea {...attributes} class="input" name="moreFolders" rows="2">
                {props.before?.moreFolders.join('\n') ?? ''}
              </textarea>
            )}
          </Field>
        </div>
      </fieldset>
      <fieldset>
        <legend>Who takes care</legend>
        <label class="check">
          <input type="checkbox" name="assignOnReply" checked={props.before?.assignOnReply ?? true} />
          Who answers what nobody has takes it
        </label>
      </fieldset>
      <fieldset>
        <legend>What is shown on the server</legend>
        <p class="hint">Downfield changes nothing there unless you choose it here.</p>
        <label class="check">
          <input type="checkbox" name="writeSeen" checked={props.before?.writeBack?.seen ?? false} />
          Mark mail as read when somebody took care of it
        </label>
        <label class="check">
          <input type="checkbox" name="writeAnswered" checked={props.before?.writeBack?.answered ?? false} />
          Mark mail as answered when it was
        </label>
        <TextField
          label="Move mail of done issues to"
          name="moveDoneTo"
          value={props.before?.writeBack?.moveDoneTo ?? ''}
          help="The path of a folder. Empty: mail stays where it is."
          wrong={props.wrong('writeBack')}
        />
      </fieldset>
    </>
  )
}
