import type { Issue, Notification } from '../../db/schema.ts'

/** A notification with its issue. */
export type ToTell = Pick<Notification, 'kind' | 'reason' | 'actor' | 'said'> & {
  issue: Pick<Issue, 'id' | 'number' | 'subject'>
}

const MAX_SUBJECT = 150

/** What happened, as a sentence without its end: "Mo assigned it to you". */
export function happened({ kind, reason, actor }: Pick<ToTell, 'kind' | 'reason' | 'actor'>): string {
  const who = actor || 'Downfield'
  switch (kind) {
    case 'assigned':
      return reason === 'team' ? `${who} assigned it to your team` : `${who} assigned it to you`
    case 'mentioned':
      return `${who} mentioned you`
    case 'received':
      return `${who} wrote`
    case 'replied':
      return `${who} replied`
    case 'noted':
      return `${who} added a note`
    case 'woken':
      return 'It is back'
    case 'failed':
      return 'A mail of it did not arrive'
    case 'rule':
      return `The rule ${who} wants you to know`
  }
}

/** What an issue is called where it is told of. */
export const titleOf = ({ subject, number }: ToTell['issue']): string =>
  `${subject || 'Without a subject'} (#${number})`

/** The subject of a mail that tells this. */
export function subjectOf(told: ToTell[], summary: boolean): string {
  const [first] = told
  if (!first) return 'Downfield'
  const issues = new Set(told.map(({ issue }) => issue.id)).size
  if (summary) return issues === 1 ? `News of ${titleOf(first.issue)}` : `News of ${issues} issues`
  const last = told.at(-1)!
  return `${happened(last)}: ${titleOf(last.issue)}`.slice(0, MAX_SUBJECT)
}

/** The text of a mail that tells this. */
export function textOf(
  told: ToTell[],
  { summary, url, left }: { summary: boolean; url: string; left: number },
): string {
  const parts: string[] = []
  for (const same of Map.groupBy(told, ({ issue }) => issue.id).values()) {
    const { issue } = same[0]!
    const lines = same.map((one) => `${happened(one)}${one.said ? `:\n${one.said}` : '.'}`)
    parts.push([titleOf(issue), ...lines, `${url}/issues/${issue.id}`].join('\n\n'))
  }
  if (left > 0) parts.push(`And ${left} more in Downfield: ${url}`)
  const foot = summary
    ? 'This is a summary. An answer to it reaches no issue: open the issue instead.'
    : 'Answer this mail to add a note to the issue. Only your team sees it: it does not go to the customer.'
  return `${parts.join('\n\n\n')}\n\n-- \n${foot}\nWhat you are told, and how: ${url}/account/notifications\n`
}
