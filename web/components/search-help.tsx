import { For } from 'solid-js'

const WAYS: [typed: string, about: string][] = [
  ['price sheet', 'both words, anywhere in a mail'],
  ['"price sheet"', 'just these words in a row'],
  ['telem*', 'words that begin like this'],
  ['-draft', 'not this'],
  ['acme or globex', 'one of the two'],
  ['from:dana', 'who wrote it'],
  ['to:ravi', 'whom it went to'],
  ['subject:renewal', 'words of the subject'],
  ['has:attachment', 'with files'],
  ['assignee:me', 'or nobody, a member, a team'],
  ['is:unassigned', 'or unread, or a status'],
  ['status:waiting', 'new, open, waiting, done, spam, trash'],
  ['mailbox:proposals', 'one shared mailbox'],
  ['after:7d', 'and before: a day, a month, an age'],
]

/** What can be asked, while nothing was. */
export function SearchHelp() {
  return (
    <div class="search-help">
      <h2>What you can search for</h2>
      <dl>
        <For each={WAYS}>
          {([typed, about]) => (
            <div>
              <dt>
                <code>{typed}</code>
              </dt>
              <dd>{about}</dd>
            </div>
          )}
        </For>
      </dl>
    </div>
  )
}
