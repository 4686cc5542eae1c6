import { createSignal, For, Show } from 'solid-js'
import { createStore, produce, unwrap } from 'solid-js/store'
import {
  CHOSEN_STATUSES,
  RULE_FIELDS,
  RULE_TRIGGERS,
  type RuleField,
  type RuleTrigger,
  WRITERS,
} from '../../db/vocabulary.ts'
import { api, call, type DryRun, type Rule, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { count, plural, shortTime } from '../format.ts'
import { dataOf, useDirectory, useMailboxes, useTags } from '../queries.ts'
import { FIELD_WORDS, OF_CHANGES, TEST_WORDS, TESTS, TRIGGER_WORDS, WRITER_WORDS } from '../rule-words.ts'
import { complain } from '../toasts.ts'
import { STATUS_WORDS } from '../words.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { ShownOnce } from './shown-once.tsx'
import { Notice } from './states.tsx'

export type Draft = Pick<Rule, 'name' | 'active' | 'trigger' | 'match' | 'conditions' | 'acts' | 'stops'>
type Condition = Draft['conditions'][number]
type Act = Draft['acts'][number]
type Choice = { value: string; words: string }

const ACT_WORDS: Record<Act['do'], string> = {
  assign: 'Assign it to',
  tag: 'Tag it',
  status: 'Set its status to',
  notify: 'Tell',
  follow: 'Let follow',
  webhook: 'Call a webhook',
}

/** Makes a rule or changes one, and tries it on what came in before. */
export function RuleDialog(props: {
  id: string
  draft: Draft
  isNew: boolean
  onClose: () => void
  onSave: (draft: Draft) => Promise<void>
}) {
  const [draft, setDraft] = createStore<Draft>(structuredClone(unwrap(props.draft)))
  const [wrong, setWrong] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [tried, setTried] = createSignal<DryRun>()
  const [secret, setSecret] = createSignal('')
  const change = (how: (draft: Draft) => void) => {
    setTried(undefined)
    setDraft(produce(how))
  }
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setWrong('')
    try {
      await work()
    } catch (error) {
      setWrong(wordsOf(error))
    }
    setBusy(false)
  }
  const tryIt = () =>
    run(async () => {
      const { trigger, match, conditions } = structuredClone(unwrap(draft))
      setTried(await call(api.rules['dry-run'].$post({ json: { trigger, match, conditions } })))
    })
  const hasWebhook = () => draft.acts.some((act) => act.do === 'webhook')
  const newSecret = async () => {
    try {
      setSecret((await call(api.rules[':id'].secret.$post({ param: { id: props.id } }))).secret)
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  return (
    <Dialog label={props.isNew ? 'New rule' : 'Change the rule'} titled class="sheet rule" onClose={props.onClose}>
      <form
        class="body"
        onSubmit={(event) => {
          event.preventDefault()
          void run(() => props.onSave(structuredClone(unwrap(draft))))
        }}
      >
        <Show when={wrong()}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <Field label="Name" help="It stands in the timeline of each issue that it fires for.">
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              required
              maxLength={100}
              value={draft.name}
              onInput={(event) => setDraft('name', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="When">
          {(attributes) => (
            <select
              {...attributes}
              class="input"
              onChange={(event) => {
                // The cast: the options are RULE_TRIGGERS.
                const trigger = event.currentTarget.value as RuleTrigger
                change((rule) => {
                  rule.trigger = trigger
                  if (trigger === 'change')
                    rule.conditions = rule.conditions.filter(({ field }) => OF_CHANGES.includes(field))
                })
              }}
            >
              <For each={RULE_TRIGGERS}>
                {(trigger) => (
                  <option value={trigger} selected={trigger === draft.trigger}>
                    {TRIGGER_WORDS[trigger]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <section class="rule-part" aria-label="Conditions">
          <div class="line">
            <strong>If</strong>
            <select
              class="input"
              aria-label="How many conditions must hold"
              onChange={(event) => {
                const match = event.currentTarget.value === 'any' ? 'any' : 'all'
                change((rule) => {
                  rule.match = match
                })
              }}
            >
              <option value="all" selected={draft.match === 'all'}>
                all of these hold
              </option>
              <option value="any" selected={draft.match === 'any'}>
                one of these holds
              </option>
            </select>
          </div>
          <For each={draft.conditions}>
            {(condition, index) => (
              <ConditionLine
                condition={condition}
                trigger={draft.trigger}
                onChange={(to) => change((rule) => rule.conditions.splice(index(), 1, to))}
                onRemove={() => change((rule) => rule.conditions.splice(index(), 1))}
              />
            )}
          </For>
          <div class="line">
            <button
              type="button"
              class="btn"
              onClick={() => change((rule) => rule.conditions.push({ field: 'subject', test: 'contains', value: '' }))}
            >
              <Icon name="plus" />
              Condition
            </button>
          </div>
        </section>
        <section class="rule-part" aria-label="What is done">
          <strong>Then</strong>
          <For each={draft.acts}>
            {(act, index) => (
              <ActLine
                act={act}
                onChange={(to) => change((rule) => rule.acts.splice(index(), 1, to))}
                onRemove={() => change((rule) => rule.acts.splice(index(), 1))}
              />
            )}
          </For>
          <AddAct onAdd={(act) => change((rule) => rule.acts.push(act))} />
          <Show when={hasWebhook() && !props.isNew}>
            <div class="line">
              <button type="button" class="btn" onClick={() => void newSecret()}>
                <Icon name="key" />
                New secret for the signature
              </button>
            </div>
            <Show when={secret()}>{(words) => <ShownOnce label="Secret" value={words()} />}</Show>
          </Show>
          <label class="check">
            <input
              type="checkbox"
              checked={draft.stops}
              onChange={(event) => setDraft('stops', event.currentTarget.checked)}
            />
            <span>
              Stop here
              <small>The rules below are not looked at where this one fires.</small>
            </span>
          </label>
        </section>
        <section class="rule-part" aria-label="Try it" aria-live="polite">
          <div class="line">
            <button type="button" class="btn" disabled={busy()} onClick={() => void tryIt()}>
              <Icon name="search" />
              {draft.trigger === 'mail' ? 'Try on past email' : 'Try on issues'}
            </button>
            <span class="hint">Nothing is done.</span>
          </div>
          <Show when={tried()}>{(found) => <Tried found={found()} ofMail={draft.trigger === 'mail'} />}</Show>
        </section>
        <div class="foot">
          <label class="check">
            <input
              type="checkbox"
              checked={draft.active}
              onChange={(event) => setDraft('active', event.currentTarget.checked)}
            />
            <span>Switched on</span>
          </label>
          <button type="submit" class="btn primary" disabled={busy()}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Tried(props: { found: DryRun; ofMail: boolean }) {
  const now = useNow(60_000)
  return (
    <>
      <p>
        It would have fired for {count(props.found.matched)} of the newest{' '}
        {plural(props.found.lookedAt, props.ofMail ? 'email' : 'issue')}.
      </p>
      <ul class="tried">
        <For each={props.found.issues}>
          {(issue) => (
            <li>
              <a href={`/issues/${issue.id}`} target="_blank" rel="noopener">
                #{issue.number} {issue.subject || 'Without a subject'}
              </a>
              <span class="ellipsis">{issue.sender}</span>
              <time class="num">{shortTime(issue.at, now())}</time>
            </li>
          )}
        </For>
      </ul>
    </>
  )
}

function ConditionLine(props: {
  condition: Condition
  trigger: RuleTrigger
  onChange: (to: Condition) => void
  onRemove: () => void
}) {
  const [tags, mailboxes] = [useTags(), useMailboxes()]
  const fields = () => RULE_FIELDS.filter((field) => props.trigger === 'mail' || OF_CHANGES.includes(field))
  const choices = (): Choice[] | null => {
    switch (props.condition.field) {
      case 'tag':
        return (dataOf(tags) ?? []).map(({ id, name }) => ({ value: id, words: name }))
      case 'mailbox':
        return (dataOf(mailboxes) ?? []).map(({ id, name }) => ({ value: id, words: name }))
      case 'status':
        return CHOSEN_STATUSES.map((status) => ({ value: status, words: STATUS_WORDS[status] }))
      case 'writer':
        return WRITERS.map((writer) => ({ value: writer, words: WRITER_WORDS[writer] }))
      default:
        return null
    }
  }
  const set = (some: Partial<Condition>) => props.onChange({ ...props.condition, ...some })
  return (
    <div class="line">
      <select
        class="input"
        aria-label="What is looked at"
        onChange={(event) => {
          // The cast: the options are RULE_FIELDS.
          const field = event.currentTarget.value as RuleField
          props.onChange({ field, test: TESTS[field][0]!, value: '', ...(field === 'header' ? { header: '' } : {}) })
        }}
      >
        <For each={fields()}>
          {(field) => (
            <option value={field} selected={field === props.condition.field}>
              {FIELD_WORDS[field]}
            </option>
          )}
        </For>
      </select>
      <Show when={props.condition.field === 'header'}>
        <input
          class="input"
          aria-label="Name of the header field"
          placeholder="X-Priority"
          value={props.condition.header ?? ''}
          onChange={(event) => set({ header: event.currentTarget.value.trim() })}
        />
      </Show>
      <select
        class="input"
        aria-label="How it is compared"
        onChange={(event) => {
          const test = TESTS[props.condition.field].find((one) => one === event.currentTarget.value)
          if (test) set({ test })
        }}
      >
        <For each={TESTS[props.condition.field]}>
          {(test) => (
            <option value={test} selected={test === props.condition.test}>
              {TEST_WORDS[test]}
            </option>
          )}
        </For>
      </select>
      <Show
        when={choices()}
        fallback={
          <input
            class="input grow"
            aria-label="With what"
            required
            maxLength={500}
            inputmode={props.condition.field === 'size' ? 'numeric' : undefined}
            value={props.condition.value}
            onChange={(event) => set({ value: event.currentTarget.value })}
          />
        }
      >
        {(found) => (
          <select
            class="input grow"
            aria-label="With what"
            required
            onChange={(event) => set({ value: event.currentTarget.value })}
          >
            <option value="">Choose</option>
            <For each={found()}>
              {({ value, words }) => (
                <option value={value} selected={value === props.condition.value}>
                  {words}
                </option>
              )}
            </For>
          </select>
        )}
      </Show>
      <button type="button" class="btn ghost square" aria-label="Remove the condition" onClick={() => props.onRemove()}>
        <Icon name="close" />
      </button>
    </div>
  )
}

function AddAct(props: { onAdd: (act: Act) => void }) {
  const fresh = (kind: string): Act | null => {
    if (kind === 'assign' || kind === 'notify') return { do: kind, memberId: null, teamId: null }
    if (kind === 'tag') return { do: 'tag', tagId: '' }
    if (kind === 'status') return { do: 'status', status: 'open' }
    if (kind === 'follow') return { do: 'follow', memberId: '' }
    return kind === 'webhook' ? { do: 'webhook', url: '' } : null
  }
  return (
    <div class="line">
      <select
        class="input"
        aria-label="Add what is done"
        onChange={(event) => {
          const act = fresh(event.currentTarget.value)
          event.currentTarget.value = ''
          if (act) props.onAdd(act)
        }}
      >
        <option value="">Add what is done</option>
        <For each={Object.entries(ACT_WORDS)}>{([kind, words]) => <option value={kind}>{words}</option>}</For>
      </select>
    </div>
  )
}

function ActLine(props: { act: Act; onChange: (to: Act) => void; onRemove: () => void }) {
  const directory = useDirectory()
  const tags = useTags()
  const members = (): Choice[] => directory.active().map(({ id, name }) => ({ value: `m:${id}`, words: name }))
  const teams = (): Choice[] => directory.teams().map(({ id, name }) => ({ value: `t:${id}`, words: name }))
  const choices = (): Choice[] => {
    if (props.act.do === 'tag') return (dataOf(tags) ?? []).map(({ id, name }) => ({ value: id, words: name }))
    if (props.act.do === 'status')
      return CHOSEN_STATUSES.map((status) => ({ value: status, words: STATUS_WORDS[status] }))
    return props.act.do === 'follow' ? members() : [...teams(), ...members()]
  }
  const chosen = (): string => {
    const { act } = props
    if (act.do === 'tag') return act.tagId
    if (act.do === 'status') return act.status
    if (act.do === 'follow') return `m:${act.memberId}`
    if (act.do === 'webhook') return act.url
    return act.memberId ? `m:${act.memberId}` : `t:${act.teamId}`
  }
  const choose = (value: string) => {
    const { act } = props
    const id = value.slice(2)
    if (act.do === 'tag') props.onChange({ do: 'tag', tagId: value })
    else if (act.do === 'status') {
      const status = CHOSEN_STATUSES.find((one) => one === value)
      if (status) props.onChange({ do: 'status', status })
    } else if (act.do === 'follow') props.onChange({ do: 'follow', memberId: id })
    else if (act.do !== 'webhook')
      props.onChange({
        do: act.do,
        memberId: value.startsWith('m:') ? id : null,
        teamId: value.startsWith('t:') ? id : null,
      })
  }
  return (
    <div class="line">
      <span>{ACT_WORDS[props.act.do]}</span>
      <Show
        when={props.act.do === 'webhook'}
        fallback={
          <select
            class="input grow"
            aria-label={ACT_WORDS[props.act.do]}
            required
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">Choose</option>
            <For each={choices()}>
              {({ value, words }) => (
                <option value={value} selected={value === chosen()}>
                  {words}
                </option>
              )}
            </For>
          </select>
        }
      >
        <input
          class="input grow"
          type="url"
          aria-label="Address of the webhook"
          placeholder="https://example.org/hook"
          required
          value={chosen()}
          onChange={(event) => props.onChange({ do: 'webhook', url: event.currentTarget.value })}
        />
      </Show>
      <button type="button" class="btn ghost square" aria-label="Remove what is done" onClick={() => props.onRemove()}>
        <Icon name="close" />
      </button>
    </div>
  )
}
