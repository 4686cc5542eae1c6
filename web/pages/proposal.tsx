import { useParams } from '@solidjs/router'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { type ClosedOutcome, FORECAST_CATEGORIES, PRIORITIES, SOLICITATION_KINDS } from '../../db/vocabulary.ts'
import { api, call, type Right } from '../api.ts'
import { useNow } from '../clock.ts'
import { Editable, EditableChoice } from '../components/editable.tsx'
import { Icon } from '../components/icon.tsx'
import { ProposalClose } from '../components/proposal-close.tsx'
import { ProposalDeadline } from '../components/proposal-deadline.tsx'
import { ProposalHistory } from '../components/proposal-history.tsx'
import { ProposalMail } from '../components/proposal-mail.tsx'
import { ProposalMilestones } from '../components/proposal-milestones.tsx'
import { ProposalPeople } from '../components/proposal-people.tsx'
import { ProposalStatusPicker } from '../components/proposal-status-picker.tsx'
import { Bones, Failed, Notice } from '../components/states.tsx'
import { money, plainAmount, readAmount } from '../money.ts'
import { attempt, edit, reopen } from '../proposal-changes.ts'
import { CATEGORY_WORDS, dayWords, KIND_WORDS, OUTCOME_WORDS, outcomeTone, PRIORITY_WORDS } from '../proposal-words.ts'
import { type Details, useOwnFields, usePipelineSettings, usePipelines, useProposal, useReasons } from '../proposals.ts'
import { dataOf, useDirectory, useSession } from '../queries.ts'
import { say } from '../toasts.ts'

/** One proposal: where it stands, when it is due, who works on it, its mail, and all that happened. */
export default function Proposal() {
  const params = useParams<{ id: string }>()
  const query = useProposal(() => params.id)
  return (
    <div class="page proposal">
      <Show
        when={dataOf(query)}
        fallback={
          <Show when={query.isError} fallback={<Bones rows={6} height={70} />}>
            <Failed error={query.error} what="The proposal" retry={() => void query.refetch()} />
          </Show>
        }
      >
        {(details) => (
          <Show when={details().card} fallback={<Deleted details={details()} />}>
            {(card) => <Shown details={details()} card={card()} />}
          </Show>
        )}
      </Show>
    </div>
  )
}

function Deleted(props: { details: Details }) {
  const id = () => props.details.proposal.id
  const restore = () =>
    attempt(id(), () => call(api.proposals[':id'].restored.$put({ param: { id: id() } })), 'The proposal is back.')
  return (
    <>
      <h1>{props.details.proposal.title}</h1>
      <Notice tone="warn">
        This proposal was deleted. It is in no list and no report.
        <div class="actions">
          <button type="button" class="btn" onClick={() => void restore()}>
            <Icon name="undo" />
            Bring it back
          </button>
        </div>
      </Notice>
    </>
  )
}

