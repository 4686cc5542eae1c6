import { api, call, wordsOf } from './api.ts'
import { client } from './query-client.ts'
import type { Goals } from './reports.ts'
import { complain, say } from './toasts.ts'

// Goals are set and removed here; both can be undone.

export type Goal = Goals['goals'][number]['goal']

const readAgain = () => client.invalidateQueries({ queryKey: ['proposals', 'report'] })

async function put({ id, createdAt: _, ...json }: Goal): Promise<void> {
  await call(api.pipelines.goals[':id'].$put({ param: { id }, json }))
  await readAgain()
}

async function remove(id: string): Promise<void> {
  await call(api.pipelines.goals[':id'].$delete({ param: { id } }))
  await readAgain()
}

/** Sets a goal. @param before as it was; undefined: it is new @throws ApiError, for the form */
export async function saveGoal(goal: Goal, before: Goal | undefined): Promise<void> {
  await put(goal)
  say('The goal is set.', () => void undone(before ? put(before) : remove(goal.id)))
}

export async function removeGoal(goal: Goal): Promise<void> {
  try {
    await remove(goal.id)
    say('The goal is removed.', () => void undone(put(goal)))
  } catch (error) {
    complain(wordsOf(error))
  }
}

async function undone(work: Promise<void>): Promise<void> {
  try {
    await work
    say('Undone.')
  } catch (error) {
    complain(wordsOf(error))
  }
}

/** A day so many days after another. */
const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
/** The last day of a period, which ends before a day; and that end, of its last day. */
export const lastDayOf = (end: string): string => daysAfter(end, -1)
export const endAfter = (lastDay: string): string => daysAfter(lastDay, 1)

/** "Q4 2026", "2026", or both days. */
export function periodWords(start: string, end: string, dayWords: (day: string) => string): string {
  for (const [words, from, to] of periodsFrom(start)) if (from === start && to === end) return words
  return `${dayWords(start)} to ${dayWords(lastDayOf(end))}`
}

/** The quarter of a day, the four after it, and its year and the next, each with its first day and the day after its last. */
export function periodsFrom(day: string): [words: string, start: string, end: string][] {
  const [year = 0, month = 1] = day.split('-').map(Number)
  const first = Math.floor((month - 1) / 3)
  const at = (months: number) => new Date(Date.UTC(year, months, 1)).toISOString().slice(0, 10)
  const quarters = Array.from({ length: 5 }, (_, i): [string, string, string] => {
    const [start, end] = [at((first + i) * 3), at((first + i + 1) * 3)]
    return [`Q${((first + i) % 4) + 1} ${start.slice(0, 4)}`, start, end]
  })
  const years = [0, 1].map((i): [string, string, string] => [String(year + i), at(i * 12), at((i + 1) * 12)])
  return [...quarters, ...years]
}
