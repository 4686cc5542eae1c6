import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { createEffect, createMemo, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { money } from '../money.ts'
import { KIND_WORDS, wallWords } from '../proposal-words.ts'
import { dataOf } from '../queries.ts'

type Fields = InferResponseType<(typeof api.issues)[':id']['proposal']['suggested']['$get'], 200>['fields']
/** A value of the mail for a field of the form. */
export type FromMail = { [K in keyof Fields]: { field: K; value: Fields[K][number]['value'] } }[keyof Fields]
type Line = { label: string; words: string; sure: boolean; sentence: string; why: string; use: FromMail }

/**
 * What the mails of an issue say for the form of its proposal: each value with its sentence. What is certain is entered at
 * once; the rest waits for a click, with the reason.
 */
export function SuggestedValues(props: { issueId: string; onUse: (what: FromMail, onlyIfEmpty: boolean) => void }) {
  const suggested = useQuery(() => ({
    queryKey: ['suggested-values', props.issueId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call(api.issues[':id'].proposal.suggested.$get({ param: { id: props.issueId } })),
  }))
  const lines = createMemo(() => linesOf(dataOf(suggested)?.fields))
  let entered = false
  createEffect(() => {
    if (entered || lines().length === 0) return
    entered = true
    for (const { sure, use } of lines()) if (sure) props.onUse(use, true)
  })
  return (
    <Show when={lines().length > 0}>
      <section class="from-mail" aria-label="From the mail">
        <h2>From the mail</h2>
        <ul>
          <For each={lines()}>
            {(line) => (
              <li>
                <div>
                  <span class="hint">{line.label}</span>
                  <strong>{line.words}</strong>
                  <Show when={line.use.field !== 'questionsDue'}>
                    <button type="button" class="link" onClick={() => props.onUse(line.use, false)}>
                      {line.sure ? 'Use again' : 'Use'}
                    </button>
                  </Show>
                </div>
                <q>{line.sentence}</q>
                <Show when={!line.sure}>
                  <p class="hint">{line.why}</p>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}

function linesOf(fields: Fields | undefined): Line[] {
  if (!fields) return []
  const about = ({ certainty, sentence, why }: { certainty: string; sentence: string; why: string }) => ({
    sure: certainty === 'sure',
    sentence,
    why,
  })
  const wall = ({ local, zone }: { local: string; zone: string }) => wallWords(local, zone)
  return [
    ...fields.due.map((one) => ({
      label: 'Deadline',
      words: wall(one.value),
      ...about(one),
      use: { field: 'due' as const, value: one.value },
    })),
    ...fields.questionsDue.map((one) => ({
      label: 'Questions due',
      words: wall(one.value),
      ...about(one),
      use: { field: 'questionsDue' as const, value: one.value },
    })),
    ...fields.value.map((one) => ({
      label: 'Value',
      words: money(one.value.minor, one.value.currency),
      ...about(one),
      use: { field: 'value' as const, value: one.value },
    })),
    ...fields.organization.map((one) => ({
      label: 'Customer',
      words: one.value.name,
      ...about(one),
      use: { field: 'organization' as const, value: one.value },
    })),
    ...fields.solicitationNumber.map((one) => ({
      label: 'Number',
      words: one.value,
      ...about(one),
      use: { field: 'solicitationNumber' as const, value: one.value },
    })),
    ...fields.solicitationKind.map((one) => ({
      label: 'Kind',
      words: KIND_WORDS[one.value],
      ...about(one),
      use: { field: 'solicitationKind' as const, value: one.value },
    })),
  ]
}