function Shown(props: { details: Details; card: NonNullable<Details['card']> }) {
  const session = useSession()
  const directory = useDirectory()
  const pipelines = usePipelines()
  const settings = usePipelineSettings()
  const reasons = useReasons()
  const now = useNow(30_000)
  const [menu, setMenu] = createSignal<Element>()
  const [closing, setClosing] = createSignal<ClosedOutcome>()
  const proposal = () => props.details.proposal
  const card = () => props.card
  const may = (right: Right) => dataOf(session)?.rights.includes(right) ?? false
  const mayChange = () => may('triage')
  const isOpen = () => proposal().outcome === 'open'
  const allStages = () => (dataOf(pipelines) ?? []).flatMap(({ stages }) => stages)
  const stages = () =>
    allStages().filter(
      (stage) =>
        stage.pipelineId === proposal().pipelineId && (stage.archivedAt === null || stage.id === proposal().stageId),
    )
  const why = () =>
    props.details.reasons.map(({ reasonId, note }) => {
      const label = dataOf(reasons)?.find(({ id }) => id === reasonId)?.label ?? ''
      return note ? `${label}: ${note}` : label
    })
  const winner = () => props.details.competitors.find(({ role }) => role === 'winner')?.name
  const remove = async () => {
    const { id } = proposal()
    const restore = () => attempt(id, () => call(api.proposals[':id'].restored.$put({ param: { id } })), 'Undone.')
    if (await attempt(id, () => call(api.proposals[':id'].$delete({ param: { id } }))))
      say('The proposal was deleted.', () => void restore())
  }

  return (
    <>
      <header class="proposal-head">
        <p class="trail-line">
          <a href="/pipeline">Pipeline</a> <span aria-hidden="true">/</span> PRP-{proposal().number}
        </p>
        <h1>
          <Editable
            label="Title"
            value={proposal().title}
            shown={proposal().title}
            mayChange={mayChange()}
            onSave={(title) => {
              if (!title) return 'A proposal needs a title.'
              void edit(card(), { title }, 'Title changed.', { title: proposal().title })
              return undefined
            }}
          />
        </h1>
        <p class="customer">{props.details.organization?.name ?? 'No customer yet'}</p>
        <div class="standing">
          <button
            type="button"
            class={`btn status-button ${outcomeTone(proposal().outcome)}`}
            disabled={!mayChange()}
            aria-haspopup="dialog"
            onClick={(event) => setMenu(event.currentTarget)}
          >
            <span class="sr">Status: </span>
            {card().status}
            <Show when={mayChange()}>
              <Icon name="down" />
            </Show>
          </button>
          <span class="worth num">
            <Editable
              label="Value"
              value={plainAmount(proposal().valueMinor, proposal().currency)}
              shown={
                proposal().valueMinor === null
                  ? 'Value unknown'
                  : money(proposal().valueMinor ?? 0, proposal().currency)
              }
              mayChange={mayChange()}
              onSave={(typed) => {
                const valueMinor = readAmount(typed, proposal().currency)
                if (valueMinor === undefined) return 'Write an amount such as 420,000 or 420k.'
                void edit(card(), { valueMinor }, 'Value changed.', { valueMinor: proposal().valueMinor })
                return undefined
              }}
            />
          </span>
          <Show when={isOpen() && card().weightedMinor !== null}>
            <span class="hint num">{money(card().weightedMinor ?? 0, props.details.currency)} weighted</span>
          </Show>
          <span class="spacer" />
          <Show when={mayChange()}>
            <Show
              when={isOpen()}
              fallback={
                <button type="button" class="btn" onClick={() => void reopen(card())}>
                  <Icon name="undo" />
                  Reopen
                </button>
              }
            >
              <button type="button" class="btn" onClick={() => setClosing('won')}>
                Won
              </button>
              <button type="button" class="btn" onClick={() => setClosing('lost')}>
                Lost
              </button>
            </Show>
            <button
              type="button"
              class="btn ghost square"
              aria-label="Delete the proposal"
              data-tip="Delete"
              onClick={() => void remove()}
            >
              <Icon name="trash" />
            </button>
          </Show>
        </div>
        <Show when={!isOpen()}>
          <Notice tone={proposal().outcome === 'won' ? 'good' : 'plain'}>
            <strong>{OUTCOME_WORDS[proposal().outcome]}</strong>
            {proposal().decidedAt === null
              ? ''
              : ` on ${dayWords(new Date(proposal().decidedAt ?? 0).toISOString().slice(0, 10))}`}
            {proposal().awardMinor === null
              ? ''
              : `, ${money(proposal().awardMinor ?? 0, proposal().currency)} awarded`}
            {winner() ? `. ${winner()} won` : ''}.
            <Show when={why().length > 0}>
              <span class="aside">{why().join('. ')}</span>
            </Show>
          </Notice>
        </Show>
      </header>
      <div class="proposal-columns">
        <div class="proposal-main">
          <ProposalDeadline details={props.details} card={card()} now={now()} mayChange={mayChange()} />
          <ProposalMilestones details={props.details} now={now()} mayChange={mayChange()} />
          <ProposalMail details={props.details} now={now()} mayChange={mayChange()} />
          <ProposalHistory
            details={props.details}
            stages={allStages()}
            directory={directory}
            now={now()}
            mayNote={may('note')}
          />
        </div>
        <aside class="proposal-side" aria-label="Details">
          <Facts details={props.details} card={card()} mayChange={mayChange()} directory={directory} />
          <ProposalPeople details={props.details} directory={directory} mayChange={mayChange()} />
        </aside>
      </div>
      <Show when={menu()}>
        {(at) => (
          <ProposalStatusPicker
            card={card()}
            stages={stages()}
            keepsOverride={dataOf(settings)?.onStageChange === 'keep'}
            at={at()}
            onEnd={setClosing}
            onClose={() => setMenu(undefined)}
          />
        )}
      </Show>
      <Show when={closing()}>
        {(outcome) => <ProposalClose card={card()} outcome={outcome()} onClose={() => setClosing(undefined)} />}
      </Show>
    </>
  )
}

