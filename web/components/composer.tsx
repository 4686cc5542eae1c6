import { createEffect, createSignal, createUniqueId, on, onCleanup, Show } from 'solid-js'
import { createAnswering } from '../answering.ts'
import { api, type Crossed as Crossing, call } from '../api.ts'
import { createAttaching } from '../attaching.ts'
import { discardDraft } from '../discard-draft.ts'
import { createNews } from '../draft-news.ts'
import { createSaving, type Elsewhere } from '../draft-saving.ts'
import { type Draft, isEmpty, isMailEmpty, NEW, showDraft } from '../drafts.ts'
import { listed } from '../format.ts'
import { bindCommands } from '../keys.ts'
import { takeFilesAlong, turned } from '../passing-on.ts'
import { dataOf, issueKey, useSession } from '../queries.ts'
import { client } from '../query-client.ts'
import { nameOf } from '../recipients.ts'
import { createSending } from '../sending-draft.ts'
import { createSigning } from '../signing.ts'
import { complain } from '../toasts.ts'
import { createUploads } from '../uploads.ts'
import { Attachments } from './attachments.tsx'
import { type BodyHandle, ComposerBody } from './composer-body.tsx'
import { createDrop } from './composer-drop.ts'
import { ComposerFoot } from './composer-foot.tsx'
import { ComposerHead } from './composer-head.tsx'
import { ComposerNotices } from './composer-notices.tsx'
import { ComposerQuote } from './composer-quote.tsx'
import { ComposerSignature } from './composer-signature.tsx'
import { ComposerTabs } from './composer-tabs.tsx'
import { ComposerTarget } from './composer-target.tsx'
import { ComposerTools } from './composer-tools.tsx'
import { Icon } from './icon.tsx'
import type { Inserted } from './saved-reply-picker.tsx'

/** What words say about how far they have come. */
const SAVED_WORDS = {
  nothing: '',
  changed: 'Saving',
  server: 'Draft saved',
  browser: 'Draft kept in this browser: the server does not answer',
} as const

