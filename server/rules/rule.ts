import { randomBytes } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type Rule, rules } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { checkNames, checkRule, MAX_RULES, type RuleInput } from './check.ts'

/** A rule as it may be shown: what its webhooks are signed with stays here. */
export type ShownRule = Omit<Rule, 'secret'>

export const shown = ({ secret: _, ...rule }: Rule): ShownRule => rule

/** All rules, in their order. */
export async function listRules(read: Reader): Promise<Rule[]> {
  return await read.select().from(rules).orderBy(asc(rules.position), asc(rules.id))
}

/** @throws NotFound */
export async function findRule(read: Reader, id: string): Promise<Rule> {
  const [rule] = await read.select().from(rules).where(eq(rules.id, id))
  if (!rule) throw new NotFound('There is no such rule.')
  return rule
}

/** A secret to sign with: 256 bits. Made outside of the transaction, since that may run twice. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/**
 * Makes a rule, behind the others.
 * @param sealed what its webhooks are signed with, encrypted
 */
export async function makeRule(
  tx: Tx,
  id: string,
  input: RuleInput,
  sealed: string,
  by: Member,
  now: number,
): Promise<Rule> {
  const all = await listRules(tx)
  const known = all.find((rule) => rule.id === id)
  if (known) return known
  if (all.length >= MAX_RULES) throw new Refused(`There are ${MAX_RULES} rules already. Remove some first.`)
  checkRule(input)
  await checkNames(tx, input)
  const position = (all.at(-1)?.position ?? 0) + 1
  const rule: Rule = {
    ...input,
    id,
    position,
    secret: sealed,
    fired: 0,
    firedAt: null,
    changedById: by.id,
    createdAt: now,
    changedAt: now,
  }
  await tx.insert(rules).values(rule)
  await tell(tx, 'added', rule, by, now)
  return rule
}

/** Changes a rule, or switches it on or off. */
export async function changeRule(tx: Tx, rule: Rule, to: Partial<RuleInput>, by: Member, now: number): Promise<Rule> {
  const changed: Rule = { ...rule, ...to, changedById: by.id, changedAt: now }
  checkRule(changed)
  await checkNames(tx, changed)
  const { name, active, trigger, match, conditions, acts, stops, changedById, changedAt } = changed
  await tx
    .update(rules)
    .set({ name, active, trigger, match, conditions, acts, stops, changedById, changedAt })
    .where(eq(rules.id, rule.id))
  await tell(
    tx,
    rule.active === changed.active ? 'changed' : changed.active ? 'switched on' : 'switched off',
    changed,
    by,
    now,
  )
  return changed
}

/** Gives its webhooks another secret. */
export async function changeSecret(tx: Tx, rule: Rule, sealed: string, by: Member, now: number): Promise<void> {
  await tx.update(rules).set({ secret: sealed, changedAt: now }).where(eq(rules.id, rule.id))
  await tell(tx, 'secret changed', rule, by, now)
}

/** Puts the rules in another order: those named first, in that order, then the others as they were. */
export async function orderRules(tx: Tx, ids: string[], by: Member, now: number): Promise<void> {
  const all = await listRules(tx)
  const named = ids.flatMap((id) => all.find((rule) => rule.id === id) ?? [])
  const order = [...new Set([...named, ...all])]
  for (const [i, rule] of order.entries())
    if (rule.position !== i + 1)
      await tx
        .update(rules)
        .set({ position: i + 1 })
        .where(eq(rules.id, rule.id))
  await record(tx, { action: 'rules_changed', at: now, memberId: by.id, detail: { change: 'order' } })
}

/** Removes a rule. What it did stays done. */
export async function removeRule(tx: Tx, rule: Rule, by: Member, now: number): Promise<void> {
  await tx.delete(rules).where(eq(rules.id, rule.id))
  await tell(tx, 'removed', rule, by, now)
}

async function tell(tx: Tx, change: string, { id, name }: Rule, by: Member, at: number): Promise<void> {
  await record(tx, { action: 'rules_changed', at, memberId: by.id, detail: { change, ruleId: id, name } })
}
