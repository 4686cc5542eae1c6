import { createSignal, For, Show } from 'solid-js'
import { MILESTONE_KINDS, MILESTONE_RESULTS } from '../../db/vocabulary.ts'
import { api, call } from '../api.ts'
import { day } from '../format.ts'
import { attempt } from '../proposal-changes.ts'
import { countdown, MILESTONE_WORDS, RESULT_WORDS, wallWords } from '../proposal-words.ts'
import type { Details } from '../proposals.ts'
import { zone } from '../queries.ts'
import { textOf } from '../submit.ts'
import { Field, TextField } from './field.tsx'
import { Icon } from './icon.tsx'
import { ZoneField } from './zone-field.tsx'

type Milestone = Details['milestones'][number]

/** What must be done on the way, and what the customer changed since. */
export function ProposalMilestones(props: { details: Details; now: number; mayChange: boolean }) {
  const [adding, setAdding] = createSignal<'milestone' | 'amendment'>()
  const id = () => props.details.proposal.id
  const [dueZone, setDueZone] = createSignal(zone())
  const begin = (what: 'milestone' | 'amendment') => {
    setDueZone(props.details.proposal.dueZone ?? zone())
    setAdding(what)
  }
  const wallOf = (form: FormData) => {
    const [date, time] = [textOf(form, 'day'), textOf(form, 'time')]
    return date ? { local: time ? `${date}T${time}` : date, zone: dueZone() } : undefined
  }
  const addMilestone = async (form: FormData) => {
    const kind = MILESTONE_KINDS.find((one) => one === textOf(form, 'kind')) ?? 'custom'
    const due = wallOf(form) ?? { local: '', zone: dueZone() }
    const json = { id: crypto.randomUUID(), kind, label: textOf(form, 'label'), due }
    if (await attempt(id(), () => call(api.proposals[':id'].milestones.$post({ param: { id: id() }, json })), 'Added.'))
      setAdding(undefined)
  }
  const addAmendment = async (form: FormData) => {
    const newDue = wallOf(form)
    const json = {
      id: crypto.randomUUID(),
      receivedAt: Date.now(),
      summary: textOf(form, 'summary'),
      ...(newDue && { newDue }),
    }
    const words = newDue ? 'Amendment added, and the deadline moved.' : 'Amendment added.'
    if (await attempt(id(), () => call(api.proposals[':id'].amendments.$post({ param: { id: id() }, json })), words))
      setAdding(undefined)
  }
  const change = (
    milestone: Milestone,
    json: { doneAt?: number | null; result?: (typeof MILESTONE_RESULTS)[number] | null },
  ) =>
    attempt(id(), () =>
      call(
        api.proposals[':id'].milestones[':milestoneId'].$patch({
          param: { id: id(), milestoneId: milestone.id },
          json,
        }),
      ),
    )
  const remove = (milestone: Milestone) =>
    attempt(
      id(),
      () =>
        call(
          api.proposals[':id'].milestones[':milestoneId'].$delete({ param: { id: id(), milestoneId: milestone.id } }),
        ),
      'Removed.',
    )
  const acknowledge = (amendmentId: string) =>
    attempt(id(), () =>
      call(api.proposals[':id'].amendments[':amendmentId'].acknowledgement.$put({ param: { id: id(), amendmentId } })),
    )
  const When = () => (
    <div class="due-fields">
      <Field label={adding() === 'amendment' ? 'New deadline, if it moved' : 'Day'}>
        {(attributes) => (
          <input {...attributes} class="input" type="date" name="day" required={adding() === 'milestone'} />
        )}
      </Field>
      <Field label="Hour">{(attributes) => <input {...attributes} class="input" type="time" name="time" />}</Field>
      <ZoneField value={dueZone()} onChange={setDueZone} />
    </div>
  )

  return (
    <section>
      <div class="section-head">
        <h2>Milestones and amendments</h2>
        <Show when={props.mayChange && !adding()}>
          <button type="button" class="btn ghost" onClick={() => begin('milestone')}>
            <Icon name="plus" />
            Milestone
          </button>
          <button type="button" class="btn ghost" onClick={() => begin('amendment')}>
            <Icon name="plus" />
            Amendment
          </button>
        </Show>
      </div>
      <Show when={adding()}>
        <form
          class="inset"
          onSubmit={(event) => {
            event.preventDefault()
            const form = new FormData(event.currentTarget)
            void (adding() === 'milestone' ? addMilestone(form) : addAmendment(form))
          }}
        >
          <Show
            when={adding() === 'milestone'}
            fallback={<TextField label="What the customer changed" name="summary" required autofocus />}
          >
            <div class="pair">
              <Field label="Milestone">
                {(attributes) => (
                  <select {...attributes} class="input" name="kind">
                    <For each={MILESTONE_KINDS}>{(kind) => <option value={kind}>{MILESTONE_WORDS[kind]}</option>}</For>
                  </select>
                )}
              </Field>
              <TextField label="Name, if it needs one" name="label" />
            </div>
          </Show>
          <When />
          <div class="row-actions">
            <button type="submit" class="btn primary">
              Add {adding()}
            </button>
            <button type="button" class="btn ghost" onClick={() => setAdding(undefined)}>
              Cancel
            </button>
          </div>
        </form>
      </Show>
      <Show
        when={props.details.milestones.length + props.details.amendments.length > 0}
        fallback={
          <Show when={!adding()}>
            <p class="hint">None yet.</p>
          </Show>
        }
      >
        <ul class="lines milestones">
          <For each={props.details.milestones}>
            {(milestone) => (
              <li classList={{ past: milestone.doneAt !== null }}>
                <input
                  type="checkbox"
                  disabled={!props.mayChange}
                  checked={milestone.doneAt !== null}
                  aria-label={`${milestone.label || MILESTONE_WORDS[milestone.kind]} is done`}
                  onChange={(event) =>
                    void change(
                      milestone,
                      event.currentTarget.checked ? { doneAt: Date.now() } : { doneAt: null, result: null },
                    )
                  }
                />
                <span class="grow">
                  {milestone.label || MILESTONE_WORDS[milestone.kind]}
                  <small class="hint">{wallWords(milestone.local, milestone.zone)}</small>
                </span>
                <Show
                  when={props.mayChange}
                  fallback={<Show when={milestone.result}>{(result) => RESULT_WORDS[result()]}</Show>}
                >
                  <select
                    class="input plain"
                    aria-label={`How it went: ${milestone.label || MILESTONE_WORDS[milestone.kind]}`}
                    onChange={(event) =>
                      void change(milestone, {
                        result: MILESTONE_RESULTS.find((one) => one === event.currentTarget.value) ?? null,
                      })
                    }
                  >
                    <option value="">{milestone.doneAt === null ? countdown(milestone.at, props.now) : 'Done'}</option>
                    <For
                      each={
                        milestone.kind === 'bid_decision'
                          ? (['go', 'conditional', 'no_go'] as const)
                          : (['pass', 'fail'] as const)
                      }
                    >
                      {(result) => (
                        <option value={result} selected={milestone.result === result}>
                          {RESULT_WORDS[result]}
                        </option>
                      )}
                    </For>
                  </select>
                  <button
                    type="button"
                    class="btn ghost square"
                    aria-label={`Remove ${milestone.label || MILESTONE_WORDS[milestone.kind]}`}
                    data-tip="Remove"
                    onClick={() => void remove(milestone)}
                  >
                    <Icon name="close" />
                  </button>
                </Show>
              </li>
            )}
          </For>
          <For each={props.details.amendments}>
            {(amendment) => (
              <li>
                <Icon name="file" />
                <span class="grow">
                  Amendment {amendment.number}: {amendment.summary}
                  <small class="hint">
                    {day(amendment.receivedAt)}
                    {amendment.newDueLocal && amendment.newDueZone
                      ? `. The deadline moved to ${wallWords(amendment.newDueLocal, amendment.newDueZone)}`
                      : ''}
                  </small>
                </span>
                <Show when={amendment.acknowledgedAt === null} fallback={<span class="chip good">Acknowledged</span>}>
                  <Show when={props.mayChange} fallback={<span class="chip warn">Not acknowledged</span>}>
                    <button type="button" class="btn" onClick={() => void acknowledge(amendment.id)}>
                      Acknowledge
                    </button>
                  </Show>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
