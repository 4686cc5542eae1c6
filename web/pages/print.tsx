import { useParams } from '@solidjs/router'
import { createEffect, createMemo, For, Match, Show, Switch } from 'solid-js'
import type { Entry, ShownMessage } from '../api.ts'
import { Icon } from '../components/icon.tsx'
import { Bones, Failed } from '../components/states.tsx'
import { Text } from '../components/text.tsx'
import { bytes, dayAndTime, plural } from '../format.ts'
import { dataOf, useDirectory, useIssue } from '../queries.ts'
import { sentence } from '../timeline.ts'
import { STATUS_WORDS } from '../words.ts'

/** An issue on paper: everything in it, the oldest first, as text. */
export default function Print() {
  const params = useParams<{ id: string }>()
  const query = useIssue(() => params.id)
  const directory = useDirectory()
  const pages = () => dataOf(query)?.pages
  const first = () => pages()?.[0]
  const entries = createMemo(() => (pages() ?? []).toReversed().flatMap(({ timeline }) => timeline))
  // All of it: paper has no way to fetch more.
  createEffect(() => {
    if (query.hasNextPage && !query.isFetchingNextPage && !query.isError) void query.fetchNextPage()
  })
  createEffect(() => {
    const issue = first()?.issue
    if (issue) document.title = `Issue ${issue.number}: ${issue.subject}`
  })

  return (
    <main class="paper" id="main">
      <Show
        when={first()}
        fallback={
          <Show when={query.isError} fallback={<Bones rows={8} height={60} />}>
            <Failed error={query.error} what="This issue" retry={() => void query.refetch()} />
          </Show>
        }
      >
        {(found) => (
          <>
            <div class="screen-only">
              <button type="button" class="btn primary" disabled={query.hasNextPage} onClick={() => window.print()}>
                <Icon name="print" />
                Print or save as PDF
              </button>
              <a class="btn" href={`/issues/${params.id}`}>
                Back to the issue
              </a>
              <span role="status">{query.hasNextPage ? 'Fetching earlier emails' : ''}</span>
            </div>
            <header>
              <h1>{found().issue.subject || 'No subject'}</h1>
              <p class="num">
                Issue {found().issue.number} of {found().mailbox.name || found().mailbox.address}.{' '}
                {STATUS_WORDS[found().issue.status]}
                {found().issue.assigneeId ? `, assigned to ${directory.name(found().issue.assigneeId)}` : ''}.{' '}
                {plural(found().issue.messageCount, 'email')}.
              </p>
            </header>
            <For each={entries()}>{(entry) => <Printed entry={entry} nameOf={directory.name} />}</For>
          </>
        )}
      </Show>
    </main>
  )
}

function Printed(props: { entry: Entry; nameOf: (memberId: string | null) => string }) {
  // The casts: the kind was just compared.
  const as = <K extends Entry['kind']>(kind: K) =>
    props.entry.kind === kind ? (props.entry as Extract<Entry, { kind: K }>) : undefined
  const when = () => dayAndTime(props.entry.at, Date.now())
  return (
    <Switch>
      <Match when={as('message')}>
        {(found) => (
          <article>
            <header>
              <h2>{found().message.from.name || found().message.from.address}</h2>
              <time class="num">{when()}</time>
              <p>
                {found().message.from.address} to {named(found().message.to)}
                {found().message.cc.length > 0 ? `, copy to ${named(found().message.cc)}` : ''}
              </p>
            </header>
            <Text text={ownText(found().message)} />
            <Show when={found().message.attachments.filter(({ inline }) => !inline).length > 0}>
              <p class="files">
                Attached:{' '}
                {found()
                  .message.attachments.filter(({ inline }) => !inline)
                  .map(({ filename, size }) => `${filename} (${bytes(size)})`)
                  .join(', ')}
              </p>
            </Show>
          </article>
        )}
      </Match>
      <Match when={as('note')}>
        {(found) => (
          <article class="note">
            <header>
              <h2>{props.nameOf(found().note.memberId)}, note</h2>
              <time class="num">{when()}</time>
            </header>
            <Text text={found().note.text} />
          </article>
        )}
      </Match>
      <Match when={as('event')}>
        {(found) => (
          <p class="happened num">
            {when()}: {sentence(found().event, props.nameOf)}
          </p>
        )}
      </Match>
    </Switch>
  )
}

/** What is quoted stands on the page already, where it was first said. */
function ownText({ text, quotedFrom }: ShownMessage): string {
  return quotedFrom ? text.slice(0, quotedFrom).trimEnd() : text
}

const named = (people: { name: string; address: string }[]) =>
  people.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')
