import type { Issue, Message, Rule } from '../../db/schema.ts'

/** What a webhook is told: which rule fired, for which issue and mail. No text of the mail: it may be confidential. */
export function webhookBody(rule: Rule, issue: Issue, message: Message | null, now: number): string {
  return JSON.stringify({
    event: 'rule_fired',
    at: now,
    rule: { id: rule.id, name: rule.name },
    issue: {
      id: issue.id,
      number: issue.number,
      mailboxId: issue.mailboxId,
      subject: issue.subject,
      status: issue.status,
      assigneeId: issue.assigneeId,
      teamId: issue.teamId,
      contact: { name: issue.contactName, address: issue.contactAddress },
    },
    message: message && {
      id: message.id,
      subject: message.subject,
      from: { name: message.fromName, address: message.fromAddress },
      at: message.at,
    },
  })
}
