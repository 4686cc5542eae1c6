import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Event,
  followers,
  type Issue,
  type Message,
  members,
  type Rule,
  type RuleAct,
  ruleFirings,
  rules,
  type Tag,
  tags,
  teamMembers,
  teams,
  webhookCalls,
} from '../../db/schema.ts'
import type { Action, RuleTrigger } from '../../db/vocabulary.ts'
import { change, findIssue } from '../issues/issue.ts'
import { issueOfThread } from '../issues/message.ts'
import { attachTags } from '../issues/tags.ts'
import { holds } from './match.ts'
import { type Heavy, subjectOfIssue, subjectOfMail } from './subject.ts'
import { webhookBody } from './webhook-body.ts'

/** Mail that is older than this when it is found is no arrival: an import fires nothing. */
const MAX_AGE_MS = 7 * 86_400_000

const CHANGES: ReadonlySet<Action> = new Set<Action>(['assigned', 'status_changed', 'tagged'])

/** What rules wait for. What a rule does is none of it: no rule ever fires another. */
export const FIRES: ReadonlySet<Action> = new Set<Action>(['received', 'reopened', ...CHANGES])

/** What an event is for rules: a mail that came in, what a member changed, or nothing. */
export function triggerOf(event: Event): { trigger: RuleTrigger; messageId: string | null } | null {
  const { action, detail, memberId } = event
  if (CHANGES.has(action)) return memberId && event.issueId ? { trigger: 'change', messageId: null } : null
  if (detail.direction !== 'in' || detail.again === true || typeof detail.messageId !== 'string') return null
  if (typeof detail.messageAt === 'number' && event.at - detail.messageAt > MAX_AGE_MS) return null
  return FIRES.has(action) ? { trigger: 'mail', messageId: detail.messageId } : null
}

/** The rules that are switched on for this, in their order. */
export async function rulesFor(read: Reader, trigger: RuleTrigger): Promise<Rule[]> {
  return await read
    .select()
    .from(rules)
    .where(and(eq(rules.active, true), eq(rules.trigger, trigger)))
    .orderBy(asc(rules.position), asc(rules.id))
}

/** A mail with what some rules look at of it. */
export type Mail = { message: Message; heavy: Heavy }

/**
 * Lets the rules do what they are for, in their order, for one mail or one change. Each fires at most once for it, however
 * often this is asked; where one stops, those after it are not looked at. A rule sees what those before it did.
 * @param mail none: the issue changed
 * @returns the rules that fired now
 */
export async function fire(tx: Tx, event: Event, mail: Mail | null, now: number): Promise<Rule[]> {
  if (mail && event.at - mail.message.at > MAX_AGE_MS) return []
  const active = await rulesFor(tx, mail ? 'mail' : 'change')
  if (active.length === 0) return []
  let issue = mail ? (await issueOfThread(tx, mail.message.threadId)).issue : await findIssue(tx, event.issueId ?? '')
  if (issue.status === 'merged') return []
  const subjectId = mail?.message.id ?? event.id
  const ids = active.map(({ id }) => id)
  const before = await tx
    .select({ ruleId: ruleFirings.ruleId })
    .from(ruleFirings)
    .where(and(inArray(ruleFirings.ruleId, ids), eq(ruleFirings.subjectId, subjectId)))
  const done = new Set(before.map(({ ruleId }) => ruleId))
  const fired: Rule[] = []
  for (const rule of active) {
    if (!done.has(rule.id)) {
      const subject = mail ? subjectOfMail(mail.message, issue, mail.heavy) : subjectOfIssue(issue)
      if (!holds(rule, subject)) continue
      await tx.insert(ruleFirings).values({ ruleId: rule.id, subjectId, issueId: issue.id, at: now })
      issue = await act(tx, rule, issue, mail?.message ?? null, now)
      await tx
        .update(rules)
        .set({ fired: sql`${rules.fired} + 1`, firedAt: now })
        .where(eq(rules.id, rule.id))
      fired.push(rule)
    }
    if (rule.stops) break
  }
  return fired
}

/** Does what a rule does, as one change of the issue that says which rule it was. */
async function act(tx: Tx, rule: Rule, issue: Issue, message: Message | null, now: number): Promise<Issue> {
  const to: Parameters<typeof change>[2] = {}
  const detail: Record<string, unknown> = { ruleId: rule.id, rule: rule.name, did: rule.acts.map((one) => one.do) }
  const put: Tag[] = []
  const notify = new Set<string>()
  for (const one of rule.acts) {
    if (one.do === 'assign') Object.assign(to, await assignment(tx, issue, one, detail))
    if (one.do === 'status' && issue.status !== one.status) {
      Object.assign(to, { status: one.status, doneReason: one.status === 'done' ? ('no_action' as const) : null })
      detail.to = one.status
    }
    if (one.do === 'tag') {
      const [tag] = await tx.select().from(tags).where(eq(tags.id, one.tagId))
      if (tag && !issue.tagIds.includes(tag.id)) put.push(tag)
    }
    if (one.do === 'notify') for (const id of await membersNamed(tx, one)) notify.add(id)
    if (one.do === 'follow')
      await tx
        .insert(followers)
        .values({ issueId: issue.id, memberId: one.memberId, state: 'following', reason: 'chosen', at: now })
        .onConflictDoNothing()
  }
  if (put.length > 0) to.tagIds = await attachTags(tx, issue, put)
  if (put.length > 0) detail.added = put.map(({ id, name }) => ({ id, name }))
  if (notify.size > 0) detail.notify = [...notify]
  const changed = await change(tx, issue, to, { action: 'rule_fired', detail }, now)
  for (const one of rule.acts)
    if (one.do === 'webhook')
      await tx.insert(webhookCalls).values({
        id: uuidv7(),
        ruleId: rule.id,
        url: one.url,
        body: webhookBody(rule, changed, message, now),
        state: 'queued',
        dueAt: now,
        createdAt: now,
      })
  return changed
}

async function assignment(
  tx: Tx,
  issue: Issue,
  { memberId, teamId }: Extract<RuleAct, { do: 'assign' }>,
  detail: Record<string, unknown>,
) {
  if (issue.assigneeId === memberId && issue.teamId === teamId) return {}
  const [member] = memberId ? await tx.select().from(members).where(eq(members.id, memberId)) : []
  const [team] = teamId ? await tx.select().from(teams).where(eq(teams.id, teamId)) : []
  // Who has left, or a team that is gone, takes care of nothing.
  if (member ? member.disabledAt !== null : !team) return {}
  Object.assign(detail, { assigneeId: memberId, teamId, name: member?.name ?? team?.name })
  return { assigneeId: memberId, teamId, ...(issue.status === 'new' ? { status: 'open' as const } : {}) }
}

async function membersNamed(
  tx: Tx,
  { memberId, teamId }: { memberId: string | null; teamId: string | null },
): Promise<string[]> {
  if (memberId) return [memberId]
  const rows = await tx
    .select({ id: teamMembers.memberId })
    .from(teamMembers)
    .where(eq(teamMembers.teamId, teamId ?? ''))
  return rows.map(({ id }) => id)
}
