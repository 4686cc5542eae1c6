import type { InfiniteData } from '@tanstack/solid-query'
import type { InferRequestType } from 'hono/client'
import { createSignal } from 'solid-js'
import { ApiError, api, call, wordsOf } from './api.ts'
import { findCard, inStage, weighed, withCard } from './board.ts'
import { statusOf } from './proposal-status.ts'
import { OUTCOME_WORDS } from './proposal-words.ts'
import {
  type Board,
  type Card,
  type Details,
  type Filters,
  proposalKey,
  type Stage,
  type TablePage,
} from './proposals.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

// Changes of a proposal: painted at once, sent with the version that one saw, and taken back if the server refuses.

type One = (typeof api.proposals)[':id']
type Proposal = Details['proposal']
export type Edit = Omit<InferRequestType<One['$patch']>['json'], 'version'>
export type Closing = Omit<InferRequestType<One['outcome']['$put']>['json'], 'version'>

const CONFLICT = 409

const [underWay, setUnderWay] = createSignal(0)
/** How many changes of proposals have not been answered yet; live events wait for them, so that nothing jumps back. */
export const proposalsUnderWay = underWay

/** The proposal as some list or page here knows it. */
export function knownCard(id: string): Card | undefined {
  const page = client.getQueryData<Details>(proposalKey(id))
  if (page?.card) return page.card
  for (const board of boards()) {
    const found = findCard(board[1], id)
    if (found) return found.card
  }
  for (const [, table] of tables())
    for (const { proposals } of table.pages) for (const card of proposals) if (card.id === id) return card
  return undefined
}

function boards() {
  return client
    .getQueriesData<Board>({ queryKey: ['proposals', 'board'] })
    .filter((entry): entry is [(typeof entry)[0], Board] => entry[1] !== undefined && isNow(entry[0]))
}
function tables() {
  return client
    .getQueriesData<InfiniteData<TablePage>>({ queryKey: ['proposals', 'table'] })
    .filter((entry): entry is [(typeof entry)[0], InfiniteData<TablePage>] => entry[1] !== undefined && isNow(entry[0]))
}
/** Lists of a past day stay as they were. The cast: the keys are made in proposals.ts alone. */
const isNow = (key: readonly unknown[]) => (key[2] as Filters).asOf === undefined

/** Puts a proposal as it is now into all that shows it. */
function paint(card: Card): void {
  for (const [key, board] of boards()) client.setQueryData(key, withCard(board, card))
  for (const [key, table] of tables())
    client.setQueryData(key, {
      ...table,
      pages: table.pages.map((page) => ({
        ...page,
        proposals: page.proposals.map((one) => (one.id === card.id ? card : one)),
      })),
    })
  client.setQueryData<Details>(proposalKey(card.id), (details) => (details ? { ...details, card } : details))
}

/** Changes of one proposal follow each other: the next is sent with the version that the one before it made. */
const lines = new Map<string, Promise<Proposal | undefined>>()

/**
 * Changes a proposal.
 * @param painted what it looks like meanwhile
 * @returns the proposal as the server has it; undefined where it refused, which is said
 */
export async function change(
  id: string,
  painted: (card: Card) => Card,
  send: (version: number | undefined) => Promise<Proposal>,
): Promise<Proposal | undefined> {
  const before = knownCard(id)
  const line = lines.get(id)
  setUnderWay((n) => n + 1)
  if (before) paint(painted(before))
  const answer = (async () => {
    try {
      const [last] = await Promise.all([line, client.cancelQueries({ queryKey: ['proposals'] })])
      const proposal = await send(last?.version ?? before?.version)
      const now = knownCard(id)
      if (now) paint(weighed({ ...now, ...sameOf(proposal) }))
      return proposal
    } catch (error) {
      if (before) paint(before)
      complain(
        error instanceof ApiError && error.status === CONFLICT
          ? `${before?.title ?? 'The proposal'} was changed by somebody else in between. It is shown as it is now.`
          : wordsOf(error),
      )
      void client.invalidateQueries({ queryKey: ['proposals'] })
      return undefined
    }
  })()
  lines.set(id, answer)
  try {
    return await answer
  } finally {
    if (lines.get(id) === answer) lines.delete(id)
    setUnderWay((n) => n - 1)
    void client.invalidateQueries({ queryKey: proposalKey(id) })
  }
}

/** What an answer says of a card beside what is worked out. */
function sameOf(proposal: Proposal): Partial<Card> {
  const { version, stageId, pipelineId, outcome, probability, isOverride, category, valueMinor, currency } = proposal
  const { ownerId, teamId, expectedDecision, nextStep, nextStepOn, title, dueAt, submittedAt, decidedAt } = proposal
  const state = { version, stageId, pipelineId, outcome, probability, isOverride, category, valueMinor, currency }
  return { ...state, ownerId, teamId, expectedDecision, nextStep, nextStepOn, title, dueAt, submittedAt, decidedAt }
}