/** What is said about a proposal, each changed where it stands. */
function Facts(props: {
  details: Details
  card: NonNullable<Details['card']>
  mayChange: boolean
  directory: ReturnType<typeof useDirectory>
}) {
  const fields = useOwnFields()
  const p = () => props.details.proposal
  type Text = 'nextStep' | 'source' | 'solicitationNumber' | 'setAside' | 'portalUrl'
  const TextFact = (fact: { label: string; of: Text; link?: boolean }) => (
    <Fact label={fact.label}>
      <Editable
        label={fact.label}
        value={p()[fact.of]}
        shown={p()[fact.of] || <span class="hint">–</span>}
        mayChange={props.mayChange}
        onSave={(typed) => {
          void edit(props.card, { [fact.of]: typed }, `${fact.label} changed.`, { [fact.of]: p()[fact.of] })
          return undefined
        }}
      />
    </Fact>
  )
  const DayFact = (fact: { label: string; of: 'nextStepOn' | 'expectedDecision' }) => (
    <Fact label={fact.label}>
      <Editable
        label={fact.label}
        type="date"
        value={p()[fact.of] ?? ''}
        shown={p()[fact.of] ? dayWords(p()[fact.of] ?? '') : <span class="hint">–</span>}
        mayChange={props.mayChange}
        onSave={(typed) => {
          void edit(props.card, { [fact.of]: typed || null }, `${fact.label} changed.`, { [fact.of]: p()[fact.of] })
          return undefined
        }}
      />
    </Fact>
  )
  const owners = () => [
    ['', 'Nobody yet'] as const,
    ...props.directory.active().map(({ id, name }) => [id, name] as const),
    ...props.directory.teams().map(({ id, name }) => [`team:${id}`, name] as const),
  ]
  const ownerValue = () => p().ownerId ?? (p().teamId ? `team:${p().teamId}` : '')
  const ownerOf = (value: string) =>
    value.startsWith('team:')
      ? { teamId: value.slice('team:'.length), ownerId: null }
      : { ownerId: value || null, teamId: null }
  return (
    <section>
      <h2>About</h2>
      <dl class="side-facts">
        <Fact label="Owner">
          <EditableChoice
            label="Owner"
            value={ownerValue()}
            shown={props.directory.member(p().ownerId)?.name ?? props.directory.team(p().teamId)?.name ?? 'Nobody yet'}
            options={owners()}
            mayChange={props.mayChange}
            onSave={(value) => void edit(props.card, ownerOf(value), 'Owner changed.', ownerOf(ownerValue()))}
          />
        </Fact>
        <TextFact label="Next step" of="nextStep" />
        <DayFact label="Next step on" of="nextStepOn" />
        <DayFact label="Decision expected" of="expectedDecision" />
        <Fact label="Forecast">
          <EditableChoice
            label="Forecast category"
            value={p().isCategoryOverride ? p().category : ''}
            shown={CATEGORY_WORDS[p().category]}
            options={[
              ['', p().isCategoryOverride ? 'As its stage' : `${CATEGORY_WORDS[p().category]}, as its stage`],
              ...FORECAST_CATEGORIES.map((one) => [one, CATEGORY_WORDS[one]] as const),
            ]}
            mayChange={props.mayChange && p().outcome === 'open'}
            onSave={(value) => {
              const chosen = FORECAST_CATEGORIES.find((one) => one === value) ?? null
              const before = p().isCategoryOverride ? p().category : null
              void edit(props.card, { categoryOverride: chosen }, 'Forecast category changed.', {
                categoryOverride: before,
              })
            }}
          />
        </Fact>
        <TextFact label="Solicitation" of="solicitationNumber" />
        <Fact label="Kind">
          <EditableChoice
            label="Kind of solicitation"
            value={p().solicitationKind ?? ''}
            shown={p().solicitationKind ? KIND_WORDS[p().solicitationKind!] : '–'}
            options={[['', 'Not said'], ...SOLICITATION_KINDS.map((one) => [one, KIND_WORDS[one]] as const)]}
            mayChange={props.mayChange}
            onSave={(value) => {
              const solicitationKind = SOLICITATION_KINDS.find((one) => one === value) ?? null
              void edit(props.card, { solicitationKind }, 'Kind changed.', { solicitationKind: p().solicitationKind })
            }}
          />
        </Fact>
        <TextFact label="Source" of="source" />
        <Fact label="Priority">
          <EditableChoice
            label="Priority"
            value={p().priority}
            shown={PRIORITY_WORDS[p().priority]}
            options={PRIORITIES.map((one) => [one, PRIORITY_WORDS[one]] as const)}
            mayChange={props.mayChange}
            onSave={(value) => {
              const priority = PRIORITIES.find((one) => one === value) ?? 'normal'
              void edit(props.card, { priority }, 'Priority changed.', { priority: p().priority })
            }}
          />
        </Fact>
        <TextFact label="Set-aside" of="setAside" />
        <TextFact label="Portal" of="portalUrl" />
        <For each={(dataOf(fields) ?? []).filter(({ archivedAt }) => archivedAt === null)}>
          {(field) => {
            const value = () => props.details.fields[field.id] ?? ''
            const save = (typed: string) =>
              void edit(props.card, { fields: { [field.id]: typed || null } }, `${field.label} changed.`, {
                fields: { [field.id]: value() || null },
              })
            return (
              <Fact label={field.label}>
                <Show
                  when={field.kind === 'choice'}
                  fallback={
                    <Editable
                      label={field.label}
                      {...(field.kind === 'date' ? { type: 'date' as const } : {})}
                      value={value()}
                      shown={
                        value() ? field.kind === 'date' ? dayWords(value()) : value() : <span class="hint">–</span>
                      }
                      mayChange={props.mayChange}
                      onSave={(typed) => {
                        save(typed)
                        return undefined
                      }}
                    />
                  }
                >
                  <EditableChoice
                    label={field.label}
                    value={value()}
                    shown={value() || '–'}
                    options={[['', '–'], ...field.choices.map((one) => [one, one] as const)]}
                    mayChange={props.mayChange}
                    onSave={save}
                  />
                </Show>
              </Fact>
            )
          }}
        </For>
        <Fact label="In this stage">
          <span class="num">{props.card.daysInStage} days</span>
        </Fact>
      </dl>
    </section>
  )
}

function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  )
}
