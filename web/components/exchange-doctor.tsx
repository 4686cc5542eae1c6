import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import type { Diagnosis, Of } from '../exchange.ts'
import type { Row } from '../exchange-wanted.ts'
import { plural } from '../format.ts'
import { createSubmit, textOf } from '../submit.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { Field, TextField } from './field.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Notice } from './states.tsx'

type Question = Parameters<typeof api.exchange.doctor.$post>[0]['json']
type Finding = Diagnosis['findings'][number]

const CLIENTS: [NonNullable<Question['client']>, string][] = [
  ['outlook-classic', 'Outlook for Windows (classic)'],
  ['new-outlook', 'New Outlook'],
  ['owa', 'Outlook on the web'],
  ['mac', 'Outlook for Mac'],
  ['mobile', 'Outlook on a phone'],
  ['other', 'Another program'],
]

/** Why somebody does not see the mailbox, or sees it and should not. */
export function ExchangeDoctor(props: { of: Of; rows: Row[]; user: string; onUser: (user: string) => void }) {
  const [found, setFound] = createSignal<{ who: string; diagnosis: Diagnosis }>()
  const submit = createSubmit(async (form) => {
    const user = textOf(form, 'user').trim()
    const xml = textOf(form, 'xml').trim()
    const computerDomain = textOf(form, 'computerDomain').trim()
    setFound(undefined)
    // The casts: the choices of these fields are those of the server.
    const client = textOf(form, 'client') as NonNullable<Question['client']>
    const symptom = textOf(form, 'symptom') as NonNullable<Question['symptom']>
    const json = { ...props.of, user, client, symptom, ...(xml && { xml }), ...(computerDomain && { computerDomain }) }
    setFound({ who: user, diagnosis: await call(api.exchange.doctor.$post({ json })) })
  })
  return (
    <section class="section" id="doctor" aria-labelledby="exchange-doctor">
      <h2 id="exchange-doctor" class="exchange-doctor-title">
        <Icon name="doctor" />
        Why does somebody not see it in Outlook?
      </h2>
      <form class="form exchange-doctor" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <Field label="Who" wrong={submit.wrong('user')}>
          {(attributes) => (
            <>
              <input
                {...attributes}
                class="input"
                name="user"
                list="exchange-people"
                autocomplete="off"
                spellcheck={false}
                value={props.user}
                onInput={(event) => props.onUser(event.currentTarget.value)}
              />
              <datalist id="exchange-people">
                <For each={props.rows}>{({ user, name }) => <option value={user}>{name}</option>}</For>
              </datalist>
            </>
          )}
        </Field>
        <Field label="In which program">
          {(attributes) => (
            <select {...attributes} class="input" name="client">
              <For each={CLIENTS}>{([value, words]) => <option value={value}>{words}</option>}</For>
            </select>
          )}
        </Field>
        <Field label="What is wrong">
          {(attributes) => (
            <select {...attributes} class="input" name="symptom">
              <option value="missing">It does not appear</option>
              <option value="unwanted">It appears, and should not</option>
            </select>
          )}
        </Field>
        <details class="exchange-more">
          <summary>More that is known</summary>
          <TextField
            label="Domain of the computer"
            name="computerDomain"
            help="Where it differs from that of the mail, such as remotedomain.tld."
          />
          <Field
            label="What Outlook shows"
            help="Hold Ctrl, right-click the icon of Outlook in the notification area, choose Test E-mail AutoConfiguration, clear both Guessmart boxes, press Test, and copy what stands under XML."
            wrong={submit.wrong('xml')}
          >
            {(attributes) => (
              <textarea {...attributes} class="input exchange-area" name="xml" rows={4} spellcheck={false} />
            )}
          </Field>
        </details>
        <div class="actions">
          <button type="submit" class="btn" disabled={submit.busy() || props.user.trim() === ''}>
            <Icon name="doctor" />
            {submit.busy() ? 'Looking' : 'Find out'}
          </button>
        </div>
      </form>
      <Show when={submit.general('user', 'xml')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <div aria-live="polite">
        <Show when={found()}>{(one) => <Verdict who={one().who} diagnosis={one().diagnosis} />}</Show>
      </div>
    </section>
  )
}

function Verdict(props: { who: string; diagnosis: Diagnosis }) {
  const headline = () => props.diagnosis.headline
  const fine = () => props.diagnosis.findings.filter(({ verdict }) => verdict === 'ok')
  const telling = () =>
    (['cause', 'possible', 'unknown'] as const).flatMap((verdict) =>
      props.diagnosis.findings.filter((finding) => finding.verdict === verdict),
    )
  return (
    <>
      <Notice tone={headline()?.verdict === 'cause' ? 'warn' : 'plain'} icon="doctor">
        <strong>{props.who}</strong>
        <br />
        {headline() ? HEADLINES[headline()?.verdict ?? 'ok'] : 'Nothing was found that would keep it from appearing.'}
      </Notice>
      <ul class="exchange-findings">
        <For each={telling()}>{(finding) => <Found finding={finding} />}</For>
      </ul>
      <Show when={fine().length > 0}>
        <details class="exchange-more">
          <summary>
            {plural(fine().length, 'thing')} that {fine().length === 1 ? 'was' : 'were'} looked at and{' '}
            {fine().length === 1 ? 'is' : 'are'} not it
          </summary>
          <ul class="exchange-findings">
            <For each={fine()}>{(finding) => <Found finding={finding} />}</For>
          </ul>
        </details>
      </Show>
    </>
  )
}

const HEADLINES: Record<Finding['verdict'], string> = {
  cause: 'The reason was found. What mends it stands below.',
  possible: 'There is no certain reason, but something that may be it.',
  ok: 'Nothing was found that would keep it from appearing.',
  unknown: 'That can’t be told from what is known. What would tell it stands below.',
}

const VERDICTS: Record<Finding['verdict'], { icon: IconName; tone: string; words: string }> = {
  cause: { icon: 'wrong', tone: 'bad', words: 'That is why' },
  possible: { icon: 'warning', tone: 'warn', words: 'That may be why' },
  ok: { icon: 'done', tone: 'good', words: 'That is not it' },
  unknown: { icon: 'clock', tone: '', words: 'Nobody can tell' },
}

function Found(props: { finding: Finding }) {
  const verdict = () => VERDICTS[props.finding.verdict]
  return (
    <li data-code={props.finding.code}>
      <span class={`mark ${verdict().tone}`}>
        <Icon name={verdict().icon} />
        <span class="sr">{verdict().words}:</span>
      </span>
      <div>
        <p>{props.finding.says}</p>
        <Show when={props.finding.evidence}>{(words) => <p class="evidence">{words()}</p>}</Show>
        <Show when={props.finding.fix.manualSteps.length > 0}>
          <ol class="steps">
            <For each={props.finding.fix.manualSteps}>{(words) => <li>{words}</li>}</For>
          </ol>
        </Show>
        <For each={props.finding.fix.commands}>{(command) => <ExchangeCommand command={command} />}</For>
      </div>
    </li>
  )
}
