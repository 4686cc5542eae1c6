import { asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Goal, goals, type Member } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { record } from '../issues/event.ts'

export type GoalInput = Omit<Goal, 'createdAt'>

export async function listGoals(read: Reader): Promise<Goal[]> {
  return await read.select().from(goals).orderBy(asc(goals.periodStart), asc(goals.id))
}

/** Sets what is to be won in a period, by a member, a team or all. */
export async function saveGoal(tx: Tx, goal: GoalInput, by: Member, now: number): Promise<Goal> {
  if (goal.periodEnd <= goal.periodStart)
    throw new Invalid([{ field: 'periodEnd', message: 'periodEnd must be later than periodStart.' }])
  if (goal.memberId && goal.teamId)
    throw new Invalid([{ field: 'teamId', message: 'teamId must be left out where memberId is given.' }])
  const row: Goal = { ...goal, createdAt: now }
  await tx.insert(goals).values(row).onConflictDoUpdate({ target: goals.id, set: row })
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'goals', id: goal.id } })
  return row
}

export async function deleteGoal(tx: Tx, id: string, by: Member, now: number): Promise<void> {
  await tx.delete(goals).where(eq(goals.id, id))
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'goals', id } })
}