/** Where an answer, a mail that is passed on, a new mail or a note is written, and saved as it is. */
export function Composer(props: {
  /** None: a new mail. */
  issueId: string | null
  /** The newest event that the timeline above shows. */
  newest?: string | undefined
  /** How often it was asked for: each time the field takes the focus. */
  asked: number
  draft: Draft
  onDraft: (draft: Draft) => void
  /** Sent or put away; `done` where the issue is finished with it. */
  onClose: (sent?: 'waiting' | 'done', issueId?: string) => void
}) {
  const id = createUniqueId()
  const { issueId } = props
  const draft = () => props.draft
  const patch = (to: Partial<Draft>) => props.onDraft({ ...draft(), ...to })
  const [elsewhere, setElsewhere] = createSignal<Elsewhere>()
  const [inserting, setInserting] = createSignal<Element>()
  const noting = () => draft().kind === 'note'
  const isBlank = () => (noting() ? !draft().note.trim() : isMailEmpty(draft()))
  let body: BodyHandle | undefined
  let self!: HTMLElement
  const session = useSession()
  const focus = () => body?.focus()

  const answering = createAnswering(issueId, draft)
  const { proposed, senders, from, mailbox, recipients, language, twoWays, limits } = answering

  createEffect(
    on(
      () => props.asked,
      (times) => times > 0 && queueMicrotask(focus),
    ),
  )
  createEffect(
    on(
      () => draft().kind,
      // With the arrows one goes along the tabs, and stays there.
      () => document.activeElement?.getAttribute('role') !== 'tab' && queueMicrotask(focus),
      { defer: true },
    ),
  )

  const saving = createSaving({ issueId, mailboxId: () => mailbox()?.mailboxId ?? null }, (it) => {
    if (it.draft) setElsewhere(it)
    else {
      complain(it.message)
      if (!isGone) props.onClose()
    }
  })
  // The last of it, for when the composer goes, as with the issue: by then its props are not there.
  let latest = props.draft
  let isGone = false
  const contentKey = ({ version, savedAt, shown, seen, ...content }: Draft) => JSON.stringify(content)
  let before = contentKey(props.draft)
  createEffect(
    on(draft, (now) => {
      latest = now
      const key = contentKey(now)
      if (key === before) return
      before = key
      saving.change(now)
    }),
  )
  // What never got to the server is on its way as soon as it is seen again.
  if (props.draft.version === 0 && !isEmpty(props.draft)) saving.change(props.draft)
  onCleanup(() => {
    isGone = true
    void saving.leave()
  })

  const { news, clear } = createNews({ issueId, newest: () => props.newest, draft, patch, isGone: () => isGone })
  const signing = createSigning(issueId, answering, draft)
  const handing = createSending({
    issueId,
    draft,
    onDraft: (next) => props.onDraft(next),
    answering,
    saving,
    signature: signing.known,
    isGone: () => isGone,
    onSent: clear,
    onClose: (sent, newIssue) => props.onClose(sent, newIssue),
  })
  const { busy, failed, stopped } = handing
  const uploads = createUploads((file) => {
    if (!isGone) patch({ attachments: [...draft().attachments, file] })
    else {
      // It was put away, or another issue is open: the file goes to the draft all the same.
      latest = { ...latest, attachments: [...latest.attachments, file], version: saving.version() }
      showDraft(issueId ?? NEW, latest, false)
      saving.change(latest)
    }
  })
  const { attach, remove } = createAttaching({
    uploads,
    draft,
    patch,
    maxBytes: () => limits().file,
    show: ({ id, filename }) => {
      if (isGone || draft().plain || noting()) return false
      body?.insertPicture(`/api/uploads/${id}`, filename.replace(/\.[^.]*$/, ''))
      return true
    },
    focus: () => focus(),
  })
  const drop = createDrop(
    () => self,
    (files, event) => {
      // The cast: what is dropped on is an element.
      const onText = (event.target as Element | null)?.closest?.('.rich-text') != null
      attach(files, onText)
    },
  )

  takeFilesAlong({ draft, patch, messageId: () => proposed()?.messageId, isGone: () => isGone })
  const insert = ({ html, text, missing, attachments }: Inserted) => {
    if (attachments.length > 0) patch({ attachments: [...draft().attachments, ...attachments] })
    if (draft().plain) patch({ text: draft().text.trim() ? `${draft().text.trimEnd()}\n\n${text}` : text })
    else body?.insertHtml(html)
    if (missing.length > 0) complain(`Fill in before you send: ${listed(missing)}.`)
  }
  const remember = (plain: boolean) => {
    void call(api.session.writing.$put({ json: { plain } })).then(
      (signedIn) => client.setQueryData(['session'], signedIn),
      () => {},
    )
    queueMicrotask(focus)
  }

  const send = async (status: 'waiting' | 'done', sendAt?: number) => {
    if (busy()) return
    if (!noting() && uploads.uploading().length > 0) {
      const isUp = uploads.uploading().every(({ problem }) => problem !== null)
      complain(isUp ? 'A file could not be attached. Remove it first.' : 'Wait until the files are up, or cancel them.')
      return
    }
    // A mail that is passed on speaks for itself.
    if (isBlank() && draft().kind !== 'forward') {
      complain('Write something first.')
      focus()
      return
    }
    await handing.send(status, sendAt)
  }
  /** What came in was shown: it stops this answer no more. */
  const look = async ({ arrived, newest }: Crossing) => {
    handing.letGo()
    clear()
    patch({ seen: newest })
    if (issueId) await client.invalidateQueries({ queryKey: issueKey(issueId) })
    const first = arrived[0]
    const entry = first && document.getElementById(`${first.kind === 'note' ? 'note' : 'message'}-${first.id}`)
    entry?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }
  const close = () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    props.onClose()
  }
  const discard = async () => {
    const now = draft()
    await saving.flush()
    const wasKept = saving.version() > 0
    await saving.settle()
    props.onClose()
    if (wasKept) await discardDraft(issueId ?? NEW, now)
  }
  bindCommands({
    send: () => self.contains(document.activeElement) && void send('waiting'),
    sendDone: () => self.contains(document.activeElement) && void send(noting() ? 'waiting' : 'done'),
    back: close,
    savedReply: () => {
      const at = self.querySelector('[data-command="savedReply"]')
      if (at) setInserting(at)
    },
  })
  const label = () => {
    if (noting()) return 'Note'
    if (draft().kind === 'new') return 'New email'
    if (draft().kind === 'forward') return 'Comment above the email'
    return `Reply to ${recipients().to.map(nameOf).join(', ')}`
  }
  const placeholder = () => {
    if (noting()) return 'What should the team know?'
    return draft().kind === 'reply'
      ? 'Write your answer'
      : draft().kind === 'new'
        ? 'Write your email'
        : 'Write a comment'
  }

  return (
    <section
      ref={self}
      class="composer"
      classList={{ noting: noting(), dragged: drop.isOver() }}
      aria-label={noting() ? 'Note' : draft().kind === 'reply' ? 'Reply' : label()}
      onDragOver={drop.onDragOver}
      onDragLeave={drop.onDragLeave}
      onDrop={drop.onDrop}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        // It closes what floats, and that alone.
        if (event.target instanceof Element && event.target.closest('[popover]')) return
        event.preventDefault()
        close()
      }}
    >
      <Show when={issueId !== null}>
        <ComposerTabs
          id={id}
          kind={draft().kind}
          onKind={(kind, byKey) => {
            props.onDraft(turned(draft(), kind))
            if (!byKey) queueMicrotask(focus)
          }}
        >
          <Show when={twoWays()}>
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
      </Show>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is always there, and both kinds may be named. */}
      <div
        id={`${id}-panel`}
        role={issueId === null ? 'group' : 'tabpanel'}
        aria-label={issueId === null ? label() : undefined}
        aria-labelledby={issueId === null ? undefined : `${id}-${draft().kind}`}
      >
        <Show when={!noting() && proposed()?.answered}>
          {(answered) => <ComposerTarget kind={draft().kind} messageId={proposed()?.messageId ?? ''} {...answered()} />}
        </Show>
        <Show when={!noting()} fallback={<p class="from">Only the team sees a note. It never leaves Downfield.</p>}>
          <ComposerHead
            senders={senders()}
            from={from()}
            onFrom={(address) => patch({ from: address })}
            recipients={recipients()}
            onRecipients={(to) => patch({ recipients: to })}
            subject={draft().subject}
            onSubject={issueId === null ? (subject) => patch({ subject }) : undefined}
            wrong={(name) => failed()?.fields.get(name)}
          />
        </Show>
        <ComposerBody
          draft={draft()}
          label={label()}
          placeholder={placeholder()}
          busy={busy()}
          onPatch={patch}
          onPlain={remember}
          onFiles={attach}
          onSlash={setInserting}
          ref={(handle) => {
            body = handle
          }}
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
        <Show when={!noting()}>
          <ComposerSignature
            html={signing.signature()}
            kept={signing.kept()}
            language={language()}
            languages={signing.languages()}
            readonly={busy()}
            onHtml={(signature) => patch({ signature })}
            onLanguage={(chosen) => patch({ language: chosen, signature: null })}
          />
        </Show>
        <Show when={draft().kind === 'reply' && proposed()?.quoted}>
          {(quoted) => <ComposerQuote quoted={quoted()} isIn={draft().quote} onIsIn={(quote) => patch({ quote })} />}
        </Show>
        <Show when={draft().kind === 'forward' && proposed()?.passedOn}>
          {(passedOn) => <ComposerQuote quoted={passedOn()} isIn />}
        </Show>
        <ComposerNotices
          news={noting() ? undefined : news()}
          stopped={stopped()?.by}
          elsewhere={elsewhere()}
          failed={failed()}
          busy={busy()}
          onLook={(by) => void look(by)}
          onGoOn={(by) => {
            patch({ seen: by.newest })
            clear()
          }}
          onSend={(by) => {
            patch({ seen: by.newest })
            void send(stopped()?.status ?? 'waiting', stopped()?.sendAt ?? undefined)
          }}
          onTake={(other) => {
            saving.goOn(other)
            before = contentKey(other)
            props.onDraft({ ...other, shown: (draft().shown ?? 0) + 1 })
            setElsewhere(undefined)
          }}
          onKeep={(other) => {
            saving.goOn(other)
            setElsewhere(undefined)
            saving.change(draft())
          }}
        />
        <ComposerFoot
          noting={noting()}
          busy={busy()}
          state={
            isEmpty(draft())
              ? ''
              : SAVED_WORDS[saving.saved() === 'nothing' && draft().version > 0 ? 'server' : saving.saved()]
          }
          maxBytes={limits().all}
          onFiles={attach}
          onSend={(status, sendAt) => void send(status, sendAt)}
        >
          <ComposerTools
            issueId={issueId}
            mailboxId={mailbox()?.mailboxId ?? null}
            language={language()}
            draft={draft()}
            mayHandOver={issueId !== null && (dataOf(session)?.rights.includes('reply') ?? false)}
            inserting={inserting()}
            onInserting={setInserting}
            onInsert={insert}
            onRemindAfter={(remindAfterMs) => patch({ remindAfterMs })}
            save={() => saving.flush()}
            onGiven={() => {
              void saving.settle()
              props.onClose()
            }}
            onDiscard={() => void discard()}
          />
        </ComposerFoot>
      </div>
    </section>
  )
}
