import type { Issue, Notification, Proposal } from '../../db/schema.ts'

/** What is told of: an issue, or a proposal. */
export type Subject = { id: string; title: string; path: string; isIssue: boolean }

/** A notification with what it is about. */
export type ToTell = Pick<Notification, 'kind' | 'reason' | 'actor' | 'said'> & { about: Subject }

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
    case 'due_soon':
      return 'A deadline comes up'
    case 'due_now':
      return 'A deadline is reached'
  }
}

/** An issue, or a proposal, as it is told of. */
export function subjectFor(
  issue: Pick<Issue, 'id' | 'number' | 'subject'> | null,
  proposal: Pick<Proposal, 'id' | 'number' | 'title'> | null,
): Subject {
  if (issue) {
    const title = `${issue.subject || 'Without a subject'} (#${issue.number})`
    return { id: issue.id, title, path: `/issues/${issue.id}`, isIssue: true }
  }
  if (!proposal) throw new Error('a notification of nothing')
  const title = `${proposal.title} (PRP-${proposal.number})`
  return { id: proposal.id, title, path: `/proposals/${proposal.id}`, isIssue: false }
}

/** The subject of a mail that tells this. */
export function subjectOf(told: ToTell[], summary: boolean): string {
  const [first] = told
  if (!first) return 'Downfield'
  const issues = new Set(told.map(({ about }) => about.id)).size
  if (summary) return issues === 1 ? `News of ${first.about.title}` : `News of ${issues} issues`
  const last = told.at(-1)!
  return `${happened(last)}: ${last.about.title}`.slice(0, MAX_SUBJECT)
}

/** The text of a mail that tells this. */
export function textOf(
  told: ToTell[],
  { summary, url, left }: { summary: boolean; url: string; left: number },
): string {
  const parts: string[] = []
  for (const same of Map.groupBy(told, ({ about }) => about.id).values()) {
    const { about } = same[0]!
    const lines = same.map((one) => `${happened(one)}${one.said ? `:\n${one.said}` : '.'}`)
    parts.push([about.title, ...lines, `${url}${about.path}`].join('\n\n'))
  }
  if (left > 0) parts.push(`And ${left} more in Downfield: ${url}`)
  const isOfIssue = told.every(({ about }) => about.isIssue)
  const foot = summary
    ? 'This is a summary. An answer to it reaches no issue: open the issue instead.'
    : isOfIssue
      ? 'Answer this mail to add a note to the issue. Only your team sees it: it does not go to the customer.'
      : 'An answer to this mail reaches nobody: open the proposal instead.'
  return `${parts.join('\n\n\n')}\n\n-- \n${foot}\nWhat you are told, and how: ${url}/account/notifications\n`
}
