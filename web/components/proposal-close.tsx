import { createSignal, For, Show } from 'solid-js'
import { CLOSED_OUTCOMES, type ClosedOutcome } from '../../db/vocabulary.ts'
import { ApiError, api, call } from '../api.ts'
import { plainAmount, readAmount } from '../money.ts'
import { close } from '../proposal-changes.ts'
import { OUTCOME_WORDS } from '../proposal-words.ts'
import { type Card, useReasons } from '../proposals.ts'
import { dataOf } from '../queries.ts'
import { createSubmit, textOf } from '../submit.ts'
import { Dialog } from './dialog.tsx'
import { Field, TextField } from './field.tsx'
import { OrganizationField } from './organization-field.tsx'
import { Notice } from './states.tsx'

const NEED_A_REASON: readonly ClosedOutcome[] = ['lost', 'no_bid', 'withdrawn']

/** Ends a proposal: how, when, why, for how much, and who won instead of us. */
export function ProposalClose(props: {
  card: Pick<Card, 'id' | 'title' | 'version' | 'valueMinor' | 'currency'>
  outcome: ClosedOutcome
  onClose: () => void
}) {
  const reasons = useReasons()
  const [outcome, setOutcome] = createSignal(props.outcome)
  const [winner, setWinner] = createSignal<{ id: string | null; name: string }>({ id: null, name: '' })
  const choices = () =>
    (dataOf(reasons) ?? []).filter((reason) => reason.outcome === outcome() && reason.archivedAt === null)
  const submit = createSubmit(async (form) => {
    const note = textOf(form, 'note')
    const primaryReasonId = textOf(form, 'reason') || null
    const awardMinor = outcome() === 'won' ? readAmount(textOf(form, 'award'), props.card.currency) : null
    if (awardMinor === undefined) throw wrong('awardMinor', 'Must be an amount such as 420,000 or 420k.')
    const day = textOf(form, 'decided')
    const decidedAt = day && day !== today() ? Date.parse(`${day}T12:00`) : undefined
    if (decidedAt !== undefined && decidedAt > Date.now()) throw wrong('decidedAt', 'Must not lie ahead.')
    const winnerId = outcome() === 'lost' ? await winnerOf(winner()) : undefined
    await close(props.card, {
      outcome: outcome(),
      primaryReasonId,
      note,
      ...(outcome() === 'won' ? { awardMinor } : {}),
      ...(decidedAt === undefined ? {} : { decidedAt }),
      ...(winnerId === undefined ? {} : { winnerId }),
    })
    props.onClose()
  })
  const general = () => submit.general('primaryReasonId', 'note', 'awardMinor', 'decidedAt')

  return (
    <Dialog label={`Close ${props.card.title}`} class="sheet" titled onClose={() => props.onClose()}>
      <form class="form body" onSubmit={submit.onSubmit} novalidate>
        <Show when={general()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <fieldset class="outcomes">
          <legend class="sr">How it ended</legend>
          <div class="segments">
            <For each={CLOSED_OUTCOMES}>
              {(one) => (
                <label>
                  <input type="radio" name="outcome" checked={outcome() === one} onChange={() => setOutcome(one)} />
                  {OUTCOME_WORDS[one]}
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <div class="pair">
          <Field
            label={NEED_A_REASON.includes(outcome()) ? 'Main reason' : 'Main reason, if there is one'}
            wrong={submit.wrong('primaryReasonId')}
          >
            {(attributes) => (
              <select {...attributes} class="input" name="reason">
                <option value="">Choose a reason</option>
                <For each={choices()}>{(reason) => <option value={reason.id}>{reason.label}</option>}</For>
              </select>
            )}
          </Field>
          <Field label="Decided on" wrong={submit.wrong('decidedAt')}>
            {(attributes) => (
              <input {...attributes} class="input" type="date" name="decided" value={today()} max={today()} />
            )}
          </Field>
        </div>
        <Show when={outcome() === 'won'}>
          <TextField
            label={`Award, ${props.card.currency}`}
            name="award"
            value={plainAmount(props.card.valueMinor, props.card.currency)}
            help="What was awarded. The value that was bid stays as it was."
            wrong={submit.wrong('awardMinor')}
          />
        </Show>
        <Show when={outcome() === 'lost'}>
          <OrganizationField label="Who won, if you know" kind="competitor" value={winner()} onChange={setWinner} />
        </Show>
        <Field label="Note" wrong={submit.wrong('note')}>
          {(attributes) => <textarea {...attributes} class="input area" name="note" rows={3} maxlength={10_000} />}
        </Field>
        <div class="foot">
          <button type="button" class="btn" onClick={() => props.onClose()}>
            Leave it open
          </button>
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Close as {OUTCOME_WORDS[outcome()].toLowerCase()}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const wrong = (field: string, words: string) => new ApiError(words, 422, new Map([[field, words]]))

async function winnerOf({ id, name }: { id: string | null; name: string }): Promise<string | null> {
  if (id || !name.trim()) return id
  const made = await call(
    api.organizations.$post({ json: { id: crypto.randomUUID(), name: name.trim(), kind: 'competitor' } }),
  )
  return made.id
}

/** Today in the zone of who looks, as date fields have it. */
function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}
