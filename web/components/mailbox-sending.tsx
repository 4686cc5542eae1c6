import { Show } from 'solid-js'
import type { MailboxDetails } from '../api.ts'
import { textOf } from '../submit.ts'
import { Field, TextField } from './field.tsx'

export const SENDING_FIELDS = ['mailsPerMinute', 'acknowledgement']

/** What the fields below say. */
export function sendingOf(form: FormData) {
  const text = textOf(form, 'acknowledgementText').trim()
  const on = form.has('acknowledges')
  return {
    mailsPerMinute: Number(textOf(form, 'mailsPerMinute')) || null,
    acknowledgement: on || text ? { on, text } : null,
  }
}

/** How fast a mailbox sends, and what it tells people by itself. */
export function MailboxSending(props: {
  before: MailboxDetails | undefined
  wrong: (field: string) => string | undefined
}) {
  return (
    <fieldset>
      <legend>What goes out</legend>
      <Show when={props.before?.paused}>
        <p class="hint">This mailbox is paused: nothing goes out until it goes on.</p>
      </Show>
      <TextField
        label="Mails a minute, at most"
        name="mailsPerMinute"
        type="number"
        value={props.before?.mailsPerMinute ? String(props.before.mailsPerMinute) : ''}
        help="Empty: as many as there are. Microsoft 365 takes 30."
        wrong={props.wrong('mailsPerMinute')}
      />
      <label class="check">
        <input type="checkbox" name="acknowledges" checked={props.before?.acknowledgement?.on ?? false} />
        <span>
          Tell who writes to us that their mail came in
          <small>Once a day to each person, about new matters. Never to machines, lists, or ourselves.</small>
        </span>
      </label>
      <Field
        label="What they are told"
        help="May name {{issue.number}}, {{issue.subject}}, {{mailbox.name}} and {{date}}."
        wrong={props.wrong('acknowledgement')}
      >
        {(attributes) => (
          <textarea {...attributes} class="input" name="acknowledgementText" rows="4">
            {props.before?.acknowledgement?.text ?? ''}
          </textarea>
        )}
      </Field>
    </fieldset>
  )
}
