import type { Entry, ListedIssue, Suggested } from '../api.ts'
import { day, plural } from '../format.ts'
import { reasonWords, splitOut } from '../matter.ts'
import { nameOf } from '../recipients.ts'
import { Icon } from './icon.tsx'
import type { Item } from './picker.tsx'

// What an issue can be brought into, and what can be taken out of it.

/** The likeliest first, with the reason; then what is ours to move. */
export function belongsItems(
  issues: readonly ListedIssue[],
  suggested: readonly Suggested[],
  open: readonly ListedIssue[],
  bring: (into: ListedIssue) => void,
): Item[] {
  const likely = new Set(suggested.map((one) => one.issue.id))
  const item = (into: ListedIssue, end?: string): Item => ({
    id: `into-${into.id}`,
    label: into.subject || `Issue ${into.number}`,
    words: `${into.number} ${into.contactName} ${into.contactAddress}`,
    group: end === undefined ? 'Ours to move' : 'Likely the same matter',
    icon: () => <span class={`disc ${into.status}`} />,
    end: () => <span class="hint">{end ?? (into.contactName || into.contactAddress)}</span>,
    run: () => bring(into),
  })
  const own = new Set(issues.map(({ id }) => id))
  return [
    ...suggested
      .filter((one) => !own.has(one.issue.id))
      .map(({ issue: into, reasons }) => item(into, reasonWords(reasons))),
    ...open.filter(({ id }) => !own.has(id) && !likely.has(id)).map((into) => item(into)),
  ]
}

/** Whole threads, where there are several, and the emails that are on the page, the newest first. */
export function splitItems(issueId: string, entries: readonly Entry[]): Item[] {
  const mails = entries.flatMap((entry) => (entry.kind === 'message' ? [entry.message] : [])).toReversed()
  const threads = [...Map.groupBy(mails, ({ threadId }) => threadId).values()]
  const whole = threads.length < 2 ? [] : threads.filter((thread) => thread.length > 1)
  return [
    ...whole.map(
      (thread): Item => ({
        id: `thread-${thread[0]!.threadId}`,
        label: thread[0]!.subject || 'Without a subject',
        group: 'Threads',
        icon: () => <Icon name="mail" />,
        end: () => <span class="hint">{plural(thread.length, 'email')}</span>,
        run: () =>
          void splitOut(
            issueId,
            thread.map(({ id }) => id),
          ),
      }),
    ),
    ...mails.map(
      (mail): Item => ({
        id: `email-${mail.id}`,
        label: mail.subject || 'Without a subject',
        words: nameOf(mail.from),
        group: 'Emails',
        icon: () => <Icon name="mail" />,
        end: () => <span class="hint">{`${nameOf(mail.from)}, ${day(mail.at)}`}</span>,
        run: () => void splitOut(issueId, [mail.id]),
      }),
    ),
  ]
}
