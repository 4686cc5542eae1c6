import { createSignal, createUniqueId, For, Show } from 'solid-js'
import type { Writer } from '../../db/vocabulary.ts'
import { api, call, type Member, type ShownMessage, wordsOf } from '../api.ts'
import { bytes, dayAndTime, listed, plural } from '../format.ts'
import type { Asked } from '../issue-writing.ts'
import { bindCommands } from '../keys.ts'
import { issueKey, me } from '../queries.ts'
import { client } from '../query-client.ts'
import { nameOf } from '../recipients.ts'
import { parts, signed, unmarked } from '../text.ts'
import { isDark } from '../theme.ts'
import { complain, say } from '../toasts.ts'
import { Appointment } from './appointment.tsx'
import { Avatar } from './avatar.tsx'
import { EditAndResend } from './edit-and-resend.tsx'
import { EmailHtml } from './email-html.tsx'
import { Icon } from './icon.tsx'
import { MessageMenu } from './message-menu.tsx'
import { PassedOn } from './passed-on.tsx'
import { SendingChip, SendingTrouble } from './sending.tsx'
import { Notice } from './states.tsx'
import { Text } from './text.tsx'
import { Time } from './time.tsx'

const WRITER_WORDS: Record<Writer, string> = {
  person: '',
  auto_reply: 'Automatic reply',
  out_of_office: 'Out of office',
  bounce: 'Could not be delivered',
  list: 'Mailing list',
  notification: 'Notification',
}

const PROTECTION_WORDS: Record<NonNullable<ShownMessage['extras']['protection']>, string> = {
  'smime-encrypted': 'Encrypted with S/MIME. Its parts are attached as they came.',
  'smime-signed': 'Signed with S/MIME. The signature is not checked.',
  'pgp-encrypted': 'Encrypted with PGP. Its parts are attached as they came.',
  'pgp-signed': 'Signed with PGP. The signature is not checked.',
}

