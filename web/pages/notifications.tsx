import { createMemo, For, Show } from 'solid-js'
import { api, call, type Told, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Avatar } from '../components/avatar.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Failed } from '../components/states.tsx'
import { fullTime, shortTime } from '../format.ts'
import { useNotifications } from '../queries.ts'
import { client } from '../query-client.ts'
import { complain, say } from '../toasts.ts'
import { toldWords } from '../told.ts'

/** Marks as read, or as unread again, and shows how it is now. */
async function mark(which: { ids?: string[] }, read: boolean): Promise<void> {
  try {
    await call(api.notifications.$patch({ json: { ...which, read } }))
  } catch (error) {
    complain(wordsOf(error))
  }
  void client.invalidateQueries({ queryKey: ['notifications'] })
}

/** What one is told: newest first. */
export default function Notifications() {
  const list = useNotifications()
  const now = useNow(60_000)
  const all = createMemo(() => (list.isPending ? [] : (list.data?.pages ?? []).flatMap((page) => page.notifications)))
  const unread = () => all().filter(({ read }) => !read)
  const readAll = async () => {
    const ids = unread().map(({ id }) => id)
    await mark({}, true)
    say('Marked all as read.', () => void mark({ ids }, false))
  }
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Notifications</h1>
          <p>What happened in your issues and in those that you follow, and when proposals are due.</p>
        </div>
        <button type="button" class="btn" disabled={unread().length === 0} onClick={() => void readAll()}>
          <Icon name="check" />
          Mark all as read
        </button>
        <a class="btn" href="/account/notifications">
          <Icon name="sliders" />
          Choose
        </a>
      </div>
      <Show when={!list.isPending} fallback={<Bones rows={6} height={58} />}>
        <Show
          when={!list.isError || all().length > 0}
          fallback={<Failed error={list.error} what="The notifications" retry={() => void list.refetch()} />}
        >
          <Show
            when={all().length > 0}
            fallback={
              <Empty icon="bell" title="Nothing yet">
                When an issue is assigned to you, somebody mentions you, or a customer writes in an issue of yours, it
                stands here.
              </Empty>
            }
          >
            <ul class="told">
              <For each={all()}>{(told) => <Line told={told} now={now()} />}</For>
            </ul>
            <Show when={list.hasNextPage}>
              <button
                type="button"
                class="btn"
                disabled={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                Show earlier
              </button>
            </Show>
          </Show>
        </Show>
      </Show>
    </div>
  )
}

function Line(props: { told: Told; now: number }) {
  const words = () => toldWords(props.told)
  const read = () => {
    if (!props.told.read) void mark({ ids: [props.told.id] }, true)
  }
  return (
    <li classList={{ unread: !props.told.read }}>
      <a
        href={props.told.proposalId ? `/proposals/${props.told.proposalId}` : `/issues/${props.told.issueId}`}
        onClick={read}
      >
        <Avatar name={props.told.actor || 'Downfield'} of={props.told.actorId ?? props.told.actor} size="large" />
        <span class="words">
          <span>
            <Show when={!props.told.read}>
              <span class="sr">Unread: </span>
            </Show>
            <Show when={words().who}>
              <strong>{words().who}</strong>{' '}
            </Show>
            {words().did} <strong>{props.told.subject || 'Without a subject'}</strong>
          </span>
          <Show when={props.told.said}>
            <span class="said ellipsis">{props.told.said}</span>
          </Show>
        </span>
        <time class="num" datetime={new Date(props.told.at).toISOString()} title={fullTime(props.told.at)}>
          {shortTime(props.told.at, props.now)}
        </time>
      </a>
      <button
        type="button"
        class="btn ghost square"
        aria-label={props.told.read ? 'Mark as unread' : 'Mark as read'}
        data-tip={props.told.read ? 'Mark as unread' : 'Mark as read'}
        onClick={() => void mark({ ids: [props.told.id] }, !props.told.read)}
      >
        <Icon name={props.told.read ? 'mail' : 'check'} />
      </button>
    </li>
  )
}
