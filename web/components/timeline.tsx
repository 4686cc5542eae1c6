import { createMemo, For, Match, Show, Switch } from 'solid-js'
import type { Entry } from '../api.ts'
import { dayAndTime } from '../format.ts'
import type { Asked } from '../issue-writing.ts'
import { putBack, takeOut } from '../matter.ts'
import type { useDirectory } from '../queries.ts'
import { otherIssue, sentence, undoable } from '../timeline.ts'
import { Automatic, isAutomatic } from './automatic.tsx'
import { Avatar } from './avatar.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Message } from './message.tsx'
import { Text } from './text.tsx'
import { Time } from './time.tsx'

type Of<K extends Entry['kind']> = Extract<Entry, { kind: K }>

/** Mail, notes and events, the oldest first. Entries keep their place in the page while their data changes. */
export function Timeline(props: {
  issueId: string
  entries: Entry[]
  directory: ReturnType<typeof useDirectory>
  now: number
  mayAct: boolean
  mayTriage: boolean
  /** Something is to be written about one of its emails. */
  onWrite: (asked: Asked) => void
}) {
  const ids = createMemo(() => props.entries.map(({ id }) => id), [], { equals: sameItems })
  const byId = createMemo(() => new Map(props.entries.map((entry) => [entry.id, entry])))
  const emails = createMemo(() => props.entries.filter(({ kind }) => kind === 'message').length)
  const lastEmail = createMemo(() => props.entries.findLast(({ kind }) => kind === 'message')?.id)

  return (
    <For each={ids()}>
      {(id) => {
        const entry = createMemo((before: Entry | undefined) => byId().get(id) ?? before, byId().get(id))
        const as = <K extends Entry['kind']>(kind: K) => {
          const now = entry()
          // The cast: the kind was just compared.
          return now?.kind === kind ? (now as Of<K>) : undefined
        }
        return (
          <Switch>
            <Match when={as('message')}>
              {(found) => {
                const email = () => (
                  <Message
                    issueId={props.issueId}
                    message={found().message}
                    author={props.directory.member(found().message.authorId)}
                    now={props.now}
                    mayAct={props.mayAct}
                    last={lastEmail() === id}
                    onWrite={props.onWrite}
                  />
                )
                // The only email of an issue is shown as it is: there is nothing else to see.
                return (
                  <Show when={isAutomatic(found().message) && emails() > 1} fallback={email()}>
                    <Automatic message={found().message} now={props.now}>
                      {email()}
                    </Automatic>
                  </Show>
                )
              }}
            </Match>
            <Match when={as('note')}>
              {(found) => (
                <article
                  class="note"
                  id={`note-${id}`}
                  aria-label={`Note by ${props.directory.name(found().note.memberId)}`}
                >
                  <header>
                    <Avatar name={props.directory.name(found().note.memberId)} of={found().note.memberId} />
                    <h3>{props.directory.name(found().note.memberId)}</h3>
                    <span>note, only the team sees it</span>
                    <Time at={found().at}>{dayAndTime(found().at, props.now)}</Time>
                  </header>
                  <Text text={found().note.text} mentions={mentionsOf(found().note)} />
                </article>
              )}
            </Match>
            <Match when={as('event')}>
              {(found) => (
                <p class="happened">
                  <Icon name={iconOf(found())} />
                  <span>{sentence(found().event, props.directory.name)}</span>
                  <Show when={otherIssue(found().event)}>
                    {(otherId) => (
                      <a class="link" href={`/issues/${otherId()}`}>
                        Show it
                      </a>
                    )}
                  </Show>
                  <Show when={props.mayTriage && undoable(props.entries, id)}>
                    {(way) => (
                      <button
                        type="button"
                        class="link"
                        onClick={() => void (way().undo === 'merge' ? takeOut : putBack)(way().issueId)}
                      >
                        {way().undo === 'merge' ? 'Take it out' : 'Put it back'}
                      </button>
                    )}
                  </Show>
                  <Time at={found().at}>{dayAndTime(found().at, props.now)}</Time>
                </p>
              )}
            </Match>
          </Switch>
        )
      }}
    </For>
  )
}

/** What in a note names somebody, the longest first, so that a first name does not cut a whole one. */
const mentionsOf = ({ text, mentions }: Of<'note'>['note']): string[] =>
  [...new Set(mentions.map(({ at, length }) => text.slice(at, at + length)))].sort((a, b) => b.length - a.length)

const sameItems = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item, index) => item === b[index])

function iconOf({ event }: Of<'event'>): IconName {
  switch (event.action) {
    case 'assigned':
      return 'assign'
    case 'opened':
    case 'reopened':
    case 'united':
    case 'continued':
    case 'merged':
    case 'unmerged':
    case 'split':
    case 'unsplit':
      return 'mail'
    case 'contact_changed':
      return 'user'
    case 'snoozed':
    case 'woken':
    case 'snooze_taken_back':
      return 'snooze'
    case 'tagged':
      return 'tag'
    case 'send_retried':
    case 'send_cancelled':
      return 'send'
    default:
      return event.detail.to === 'done' ? 'done' : 'status'
  }
}

/** The line that stands for the earlier part of a timeline. */
export function Fold(props: { words: string; busy: boolean; onOpen: () => void }) {
  return (
    <button
      type="button"
      class="fold"
      disabled={props.busy}
      data-tip="Show earlier emails"
      data-keys="B"
      onClick={() => props.onOpen()}
    >
      <Show when={props.busy} fallback={props.words}>
        Loading earlier emails
      </Show>
    </button>
  )
}