const param = (id: string) => ({ param: { id } })
const overrideOf = (card: Card) => (card.isOverride ? card.probability : null)

/** Undoes a change unless it is refused: what somebody else changed since is not overwritten. */
async function undo(made: Promise<Proposal | undefined>, inverse: () => Promise<Proposal | undefined>): Promise<void> {
  if (!(await made)) return
  if (await inverse()) say('Undone.')
}

/** Moves a card to a stage; its own probability goes, as the settings say. The way back brings both back. */
export async function moveTo(card: Card, from: Stage, to: Stage, keep: boolean): Promise<Proposal | undefined> {
  if (from.id === to.id) return undefined
  const made = sendMove(card.id, to, keep)
  say(
    `${card.title}: ${to.label}.`,
    () =>
      void undo(made, async () => {
        const back = await sendMove(card.id, from, false)
        return back && card.isOverride ? await sendOverride(card.id, card.probability, from) : back
      }),
  )
  return await made
}

function sendMove(id: string, to: Stage, keep: boolean): Promise<Proposal | undefined> {
  return change(
    id,
    (card) => inStage(card, to, keep, Date.now()),
    (version) => call(api.proposals[':id'].stage.$put({ ...param(id), json: { stageId: to.id, version } })),
  )
}

/** Gives a proposal a probability of its own; null: that of its stage. */
export async function setOverride(card: Card, override: number | null, stage: Stage): Promise<Proposal | undefined> {
  const made = sendOverride(card.id, override, stage)
  const words = override === null ? `${stage.probability} %, as its stage` : `${override} %`
  say(`${card.title}: ${words}.`, () => void undo(made, () => sendOverride(card.id, overrideOf(card), stage)))
  return await made
}

function sendOverride(id: string, override: number | null, stage: Stage): Promise<Proposal | undefined> {
  return change(
    id,
    (card) => {
      const state = { isOverride: override !== null, probability: override ?? stage.probability }
      return weighed({ ...card, ...state, status: statusOf({ ...card, ...state }, stage.label) })
    },
    (version) => call(api.proposals[':id'].probability.$put({ ...param(id), json: { override, version } })),
  )
}

/** Changes what is said about a proposal. @param words what is said of it, where it can be undone by `back` */
export async function edit(card: Card, to: Edit, words?: string, back?: Edit): Promise<Proposal | undefined> {
  const send = (json: Edit) =>
    change(
      card.id,
      (one) => ({ ...one, ...shownOf(json) }),
      (version) => call(api.proposals[':id'].$patch({ ...param(card.id), json: { ...json, version } })),
    )
  const made = send(to)
  if (words) say(words, back && (() => void undo(made, () => send(back))))
  return await made
}

/** The part of an edit that cards show as it is. */
function shownOf({ title, ownerId, teamId, valueMinor, expectedDecision, nextStep, nextStepOn }: Edit): Partial<Card> {
  const said = { title, ownerId, teamId, valueMinor, expectedDecision, nextStep, nextStepOn }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

/** Ends a proposal. Refusals are thrown: the form that asks shows them at their fields. */
export async function close(card: Pick<Card, 'id' | 'title' | 'version'>, closing: Closing): Promise<void> {
  const { id, title, version } = card
  await call(api.proposals[':id'].outcome.$put({ ...param(id), json: { ...closing, version } }))
  say(`${title}: ${OUTCOME_WORDS[closing.outcome]}.`, () => void reopen(card))
  refresh(id)
}

/** Opens a proposal that ended, in the stage that it was in. */
export async function reopen(card: Pick<Card, 'id' | 'title'>): Promise<void> {
  try {
    await call(api.proposals[':id'].outcome.$delete(param(card.id)))
    say(`${card.title} is open again.`)
  } catch (error) {
    complain(wordsOf(error))
  }
  refresh(card.id)
}

/** Fetches anew what shows a proposal. */
export function refresh(id: string): void {
  void client.invalidateQueries({ queryKey: ['proposals'] })
  void client.invalidateQueries({ queryKey: proposalKey(id) })
}

/** Does something about a proposal, says what was wrong, and fetches it anew. Gives whether it was done. */
export async function attempt(id: string, work: () => Promise<unknown>, words?: string): Promise<boolean> {
  try {
    await work()
    if (words) say(words)
    return true
  } catch (error) {
    complain(wordsOf(error))
    return false
  } finally {
    refresh(id)
  }
}
