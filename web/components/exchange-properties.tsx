import { For, Show } from 'solid-js'
import type { Looked } from '../exchange.ts'
import type { WantedProperties, Wish } from '../exchange-wanted.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

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
    (props.mailbox?.EmailAddresses ?? []).flatMap((one) =>
      one.startsWith('smtp:') ? [one.slice(5).toLowerCase()] : [],
    )
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
        <Aliases
          there={others()}
          aliases={wanted().aliases ?? []}
          removeAliases={wanted().removeAliases ?? []}
          canEdit={props.canEdit}
          onPut={put}
        />
      </div>
    </section>
  )
}

/** The further addresses of the mailbox: those that are there, which may go, and those that are to be added. */
function Aliases(props: {
  there: string[]
  aliases: string[]
  removeAliases: string[]
  canEdit: boolean
  onPut: (change: WantedProperties) => void
}) {
  const isGone = (address: string) => props.removeAliases.includes(address)
  const toggle = (address: string) =>
    props.onPut({
      removeAliases: isGone(address)
        ? props.removeAliases.filter((one) => one !== address)
        : [...props.removeAliases, address],
      // What was wanted before is not wanted any more.
      aliases: props.aliases.filter((one) => one.toLowerCase() !== address),
    })
  const more = () => props.aliases.filter((one) => !props.there.includes(one.toLowerCase()))
  return (
    <>
      <Show when={props.there.length > 0}>
        <ul class="exchange-aliases" aria-label="Further addresses">
          <For each={props.there}>
            {(address) => (
              <li classList={{ gone: isGone(address) }}>
                <span>{address}</span>
                <Show when={isGone(address)}>
                  <span class="sr">, to be removed</span>
                </Show>
                <Show when={props.canEdit && !/\.onmicrosoft\.(com|us|cn)$/.test(address)}>
                  <button
                    type="button"
                    class="btn ghost square"
                    aria-label={isGone(address) ? `Keep ${address}` : `Remove ${address}`}
                    data-tip={isGone(address) ? `Keep ${address}` : `Remove ${address}`}
                    onClick={() => toggle(address)}
                  >
                    <Icon name={isGone(address) ? 'undo' : 'close'} />
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Field
        label="Further addresses to add"
        help={
          props.there.length > 0 ? 'Several are parted by commas.' : 'There are none yet. Several are parted by commas.'
        }
      >
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            value={more().join(', ')}
            disabled={!props.canEdit}
            spellcheck={false}
            onChange={(event) => {
              const added = event.currentTarget.value.split(/[\s,;]+/).filter(Boolean)
              const kept = props.aliases.filter((one) => props.there.includes(one.toLowerCase()))
              props.onPut({ aliases: [...kept, ...added] })
            }}
          />
        )}
      </Field>
    </>
  )
}
