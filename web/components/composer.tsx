import { useQuery } from '@tanstack/solid-query'
import { createEffect, createMemo, createSignal, createUniqueId, on, onCleanup, Show } from 'solid-js'
import { ApiError, api, type Crossed as Crossing, call, wordsOf } from '../api.ts'
import { type Draft, type DraftFile, isEmpty, loadDraft, restoreDraft, saveDraft } from '../drafts.ts'
import { bindCommands } from '../keys.ts'
import { dataOf, issueKey } from '../queries.ts'
import { client } from '../query-client.ts'
import { nameOf, sameRecipients } from '../recipients.ts'
import { sendNote, sendReply } from '../send-draft.ts'
import { takeBack } from '../take-back.ts'
import { complain, say } from '../toasts.ts'
import { createUploads, dropFile, freeName } from '../uploads.ts'
import { Attachments } from './attachments.tsx'
import { createDrop } from './composer-drop.ts'
import { ComposerFoot } from './composer-foot.tsx'
import { ComposerQuote } from './composer-quote.tsx'
import { ComposerTabs } from './composer-tabs.tsx'
import { Crossed } from './crossed.tsx'
import { Icon } from './icon.tsx'
import { RecipientsField } from './recipients-field.tsx'
import { Notice } from './states.tsx'

const SAVE_AFTER_MS = 400

