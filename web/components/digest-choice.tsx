import { For, Show } from 'solid-js'
import { DIGEST_LANGUAGES, type DigestLanguage } from '../../db/vocabulary.ts'
import { api, call, type DigestChoice } from '../api.ts'
import { useDigestChoice } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { Field } from './field.tsx'
import { Bones, Loaded, Notice } from './states.tsx'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const LANGUAGE_WORDS: Record<DigestLanguage, string> = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' }

/** Whether, when and in which language one gets the weekly digest of proposals. */
export function DigestSettings() {
  const choice = useDigestChoice()
  return (
    <section class="section">
      <h2>Weekly digest of proposals</h2>
      <p>By email: what is due, what changed since last week, what is stuck, what was won and lost.</p>
      <Loaded query={choice} what="Your digest" loading={<Bones rows={3} height={46} />}>
        {(found) => <Choice choice={found()} />}
      </Loaded>
    </section>
  )
}

function Choice(props: { choice: DigestChoice }) {
  const { busy, onSubmit, general } = createSubmit(async (form) => {
    const [hours = 0, minutes = 0] = textOf(form, 'digestAt').split(':').map(Number)
    await call(
      api.notifications.digest.$put({
        json: {
          active: form.has('active'),
          weekday: Number(textOf(form, 'weekday')),
          minute: hours * 60 + minutes,
          // The cast: the options are DIGEST_LANGUAGES.
          language: textOf(form, 'language') as DigestLanguage,
        },
      }),
    )
    void client.invalidateQueries({ queryKey: ['notifications', 'digest'] })
    say('Saved.')
  })
  const clock = () =>
    `${String(Math.floor(props.choice.minute / 60)).padStart(2, '0')}:${String(props.choice.minute % 60).padStart(2, '0')}`
  return (
    <form class="form wide" onSubmit={onSubmit}>
      <Show when={general()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <label class="check">
        <input type="checkbox" name="active" checked={props.choice.active} />
        <span>Send it to me</span>
      </label>
      <div class="pair">
        <Field label="On">
          {(attributes) => (
            <select {...attributes} class="input" name="weekday">
              <For each={WEEKDAYS}>
                {(day, i) => (
                  <option value={i()} selected={i() === props.choice.weekday}>
                    {day}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <Field label="At" help="In your time zone, above.">
          {(attributes) => <input {...attributes} class="input" type="time" name="digestAt" required value={clock()} />}
        </Field>
      </div>
      <Field label="Language">
        {(attributes) => (
          <select {...attributes} class="input" name="language">
            <For each={DIGEST_LANGUAGES}>
              {(language) => (
                <option value={language} selected={language === props.choice.language}>
                  {LANGUAGE_WORDS[language]}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <div class="actions">
        <button type="submit" class="btn" disabled={busy()}>
          Save the digest
        </button>
      </div>
    </form>
  )
}
