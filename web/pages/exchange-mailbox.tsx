import { useParams } from '@solidjs/router'
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import { wordsOf } from '../api.ts'
import { ExchangeAccess } from '../components/exchange-access.tsx'
import { ExchangeAlarms } from '../components/exchange-alarms.tsx'
import { ExchangeByHand } from '../components/exchange-by-hand.tsx'
import { ExchangeChecks } from '../components/exchange-checks.tsx'
import { ExchangeDoctor } from '../components/exchange-doctor.tsx'
import { ExchangeDomains } from '../components/exchange-domains.tsx'
import { ExchangeOptions } from '../components/exchange-options.tsx'
import { ExchangeOutlook } from '../components/exchange-outlook.tsx'
import { ExchangePlanned } from '../components/exchange-plan.tsx'
import { ExchangeProperties } from '../components/exchange-properties.tsx'
import { ExchangeRun } from '../components/exchange-run.tsx'
import { ExchangeSteps } from '../components/exchange-steps.tsx'
import { ExchangeWatch } from '../components/exchange-watch.tsx'
import { Icon } from '../components/icon.tsx'
import { Bones, Empty, Loaded, Notice } from '../components/states.tsx'
import {
  type Connection,
  type ExchangePlan,
  type FlowStep,
  isUnderWay,
  type Looked,
  lookAgain,
  type Of,
  useConnections,
  useLook,
  useManaged,
  usePlan,
  useRun,
} from '../exchange.ts'
import { createDraft } from '../exchange-draft.ts'
import { fileOf, isNothing, NOTHING, rowsOf, wishAsItIs, withGroup } from '../exchange-wanted.ts'
import { plural } from '../format.ts'
import { dataOf } from '../queries.ts'

/** One mailbox of Exchange: what is there, what is wanted, the way between them, and why somebody does not see it. */
export default function ExchangeMailbox() {
  const params = useParams<{ connectionId: string; identity: string }>()
  const connections = useConnections()
  return (
    <div class="page exchange">
      <Loaded query={connections} what="The connections" loading={<Bones rows={6} height={52} />}>
        {(all) => (
          <Show
            when={all().find(({ id }) => id === params.connectionId)}
            fallback={
              <>
                <h1 class="sr">Exchange</h1>
                <Empty icon="cloud" title="There is no such connection">
                  It may have been removed. All connections stand under Exchange.
                </Empty>
              </>
            }
          >
            {(connection) => (
              // Another mailbox is another page: nothing that was wanted of one is wanted of the next.
              <Show when={params.identity} keyed>
                {(identity) => <Mailbox connection={connection()} identity={decodeURIComponent(identity)} />}
              </Show>
            )}
          </Show>
        )}
      </Loaded>
    </div>
  )
}

/** What was typed is planned once nobody types for this long. */
const PLAN_AFTER_MS = 500

