import { Navigate, useNavigate, useSearchParams } from '@solidjs/router'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { SOLICITATION_KINDS } from '../../db/vocabulary.ts'
import { ApiError, api, call } from '../api.ts'
import { Field, TextField } from '../components/field.tsx'
import { type Named, OrganizationField } from '../components/organization-field.tsx'
import { Bones, Failed, Notice } from '../components/states.tsx'
import { type FromMail, SuggestedValues } from '../components/suggested-values.tsx'
import { ZoneField } from '../components/zone-field.tsx'
import { plainAmount, readAmount } from '../money.ts'
import { refresh } from '../proposal-changes.ts'
import { KIND_WORDS } from '../proposal-words.ts'
import { usePipelineSettings, usePipelines, useProposalOfIssue } from '../proposals.ts'
import { dataOf, me, useDirectory, useIssue, zone } from '../queries.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'

const CURRENCIES = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'SGD']
const FIELDS = [
  'title',
  'valueMinor',
  'currency',
  'due',
  'due.local',
  'due.zone',
  'solicitationNumber',
  'expectedDecision',
]

/** A new proposal: of an issue, whose mail it takes along, or without a mail. */
export default function NewProposal() {
  const [search] = useSearchParams<{ issue?: string }>()
  return (
    <Show when={search.issue} keyed fallback={<Form />}>
      {(issueId) => <OfIssue issueId={issueId} />}
    </Show>
  )
}

function OfIssue(props: { issueId: string }) {
  const issue = useIssue(() => props.issueId)
  const known = useProposalOfIssue(() => props.issueId)
  const page = () => dataOf(issue)?.pages[0]
  return (
    <Show
      when={page() && dataOf(known)}
      fallback={
        <div class="page">
          <Show when={issue.isError} fallback={<Bones rows={5} height={56} />}>
            <Failed error={issue.error} what="The issue" retry={() => void issue.refetch()} />
          </Show>
        </div>
      }
    >
      <Show when={!dataOf(known)?.proposal} fallback={<Navigate href={`/proposals/${dataOf(known)?.proposal?.id}`} />}>
        <Form
          issue={{
            id: props.issueId,
            number: page()!.issue.number,
            subject: page()!.issue.subject,
            assigneeId: page()!.issue.assigneeId,
            from: page()!.issue.contactName || page()!.issue.contactAddress,
          }}
        />
      </Show>
    </Show>
  )
}

