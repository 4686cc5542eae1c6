import { For, Show } from 'solid-js'
import { useNow } from '../clock.ts'
import { stateWords, toneOf } from '../components/freshness.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Loaded } from '../components/states.tsx'
import { listed } from '../format.ts'
import { useDirectory, useMailboxes } from '../queries.ts'

/** All mailboxes, and how each is doing. */
export default function Mailboxes() {
  const mailboxes = useMailboxes()
  const directory = useDirectory()
  const now = useNow(1_000)
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Mailboxes</h1>
          <p>Downfield watches these over IMAP and answers over SMTP. The mail stays where it is.</p>
        </div>
        <a href="/mailboxes/new" class="btn primary">
          <Icon name="plus" />
          Add mailbox
        </a>
      </div>
      <Loaded query={mailboxes} what="The mailboxes" loading={<Bones rows={3} height={56} />}>
        {(found) => (
          <Show
            when={found().length > 0}
            fallback={
              <Empty icon="mailbox" title="No mailbox yet">
                Add the shared mailbox that your team answers. Its mail comes in as issues.
              </Empty>
            }
          >
            <ul class="lines">
              <For each={found()}>
                {(mailbox) => (
                  <li class="mailbox-line">
                    <span class={`light ${toneOf(mailbox)}`} />
                    <a href={`/mailboxes/${mailbox.id}`}>
                      <strong>{mailbox.address}</strong>
                      <small>
                        {mailbox.name}
                        {mailbox.openToAll
                          ? ', open to everybody'
                          : `, open to ${listed(mailbox.teamIds.map((id) => directory.team(id)?.name ?? 'a team')) || 'admins'}`}
                      </small>
                    </a>
                    <span class="state num" classList={{ bad: mailbox.watch.state === 'trouble' }}>
                      {mailbox.watch.state === 'trouble' ? mailbox.watch.summary : stateWords(mailbox, now())}
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </div>
  )
}