function Mailbox(props: { connection: Connection; identity: string }) {
  const [snapshot, setSnapshot] = createSignal<string>()
  const [doctorUser, setDoctorUser] = createSignal('')
  const of = createMemo<Of>(() => {
    const file = snapshot()
    return {
      connectionId: props.connection.id,
      identity: props.identity,
      ...(file !== undefined && { snapshot: file }),
    }
  })
  const byHand = () => props.connection.kind === 'plan-only'
  const looked = useLook(of, () => !byHand() || snapshot() !== undefined)
  const managed = useManaged()
  const own = () =>
    dataOf(managed)?.find(
      ({ connectionId, identity }) => connectionId === props.connection.id && identity === props.identity.toLowerCase(),
    )
  const draft = createDraft(props.connection.id, props.identity, () => own()?.id)
  const { details, stored, isFile, wish, edit } = draft
  /** What is there as what is wanted, for a mailbox that is not looked after: the plan is empty, and can be begun with. */
  const asItIs = () =>
    looked.data?.snapshot.mailbox && !managed.isPending && own() === undefined
      ? wishAsItIs(looked.data.access)
      : NOTHING
  const wanted = () => {
    if (isFile()) return stored()
    const asked = isNothing(wish()) ? asItIs() : wish()
    return isNothing(asked) ? undefined : fileOf(props.identity, asked)
  }
  const [planned, setPlanned] = createSignal(wanted())
  createEffect(
    on(wanted, (now) => {
      const timer = setTimeout(() => setPlanned(now), PLAN_AFTER_MS)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  const plan = usePlan(of, () => (looked.data ? planned() : undefined))
  const isCurrent = () => planned() === wanted() && !plan.isFetching && !plan.isError && !isUnderWay(dataOf(run))

  const run = useRun(() => own()?.lastRun?.id)
  // What Exchange has is another thing once a run is over.
  createEffect(
    on(
      () => isUnderWay(dataOf(run)),
      (now, before) => {
        if (before && !now) void lookAgain()
      },
    ),
  )
  const rows = (found: Looked) => rowsOf(found.access, wish())
  const canEdit = () => !isFile() && !isUnderWay(dataOf(run))
  const ask = (user: string) => {
    setDoctorUser(user)
    const place = document.getElementById('doctor')
    place?.scrollIntoView({ block: 'center' })
    place?.querySelector<HTMLElement>('[name="client"]')?.focus()
  }
  /** What Exchange says is as of the last look; what the mailbox here says is as of now. */
  const steps = (found: Looked) => {
    const fresh = dataOf(details)?.flow.steps ?? []
    return found.flow.map((seen): FlowStep => {
      if (isOurs(seen)) return fresh.find(({ step }) => step === seen.step) ?? seen
      const made = dataOf(plan)
      return seen.step === 'access' && seen.state !== 'waiting' && made ? { ...seen, ...leftOf(made, found) } : seen
    })
  }

  return (
    <>
      <div class="top">
        <div>
          <h1>{props.identity}</h1>
          <p>
            <a class="link" href="/exchange">
              {props.connection.name}
            </a>
            {looked.data ? `, ${kindOf(looked.data)}` : ''}
          </p>
        </div>
        <Show when={!byHand()}>
          <button type="button" class="btn" disabled={looked.isFetching} onClick={() => void lookAgain()}>
            <Icon name="again" />
            {looked.isFetching ? 'Reading' : 'Read again'}
          </button>
        </Show>
      </div>
      <ExchangeAlarms identity={props.identity} />
      <Show when={byHand()}>
        <ExchangeByHand of={of()} wanted={wanted()} plan={dataOf(plan)} onSnapshot={setSnapshot} />
      </Show>
      <Show when={!byHand() || snapshot() !== undefined}>
        <Loaded query={looked} what="The mailbox" loading={<Bones rows={7} height={52} />}>
          {(found) => (
            <>
              <ExchangeSteps steps={steps(found())} />
              <div class="exchange-two">
                <div>
                  <Show when={isFile()}>
                    <Notice tone="plain">
                      What is wanted of it was written as a file, so the plan beside is made from that. To go on here
                      instead,{' '}
                      <button type="button" class="link" onClick={() => edit(NOTHING)}>
                        begin anew
                      </button>
                      .
                    </Notice>
                  </Show>
                  <ExchangeAccess rows={rows(found())} wish={wish()} onWish={edit} canEdit={canEdit()} onAsk={ask} />
                  <Show when={found().snapshot.mailbox !== null && own()}>
                    {(one) => (
                      <ExchangeWatch
                        mailbox={one()}
                        connection={props.connection}
                        isNext={(dataOf(plan)?.steps.length ?? 0) === 0}
                        snapshot={of().snapshot}
                        name={found().snapshot.mailbox?.DisplayName ?? props.identity}
                      />
                    )}
                  </Show>
                  <Show when={found().snapshot.mailbox !== null}>
                    <ExchangeDoctor of={of()} rows={rows(found())} user={doctorUser()} onUser={setDoctorUser} />
                  </Show>
                </div>
                <div>
                  <Show when={plan.isError}>
                    <Notice tone="bad">{wordsOf(plan.error)}</Notice>
                  </Show>
                  <Show when={planned() !== undefined && !plan.isError && !isUnderWay(dataOf(run)) && dataOf(plan)}>
                    {(made) => (
                      <ExchangePlanned
                        of={of()}
                        plan={made()}
                        wanted={planned() ?? ''}
                        isCurrent={isCurrent()}
                        canWrite={!byHand()}
                        isStranger={!managed.isPending && own() === undefined}
                        onGroup={(user) => edit(withGroup(wish(), user))}
                        onBegun={() => draft.applied()}
                        {...(draft.isDraft() && { onDiscard: () => draft.discard() })}
                      />
                    )}
                  </Show>
                  <Show when={dataOf(run)}>
                    {(one) => (
                      <Show when={isUnderWay(one()) || one().endedAt !== null}>
                        <ExchangeRun run={one()} />
                      </Show>
                    )}
                  </Show>
                  <ExchangeProperties
                    mailbox={found().snapshot.mailbox}
                    wish={wish()}
                    onWish={edit}
                    canEdit={canEdit()}
                  />
                </div>
              </div>
              <Show when={found().snapshot.mailbox !== null}>
                <ExchangeChecks checks={found().checks} />
              </Show>
              <ExchangeDomains of={of()} addresses={[props.identity, ...addressesOf(found())]} />
              <ExchangeOptions
                options={found().options}
                mailbox={found().snapshot.mailbox}
                wish={wish()}
                onWish={edit}
                canEdit={canEdit()}
                isOwn={own() !== undefined}
              />
              <Show when={found().snapshot.mailbox !== null}>
                <ExchangeOutlook copiesByServer={found().snapshot.mailbox?.MessageCopyForSentAsEnabled === true} />
              </Show>
            </>
          )}
        </Loaded>
      </Show>
    </>
  )
}

const isOurs = ({ step }: FlowStep) => step === 'watch' || step === 'try'

/** The addresses of the mailbox and of the people who use it: Outlook needs the DNS of each domain. */
function addressesOf({ snapshot: { mailbox }, access }: Looked): string[] {
  const own = [mailbox?.PrimarySmtpAddress ?? '', ...(mailbox?.EmailAddresses ?? [])]
  const people = access.filter(({ kind }) => kind === 'person').map(({ user }) => user)
  return [...own, ...people]
    .map((address) => address.replace(/^smtp:/i, ''))
    .filter((address) => /^[^\s@:]+@[^\s@]+\.[^\s@]+$/.test(address) && !/\.onmicrosoft\.(com|us|cn)$/i.test(address))
}

/** How far access is, by the plan as it is now: what is wanted may have changed since the last look. */
function leftOf({ steps, blockers }: ExchangePlan, { access }: Looked): Pick<FlowStep, 'state' | 'says' | 'whatToDo'> {
  if (blockers.length > 0)
    return { state: 'trouble', says: 'Something stands in the way.', whatToDo: 'The plan says what.' }
  if (steps.length > 0)
    return {
      state: 'open',
      says: `${plural(steps.length, 'change is', 'changes are')} left.`,
      whatToDo: 'Apply the plan.',
    }
  const people = access.filter(({ kind, rights }) => (kind === 'person' || kind === 'group') && rights.length > 0)
  return people.length > 0
    ? { state: 'done', says: '', whatToDo: '' }
    : {
        state: 'open',
        says: 'Nobody has access yet.',
        whatToDo: 'Add the people who are to use it, and apply the plan.',
      }
}

function kindOf({ snapshot: { mailbox, group } }: Looked): string {
  if (mailbox === null) return group ? 'a distribution group' : 'not there yet'
  return /^SharedMailbox$/i.test(mailbox.RecipientTypeDetails) ? 'a shared mailbox' : 'the mailbox of a person'
}