function Form(props: {
  issue?: { id: string; number: number; subject: string; assigneeId: string | null; from: string }
}) {
  const navigate = useNavigate()
  const directory = useDirectory()
  const settings = usePipelineSettings()
  const pipelines = usePipelines()
  const id = crypto.randomUUID()
  const [customer, setCustomer] = createSignal<Named>({ id: null, name: '' })
  const [currency, setCurrency] = createSignal<string>()
  const [dueZone, setDueZone] = createSignal(zone())
  const money = () => currency() ?? dataOf(settings)?.currency ?? 'USD'
  const currencies = createMemo(() => [...new Set([dataOf(settings)?.currency ?? 'USD', money(), ...CURRENCIES])])
  const stages = () =>
    (dataOf(pipelines) ?? [])
      .filter(({ archivedAt }) => archivedAt === null)
      .flatMap((pipeline) => pipeline.stages.filter(({ archivedAt }) => archivedAt === null))

  let form: HTMLFormElement | undefined
  const control = (name: string) => {
    const found = form?.elements.namedItem(name)
    return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : undefined
  }
  const enter = (name: string, text: string) => {
    const found = control(name)
    if (found) found.value = text
  }
  /** Enters what the mail says; `onlyIfEmpty`: nobody asked for it, and what was typed stays. */
  const enterFromMail = (what: FromMail, onlyIfEmpty: boolean) => {
    const taken = (name: string) => onlyIfEmpty && Boolean(control(name)?.value)
    if (what.field === 'due' && !taken('day') && !taken('time')) {
      const [day = '', time = ''] = what.value.local.split('T')
      enter('day', day)
      enter('time', time)
      setDueZone(what.value.zone)
    } else if (what.field === 'value' && !taken('value')) {
      setCurrency(what.value.currency)
      enter('value', plainAmount(what.value.minor, what.value.currency))
    } else if (what.field === 'organization' && !(onlyIfEmpty && customer().name))
      setCustomer({ id: what.value.id, name: what.value.name })
    else if (what.field === 'solicitationNumber' && !taken('solicitationNumber'))
      enter('solicitationNumber', what.value)
    else if (what.field === 'solicitationKind' && !taken('kind')) enter('kind', what.value)
  }

  const submit = createSubmit(async (form) => {
    const valueMinor = readAmount(textOf(form, 'value'), money())
    if (valueMinor === undefined) throw wrong('valueMinor', 'Must be an amount such as 420,000 or 420k.')
    const day = textOf(form, 'day')
    const time = textOf(form, 'time')
    if (time && !day) throw wrong('due', 'Must have a day as well as an hour.')
    const organizationId = await organizationOf(customer())
    const kind = SOLICITATION_KINDS.find((one) => one === textOf(form, 'kind'))
    const ownerId = textOf(form, 'owner') || null
    const json = {
      id,
      title: textOf(form, 'title'),
      valueMinor,
      currency: money(),
      solicitationNumber: textOf(form, 'solicitationNumber'),
      source: textOf(form, 'source'),
      ownerId,
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(kind && { solicitationKind: kind }),
      ...(day && { due: { local: time ? `${day}T${time}` : day, zone: dueZone() } }),
      ...(textOf(form, 'expected') && { expectedDecision: textOf(form, 'expected') }),
      ...(textOf(form, 'stage') && { stageId: textOf(form, 'stage') }),
    }
    const made = props.issue
      ? await call(api.issues[':id'].proposal.$post({ param: { id: props.issue.id }, json }))
      : await call(api.proposals.$post({ json }))
    refresh(made.id)
    void client.invalidateQueries({ queryKey: ['proposal'] })
    say(`PRP-${made.number} is on the board.`)
    navigate(`/proposals/${made.id}`, { replace: true })
  })

  return (
    <div class="page">
      <div class="top">
        <div>
          <h1>New proposal</h1>
          <p>
            <Show when={props.issue} fallback="Without a mail. Mail can be linked to it later.">
              {(issue) => (
                <>
                  From issue {issue().number}, {issue().from}. All its mail belongs to the proposal.
                </>
              )}
            </Show>
          </p>
        </div>
      </div>
      <Show when={props.issue}>{(issue) => <SuggestedValues issueId={issue().id} onUse={enterFromMail} />}</Show>
      <form
        ref={(element) => {
          form = element
        }}
        class="form"
        onSubmit={submit.onSubmit}
        novalidate
      >
        <Show when={submit.general(...FIELDS)}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <TextField
          label="Title"
          name="title"
          required
          autofocus
          value={props.issue?.subject ?? ''}
          wrong={submit.wrong('title')}
        />
        <OrganizationField
          label="Customer"
          kind="customer"
          value={customer()}
          onChange={setCustomer}
          help={props.issue ? 'Left empty: the organization that the mail came from, where it is known.' : undefined}
        />
        <div class="pair">
          <TextField
            label="Value"
            name="value"
            placeholder="420,000 or 420k"
            help="Empty where nobody knows yet: unknown is not 0."
            wrong={submit.wrong('valueMinor')}
          />
          <Field label="Currency" wrong={submit.wrong('currency')}>
            {(attributes) => (
              <select {...attributes} class="input" onChange={(event) => setCurrency(event.currentTarget.value)}>
                <For each={currencies()}>
                  {(code) => (
                    <option value={code} selected={code === money()}>
                      {code}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
        </div>
        <fieldset>
          <legend>Deadline</legend>
          <div class="due-fields">
            <Field label="Day" wrong={submit.wrong('due') ?? submit.wrong('due.local')}>
              {(attributes) => <input {...attributes} class="input" type="date" name="day" />}
            </Field>
            <Field label="Hour">
              {(attributes) => <input {...attributes} class="input" type="time" name="time" />}
            </Field>
            <ZoneField value={dueZone()} onChange={setDueZone} wrong={submit.wrong('due.zone')} />
          </div>
          <p class="hint below">As the customer says it: the hour on the clocks of that zone.</p>
        </fieldset>
        <div class="pair">
          <TextField label="Solicitation number" name="solicitationNumber" wrong={submit.wrong('solicitationNumber')} />
          <Field label="Kind">
            {(attributes) => (
              <select {...attributes} class="input" name="kind">
                <option value="">Not said</option>
                <For each={SOLICITATION_KINDS}>{(kind) => <option value={kind}>{KIND_WORDS[kind]}</option>}</For>
              </select>
            )}
          </Field>
          <Field label="Decision expected on" wrong={submit.wrong('expectedDecision')}>
            {(attributes) => <input {...attributes} class="input" type="date" name="expected" />}
          </Field>
          <TextField label="Source" name="source" placeholder="Referral, portal, renewal" />
          <Field label="Owner">
            {(attributes) => (
              <select {...attributes} class="input" name="owner">
                <option value="">Nobody yet</option>
                <For each={directory.active()}>
                  {(member) => (
                    <option value={member.id} selected={member.id === (props.issue?.assigneeId ?? me()?.member.id)}>
                      {member.name}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
          <Field label="Stage">
            {(attributes) => (
              <select {...attributes} class="input" name="stage">
                <For each={stages()}>
                  {(stage) => (
                    <option value={stage.id}>
                      {stage.label} · {stage.probability} %
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
        </div>
        <div class="actions">
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Make the proposal
          </button>
          <a class="btn ghost" href={props.issue ? `/issues/${props.issue.id}` : '/pipeline'}>
            Cancel
          </a>
        </div>
      </form>
    </div>
  )
}

const wrong = (field: string, words: string) => new ApiError(words, 422, new Map([[field, words]]))

/** The organization by its name, made where it is new; undefined: nothing was said. */
async function organizationOf({ id, name }: Named): Promise<string | undefined> {
  if (id) return id
  if (!name.trim()) return undefined
  return (await call(api.organizations.$post({ json: { id: crypto.randomUUID(), name: name.trim() } }))).id
}
