import { createSignal, For, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Avatar } from '../components/avatar.tsx'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { SEND_CHOICES } from '../components/send-later.tsx'
import { Bones, Empty, Loaded } from '../components/states.tsx'
import { TimePicker } from '../components/time-picker.tsx'
import { discardDraft } from '../discard-draft.ts'
import { draftOf, NEW, showDraft } from '../drafts.ts'
import { ago, clock, dayName, listed } from '../format.ts'
import { me, useDirectory, useDrafts, useScheduled } from '../queries.ts'
import { client } from '../query-client.ts'
import { nameOf } from '../recipients.ts'
import { takeBack } from '../take-back.ts'
import { complain, say } from '../toasts.ts'

type Scheduled = NonNullable<ReturnType<typeof useScheduled>['data']>[number]
type Listed = NonNullable<ReturnType<typeof useDrafts>['data']>[number]

/** What is written and not out: what goes at a time, and what is still being written, by whom. */
export default function Unsent() {
  const scheduled = useScheduled()
  const drafts = useDrafts()
  const now = useNow(30_000)
  return (
    <div class="page unsent">
      <div class="top">
        <div>
          <h1>Drafts and scheduled</h1>
          <p>What is written and has not gone out, yours and your colleagues'.</p>
        </div>
      </div>
      <section aria-labelledby="scheduled">
        <h2 id="scheduled">Scheduled</h2>
        <Loaded query={scheduled} what="What is scheduled" loading={<Bones rows={2} height={56} />}>
          {(found) => (
            <Show
              when={found().length > 0}
              fallback={
                <Empty icon="clock" title="Nothing is scheduled">
                  The arrow beside Send lets a mail go out later, such as tomorrow at 8.
                </Empty>
              }
            >
              <ul class="lines">
                <For each={found()}>{(mail) => <ScheduledLine mail={mail} now={now()} />}</For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
      <section aria-labelledby="drafts">
        <h2 id="drafts">Drafts</h2>
        <Loaded query={drafts} what="The drafts" loading={<Bones rows={3} height={56} />}>
          {(found) => (
            <Show
              when={found().length > 0}
              fallback={
                <Empty icon="pen" title="No drafts">
                  What you begin to write is kept here until it is sent or discarded.
                </Empty>
              }
            >
              <ul class="lines">
                <For each={found()}>{(draft) => <DraftLine draft={draft} now={now()} />}</For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
    </div>
  )
}

function ScheduledLine(props: { mail: Scheduled; now: number }) {
  const directory = useDirectory()
  const [at, setAt] = createSignal<Element>()
  const isMine = () => props.mail.authorId === me()?.member.id
  const when = () => props.mail.sendAt ?? 0
  const move = async (sendAt: number | null) => {
    const { messageId, issueId } = props.mail
    setAt(undefined)
    try {
      await call(api.messages[':id'].schedule.$put({ param: { id: messageId }, json: { sendAt } }))
      say(sendAt === null ? 'It is on its way.' : `It goes out ${dayName(sendAt, Date.now())} ${clock(sendAt)}.`)
    } catch (error) {
      complain(wordsOf(error))
    }
    for (const key of [['drafts'], ['issue', issueId]]) void client.invalidateQueries({ queryKey: key })
  }
  return (
    <li>
      <Avatar name={directory.name(props.mail.authorId ?? '')} of={props.mail.authorId ?? ''} />
      <a href={`/issues/${props.mail.issueId}`}>
        <strong>{props.mail.subject || 'Without a subject'}</strong>
        <small>
          {`${isMine() ? 'You' : directory.name(props.mail.authorId ?? '')} to ${listed(props.mail.to.map(nameOf))}: ${props.mail.snippet}`}
        </small>
      </a>
      <span class="state num">
        {when() > props.now ? `${dayName(when(), props.now)} ${clock(when())}` : 'Going out'}
      </span>
      <span class="acts">
        <button type="button" class="btn ghost" aria-haspopup="dialog" onClick={(event) => setAt(event.currentTarget)}>
          Change the time
        </button>
        <Show when={isMine()}>
          <button type="button" class="btn ghost" onClick={() => void takeBack(props.mail.messageId)}>
            Cancel
          </button>
        </Show>
      </span>
      <Show when={at()}>
        {(anchor) => (
          <Popover at={anchor()} label="Change the time" class="times" onClose={() => setAt(undefined)}>
            <TimePicker
              label="Send at"
              placeholder="Tomorrow 8, in 2 Stunden, 27 Nov 14:00"
              icon="clock"
              choices={SEND_CHOICES}
              further={[
                {
                  id: 'now',
                  label: 'Send now',
                  words: 'jetzt senden',
                  icon: () => <Icon name="send" />,
                  run: () => void move(null),
                },
              ]}
              onPick={(time) => void move(time)}
            />
          </Popover>
        )}
      </Show>
    </li>
  )
}

const KINDS = { reply: 'Reply', forward: 'Forward', new: 'New email', note: 'Note' } as const

function DraftLine(props: { draft: Listed; now: number }) {
  const directory = useDirectory()
  const isMine = () => props.draft.memberId === me()?.member.id
  const name = () => directory.name(props.draft.memberId)
  const whole = async () => draftOf(await call(api.drafts[':id'].$get({ param: { id: props.draft.id } })))
  const act = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  /** A new mail has no issue to be opened in. */
  const open = () =>
    act(async () => {
      if (!isMine()) {
        const json = { memberId: me()?.member.id ?? '' }
        await call(api.drafts[':id'].member.$put({ param: { id: props.draft.id }, json }))
      }
      showDraft(NEW, await whole(), true)
    })
  const words = () => (
    <>
      <strong>{props.draft.subject || 'Without a subject'}</strong>
      <small>{`${KINDS[props.draft.kind]} by ${isMine() ? 'you' : name()}: ${props.draft.snippet || 'without words so far'}`}</small>
    </>
  )
  return (
    <li>
      <Avatar name={name()} of={props.draft.memberId} />
      <Show
        when={props.draft.issueId}
        fallback={
          <button type="button" class="opens" onClick={() => void open()}>
            {words()}
          </button>
        }
      >
        {(issueId) => <a href={`/issues/${issueId()}`}>{words()}</a>}
      </Show>
      <span class="state num">{ago(Math.min(props.draft.updatedAt, props.now), props.now)}</span>
      <span class="acts">
        <Show when={isMine()}>
          <button
            type="button"
            class="btn ghost"
            onClick={() => void act(async () => await discardDraft(props.draft.issueId ?? NEW, await whole()))}
          >
            Discard
          </button>
        </Show>
      </span>
    </li>
  )
}
