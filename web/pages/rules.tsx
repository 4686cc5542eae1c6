import { createSignal, For, Show } from 'solid-js'
import { api, call, type Rule, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Icon } from '../components/icon.tsx'
import { type Draft, RuleDialog } from '../components/rule-dialog.tsx'
import { Bones, Empty, Loaded } from '../components/states.tsx'
import { ago, count } from '../format.ts'
import { useRules } from '../queries.ts'
import { client } from '../query-client.ts'
import { ruleWords, useNames } from '../rule-words.ts'
import { complain, say } from '../toasts.ts'

/** Does something and shows how it is now. */
async function act(work: () => Promise<unknown>, done: string, undo?: () => void): Promise<void> {
  try {
    await work()
    say(done, undo)
  } catch (error) {
    complain(wordsOf(error))
  }
  void client.invalidateQueries({ queryKey: ['rules'] })
}

const inputOf = ({ name, active, trigger, match, conditions, acts, stops }: Rule): Draft => ({
  name,
  active,
  trigger,
  match,
  conditions,
  acts,
  stops,
})
const put = (id: string, draft: Draft) => call(api.rules[':id'].$put({ param: { id }, json: draft }))

/** What happens by itself, in its order. */
export default function Rules() {
  const rules = useRules()
  const [editing, setEditing] = createSignal<{ id: string; draft: Draft; isNew: boolean }>()
  const add = () =>
    setEditing({
      id: crypto.randomUUID(),
      isNew: true,
      draft: {
        name: '',
        active: false,
        trigger: 'mail',
        match: 'all',
        conditions: [{ field: 'subject', test: 'contains', value: '' }],
        acts: [],
        stops: false,
      },
    })
  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>Rules</h1>
          <p>
            What happens by itself when an email arrives or somebody changes an issue. They are looked at from top to
            bottom.
          </p>
        </div>
        <button type="button" class="btn primary" onClick={add}>
          <Icon name="plus" />
          New rule
        </button>
      </div>
      <Loaded query={rules} what="The rules" loading={<Bones rows={4} height={64} />}>
        {(found) => (
          <Show
            when={found().length > 0}
            fallback={
              <Empty icon="robot" title="No rules yet">
                A rule can give every email from a customer to the team that knows them. Try it on past email before it
                is switched on.
              </Empty>
            }
          >
            <ol class="rules">
              <For each={found()}>
                {(rule, index) => (
                  <Line
                    rule={rule}
                    rules={found()}
                    index={index()}
                    onEdit={() => setEditing({ id: rule.id, draft: inputOf(rule), isNew: false })}
                  />
                )}
              </For>
            </ol>
          </Show>
        )}
      </Loaded>
      <Show when={editing()} keyed>
        {(edited) => (
          <RuleDialog
            id={edited.id}
            draft={edited.draft}
            isNew={edited.isNew}
            onClose={() => setEditing(undefined)}
            onSave={async (draft) => {
              await put(edited.id, draft)
              setEditing(undefined)
              say('Saved.')
              void client.invalidateQueries({ queryKey: ['rules'] })
            }}
          />
        )}
      </Show>
    </div>
  )
}

function Line(props: { rule: Rule; rules: Rule[]; index: number; onEdit: () => void }) {
  const now = useNow(60_000)
  const names = useNames()
  const move = (by: number) => {
    const ids = props.rules.map(({ id }) => id)
    const [id = ''] = ids.splice(props.index, 1)
    ids.splice(props.index + by, 0, id)
    void act(() => call(api.rules.order.$post({ json: { ids } })), 'Moved.')
  }
  const toggle = (active: boolean) => {
    const to = (active: boolean) => () =>
      call(api.rules[':id'].$patch({ param: { id: props.rule.id }, json: { active } }))
    void act(to(active), active ? 'Switched on.' : 'Switched off.', () => void act(to(!active), 'Undone.'))
  }
  const remove = () => {
    const { rule } = props
    void act(
      () => call(api.rules[':id'].$delete({ param: { id: rule.id } })),
      `Removed ${rule.name}.`,
      () => void act(() => put(rule.id, inputOf(rule)), 'Back again, at the end.'),
    )
  }
  return (
    <li classList={{ off: !props.rule.active }}>
      <label class="check">
        <input
          type="checkbox"
          checked={props.rule.active}
          aria-label={`${props.rule.name} is switched on`}
          onChange={(event) => toggle(event.currentTarget.checked)}
        />
      </label>
      <div class="what">
        <strong>{props.rule.name}</strong>
        <span>{ruleWords(props.rule, names())}</span>
        <small>
          {props.rule.firedAt === null
            ? 'Has not fired yet'
            : `Fired ${count(props.rule.fired)} times, last ${ago(props.rule.firedAt, now())}`}
        </small>
      </div>
      <div class="buttons">
        <button
          type="button"
          class="btn ghost square"
          aria-label={`Move ${props.rule.name} up`}
          disabled={props.index === 0}
          onClick={() => move(-1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="btn ghost square"
          aria-label={`Move ${props.rule.name} down`}
          disabled={props.index === props.rules.length - 1}
          onClick={() => move(1)}
        >
          <Icon name="down" />
        </button>
        <button type="button" class="btn ghost" onClick={() => props.onEdit()}>
          Change
        </button>
        <button type="button" class="btn ghost square" aria-label={`Remove ${props.rule.name}`} onClick={remove}>
          <Icon name="trash" />
        </button>
      </div>
    </li>
  )
}