/** An email in the timeline, in or out. */
export function Message(props: {
  issueId: string
  message: ShownMessage
  author: Member | undefined
  now: number
  mayAct: boolean
  /** The newest: its quoted text opens with Q. */
  last: boolean
  onWrite: (asked: Asked) => void
}) {
  const id = createUniqueId()
  const message = () => props.message
  const [showsQuoted, setShowsQuoted] = createSignal(false)
  const [showsRich, setShowsRich] = createSignal<boolean>()
  const [loadsRemote, setLoadsRemote] = createSignal(false)
  const [notLoaded, setNotLoaded] = createSignal(0)
  const name = () => (message().direction === 'out' && props.author?.name) || nameOf(message().from)
  const split = () => parts(message())
  const own = () => signed(split().own)
  const rich = () => message().hasHtml && (showsRich() ?? message().rich)
  const files = () => message().attachments.filter(({ inline }) => !inline || !rich())
  const hasQuoted = () => split().quoted.trim() !== ''
  if (props.last) bindCommands({ quoted: () => setShowsQuoted(!showsQuoted()) })

  return (
    <article class="message" id={`message-${message().id}`} aria-labelledby={`${id}-name`} tabIndex={-1}>
      <Avatar name={name()} of={props.author?.id ?? message().from.address} size="large" />
      <div>
        <header>
          <h3 id={`${id}-name`} data-tip={message().from.address}>
            {name()}
            <span class="sr">{` ${message().from.address}`}</span>
          </h3>
          <Show when={WRITER_WORDS[message().writer]}>
            {(words) => (
              <span class="chip" classList={{ bad: message().writer === 'bounce' }}>
                {words()}
              </span>
            )}
          </Show>
          <Show when={message().extras.newParticipant}>
            <span
              class="chip warn"
              data-tip="They had no part in this thread before. An answer to all leaves them out."
            >
              New participant
            </span>
          </Show>
          <Show when={message().extras.subjectChanged}>
            <span class="chip" data-tip={message().subject}>
              Another subject
            </span>
          </Show>
          <Show when={message().extras.elsewhere}>
            {(elsewhere) => (
              <span class="chip">{elsewhere().client ? `via ${elsewhere().client}` : 'Sent elsewhere'}</span>
            )}
          </Show>
          <Show when={message().outgoing}>{(outgoing) => <SendingChip outgoing={outgoing()} />}</Show>
          <span class="to ellipsis" data-tip={recipients(message())}>
            {recipients(message())}
          </span>
          <Time at={message().at}>{dayAndTime(message().at, props.now)}</Time>
          <Show when={props.mayAct}>
            <MessageMenu messageId={message().id} name={name()} onWrite={props.onWrite} />
          </Show>
        </header>
        <Show
          when={message().flaws.unreadable === undefined}
          fallback={<Unreadable issueId={props.issueId} message={message()} mayAct={props.mayAct} />}
        >
          <Show
            when={rich()}
            fallback={
              <>
                <Text text={own().body} />
                <Show when={own().signature}>{(signature) => <Text text={signature()} signature />}</Show>
              </>
            }
          >
            <EmailHtml
              messageId={message().id}
              label={`Email from ${name()}`}
              quoted={showsQuoted()}
              remote={loadsRemote()}
              dark={isDark()}
              onRemote={setNotLoaded}
            />
          </Show>
          <Show when={showsQuoted() && !rich() && hasQuoted()}>
            <Text text={unmarked(split().quoted)} quoted id={`${id}-quoted`} />
          </Show>
          <Show when={hasQuoted() || message().hasHtml || message().textTruncated || message().flaws.truncated}>
            <div class="more">
              <Show when={hasQuoted()}>
                <button
                  type="button"
                  class="dots"
                  aria-expanded={showsQuoted()}
                  aria-controls={showsQuoted() && !rich() ? `${id}-quoted` : undefined}
                  aria-label="Quoted text"
                  data-tip={showsQuoted() ? 'Hide quoted text' : 'Show quoted text'}
                  data-keys={props.last ? 'Q' : undefined}
                  onClick={() => setShowsQuoted(!showsQuoted())}
                />
              </Show>
              <Show when={rich() && notLoaded() > 0}>
                <span class="hint">{`${plural(notLoaded(), 'picture')} not loaded`}</span>
                <button
                  type="button"
                  data-tip="The server fetches them, so that their sender does not learn who looks"
                  onClick={() => setLoadsRemote(true)}
                >
                  Load
                </button>
              </Show>
              <Show when={message().textTruncated && !rich()}>
                <a href={`/api/messages/${message().id}/text`} target="_blank" rel="noreferrer">
                  Show all of this long text
                </a>
              </Show>
              <Show when={message().hasHtml}>
                <button type="button" onClick={() => setShowsRich(!rich())}>
                  {rich() ? 'Show as text' : 'Show formatted'}
                </button>
              </Show>
              <Show when={message().flaws.truncated}>{(why) => <span class="hint">{why()}</span>}</Show>
              <Show when={props.mayAct && message().flaws.beginning && message().deliveryId}>
                {(deliveryId) => <FetchRest issueId={props.issueId} deliveryId={deliveryId()} />}
              </Show>
            </div>
          </Show>
        </Show>
        <Show when={message().extras.calendar}>{(appointment) => <Appointment of={appointment()} />}</Show>
        <Show when={message().extras.protection}>
          {(protection) => (
            <Notice tone="plain" icon="key">
              {PROTECTION_WORDS[protection()]}
            </Notice>
          )}
        </Show>
        <Show when={message().extras.forwarded}>
          {(forwarded) => <PassedOn issueId={props.issueId} from={forwarded().from} mayAct={props.mayAct} />}
        </Show>
        <Show when={files().length > 0}>
          <ul class="files" aria-label="Attachments">
            <For each={files()}>
              {(file) => (
                <li>
                  <a
                    href={`/api/messages/${message().id}/attachments/${file.position}`}
                    download={file.filename}
                    data-tip={file.unsearchable ? `Its text is not searched. ${file.unsearchable}` : undefined}
                  >
                    <Icon name={file.contentType.startsWith('image/') ? 'picture' : 'file'} />
                    <span class="ellipsis">{file.filename || 'Without a name'}</span>
                    <span class="num">{bytes(file.size)}</span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={message().extras.bounced}>
          {(bounced) => (
            <Notice tone={bounced().kind === 'hard' ? 'bad' : 'warn'}>
              <strong>
                {bounced().kind === 'hard' ? 'This did not arrive' : 'This has not arrived yet'}
                {bounced().recipients.length > 0 ? ` at ${listed(bounced().recipients)}` : ''}.
              </strong>{' '}
              {message().failure}
              <Show when={bounced().reason}>{(reason) => <span class="words">{reason()}</span>}</Show>
              <Show when={props.mayAct && bounced().kind === 'hard'}>
                <div class="actions">
                  <EditAndResend issueId={props.issueId} messageId={message().id} />
                </div>
              </Show>
            </Notice>
          )}
        </Show>
        <Show when={message().outgoing}>
          {(outgoing) => (
            <SendingTrouble
              issueId={props.issueId}
              messageId={message().id}
              outgoing={outgoing()}
              mayAct={props.mayAct}
              mine={message().authorId === me()?.member.id}
            />
          )}
        </Show>
      </div>
    </article>
  )
}

/** "to proposals@northwind.example and 2 more" */
function recipients({ to, cc, bcc }: ShownMessage): string {
  const names = to.map(nameOf)
  const shown = names.length > 2 ? [names[0]!, `${names.length - 1} more`] : names
  const copies =
    cc.length > 0
      ? `, copy to ${listed(cc.length > 2 ? [nameOf(cc[0]!), `${cc.length - 1} more`] : cc.map(nameOf))}`
      : ''
  const hidden = bcc.length > 0 ? `, blind copy to ${listed(bcc.map(nameOf))}` : ''
  return shown.length > 0 ? `to ${listed(shown)}${copies}${hidden}` : (copies + hidden).slice(2)
}

/** Fetches what is missing of a mail that was too large. */
function FetchRest(props: { issueId: string; deliveryId: string }) {
  const [busy, setBusy] = createSignal(false)
  const fetchRest = async () => {
    setBusy(true)
    try {
      await call(api.deliveries[':id'].whole.$post({ param: { id: props.deliveryId } }))
      say('The mail is here as a whole now.')
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: issueKey(props.issueId) })
  }
  return (
    <button type="button" disabled={busy()} onClick={() => void fetchRest()}>
      {busy() ? 'Fetching the rest' : 'Fetch the rest'}
    </button>
  )
}

/** A mail that could not be understood: why, the mail itself, and another try. */
function Unreadable(props: { issueId: string; message: ShownMessage; mayAct: boolean }) {
  const [busy, setBusy] = createSignal(false)
  const tryAgain = async (id: string) => {
    setBusy(true)
    try {
      const { understood, error } = await call(api.deliveries[':id'].tries.$post({ param: { id } }))
      if (understood) say('This mail can be read now.')
      else complain(`It still can't be read. ${error ?? ''}`)
    } catch (error) {
      complain(wordsOf(error))
    }
    setBusy(false)
    void client.invalidateQueries({ queryKey: issueKey(props.issueId) })
  }
  return (
    <Notice tone="warn">
      <strong>This mail could not be read.</strong> It is kept as it came, and nothing of it is lost.
      <span class="words">{props.message.flaws.unreadable}</span>
      <div class="actions">
        <a class="btn" href={`/api/messages/${props.message.id}/raw`} download="">
          <Icon name="download" />
          Download it as it came
        </a>
        <Show when={props.mayAct && props.message.deliveryId}>
          {(deliveryId) => (
            <button type="button" class="btn" disabled={busy()} onClick={() => void tryAgain(deliveryId())}>
              <Icon name="again" />
              Retry
            </button>
          )}
        </Show>
      </div>
    </Notice>
  )
}
