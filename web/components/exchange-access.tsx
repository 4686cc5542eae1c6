import { createSignal, For, Show } from 'solid-js'
import { RIGHTS, type Right, type Row, type Wish, withDelegate } from '../exchange-wanted.ts'
import { plural } from '../format.ts'
import { Avatar } from './avatar.tsx'
import { ExchangePeople } from './exchange-people.tsx'
import { Icon } from './icon.tsx'

const TITLES: Record<Right, string> = { FullAccess: 'Full access', SendAs: 'Send as', SendOnBehalf: 'On behalf' }

/** Who can use the mailbox and what is wanted of it, edited where it stands. */
export function ExchangeAccess(props: {
  rows: Row[]
  wish: Wish
  onWish: (wish: Wish) => void
  canEdit: boolean
  onAsk: (user: string) => void
}) {
  const [adding, setAdding] = createSignal(false)
  const changed = () => props.rows.filter(({ isChanged }) => isChanged).length
  const toggle = (row: Row, right: Right, on: boolean) => {
    const rights = on ? [...row.rights, right] : row.rights.filter((one) => one !== right)
    props.onWish(withDelegate(props.wish, row, { rights }))
  }
  return (
    <section class="section" aria-labelledby="exchange-access">
      <div class="exchange-title">
        <h2 id="exchange-access">Who can use it</h2>
        <Show when={changed() > 0}>
          <span class="chip warn">{plural(changed(), 'person', 'people')} to be changed</span>
        </Show>
        <Show when={props.canEdit}>
          <button type="button" class="btn" onClick={() => setAdding(true)}>
            <Icon name="assign" />
            Add delegates
          </button>
        </Show>
      </div>
      <Show
        when={props.rows.length > 0}
        fallback={<p class="hint">Nobody but the mailbox itself. Add the people who are to open it.</p>}
      >
        <div class="exchange-wide">
          <table class="table exchange-table">
            <thead>
              <tr>
                <th scope="col">Person</th>
                <For each={RIGHTS}>
                  {(right) => (
                    <th scope="col" class="tick">
                      {TITLES[right]}
                    </th>
                  )}
                </For>
                <th scope="col">Appears by itself</th>
                <th scope="col">
                  <span class="sr">Doctor</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.rows}>
                {(row) => (
                  <tr classList={{ added: row.was.length === 0, taken: row.rights.length === 0 }}>
                    <td>
                      <span class="who">
                        <Avatar name={row.name} of={row.user} size="large" team={row.isGroup} />
                        <span>
                          {row.name}
                          <small>{detailOf(row)}</small>
                        </span>
                      </span>
                    </td>
                    <For each={RIGHTS}>
                      {(right) => (
                        <td class="tick">
                          <input
                            type="checkbox"
                            aria-label={`${TITLES[right]} for ${row.name}`}
                            checked={row.rights.includes(right)}
                            disabled={!props.canEdit || row.kind === 'gone' || row.kind === 'program'}
                            onChange={(event) => toggle(row, right, event.currentTarget.checked)}
                          />
                        </td>
                      )}
                    </For>
                    <td>
                      <Mapping
                        row={row}
                        canEdit={props.canEdit}
                        onChoose={(autoMapping) => props.onWish(withDelegate(props.wish, row, { autoMapping }))}
                      />
                    </td>
                    <td class="end">
                      <Show when={row.kind === 'person'}>
                        <button
                          type="button"
                          class="btn ghost square"
                          aria-label={`Why does ${row.name} not see it?`}
                          data-tip={`Why does ${row.name} not see it?`}
                          onClick={() => props.onAsk(row.user)}
                        >
                          <Icon name="doctor" />
                        </button>
                      </Show>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <Show when={adding()}>
        <ExchangePeople wish={props.wish} onWish={props.onWish} onClose={() => setAdding(false)} />
      </Show>
    </section>
  )
}

function detailOf({ kind, user, name, denied, was, rights }: Row): string {
  const what =
    kind === 'group'
      ? `${user}, group`
      : kind === 'program'
        ? 'a program, let in by the organisation'
        : kind === 'gone'
          ? 'an account that is gone'
          : user === name
            ? kind === 'new'
              ? 'to be added'
              : 'not found in the directory'
            : user
  return `${what}${denied ? ', also kept out by a Deny entry' : ''}${was.length > 0 && rights.length === 0 ? ', to be removed' : ''}`
}

/** Whether the mailbox opens in Outlook by itself: what is known, where that comes from, and what is wanted. */
function Mapping(props: { row: Row; canEdit: boolean; onChoose: (on: boolean) => void }) {
  const state = () => props.row.mapping.state
  const chosen = () =>
    props.row.autoMapping === undefined
      ? state() === 'unknown'
        ? props.row.kind === 'new'
          ? 'on'
          : ''
        : state()
      : props.row.autoMapping
        ? 'on'
        : 'off'
  const isNever = () => props.row.isGroup || ['program', 'gone'].includes(props.row.kind)
  return (
    <Show when={!isNever()} fallback={<span class="chip">never</span>}>
      <Show when={props.row.rights.includes('FullAccess')} fallback={<span class="hint">needs full access</span>}>
        <select
          class={`input mapping ${chosen()}`}
          aria-label={`Appears by itself for ${props.row.name}`}
          disabled={!props.canEdit}
          value={chosen()}
          onChange={(event) => {
            if (event.currentTarget.value) props.onChoose(event.currentTarget.value === 'on')
          }}
        >
          <Show when={state() === 'unknown' && props.row.kind !== 'new'}>
            <option value="">not known</option>
          </Show>
          <option value="on">on</option>
          <option value="off">off</option>
        </select>
        <Show when={props.row.kind !== 'new'}>
          <small class="evidence">{evidenceOf(props.row.mapping)}</small>
        </Show>
      </Show>
    </Show>
  )
}

const SOURCES: Record<string, string> = {
  ad: 'the directory says so',
  'autodiscover-soap': 'Autodiscover says so',
  'autodiscover-pox': 'Autodiscover says so',
  'pasted-xml': 'as pasted',
  ledger: 'as we set it',
}
const evidenceOf = ({ source }: Row['mapping']) => SOURCES[source] ?? 'no evidence'
