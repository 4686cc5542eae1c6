import { listed } from './format.ts'
import { money } from './money.ts'
import { CATEGORY_WORDS, dayWords, OUTCOME_WORDS } from './proposal-words.ts'
import type { Details } from './proposals.ts'

type State = Details['history'][number]

/** Something that happened, in words: "Jane Doe moved it from Lead to Writing". */
export type Happening = { at: number; who: string; words: string; text?: string; kind: 'state' | 'event' | 'note' }

const dayMonth = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/**
 * What happened to a proposal, the newest first: each change of its state told by what is different, notes, and what
 * is no state, such as mail that was linked.
 */
export function happenings(
  { history, notes, events }: Pick<Details, 'history' | 'notes' | 'events'>,
  stages: ReadonlyMap<string, string>,
  name: (id: string | null) => string,
): Happening[] {
  const who = (id: string | null) => (id === null ? 'Downfield' : name(id))
  const states = history.map((state, index): Happening => {
    const before = history[index - 1]
    const words = before ? listed(differences(before, state, stages, name)) : 'began the proposal'
    const text = state.note && state.cause !== 'amendment' ? { text: state.note } : {}
    return { at: state.validFrom, who: who(state.byId), words: words || 'changed it', kind: 'state', ...text }
  })
  const written = notes.map(
    ({ at, memberId, text }): Happening => ({ at, who: who(memberId), words: 'wrote a note', text, kind: 'note' }),
  )
  const others = events.flatMap(({ at, memberId, action, detail }): Happening[] => {
    const words = eventWords(action, detail)
    return words ? [{ at, who: who(memberId), words, kind: 'event' }] : []
  })
  return [...states, ...written, ...others].sort((a, b) => b.at - a.at)
}

/** What is different between two states that follow each other. */
function differences(
  before: State,
  after: State,
  stages: ReadonlyMap<string, string>,
  name: (id: string | null) => string,
): string[] {
  const said: string[] = []
  const stage = (id: string) => stages.get(id) ?? 'another stage'
  if (before.outcome !== after.outcome)
    said.push(after.outcome === 'open' ? 'reopened it' : `closed it as ${OUTCOME_WORDS[after.outcome].toLowerCase()}`)
  if (before.stageId !== after.stageId) said.push(`moved it from ${stage(before.stageId)} to ${stage(after.stageId)}`)
  else if (before.probability !== after.probability || before.isOverride !== after.isOverride)
    said.push(
      after.isOverride
        ? `set its probability to ${after.probability} %`
        : `gave it the probability of its stage, ${after.probability} %`,
    )
  if (before.valueMinor !== after.valueMinor || before.currency !== after.currency)
    said.push(
      after.valueMinor === null ? 'took its value away' : `set its value to ${money(after.valueMinor, after.currency)}`,
    )
  if (before.awardMinor !== after.awardMinor && after.awardMinor !== null)
    said.push(`wrote down an award of ${money(after.awardMinor, after.currency)}`)
  if (before.dueAt !== after.dueAt)
    said.push(after.dueAt === null ? 'took its deadline away' : `set its deadline to ${dayMonth.format(after.dueAt)}`)
  if (before.expectedDecision !== after.expectedDecision)
    said.push(
      after.expectedDecision === null
        ? 'no longer expects a decision on a day'
        : `expects the decision on ${dayWords(after.expectedDecision)}`,
    )
  if (before.ownerId !== after.ownerId || before.teamId !== after.teamId)
    said.push(
      after.ownerId ? `gave it to ${name(after.ownerId)}` : after.teamId ? 'gave it to a team' : 'gave it to nobody',
    )
  if (before.category !== after.category && before.stageId === after.stageId)
    said.push(`put it under ${CATEGORY_WORDS[after.category].toLowerCase()} in forecasts`)
  return said
}

/** Words for what is no change of its state; nothing for what the states already tell. */
function eventWords(action: Details['events'][number]['action'], detail: unknown): string | undefined {
  // The cast: details of events are objects of what happened; each name is asked for by itself.
  const known = (detail ?? {}) as Partial<Record<string, unknown>>
  switch (action) {
    case 'proposal_linked':
      return typeof known.why === 'string' && known.why ? `linked mail: ${known.why}` : 'linked mail'
    case 'proposal_unlinked':
      return 'took mail away'
    case 'proposal_deleted':
      return 'deleted it'
    case 'proposal_restored':
      return 'brought it back'
    case 'proposal_amended':
      return known.acknowledged
        ? `acknowledged amendment ${known.amendment}`
        : `wrote down amendment ${known.amendment}`
    default:
      return undefined
  }
}
