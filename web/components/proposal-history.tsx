import { createMemo, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { dayAndTime } from '../format.ts'
import { attempt } from '../proposal-changes.ts'
import { happenings } from '../proposal-history.ts'
import type { Details, Stage } from '../proposals.ts'
import type { useDirectory } from '../queries.ts'
import { textOf } from '../submit.ts'
import { Time } from './time.tsx'

/** All that happened to a proposal, in words, the newest first; notes among it. */
export function ProposalHistory(props: {
  details: Details
  stages: readonly Stage[]
  directory: ReturnType<typeof useDirectory>
  now: number
  mayNote: boolean
}) {
  const id = () => props.details.proposal.id
  const all = createMemo(() =>
    happenings(props.details, new Map(props.stages.map(({ id, label }) => [id, label])), props.directory.name),
  )
  const add = async (form: HTMLFormElement) => {
    const text = textOf(new FormData(form), 'note').trim()
    if (!text) return
    const json = { id: crypto.randomUUID(), text }
    if (await attempt(id(), () => call(api.proposals[':id'].notes.$post({ param: { id: id() }, json })))) form.reset()
  }
  return (
    <section>
      <div class="section-head">
        <h2>History</h2>
      </div>
      <Show when={props.mayNote}>
        <form
          class="note-form"
          onSubmit={(event) => {
            event.preventDefault()
            void add(event.currentTarget)
          }}
        >
          <textarea
            class="input area note-area"
            name="note"
            rows={2}
            maxlength={10_000}
            aria-label="Note"
            placeholder="Write a note for the team"
          />
          <button type="submit" class="btn">
            Add note
          </button>
        </form>
      </Show>
      <ol class="proposal-events">
        <For each={all()}>
          {(one) => (
            <li classList={{ note: one.kind === 'note' }}>
              <span class="grow">
                <b>{one.who}</b> {one.words}
                <Show when={one.text}>
                  <span class="said">{one.text}</span>
                </Show>
              </span>
              <Time at={one.at}>{dayAndTime(one.at, props.now)}</Time>
            </li>
          )}
        </For>
      </ol>
    </section>
  )
}
