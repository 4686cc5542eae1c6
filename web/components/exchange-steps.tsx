import { For } from 'solid-js'
import { Icon } from './icon.tsx'

/** A step of the way to a watched mailbox; `href` leads to where it is done. */
export type FlowStep = { title: string; isDone: boolean; href?: string }

/** The way from nothing to a watched mailbox. Each step is known from what is there, so it goes on wherever it stopped. */
export function ExchangeSteps(props: { steps: FlowStep[] }) {
  const next = () => props.steps.findIndex(({ isDone }) => !isDone)
  return (
    <ol class="exchange-steps" aria-label="The way to a watched mailbox">
      <For each={props.steps}>
        {(step, index) => (
          <li
            classList={{ done: step.isDone, next: index() === next() }}
            aria-current={index() === next() ? 'step' : undefined}
          >
            <span class="number">{step.isDone ? <Icon name="check" /> : index() + 1}</span>
            {step.href ? <a href={step.href}>{step.title}</a> : <span>{step.title}</span>}
            <span class="sr">{step.isDone ? ', done' : ''}</span>
          </li>
        )}
      </For>
    </ol>
  )
}
