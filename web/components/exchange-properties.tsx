import { For } from 'solid-js'
import type { Looked } from '../exchange.ts'
import type { WantedProperties, Wish } from '../exchange-wanted.ts'
import { listed } from '../format.ts'

type Mailbox = NonNullable<Looked['snapshot']['mailbox']>
type Switch = 'signInBlocked' | 'copySentAs' | 'copySendOnBehalf' | 'hiddenFromAddressLists'

const SWITCHES: [Switch, string, string, (mailbox: Mailbox) => boolean | null | undefined][] = [
  [
    'signInBlocked',
    'Sign-in to the account itself blocked',
    'People come in with their own accounts; nobody needs this one.',
    ({ AccountDisabled }) => AccountDisabled,
  ],
  [
    'copySentAs',
    'Keep a copy of mail sent as the mailbox',
    'Else it lies in the Sent Items of whoever wrote it, and the others never see it.',
    ({ MessageCopyForSentAsEnabled }) => MessageCopyForSentAsEnabled,
  ],
  [
    'copySendOnBehalf',
    'Keep a copy of mail sent on behalf',
    'The same for mail that says who sent it for the mailbox.',
    ({ MessageCopyForSendOnBehalfEnabled }) => MessageCopyForSendOnBehalfEnabled,
  ],
  [
    'hiddenFromAddressLists',
    'Hidden from address lists',
    'While it is hidden delegates may not be able to add it.',
    ({ HiddenFromAddressListsEnabled }) => HiddenFromAddressListsEnabled,
  ],
]

/** The mailbox itself: its type, addresses and switches, each as it is and as it is wanted. */
export function ExchangeProperties(props: {
  mailbox: Mailbox | null
  wish: Wish
  onWish: (wish: Wish) => void
  canEdit: boolean
}) {
  const put = (change: WantedProperties) =>
    props.onWish({ ...props.wish, mailbox: { ...props.wish.mailbox, ...change } })
  const wanted = () => props.wish.mailbox
  const isShared = () =>
    (wanted().type ?? (/^SharedMailbox$/i.test(props.mailbox?.RecipientTypeDetails ?? '') ? 'shared' : 'user')) ===
    'shared'
  const others = () =>
    (props.mailbox?.EmailAddresses ?? []).filter((one) => one.startsWith('smtp:')).map((one) => one.slice(5))
  return (
    <section class="section" aria-labelledby="exchange-properties">
      <h2 id="exchange-properties">The mailbox</h2>
      <div class="form exchange-properties">
        <div class="segments" role="radiogroup" aria-label="Type">
          <For
            each={
              [
                ['shared', 'Shared mailbox'],
                ['user', 'Mailbox of a person'],
              ] as const
            }
          >
            {([type, words]) => (
              <label>
                <input
                  type="radio"
                  name="type"
                  checked={isShared() === (type === 'shared')}
                  disabled={!props.canEdit}
                  onChange={() => put({ type })}
                />
                {words}
              </label>
            )}
          </For>
        </div>
        <For each={SWITCHES}>
          {([key, words, why, read]) => (
            <label class="check">
              <input
                type="checkbox"
                checked={wanted()[key] ?? (props.mailbox ? (read(props.mailbox) ?? false) : false)}
                disabled={!props.canEdit}
                onChange={(event) => put({ [key]: event.currentTarget.checked })}
              />
              <span>
                {words}
                <small>{why}</small>
              </span>
            </label>
          )}
        </For>
        <label class="field">
          <span class="label">Further addresses to add</span>
          <input
            class="input"
            value={(wanted().aliases ?? []).join(', ')}
            disabled={!props.canEdit}
            spellcheck={false}
            onChange={(event) => put({ aliases: event.currentTarget.value.split(/[\s,;]+/).filter(Boolean) })}
          />
          <span class="help">{others().length > 0 ? `There now: ${listed(others())}.` : 'There are none yet.'}</span>
        </label>
      </div>
    </section>
  )
}