/** Where an answer or a note is written. What is written is kept in the browser until it is on the server. */
export function Composer(props: {
  issueId: string
  /** The newest event that the timeline above shows. */
  newest: string | undefined
  /** How often it was asked for: each time the field takes the focus. */
  asked: number
  draft: Draft
  onDraft: (draft: Draft) => void
  /** Sent or put away; `done` where the issue is finished with it. */
  onClose: (sent?: 'waiting' | 'done') => void
}) {
  const id = createUniqueId()
  const draft = () => props.draft
  const patch = (to: Partial<Draft>) => props.onDraft({ ...draft(), ...to })
  const [busy, setBusy] = createSignal(false)
  const [failed, setFailed] = createSignal<ApiError>()
  const [stopped, setStopped] = createSignal<{ by: Crossing; status: 'waiting' | 'done' }>()
  const [saved, setSaved] = createSignal(draft().savedAt > 0)
  const noting = () => draft().kind === 'note'
  const text = () => (noting() ? draft().note : draft().text)
  let field!: HTMLTextAreaElement
  let self!: HTMLElement

  const answering = useQuery(() => ({
    queryKey: ['recipients', props.issueId, draft().messageId],
    queryFn: () => {
      const { messageId } = draft()
      return call(
        api.issues[':id'].recipients.$get({ param: { id: props.issueId }, query: messageId ? { messageId } : {} }),
      )
    },
    staleTime: 0,
  }))
  const proposed = () => dataOf(answering)
  const recipients = createMemo(
    () => draft().recipients ?? (draft().all ? proposed()?.replyAll : proposed()?.reply) ?? { to: [], cc: [] },
  )
  const twoWays = () => {
    const found = proposed()
    return found !== undefined && !sameRecipients(found.reply, found.replyAll)
  }

  createEffect(
    on(
      () => props.asked,
      (times) => times > 0 && field.focus(),
    ),
  )
  createEffect(
    on(
      () => draft().kind,
      // With the arrows one goes along the tabs, and stays there.
      () => document.activeElement?.getAttribute('role') !== 'tab' && field.focus(),
      { defer: true },
    ),
  )
  // The last of it, for when the composer goes, as with the issue: by then its props are not there.
  const { issueId } = props
  let latest = props.draft
  let isGone = false
  let timer = 0
  createEffect(
    on(draft, (now) => {
      latest = now
      setSaved(false)
      clearTimeout(timer)
      timer = window.setTimeout(() => {
        saveDraft(issueId, now, Date.now())
        setSaved(!isEmpty(now))
      }, SAVE_AFTER_MS)
    }),
  )
  onCleanup(() => {
    isGone = true
    clearTimeout(timer)
    saveDraft(issueId, latest, Date.now())
  })

  // Until the first word what has come in is read as it comes; from then on it may pass unseen.
  createEffect(() => {
    const { newest } = props
    const now = draft()
    if (newest && now.seen !== newest && (now.seen === null || !now.text.trim())) patch({ seen: newest })
  })

  const uploads = createUploads((file) => {
    if (!isGone) patch({ attachments: [...draft().attachments, file] })
    else {
      // It was put away, or another issue is open: the file goes to the draft all the same.
      const kept = loadDraft(issueId) ?? latest
      restoreDraft(issueId, { ...kept, attachments: [...kept.attachments, file] }, false)
    }
  })
  const limits = () => ({ file: proposed()?.maxFileBytes, all: proposed()?.maxAttachedBytes })
  const attach = (files: Iterable<File>) => {
    if (noting()) {
      complain('Files go along with an answer. A note takes none.')
      return
    }
    const taken = [...draft().attachments, ...uploads.uploading()].map(({ filename }) => filename)
    for (const file of files) {
      const name = freeName(file.name || 'file', taken)
      taken.push(name)
      uploads.add(file, name, limits().file ?? Number.POSITIVE_INFINITY)
    }
    field.focus()
  }
  const remove = (file: DraftFile) => {
    patch({ attachments: draft().attachments.filter(({ id }) => id !== file.id) })
    dropFile(file.id)
    field.focus()
  }
  const drop = createDrop(() => self, attach)

  const send = async (status: 'waiting' | 'done') => {
    if (busy()) return
    if (!noting() && uploads.uploading().length > 0) {
      const isUp = uploads.uploading().every(({ problem }) => problem !== null)
      complain(isUp ? 'A file could not be attached. Remove it first.' : 'Wait until the files are up, or cancel them.')
      return
    }
    if (!text().trim()) {
      complain('Write something first.')
      field.focus()
      return
    }
    const now = draft()
    setBusy(true)
    setFailed(undefined)
    setStopped(undefined)
    try {
      if (now.kind === 'note') {
        await sendNote(issueId, now)
        sent(now, status)
      } else {
        // Who types faster than the server says whom this answers is not kept from sending.
        if (!proposed()) await answering.refetch({ cancelRefetch: false })
        sent(now, status, await sendReply(issueId, now, proposed()?.messageId, recipients(), status))
      }
    } catch (error) {
      if (error instanceof ApiError && error.crossed) setStopped({ by: error.crossed, status })
      else setFailed(error instanceof ApiError ? error : new ApiError(wordsOf(error), 0, new Map()))
    } finally {
      setBusy(false)
    }
  }
  const sent = (now: Draft, status: 'waiting' | 'done', held?: { messageId: string; heldMs: number }) => {
    // What else was begun, such as a note beside the answer, stays.
    latest =
      now.kind === 'note'
        ? { ...now, kind: 'reply', note: '', noteId: crypto.randomUUID() }
        : {
            ...now,
            kind: 'note',
            text: '',
            id: crypto.randomUUID(),
            recipients: null,
            messageId: null,
            attachments: [],
            seen: null,
          }
    saveDraft(issueId, latest, Date.now())
    if (held) {
      const words = `It goes out in ${Math.round(held.heldMs / 1000)} seconds.`
      say(status === 'done' ? `Done. ${words}` : words, () => void takeBack(held.messageId), held.heldMs)
    } else say('Note added.')
    void client.invalidateQueries({ queryKey: issueKey(issueId) })
    void client.invalidateQueries({ queryKey: ['issues'] })
    void client.invalidateQueries({ queryKey: ['counts'] })
    if (isGone) return
    if (!isEmpty(latest)) props.onDraft(latest)
    else props.onClose(now.kind === 'note' ? undefined : status)
  }
  /** What came in was shown: it stops this answer no more. */
  const look = async ({ arrived, newest }: Crossing) => {
    setStopped(undefined)
    patch({ seen: newest })
    await client.invalidateQueries({ queryKey: issueKey(issueId) })
    const first = arrived[0]
    const entry = first && document.getElementById(`${first.kind === 'note' ? 'note' : 'message'}-${first.id}`)
    entry?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }
  const close = () => {
    field.blur()
    props.onClose()
  }
  bindCommands({
    send: () => self.contains(document.activeElement) && void send('waiting'),
    sendDone: () => self.contains(document.activeElement) && void send(noting() ? 'waiting' : 'done'),
    back: close,
  })

  return (
    <section
      ref={self}
      class="composer"
      classList={{ noting: noting(), dragged: drop.isOver() }}
      aria-label={noting() ? 'Note' : 'Reply'}
      onDragOver={drop.onDragOver}
      onDragLeave={drop.onDragLeave}
      onDrop={drop.onDrop}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        close()
      }}
    >
      <ComposerTabs
        id={id}
        kind={draft().kind}
        onKind={(kind, byKey) => {
          patch({ kind })
          if (!byKey) field.focus()
        }}
      >
        <Show when={!noting() && twoWays()}>
          <button type="button" class="btn ghost" onClick={() => patch({ all: !draft().all, recipients: null })}>
            <Icon name={draft().all ? 'reply' : 'replyAll'} />
            {draft().all ? 'Reply to the sender only' : 'Reply to all'}
          </button>
        </Show>
        <button
          type="button"
          class="btn ghost square"
          aria-label="Put away, keeping the draft"
          data-tip="Put away"
          data-keys="esc"
          onClick={close}
        >
          <Icon name="down" />
        </button>
      </ComposerTabs>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={noting() ? `${id}-note` : `${id}-reply`}>
        <Show when={!noting()} fallback={<p class="from">Only the team sees a note. It never leaves Downfield.</p>}>
          <p class="from">
            From{' '}
            <Show when={proposed()?.from}>
              {(from) => (
                <>
                  <b>{from().name}</b> {`<${from().address}>`}
                </>
              )}
            </Show>
          </p>
          <RecipientsField
            label="To"
            value={recipients().to}
            wrong={failed()?.fields.get('to')}
            onChange={(to) => patch({ recipients: { ...recipients(), to } })}
          />
          <RecipientsField
            label="Cc"
            value={recipients().cc}
            wrong={failed()?.fields.get('cc')}
            onChange={(cc) => patch({ recipients: { ...recipients(), cc } })}
          />
        </Show>
        <textarea
          ref={field}
          aria-label={noting() ? 'Note' : `Reply to ${recipients().to.map(nameOf).join(', ')}`}
          placeholder={noting() ? 'What should the team know?' : 'Write your answer'}
          value={text()}
          readonly={busy()}
          onPaste={(event) => {
            const files = event.clipboardData?.files
            // Copied cells and words come with a picture of themselves: then the words are meant.
            if (!files?.length || event.clipboardData?.getData('text/plain')) return
            event.preventDefault()
            attach(files)
          }}
          onInput={(event) =>
            patch(noting() ? { note: event.currentTarget.value } : { text: event.currentTarget.value })
          }
        />
        <Show when={!noting() && draft().attachments.length + uploads.uploading().length > 0}>
          <Attachments
            files={draft().attachments}
            uploading={uploads.uploading()}
            maxBytes={limits().all}
            wrong={(place) => failed()?.fields.get(`attachments.${place}`)}
            onRemove={remove}
            onCancel={uploads.remove}
          />
        </Show>
        <Show when={!noting() && proposed()?.quoted}>
          {(quoted) => <ComposerQuote quoted={quoted()} isIn={draft().quote} onIsIn={(quote) => patch({ quote })} />}
        </Show>
        <Show when={stopped()}>
          {(found) => (
            <Crossed
              by={found().by}
              busy={busy()}
              onLook={() => void look(found().by)}
              onSend={() => {
                const { by, status } = found()
                patch({ seen: by.newest })
                void send(status)
              }}
            />
          )}
        </Show>
        <Show when={failed()}>
          {(error) => (
            <Notice tone="bad">
              <strong>This is not sent.</strong> {error().message}
            </Notice>
          )}
        </Show>
        <ComposerFoot
          noting={noting()}
          busy={busy()}
          state={saved() ? 'Draft kept in this browser' : ''}
          maxBytes={limits().all}
          onFiles={attach}
          onSend={(status) => void send(status)}
        />
      </div>
    </section>
  )
}
