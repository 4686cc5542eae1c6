import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { ROLES, type Role } from '../../db/vocabulary.ts'
import { api, call, type Member, type Team, wordsOf } from '../api.ts'
import { useNow } from '../clock.ts'
import { Avatar } from '../components/avatar.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field, TextField } from '../components/field.tsx'
import { Icon } from '../components/icon.tsx'
import { ShownOnce } from '../components/shown-once.tsx'
import { Bones, Empty, Failed, Loaded, Notice } from '../components/states.tsx'
import { listed, plural, until } from '../format.ts'
import { dataOf, me, useInvitations, useMembers, useTeams } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { complain, say } from '../toasts.ts'
import { ROLE_SENTENCES, ROLE_WORDS } from '../words.ts'

const fetchAgain = () => {
  for (const key of ['members', 'teams', 'invitations']) void client.invalidateQueries({ queryKey: [key] })
}

/** Does something, says so, and shows how it is now. */
async function act(work: () => Promise<unknown>, done: string): Promise<void> {
  try {
    await work()
    say(done)
  } catch (error) {
    complain(wordsOf(error))
  }
  fetchAgain()
}

/** Who works here, who is invited, and which teams there are. */
export default function People() {
  const members = useMembers()
  const teams = useTeams()
  const invitations = useInvitations()
  const now = useNow(30_000)
  const [dialog, setDialog] = createSignal<'invite' | 'team'>()
  const [editing, setEditing] = createSignal<string>()
  const teamNames = (ids: readonly string[]) =>
    listed((dataOf(teams) ?? []).filter(({ id }) => ids.includes(id)).map(({ name }) => name))
  const edited = () => (dataOf(teams) ?? []).find(({ id }) => id === editing())

  const setRole = (member: Member, role: Role) =>
    act(
      () => call(api.members[':id'].$patch({ param: { id: member.id }, json: { role } })),
      `${member.name} is ${role === 'admin' ? 'an' : 'a'} ${ROLE_WORDS[role].toLowerCase()} now.`,
    )
  const setDisabled = (member: Member, disabled: boolean) =>
    act(
      () => call(api.members[':id'].$patch({ param: { id: member.id }, json: { disabled } })),
      disabled ? `${member.name} no longer has access.` : `${member.name} has access again.`,
    )

  const guarded = useQuery(() => ({
    queryKey: ['members', 'second-factors'],
    queryFn: () => call(api.members['second-factors'].$get()),
  }))
  const takeCode = (member: Member) =>
    act(
      () => call(api.members[':id']['second-factor'].$delete({ param: { id: member.id } })),
      `${member.name} signs in with the password alone now, and is signed out everywhere.`,
    )

  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>People and teams</h1>
          <p>Issues are assigned to people or teams. A mailbox may be open to some teams only.</p>
        </div>
        <button type="button" class="btn" onClick={() => setDialog('team')}>
          <Icon name="team" />
          New team
        </button>
        <button type="button" class="btn primary" onClick={() => setDialog('invite')}>
          <Icon name="assign" />
          Invite somebody
        </button>
      </div>
      <section class="section">
        <h2>People</h2>
        <Loaded query={members} what="The people" loading={<Bones rows={4} height={46} />}>
          {(found) => (
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col" class="side-fact">
                    Teams
                  </th>
                  <th scope="col" class="end">
                    <span class="sr">Access</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={found()}>
                  {(member) => (
                    <tr>
                      <td>
                        <span class="who">
                          <Avatar name={member.name} of={member.id} size="large" />
                          <span>
                            {member.name}
                            <small>{member.email}</small>
                          </span>
                        </span>
                      </td>
                      <td>
                        <Show when={member.disabledAt === null} fallback={<span class="chip">No access</span>}>
                          <select
                            class="input"
                            aria-label={`Role of ${member.name}`}
                            data-tip={ROLE_SENTENCES[member.role]}
                            // The cast: the options are ROLES.
                            onChange={(event) => void setRole(member, event.currentTarget.value as Role)}
                          >
                            <For each={ROLES}>
                              {(role) => (
                                <option value={role} selected={member.role === role}>
                                  {ROLE_WORDS[role]}
                                </option>
                              )}
                            </For>
                          </select>
                        </Show>
                      </td>
                      <td class="quiet side-fact">{teamNames(member.teamIds) || 'None'}</td>
                      <td class="end">
                        <Show when={member.id !== me()?.member.id} fallback={<span class="hint">You</span>}>
                          <Show when={dataOf(guarded)?.includes(member.id)}>
                            <button
                              type="button"
                              class="btn ghost"
                              aria-label={`Take the sign-in code from ${member.name}, who lost it`}
                              onClick={() => void takeCode(member)}
                            >
                              Lost the code
                            </button>
                          </Show>
                          <button
                            type="button"
                            class="btn ghost"
                            aria-label={`${member.disabledAt === null ? 'Remove access of' : 'Give access to'} ${member.name}`}
                            onClick={() => void setDisabled(member, member.disabledAt === null)}
                          >
                            {member.disabledAt === null ? 'Remove access' : 'Give access'}
                          </button>
                        </Show>
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          )}
        </Loaded>
      </section>
      <Show when={invitations.isError && invitations.data === undefined}>
        <Failed error={invitations.error} what="The invitations" retry={() => void invitations.refetch()} />
      </Show>
      <Show when={(dataOf(invitations) ?? []).length > 0}>
        <section class="section">
          <h2>Invited</h2>
          <ul class="lines">
            <For each={dataOf(invitations) ?? []}>
              {(invitation) => (
                <li>
                  <span class="grow">
                    {invitation.email} <span class="hint">{ROLE_WORDS[invitation.role]}</span>
                  </span>
                  <span class="hint num">
                    {invitation.expiresAt < now()
                      ? 'The link has expired'
                      : `Good ${until(invitation.expiresAt, now()).replace('in ', 'for ')}`}
                  </span>
                  <button
                    type="button"
                    class="btn ghost"
                    aria-label={`Take back the invitation of ${invitation.email}`}
                    onClick={() =>
                      void act(
                        () => call(api.invitations[':id'].$delete({ param: { id: invitation.id } })),
                        'The invitation is taken back.',
                      )
                    }
                  >
                    Take back
                  </button>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <section class="section">
        <h2>Teams</h2>
        <Loaded query={teams} what="The teams" loading={<Bones rows={2} height={46} />}>
          {(found) => (
            <Show
              when={found().length > 0}
              fallback={
                <Empty icon="team" title="No teams yet">
                  A team takes issues together, such as a bid desk. Each of its members sees them in a list of their
                  own.
                </Empty>
              }
            >
              <ul class="lines">
                <For each={found()}>
                  {(team) => (
                    <li>
                      <Avatar name={team.name} of={team.id} team size="large" />
                      <span class="grow">
                        <strong>{team.name}</strong>
                      </span>
                      <span class="hint">{plural(team.memberIds.length, 'person', 'people')}</span>
                      <button
                        type="button"
                        class="btn ghost"
                        aria-label={`Change ${team.name}`}
                        onClick={() => setEditing(team.id)}
                      >
                        Change
                      </button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
      <Show when={dialog() === 'invite'}>
        <Invite teams={dataOf(teams) ?? []} onClose={() => setDialog(undefined)} />
      </Show>
      <Show when={dialog() === 'team'}>
        <NewTeam
          onClose={(id) => {
            setDialog(undefined)
            if (id) setEditing(id)
          }}
        />
      </Show>
      <Show when={edited()}>
        {(team) => <EditTeam team={team()} members={dataOf(members) ?? []} onClose={() => setEditing(undefined)} />}
      </Show>
    </div>
  )
}

function Invite(props: { teams: Team[]; onClose: () => void }) {
  const [link, setLink] = createSignal<{ email: string; link: string }>()
  const [role, setRole] = createSignal<Role>('member')
  const submit = createSubmit(async (form) => {
    const teamIds = form.getAll('team').map(String)
    const json = { email: textOf(form, 'email'), name: textOf(form, 'name'), role: role(), teamIds }
    setLink(await call(api.invitations.$post({ json })))
    fetchAgain()
  })
  return (
    <Dialog label="Invite somebody" titled onClose={() => props.onClose()}>
      <div class="body">
        <Show
          when={link()}
          fallback={
            <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
              <div class="pair">
                <TextField label="Email" name="email" type="email" autofocus wrong={submit.wrong('email')} />
                <TextField label="Name" name="name" help="May stay empty." wrong={submit.wrong('name')} />
              </div>
              <Field label="Role" help={ROLE_SENTENCES[role()]} wrong={submit.wrong('role')}>
                {(attributes) => (
                  // The cast: the options are ROLES.
                  <select
                    {...attributes}
                    class="input"
                    onChange={(event) => setRole(event.currentTarget.value as Role)}
                  >
                    <For each={ROLES}>
                      {(each) => (
                        <option value={each} selected={role() === each}>
                          {ROLE_WORDS[each]}
                        </option>
                      )}
                    </For>
                  </select>
                )}
              </Field>
              <Show when={props.teams.length > 0}>
                <div class="field">
                  <span class="label">Teams</span>
                  <div>
                    <For each={props.teams}>
                      {(team) => (
                        <label class="check">
                          <input type="checkbox" name="team" value={team.id} />
                          {team.name}
                        </label>
                      )}
                    </For>
                  </div>
                </div>
              </Show>
              <Show when={submit.general('email', 'name', 'role')}>
                {(words) => <Notice tone="bad">{words()}</Notice>}
              </Show>
              <div class="foot">
                <button type="button" class="btn" onClick={() => props.onClose()}>
                  Cancel
                </button>
                <button type="submit" class="btn primary" disabled={submit.busy()}>
                  Make the link
                </button>
              </div>
            </form>
          }
        >
          {(made) => (
            <>
              <p>
                Send this link to {made().email}. It is good for 7 days and for one account, and it is shown only now.
              </p>
              <ShownOnce label="Link of the invitation" value={made().link} />
              <div class="foot">
                <button type="button" class="btn primary" onClick={() => props.onClose()}>
                  Close
                </button>
              </div>
            </>
          )}
        </Show>
      </div>
    </Dialog>
  )
}

function NewTeam(props: { onClose: (id?: string) => void }) {
  const submit = createSubmit(async (form) => {
    const team = await call(api.teams.$post({ json: { name: textOf(form, 'name') } }))
    await client.invalidateQueries({ queryKey: ['teams'] })
    props.onClose(team.id)
  })
  return (
    <Dialog label="New team" titled onClose={() => props.onClose()}>
      <form class="form body" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <TextField label="Name" name="name" autofocus help="Such as Bid desk." wrong={submit.wrong('name')} />
        <Show when={submit.general('name')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="foot">
          <button type="button" class="btn" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Make the team
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function EditTeam(props: { team: Team; members: Member[]; onClose: () => void }) {
  const active = () => props.members.filter(({ disabledAt }) => disabledAt === null)
  const submit = createSubmit(async (form) => {
    await call(api.teams[':id'].$patch({ param: { id: props.team.id }, json: { name: textOf(form, 'name') } }))
    fetchAgain()
    props.onClose()
  })
  const belong = (member: Member, joins: boolean) => {
    const param = { id: props.team.id, memberId: member.id }
    const route = api.teams[':id'].members[':memberId']
    return act(
      () => (joins ? call(route.$put({ param })) : call(route.$delete({ param }))),
      `${member.name} is ${joins ? 'in' : 'no longer in'} ${props.team.name}.`,
    )
  }
  const remove = () => {
    const { id, name } = props.team
    props.onClose()
    void act(() => call(api.teams[':id'].$delete({ param: { id } })), `${name} is deleted.`)
  }
  return (
    <Dialog label={`Team ${props.team.name}`} titled onClose={() => props.onClose()}>
      <form class="form body" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <TextField label="Name" name="name" value={props.team.name} wrong={submit.wrong('name')} />
        <div class="field">
          <span class="label">Who is in it</span>
          <div>
            <For each={active()}>
              {(member) => (
                <label class="check">
                  <input
                    type="checkbox"
                    checked={props.team.memberIds.includes(member.id)}
                    onChange={(event) => void belong(member, event.currentTarget.checked)}
                  />
                  <span>
                    {member.name}
                    <small>{member.email}</small>
                  </span>
                </label>
              )}
            </For>
          </div>
        </div>
        <Show when={submit.general('name')}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="foot">
          <button type="button" class="btn ghost danger" onClick={remove}>
            Delete the team
          </button>
          <span class="spacer" />
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
