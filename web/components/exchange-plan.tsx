import { createSignal, For, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { download, type ExchangePlan, lookAgain, type Of } from '../exchange.ts'
import { plural } from '../format.ts'
import { client } from '../query-client.ts'
import { complain } from '../toasts.ts'
import { CopyButton, ExchangeCommand } from './exchange-command.tsx'
import { Icon } from './icon.tsx'
import { Notice } from './states.tsx'

/** Where it stands in the file that the page wrote is nothing to whoever did not write it. */
const LINE = /^wanted\.yaml line \d+: /

/** By what a note is called in files and programs. */
const CODE = / \([A-Z0-9_]+\)$/

/** Where the words for files name what is written there, and the page has a place for it. */
const HERE: Record<string, (subject: string) => string> = {
  SIGN_IN_ENABLED: () => 'Sign-in to the account itself is open. It can be blocked under The mailbox.',
  ORPHAN: (sid) => `${sid} is what an account left behind that is gone. Nobody has that right.`,
  AUTOMAP_STATE_UNKNOWN: (who) =>
    `Whether it appears by itself for ${who} is not known, so nothing is changed about it. The doctor says how to find out.`,
}
const wordsFor = ({ code, subject, says }: ExchangePlan['notes'][number]) =>
  HERE[code]?.(subject) ?? says.replace(CODE, '')

type Step = ExchangePlan['steps'][number]

/** What will be done, step by step, and the button that does it. */
export function ExchangePlanned(props: {
  of: Of
  plan: ExchangePlan
  wanted: string
  /** The plan follows from what is wanted now, and nothing is being carried out. */
  isCurrent: boolean
  canWrite: boolean
  /** Downfield does not look after the mailbox yet. */
  isStranger: boolean
  onBegun: (runId: string) => void
  onGroup: (user: string) => void
  /** Goes back to what was applied last. */
  onDiscard?: () => void
}) {
  const [busy, setBusy] = createSignal(false)
  const steps = () => props.plan.steps
  const isDangerous = () => steps().some(({ risk }) => risk !== 'none')
  const apply = async () => {
    setBusy(true)
    const { planHash, snapshotHash } = props.plan
    const id = crypto.randomUUID()
    try {
      await call(api.exchange.apply.$post({ json: { ...props.of, wanted: props.wanted, id, planHash, snapshotHash } }))
      await client.invalidateQueries({ queryKey: ['exchange'] })
      props.onBegun(id)
    } catch (error) {
      complain(wordsOf(error))
      void lookAgain()
    }
    setBusy(false)
  }
  return (
    <section class="section" id="plan" aria-labelledby="exchange-plan">
      <div class="exchange-title">
        <h2 id="exchange-plan">What will be done</h2>
        <Show when={props.onDiscard}>
          {(discard) => (
            <button type="button" class="btn ghost" onClick={() => discard()()}>
              <Icon name="undo" />
              Take back what is not applied
            </button>
          )}
        </Show>
      </div>
      <For each={props.plan.blockers}>
        {(blocker) => (
          <Notice tone="bad">
            <strong>This stands in the way.</strong> {blocker.message.replace(LINE, '')}
            <Show when={blocker.code === 'GROUP_NOT_ALLOWED'}>
              <div class="actions">
                <button type="button" class="btn" onClick={() => props.onGroup(blocker.subject)}>
                  Let the group in all the same
                </button>
              </div>
            </Show>
          </Notice>
        )}
      </For>
      <Show
        when={steps().length > 0}
        fallback={
          <Show when={props.plan.blockers.length === 0}>
            <Notice tone="good">
              Nothing: the plan is empty, so everything is as it is wanted.
              <Show when={props.isStranger && props.canWrite}>
                <span class="aside">
                  Downfield can look after it from now on: it tells when somebody changes what is there, and can watch
                  its mail.
                </span>
                <div class="actions">
                  <button
                    type="button"
                    class="btn primary"
                    disabled={busy() || !props.isCurrent}
                    onClick={() => void apply()}
                  >
                    Look after it
                  </button>
                </div>
              </Show>
            </Notice>
          </Show>
        }
      >
        <div class="exchange-plan">
          <ol>
            <For each={steps()}>{(step) => <PlannedStep step={step} />}</For>
          </ol>
          <Show when={props.plan.blockers.length === 0}>
            <div class="foot">
              <Show when={props.canWrite}>
                <button
                  type="button"
                  class="btn primary"
                  disabled={busy() || !props.isCurrent}
                  onClick={() => void apply()}
                >
                  <Icon name={isDangerous() ? 'warning' : 'check'} />
                  Apply {plural(steps().length, 'change')}
                </button>
              </Show>
              <Show when={props.plan.script}>
                {(script) => (
                  <>
                    <button
                      type="button"
                      class="btn"
                      onClick={() => download(`${props.of.identity.split('@')[0]}.ps1`, script())}
                    >
                      <Icon name="download" />
                      Download as .ps1
                    </button>
                    <CopyButton
                      text={steps()
                        .map(({ command }) => command)
                        .join('\n')}
                      label="Copy all commands"
                      words="Copy all"
                    />
                  </>
                )}
              </Show>
            </div>
          </Show>
        </div>
      </Show>
      <Show when={props.plan.notes.length > 0}>
        <ul class="exchange-notes">
          <For each={props.plan.notes}>{(note) => <li>{wordsFor(note)}</li>}</For>
        </ul>
      </Show>
    </section>
  )
}

const RISKS: Record<Step['risk'], string> = {
  none: '',
  'access-gap': 'without access for a moment',
  destructive: 'takes something away',
}

function PlannedStep(props: { step: Step }) {
  return (
    <li classList={{ risky: props.step.risk !== 'none' }}>
      <Icon name={/^(Remove|Disable)-/.test(props.step.cmdlet) ? 'minus' : 'plus'} />
      <div>
        <p>
          {props.step.reason}
          <Show when={RISKS[props.step.risk]}>{(words) => <span class="chip bad">{words()}</span>}</Show>
        </p>
        <ExchangeCommand command={props.step.command} />
      </div>
    </li>
  )
}
