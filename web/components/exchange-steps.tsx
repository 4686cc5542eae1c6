import { For, Show } from 'solid-js'
import type { FlowStep } from '../exchange.ts'
import { Icon, type IconName } from './icon.tsx'

export const STEP_TITLES: Record<FlowStep['step'], string> = {
  connect: 'Connect',
  create: 'Create',
  access: 'Give access',
  admit: 'Let Downfield in',
  watch: 'Watch',
  try: 'Try it',
}
/** Where on the page of a mailbox a step is done. */
const PLACES: Partial<Record<FlowStep['step'], string>> = {
  create: '#plan',
  access: '#plan',
  admit: '#watch',
  watch: '#watch',
  try: '#watch',
}

type Shown = Pick<FlowStep, 'step' | 'state'> & Partial<FlowStep>

/**
 * The way from nothing to a watched mailbox, each step as it was read last, and what is next. It goes on wherever it
 * stopped.
 */
export function ExchangeSteps(props: { steps: Shown[] }) {
  const next = () => props.steps.find(({ state }) => state !== 'done')
  return (
    <div class="exchange-way">
      <ol class="exchange-steps" aria-label="The way to a watched mailbox">
        <For each={props.steps}>
          {(step, index) => (
            <li
              class={step.state}
              classList={{ next: step.step === next()?.step }}
              aria-current={step.step === next()?.step ? 'step' : undefined}
            >
              <span class="number">
                <Show when={ICONS[step.state]} fallback={index() + 1}>
                  {(icon) => <Icon name={icon()} />}
                </Show>
              </span>
              <Show when={step.says && PLACES[step.step]} fallback={<span>{STEP_TITLES[step.step]}</span>}>
                {(place) => <a href={place()}>{STEP_TITLES[step.step]}</a>}
              </Show>
              <span class="sr">{WORDS[step.state]}</span>
            </li>
          )}
        </For>
      </ol>
      <Show when={next() === undefined}>
        <p class="exchange-next">All of it is done: people have access, and Downfield watches the mailbox.</p>
      </Show>
      <Show when={next()}>
        {(step) => (
          <Show when={step().says}>
            <p class="exchange-next" role="status">
              <strong>{STEP_TITLES[step().step]}:</strong> {step().says} {step().whatToDo}
            </p>
          </Show>
        )}
      </Show>
    </div>
  )
}

const ICONS: Record<FlowStep['state'], IconName | undefined> = {
  done: 'check',
  open: undefined,
  waiting: 'clock',
  trouble: 'warning',
}
const WORDS: Record<FlowStep['state'], string> = {
  done: ', done',
  open: '',
  waiting: ', goes on by itself',
  trouble: ', does not go on by itself',
}
