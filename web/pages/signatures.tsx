import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, call, type Signature, wordsOf } from '../api.ts'
import { Field } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { LanguageField } from '../components/language-field.tsx'
import { RichField, type RichHandle } from '../components/rich-field.tsx'
import { Bones, Empty, Loaded, Notice } from '../components/states.tsx'
import { Variables } from '../components/variables.tsx'
import { languageName } from '../languages.ts'
import { dataOf, me, useSession, useSignatures } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'

/** Whose it is, as a choice: one's own everywhere, one's own in a mailbox, or that of a mailbox for everybody. */
type Owner = { own: boolean; mailboxId: string | null }
const keyOf = ({ own, mailboxId }: Owner) => `${own ? 'own' : 'all'}:${mailboxId ?? ''}`
function ownerOf(key: string): Owner {
  const [whose, mailboxId] = key.split(':')
  return { own: whose === 'own', mailboxId: mailboxId || null }
}

/** What stands below what one writes: for each place and language where one wants another. */
export default function Signatures() {
  const [search] = useSearchParams<{ mailbox?: string }>()
  const signatures = useSignatures()
  const [editing, setEditing] = createSignal<Signature | 'new'>()
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Signatures</h1>
          <p>
            Below what you write stands your own signature, else that of the mailbox; in the language of the email that
            you answer, where there is one.
          </p>
        </div>
        <Show when={!editing()}>
          <button type="button" class="btn primary" onClick={() => setEditing('new')}>
            <Icon name="plus" />
            New signature
          </button>
        </Show>
      </div>
      <Show
        when={editing()}
        keyed
        fallback={
          <Loaded query={signatures} what="The signatures" loading={<Bones rows={4} height={56} />}>
            {(found) => (
              <Show
                when={found().length > 0}
                fallback={
                  <Empty icon="pen" title="No signatures yet">
                    Your name, what you do and how to reach you: written once, and below every email.
                  </Empty>
                }
              >
                <ul class="cards">
                  <For each={found()}>{(one) => <Card signature={one} onEdit={() => setEditing(one)} />}</For>
                </ul>
              </Show>
            )}
          </Loaded>
        }
      >
        {(which) => (
          <Editor
            signature={which === 'new' ? undefined : which}
            mailboxId={search.mailbox ?? null}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </div>
  )
}

/** The mailboxes that one writes from, by their names. */
function useOwnMailboxes() {
  const ours = useQuery(() => ({ queryKey: ['contacts', 'ours'], queryFn: () => call(api.contacts.ours.$get()) }))
  return {
    all: () => dataOf(ours) ?? [],
    name: (id: string | null) => dataOf(ours)?.find(({ mailboxId }) => mailboxId === id)?.name ?? 'a mailbox',
  }
}

function ownerWords({ own, mailboxId }: Owner, name: (id: string | null) => string): string {
  if (own) return mailboxId === null ? 'Yours, everywhere' : `Yours, in ${name(mailboxId)}`
  return `${name(mailboxId)}, for who has none of their own`
}

const isOwn = ({ memberId }: Signature) => memberId !== null

function useMayWrite() {
  const session = useSession()
  return (own: boolean) => own || (dataOf(session)?.rights.includes('manage mailboxes') ?? false)
}

function Card(props: { signature: Signature; onEdit: () => void }) {
  const mailboxes = useOwnMailboxes()
  const mayWrite = useMayWrite()
  const words = () => {
    const { language, mailboxId } = props.signature
    const owner = ownerWords({ own: isOwn(props.signature), mailboxId }, mailboxes.name)
    return language ? `${owner} · ${languageName(language)}` : owner
  }
  return (
    <li>
      <button
        type="button"
        class="card"
        disabled={!mayWrite(isOwn(props.signature))}
        data-tip={mayWrite(isOwn(props.signature)) ? undefined : 'Only admins write the signature of a mailbox'}
        onClick={() => props.onEdit()}
      >
        <strong>{words()}</strong>
        <span class="ellipsis">{props.signature.text.replace(/\s*\n\s*/g, ' · ').slice(0, 200)}</span>
      </button>
    </li>
  )
}

function Editor(props: { signature: Signature | undefined; mailboxId: string | null; onClose: () => void }) {
  // Once: what is typed must not be written over when the list is fetched again.
  const before = props.signature
  const mailboxes = useOwnMailboxes()
  const mayWrite = useMayWrite()
  const all = useSignatures()
  const start: Owner = before
    ? { own: isOwn(before), mailboxId: before.mailboxId }
    : { own: props.mailboxId === null || !mayWrite(false), mailboxId: props.mailboxId }
  const [html, setHtml] = createSignal(before?.html ?? '')
  const [owner, setOwner] = createSignal(start)
  const [language, setLanguage] = createSignal(before?.language ?? '')
  let handle: RichHandle | undefined

  const owners = (): Owner[] => [
    { own: true, mailboxId: null },
    ...mailboxes
      .all()
      .flatMap(({ mailboxId }) => [{ own: true, mailboxId }, ...(mayWrite(false) ? [{ own: false, mailboxId }] : [])]),
  ]
  /** What is there already for the same place and language, and would be written over. */
  const replaced = () =>
    before
      ? undefined
      : dataOf(all)?.find(
          (one) =>
            one.language === language() &&
            one.mailboxId === owner().mailboxId &&
            one.memberId === (owner().own ? (me()?.member.id ?? '') : null),
        )
  const write = async (to: string) => {
    await call(api.signatures.$put({ json: { ...owner(), language: language(), html: to } }))
    await client.invalidateQueries({ queryKey: ['signatures'] })
  }
  const submit = createSubmit(async () => {
    await write(html())
    say('Saved.')
    props.onClose()
  })
  const remove = async () => {
    try {
      await write('')
      say('Deleted.', () => void write(before?.html ?? '').catch((error) => complain(wordsOf(error))))
      props.onClose()
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  return (
    <form
      class="form wide"
      novalidate
      onInput={(event) => {
        const form = new FormData(event.currentTarget)
        if (before) return
        setOwner(ownerOf(textOf(form, 'owner')))
        setLanguage(textOf(form, 'language'))
      }}
      onSubmit={(event) => void submit.onSubmit(event)}
    >
      <fieldset>
        <legend>
          {before
            ? [ownerWords(start, mailboxes.name), before.language && languageName(before.language)]
                .filter(Boolean)
                .join(', ')
            : 'New signature'}
        </legend>
        <Show when={!before}>
          <div class="pair">
            <Field label="Where">
              {(attributes) => (
                <select {...attributes} class="input" name="owner">
                  <For each={owners()}>
                    {(one) => (
                      <option value={keyOf(one)} selected={keyOf(one) === keyOf(start)}>
                        {ownerWords(one, mailboxes.name)}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
            <LanguageField name="language" value="" help="Stands below answers to emails in it." />
          </div>
        </Show>
        <Show when={replaced()}>
          <Notice tone="warn">There is one for this already. Saving takes its place.</Notice>
        </Show>
        <div class="composer writing">
          <RichField
            label="Signature"
            placeholder="Kind regards"
            html={before?.html ?? ''}
            readonly={submit.busy()}
            onHtml={setHtml}
            ref={(made) => {
              handle = made
            }}
          />
        </div>
        <Variables onInsert={(variable) => handle?.insertHtml(variable)} />
        <Show when={submit.wrong('html') ?? submit.general('html')}>
          {(words) => <Notice tone="bad">{words()}</Notice>}
        </Show>
      </fieldset>
      <div class="actions">
        <button type="submit" class="btn primary" disabled={submit.busy() || html() === ''}>
          Save
        </button>
        <button type="button" class="btn ghost" onClick={() => props.onClose()}>
          Cancel
        </button>
        <Show when={before}>
          <button type="button" class="btn ghost danger" onClick={() => void remove()}>
            Delete
          </button>
        </Show>
      </div>
      <Show when={before}>{(saved) => <Preview mailboxId={saved().mailboxId} language={saved().language} />}</Show>
    </form>
  )
}

/** How one signs there, with what the variables stand for. */
function Preview(props: { mailboxId: string | null; language: string }) {
  const mailboxes = useOwnMailboxes()
  const mailboxId = () => props.mailboxId ?? mailboxes.all()[0]?.mailboxId
  const filled = useQuery(() => ({
    queryKey: ['signatures', 'here', mailboxId() ?? '', props.language],
    queryFn: () =>
      call(api.signatures.here.$get({ query: { mailboxId: mailboxId() ?? '', language: props.language } })),
    enabled: mailboxId() !== undefined,
  }))
  return (
    <Show when={dataOf(filled)?.html} keyed>
      {(html) => (
        <div class="composer writing preview">
          <p class="hint">As you sign in {mailboxes.name(mailboxId() ?? null)} now</p>
          <RichField label="Preview of the signature" placeholder="" html={html} readonly bare onHtml={() => {}} />
        </div>
      )}
    </Show>
  )
}
