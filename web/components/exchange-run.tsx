import { For, Show } from 'solid-js'
import { isUnderWay, type Run } from '../exchange.ts'
import { clock, dayAndTime, plural } from '../format.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Notice } from './states.tsx'

type Step = Run['steps'][number]

const STATES: Record<Run['state'], { tone: 'good' | 'warn' | 'bad' | 'plain'; words: string }> = {
  queued: { tone: 'plain', words: 'It begins in a moment.' },
  running: { tone: 'plain', words: 'It is being carried out.' },
  verifying: { tone: 'plain', words: 'All steps are done. What is there is read again, until nothing is left to do.' },
  done: { tone: 'good', words: 'Done, and seen to be so: a second plan was empty.' },
  replicating: { tone: 'warn', words: 'Done, but Exchange does not show all of it yet. Look again in some minutes.' },
  partly: { tone: 'warn', words: 'Some of it was done. The steps below say what was not, and why.' },
  failed: { tone: 'bad', words: 'It did not work. The steps below say why.' },
  access_lost: { tone: 'bad', words: 'Somebody lost access on the way. It is tried again; the command stands above.' },
  stale: { tone: 'warn', words: 'What is there changed in between, so nothing was done. Look at the new plan.' },
}

/** A plan while it is carried out, and what came of each step. */
export function ExchangeRun(props: { run: Run }) {
  const state = () => STATES[props.run.state]
  const done = () => props.run.steps.filter(({ endedAt }) => endedAt !== null).length
  return (
    <section class="section" aria-labelledby="exchange-run">
      <h2 id="exchange-run">What was done</h2>
      <div aria-live="polite">
        <Notice tone={state().tone} {...(isUnderWay(props.run) && { icon: 'clock' as const })}>
          {props.run.endedAt === null ? '' : `${dayAndTime(props.run.endedAt, Date.now())}: `}
          {state().words} <Show when={props.run.message}>{(words) => <span class="aside">{words()}</span>}</Show>
        </Notice>
      </div>
      <Show when={isUnderWay(props.run)}>
        <progress
          class="exchange-progress"
          value={done()}
          max={props.run.steps.length}
          aria-label="Steps that are done"
        />
      </Show>
      <Show when={props.run.steps.length > 0}>
        <details class="exchange-journal" open={props.run.state !== 'done'}>
          <summary>{plural(props.run.steps.length, 'step')}</summary>
          <div class="exchange-plan">
            <ol>
              <For each={props.run.steps}>{(step) => <DoneStep step={step} />}</For>
            </ol>
          </div>
        </details>
      </Show>
    </section>
  )
}

const MARKS: Record<Step['state'], { icon: IconName; words: string; tone: string }> = {
  planned: { icon: 'status', words: 'to be done', tone: '' },
  running: { icon: 'clock', words: 'under way', tone: '' },
  done: { icon: 'done', words: 'done', tone: 'good' },
  unchanged: { icon: 'done', words: 'was so already', tone: 'good' },
  failed: { icon: 'wrong', words: 'failed', tone: 'bad' },
  uncertain: { icon: 'warning', words: 'uncertain: the connection broke before an answer', tone: 'warn' },
  skipped: { icon: 'minus', words: 'left out', tone: '' },
}

function DoneStep(props: { step: Step }) {
  const mark = () => MARKS[props.step.state]
  return (
    <li>
      <span class={`mark ${mark().tone}`}>
        <Icon name={mark().icon} />
      </span>
      <div>
        <p>
          {props.step.reason}
          <small class="num">
            {mark().words}
            {props.step.endedAt === null ? '' : `, ${clock(props.step.endedAt)}`}
            {props.step.tries > 1 ? `, ${props.step.tries} tries` : ''}
          </small>
        </p>
        <ExchangeCommand command={props.step.command} />
        <Show when={props.step.message}>{(words) => <p class="words">{words()}</p>}</Show>
      </div>
    </li>
  )
}
