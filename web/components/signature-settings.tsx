import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, call, wordsOf } from '../api.ts'
import { dataOf, me, useSignatures } from '../queries.ts'
import { client } from '../query-client.ts'
import { say } from '../toasts.ts'
import { RichField } from './rich-field.tsx'
import { Notice } from './states.tsx'

/** Where a signature is written: one's own, or with a mailbox that of everybody who writes from it. */
export function SignatureSettings(props: { mailboxId: string | null }) {
  const signatures = useSignatures()
  const kept = () =>
    dataOf(signatures)?.find(
      ({ mailboxId, memberId, language }) =>
        mailboxId === props.mailboxId &&
        memberId === (props.mailboxId === null ? (me()?.member.id ?? '') : null) &&
        language === '',
    )
  return (
    <section class="section">
      <h2>Signature</h2>
      <p class="hint">
        {props.mailboxId === null
          ? 'Stands below what you write. Without one, that of the mailbox does.'
          : 'Stands below what is written from this mailbox by who has none of their own.'}{' '}
        {'{{member.name}} becomes the name of who writes, {{mailbox.address}} the address.'}
      </p>
      <Show when={dataOf(signatures)}>
        <Writing mailboxId={props.mailboxId} html={kept()?.html ?? ''} />
      </Show>
      <Show when={kept()}>{(found) => <Preview mailboxId={props.mailboxId} changedAt={found().changedAt} />}</Show>
    </section>
  )
}

function Writing(props: { mailboxId: string | null; html: string }) {
  // Once: what is typed must not be written over when it is fetched again.
  const before = props.html
  const [html, setHtml] = createSignal(before)
  const [busy, setBusy] = createSignal(false)
  const [wrong, setWrong] = createSignal<string>()
  const save = async () => {
    setBusy(true)
    setWrong(undefined)
    try {
      const { mailboxId } = props
      await call(api.signatures.$put({ json: { mailboxId, own: mailboxId === null, language: '', html: html() } }))
      await client.invalidateQueries({ queryKey: ['signatures'] })
      say('Saved.')
    } catch (error) {
      setWrong(wordsOf(error))
    }
    setBusy(false)
  }
  return (
    <>
      <div class="composer writing">
        <RichField label="Signature" placeholder="Kind regards" html={before} readonly={busy()} onHtml={setHtml} />
      </div>
      <Show when={wrong()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
      <div class="actions">
        <button type="button" class="btn" disabled={busy()} onClick={() => void save()}>
          Save the signature
        </button>
      </div>
    </>
  )
}

/** How it reads below a mail, with what its variables stand for. */
function Preview(props: { mailboxId: string | null; changedAt: number }) {
  const ours = useQuery(() => ({ queryKey: ['contacts', 'ours'], queryFn: () => call(api.contacts.ours.$get()) }))
  const mailboxId = () => props.mailboxId ?? dataOf(ours)?.[0]?.mailboxId
  const filled = useQuery(() => ({
    queryKey: ['signatures', 'here', mailboxId() ?? '', props.changedAt],
    queryFn: () => call(api.signatures.here.$get({ query: { mailboxId: mailboxId() ?? '' } })),
    enabled: mailboxId() !== undefined,
  }))
  return (
    <Show when={dataOf(filled)?.html} keyed>
      {(html) => (
        <div class="composer writing preview">
          <p class="hint">As you sign</p>
          <RichField label="Preview of the signature" placeholder="" html={html} readonly bare onHtml={() => {}} />
        </div>
      )}
    </Show>
  )
}
