import { createSignal, For, Show } from 'solid-js'
import { COMPETITOR_ROLES, PROPOSAL_ROLES, type ProposalRole } from '../../db/vocabulary.ts'
import { api, call } from '../api.ts'
import { money } from '../money.ts'
import { attempt } from '../proposal-changes.ts'
import { COMPETITOR_WORDS, ROLE_IN_PROPOSAL } from '../proposal-words.ts'
import type { Details } from '../proposals.ts'
import type { useDirectory } from '../queries.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { type Named, OrganizationField } from './organization-field.tsx'

/** Who works on a proposal, and who else bids. */
export function ProposalPeople(props: {
  details: Details
  directory: ReturnType<typeof useDirectory>
  mayChange: boolean
}) {
  const [rival, setRival] = createSignal<Named>()
  const id = () => props.details.proposal.id
  const team = () => [...Map.groupBy(props.details.team, ({ memberId }) => memberId)]
  const free = () =>
    props.directory.active().filter((member) => !props.details.team.some(({ memberId }) => memberId === member.id))
  const setRoles = (memberId: string, roles: ProposalRole[]) =>
    attempt(id(), () =>
      call(api.proposals[':id'].members[':memberId'].$put({ param: { id: id(), memberId }, json: { roles } })),
    )
  const setRole = (organizationId: string, role: (typeof COMPETITOR_ROLES)[number]) =>
    attempt(id(), () =>
      call(
        api.proposals[':id'].competitors[':organizationId'].$put({
          param: { id: id(), organizationId },
          json: { role },
        }),
      ),
    )
  const removeRival = (organizationId: string) =>
    attempt(id(), () =>
      call(api.proposals[':id'].competitors[':organizationId'].$delete({ param: { id: id(), organizationId } })),
    )
  const addRival = async () => {
    const named = rival()
    if (!named?.name.trim()) return
    const done = await attempt(id(), async () => {
      const name = named.name.trim()
      const known =
        named.id ??
        (await call(api.organizations.$post({ json: { id: crypto.randomUUID(), name, kind: 'competitor' } }))).id
      await call(
        api.proposals[':id'].competitors[':organizationId'].$put({
          param: { id: id(), organizationId: known },
          json: { role: 'bidder' },
        }),
      )
    })
    if (done) setRival(undefined)
  }
  return (
    <>
      <section>
        <h2>Team</h2>
        <ul class="proposal-people">
          <For each={team()} fallback={<li class="hint">Nobody yet</li>}>
            {([memberId, roles]) => (
              <li>
                <Avatar name={props.directory.name(memberId)} of={memberId} />
                <span class="grow">
                  {props.directory.name(memberId)}
                  <small class="hint">{roles.map(({ role }) => ROLE_IN_PROPOSAL[role]).join(', ')}</small>
                </span>
                <Show when={props.mayChange}>
                  <select
                    class="input plain"
                    aria-label={`Give ${props.directory.name(memberId)} a part`}
                    onChange={(event) => {
                      const role = PROPOSAL_ROLES.find((one) => one === event.currentTarget.value)
                      const all = roles.map((one) => one.role)
                      if (role)
                        void setRoles(memberId, all.includes(role) ? all.filter((one) => one !== role) : [...all, role])
                      else if (event.currentTarget.value === 'none') void setRoles(memberId, [])
                      event.currentTarget.value = ''
                    }}
                  >
                    <option value="">Part</option>
                    <For each={PROPOSAL_ROLES}>
                      {(role) => (
                        <option value={role}>
                          {roles.some((one) => one.role === role) ? 'Not ' : ''}
                          {ROLE_IN_PROPOSAL[role]}
                        </option>
                      )}
                    </For>
                    <option value="none">Out of the team</option>
                  </select>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.mayChange && free().length > 0}>
          <select
            class="input"
            aria-label="Add to the team"
            onChange={(event) => {
              if (event.currentTarget.value) void setRoles(event.currentTarget.value, ['writer'])
              event.currentTarget.value = ''
            }}
          >
            <option value="">Add somebody…</option>
            <For each={free()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
          </select>
        </Show>
      </section>
      <Show when={props.details.contacts.length > 0}>
        <section>
          <h2>At the customer</h2>
          <ul class="proposal-people">
            <For each={props.details.contacts}>
              {(contact) => (
                <li>
                  <span class="grow">
                    {contact.name}
                    <small class="hint">{contact.email}</small>
                  </span>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <section>
        <h2>Competitors</h2>
        <ul class="proposal-people">
          <For each={props.details.competitors} fallback={<li class="hint">Nobody known</li>}>
            {(one) => (
              <li>
                <span class="grow">
                  {one.name}
                  <Show when={one.priceMinor !== null}>
                    <small class="hint num">{money(one.priceMinor ?? 0, props.details.proposal.currency)}</small>
                  </Show>
                </span>
                <Show when={props.mayChange} fallback={COMPETITOR_WORDS[one.role]}>
                  <select
                    class="input plain"
                    aria-label={`What ${one.name} is`}
                    onChange={(event) => {
                      const role = COMPETITOR_ROLES.find((known) => known === event.currentTarget.value)
                      if (role) void setRole(one.organizationId, role)
                    }}
                  >
                    <For each={COMPETITOR_ROLES}>
                      {(role) => (
                        <option value={role} selected={role === one.role}>
                          {COMPETITOR_WORDS[role]}
                        </option>
                      )}
                    </For>
                  </select>
                  <button
                    type="button"
                    class="btn ghost square"
                    aria-label={`Remove ${one.name}`}
                    onClick={() => void removeRival(one.organizationId)}
                  >
                    <Icon name="close" />
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.mayChange}>
          <Show
            when={rival()}
            fallback={
              <button type="button" class="btn ghost" onClick={() => setRival({ id: null, name: '' })}>
                <Icon name="plus" />
                Competitor
              </button>
            }
          >
            {(named) => (
              <form
                class="add-rival"
                onSubmit={(event) => {
                  event.preventDefault()
                  void addRival()
                }}
              >
                <OrganizationField label="Competitor" kind="competitor" value={named()} onChange={setRival} />
                <button type="submit" class="btn">
                  Add
                </button>
              </form>
            )}
          </Show>
        </Show>
      </section>
    </>
  )
}
