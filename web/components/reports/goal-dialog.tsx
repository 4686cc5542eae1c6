import { createSignal, For, Show } from 'solid-js'
import { ApiError } from '../../api.ts'
import { endAfter, type Goal, lastDayOf, periodsFrom, removeGoal, saveGoal } from '../../goals.ts'
import { plainAmount, readAmount } from '../../money.ts'
import { usePipelines } from '../../proposals.ts'
import { dataOf, useDirectory } from '../../queries.ts'
import { createSubmit, textOf } from '../../submit.ts'
import { Dialog } from '../dialog.tsx'
import { Field, TextField } from '../field.tsx'
import { Notice } from '../states.tsx'

const FIELDS = ['amountMinor', 'periodStart', 'periodEnd'] as const

/** Sets a goal, changes it, or removes it. */
export function GoalDialog(props: { goal: Goal | undefined; currency: string; today: string; onClose: () => void }) {
  const directory = useDirectory()
  const pipelines = usePipelines()
  const choices = periodsFrom(props.today)
  const [start, setStart] = createSignal(props.goal?.periodStart ?? choices[0]?.[1] ?? props.today)
  const [last, setLast] = createSignal(lastDayOf(props.goal?.periodEnd ?? choices[0]?.[2] ?? endAfter(props.today)))
  const chosen = () => choices.findIndex(([, from, to]) => from === start() && lastDayOf(to) === last())
  const { busy, onSubmit, wrong, general } = createSubmit(async (form) => {
    const amountMinor = readAmount(textOf(form, 'amount'), props.currency)
    if (!amountMinor) throw refused('amountMinor', 'Enter an amount above 0, such as 450,000 or 450k.')
    if (!start() || !last() || last() < start())
      throw refused('periodEnd', 'The last day must not be before the first.')
    const [kind, id] = textOf(form, 'whose').split(' ')
    await saveGoal(
      {
        id: props.goal?.id ?? crypto.randomUUID(),
        createdAt: props.goal?.createdAt ?? 0,
        periodStart: start(),
        periodEnd: endAfter(last()),
        memberId: kind === 'member' ? (id ?? null) : null,
        teamId: kind === 'team' ? (id ?? null) : null,
        pipelineId: form.has('pipeline') ? textOf(form, 'pipeline') || null : (props.goal?.pipelineId ?? null),
        amountMinor,
      },
      props.goal,
    )
    props.onClose()
  })
  const isFor = (kind: 'member' | 'team', id: string) =>
    (kind === 'member' ? props.goal?.memberId : props.goal?.teamId) === id
  const inUse = () => (dataOf(pipelines) ?? []).filter(({ archivedAt }) => archivedAt === null)
  return (
    <Dialog label={props.goal ? 'Change the goal' : 'New goal'} titled onClose={() => props.onClose()}>
      <form class="form body" onSubmit={onSubmit}>
        <Show when={general(...FIELDS)}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <TextField
          label={`To be won, in ${props.currency}`}
          name="amount"
          value={plainAmount(props.goal?.amountMinor ?? null, props.currency)}
          placeholder="450k"
          required
          autofocus
          wrong={wrong('amountMinor')}
        />
        <Field label="For">
          {(attributes) => (
            <select {...attributes} class="input" name="whose">
              <option value="">Everybody</option>
              <For each={directory.teams()}>
                {({ id, name }) => (
                  <option value={`team ${id}`} selected={isFor('team', id)}>
                    Team {name}
                  </option>
                )}
              </For>
              <For each={directory.active()}>
                {({ id, name }) => (
                  <option value={`member ${id}`} selected={isFor('member', id)}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <Field label="Period">
          {(attributes) => (
            <select
              {...attributes}
              class="input"
              onChange={(event) => {
                const found = choices[Number(event.currentTarget.value)]
                if (!found) return
                setStart(found[1])
                setLast(lastDayOf(found[2]))
              }}
            >
              <For each={choices}>
                {([words], i) => (
                  <option value={i()} selected={chosen() === i()}>
                    {words}
                  </option>
                )}
              </For>
              <option value="" selected={chosen() < 0}>
                Other days
              </option>
            </select>
          )}
        </Field>
        <Field label="First day" wrong={wrong('periodStart')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="date"
              required
              value={start()}
              onChange={(event) => setStart(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Last day" wrong={wrong('periodEnd')}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="date"
              required
              value={last()}
              onChange={(event) => setLast(event.currentTarget.value)}
            />
          )}
        </Field>
        <Show when={inUse().length > 1}>
          <Field label="Pipeline">
            {(attributes) => (
              <select {...attributes} class="input" name="pipeline">
                <option value="">All pipelines</option>
                <For each={inUse()}>
                  {({ id, name }) => (
                    <option value={id} selected={props.goal?.pipelineId === id}>
                      {name}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
        </Show>
        <div class="foot">
          <button type="submit" class="btn primary" disabled={busy()}>
            Save
          </button>
          <Show when={props.goal}>
            {(goal) => (
              <button
                type="button"
                class="btn ghost"
                onClick={() => {
                  void removeGoal(goal())
                  props.onClose()
                }}
              >
                Remove the goal
              </button>
            )}
          </Show>
        </div>
      </form>
    </Dialog>
  )
}

const refused = (field: (typeof FIELDS)[number], words: string) => new ApiError(words, 0, new Map([[field, words]]))
