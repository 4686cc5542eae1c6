import { For, Show } from 'solid-js'
import { CLOSED_OUTCOMES } from '../../db/vocabulary.ts'
import { wordsOf } from '../api.ts'
import { count, plural } from '../format.ts'
import { changePlan, type Imported, type ImportPlan, type StageMeaning } from '../imports.ts'
import { usePipelines } from '../proposals.ts'
import { dataOf, useDirectory } from '../queries.ts'
import { complain } from '../toasts.ts'
import { Bones } from './states.tsx'

const OUTCOME_WORDS: Record<(typeof CLOSED_OUTCOMES)[number], string> = {
  won: 'Ended: won',
  lost: 'Ended: lost',
  no_bid: 'Ended: no bid',
  withdrawn: 'Ended: withdrawn',
  cancelled: 'Ended: cancelled',
}

/** What the stages and people of the file are here. */
export function ImportWords(props: { one: Imported; onNext: () => void }) {
  const pipelines = usePipelines()
  const directory = useDirectory()
  const plan = () => props.one.plan
  const change = (to: Partial<ImportPlan>) => void changePlan(props.one, to).catch((error) => complain(wordsOf(error)))
  const inUse = () =>
    (dataOf(pipelines) ?? [])
      .filter(({ archivedAt }) => archivedAt === null)
      .map((one) => ({ ...one, stages: one.stages.filter(({ archivedAt }) => archivedAt === null) }))
  const last = () => {
    const stages = inUse()[0]?.stages ?? []
    return stages.findLast(({ submitted }) => submitted) ?? stages.at(-1)
  }
  const chosenOf = (meaning: StageMeaning | null | undefined) => meaning?.outcome ?? meaning?.stageId ?? ''
  const meaningOf = (value: string): StageMeaning | null => {
    const outcome = CLOSED_OUTCOMES.find((one) => one === value)
    const stageId = outcome ? last()?.id : value
    return stageId ? { stageId, outcome: outcome ?? null } : null
  }
  const open = () => Object.values(plan().stages).filter((meaning) => meaning === null).length
  const unmatched = () => Object.values(plan().people).filter((id) => id === null).length
  return (
    <>
      <section class="section">
        <h2>Stages</h2>
        <p class="lead">
          What is proposed goes by the name, else by the probability that the file has most often for a stage. A
          proposal that has another one keeps it as its own.
        </p>
        <Show
          when={(props.one.file?.stages.length ?? 0) > 0}
          fallback={<p class="hint">No column is the stage: all begin in the first one.</p>}
        >
          <Show when={dataOf(pipelines)} fallback={<Bones rows={4} height={46} />}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">In the file</th>
                  <th scope="col" class="end side-fact">
                    Lines
                  </th>
                  <th scope="col">Here</th>
                </tr>
              </thead>
              <tbody>
                <For each={props.one.file?.stages}>
                  {({ word, count: lines }) => (
                    <tr>
                      <th scope="row">{word}</th>
                      <td class="end num side-fact">{count(lines)}</td>
                      <td>
                        <select
                          class="input"
                          aria-label={`What ${word} is here`}
                          aria-invalid={plan().stages[word] ? undefined : 'true'}
                          onChange={(event) =>
                            change({ stages: { ...plan().stages, [word]: meaningOf(event.currentTarget.value) } })
                          }
                        >
                          <option value="" selected={!plan().stages[word]}>
                            Choose one
                          </option>
                          <For each={inUse()}>
                            {(pipeline) => (
                              <optgroup label={pipeline.name}>
                                <For each={pipeline.stages}>
                                  {(stage) => (
                                    <option value={stage.id} selected={chosenOf(plan().stages[word]) === stage.id}>
                                      {`${stage.label} · ${stage.probability} %`}
                                    </option>
                                  )}
                                </For>
                              </optgroup>
                            )}
                          </For>
                          <optgroup label="Ended">
                            <For each={CLOSED_OUTCOMES}>
                              {(outcome) => (
                                <option value={outcome} selected={chosenOf(plan().stages[word]) === outcome}>
                                  {OUTCOME_WORDS[outcome]}
                                </option>
                              )}
                            </For>
                          </optgroup>
                        </select>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </Show>
        </Show>
      </section>
      <section class="section">
        <h2>Owners</h2>
        <p class="lead">
          {unmatched() === 0
            ? 'Each is a member by address or name.'
            : `${plural(unmatched(), 'owner')} of the file ${unmatched() === 1 ? 'is' : 'are'} nobody here: such proposals will have no owner.`}
        </p>
        <Show when={(props.one.file?.people.length ?? 0) > 0} fallback={<p class="hint">No column is the owner.</p>}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">In the file</th>
                <th scope="col" class="end side-fact">
                  Lines
                </th>
                <th scope="col">Here</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.one.file?.people}>
                {({ word, count: lines }) => (
                  <tr>
                    <th scope="row">{word}</th>
                    <td class="end num side-fact">{count(lines)}</td>
                    <td>
                      <select
                        class="input"
                        aria-label={`Who ${word} is here`}
                        onChange={(event) =>
                          change({ people: { ...plan().people, [word]: event.currentTarget.value || null } })
                        }
                      >
                        <option value="" selected={!plan().people[word]}>
                          Nobody
                        </option>
                        <For each={directory.members()}>
                          {(member) => (
                            <option value={member.id} selected={plan().people[word] === member.id}>
                              {member.name}
                            </option>
                          )}
                        </For>
                      </select>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </section>
      <div class="import-foot">
        <button type="button" class="btn primary" onClick={() => props.onNext()}>
          Check
        </button>
        <Show when={open() > 0}>
          <span class="hint">{`${plural(open(), 'stage')} still to be chosen.`}</span>
        </Show>
      </div>
    </>
  )
}
