import { createSignal, For, Show } from 'solid-js'
import type { Draft } from '../drafts.ts'
import { RecipientsField } from './recipients-field.tsx'

type Recipients = NonNullable<Draft['recipients']>

/** Whom a mail comes from and goes to, and for a new one what it is about. */
export function ComposerHead(props: {
  /** Our addresses, each with the name that recipients see. */
  senders: { name: string; address: string }[]
  from: string
  onFrom: (address: string) => void
  recipients: Recipients
  onRecipients: (recipients: Recipients) => void
  /** Of a new mail alone. */
  subject?: string | undefined
  onSubject?: ((subject: string) => void) | undefined
  wrong: (field: 'to' | 'cc' | 'bcc' | 'from' | 'subject') => string | undefined
}) {
  const [asksCopies, setAsksCopies] = createSignal(false)
  const sender = () => props.senders.find(({ address }) => address === props.from) ?? props.senders[0]
  const shows = (field: 'cc' | 'bcc') => asksCopies() || props.recipients[field].length > 0 || props.wrong(field)
  return (
    <>
      <div class="from">
        <span>From</span>
        <Show
          when={props.senders.length > 1}
          fallback={
            <Show when={sender()}>
              {(from) => (
                <span>
                  <b>{from().name}</b> {`<${from().address}>`}
                </span>
              )}
            </Show>
          }
        >
          <select aria-label="From" value={props.from} onChange={(event) => props.onFrom(event.currentTarget.value)}>
            <For each={props.senders}>
              {({ name, address }) => (
                <option value={address} selected={address === props.from}>{`${name} <${address}>`}</option>
              )}
            </For>
          </select>
        </Show>
        <span class="spacer" />
        <Show when={!asksCopies() && !(shows('cc') && shows('bcc'))}>
          <button type="button" class="more-fields" onClick={() => setAsksCopies(true)}>
            {shows('cc') ? 'Bcc' : 'Cc, Bcc'}
          </button>
        </Show>
      </div>
      <RecipientsField
        label="To"
        value={props.recipients.to}
        wrong={props.wrong('to')}
        onChange={(to) => props.onRecipients({ ...props.recipients, to })}
      />
      <Show when={shows('cc')}>
        <RecipientsField
          label="Cc"
          value={props.recipients.cc}
          wrong={props.wrong('cc')}
          onChange={(cc) => props.onRecipients({ ...props.recipients, cc })}
        />
      </Show>
      <Show when={shows('bcc')}>
        <RecipientsField
          label="Bcc"
          value={props.recipients.bcc}
          wrong={props.wrong('bcc')}
          onChange={(bcc) => props.onRecipients({ ...props.recipients, bcc })}
        />
      </Show>
      <Show when={props.onSubject}>
        {(onSubject) => (
          <div class="people subject-line">
            <label for="composer-subject">Subject</label>
            <div>
              <input
                id="composer-subject"
                type="text"
                maxLength={500}
                value={props.subject ?? ''}
                onInput={(event) => onSubject()(event.currentTarget.value)}
              />
            </div>
          </div>
        )}
      </Show>
    </>
  )
}
