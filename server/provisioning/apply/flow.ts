import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import {
  type ExchangeConnectionRow,
  type ExchangeMailbox,
  exchangeMailboxes,
  type FlowStep,
  mailboxes,
  type ProvisioningRun,
} from '../../../db/schema.ts'
import type { FlowStepName, FlowStepState } from '../../../db/vocabulary.ts'
import { Changed, Invalid, NotFound, Refused } from '../../errors.ts'
import { accessOf } from '../access.ts'
import { BadInput } from '../bad-input.ts'
import { ExchangeError } from '../connection/connection.ts'
import type { Snapshot } from '../snapshot.ts'
import { admissionSteps } from './admit.ts'
import type { ProvisioningDeps } from './deps.ts'
import { readStored } from './look.ts'
import { mailAppOf, missingPermissions } from './mail-app.ts'
import { listRuns, UNDER_WAY } from './run.ts'

// The way from nothing to a watched mailbox. What is said of each step is read: from Exchange, from the app's token, from
// the plan that is left. That somebody pressed a button says nothing.

type Mailbox = Pick<ExchangeMailbox, 'connectionId' | 'identity'>
type Read = { state: FlowStepState; says: string; whatToDo?: string }

const done = (says: string): Read => ({ state: 'done', says })
const open = (says: string, whatToDo = ''): Read => ({ state: 'open', says, whatToDo })
const waiting = (says: string, whatToDo = ''): Read => ({ state: 'waiting', says, whatToDo })
const trouble = (says: string, whatToDo = ''): Read => ({ state: 'trouble', says, whatToDo })

/**
 * How far a mailbox has come in Exchange. Steps that can't be there, as on premises, are left out.
 * @param row what is looked after; none where nobody began yet
 */
export async function exchangeSteps(
  deps: ProvisioningDeps,
  connection: ExchangeConnectionRow,
  mailbox: Mailbox,
  row: ExchangeMailbox | undefined,
  snapshot: Snapshot,
): Promise<FlowStep[]> {
  const at = deps.clock.now()
  const named = (step: FlowStepName, { whatToDo = '', ...read }: Read): FlowStep => ({ step, ...read, whatToDo, at })
  const byFile = connection.kind === 'plan-only'
  const [run] = row ? await listRuns(deps.db.read, row.id) : []
  return [
    named('connect', done(byFile ? 'The file says what Exchange has.' : 'Exchange answers.')),
    named('create', created(mailbox, snapshot)),
    named('access', await given(row, snapshot, run)),
    ...(snapshot.platform === 'exo' ? [named('admit', await admitted(deps, connection, mailbox, row, snapshot))] : []),
  ]
}

function created({ identity }: Mailbox, { mailbox, group }: Snapshot): Read {
  if (mailbox === null && group)
    return trouble(
      `${identity} is a distribution group.`,
      'Choose another address, or give the group another one first.',
    )
  if (mailbox === null) return open(`There is no mailbox ${identity} yet.`, 'Apply the plan.')
  if (/^SharedMailbox$/i.test(mailbox.RecipientTypeDetails)) return done(`${identity} is a shared mailbox.`)
  return open(`${identity} is the mailbox of a person.`, 'Choose shared mailbox, and apply the plan.')
}

async function given(
  row: ExchangeMailbox | undefined,
  snapshot: Snapshot,
  run: ProvisioningRun | undefined,
): Promise<Read> {
  if (run && UNDER_WAY.includes(run.state)) return waiting('The plan is being carried out.')
  if (run?.state === 'access_lost')
    return trouble('Somebody lost access on the way, and it is tried again.', 'The command that mends it stands above.')
  const people = accessOf(snapshot).filter(
    ({ kind, rights }) => kind !== 'program' && kind !== 'gone' && rights.length > 0,
  )
  const nobody = open('Nobody has access yet.', 'Add the people who are to use it, and apply the plan.')
  const left = row ? await leftOf(row, snapshot) : 0
  if (typeof left === 'string') return trouble(left, 'Change what is wanted.')
  if (left > 0 && run?.state === 'replicating')
    return waiting('It is done, but Exchange does not show all of it yet.', 'Look again in some minutes.')
  if (left > 0) return open(`${left} ${left === 1 ? 'change is' : 'changes are'} left.`, 'Apply the plan.')
  if (snapshot.mailbox === null || people.length === 0) return nobody
  return done(`${people.length} ${people.length === 1 ? 'person has' : 'people have'} access.`)
}

/** How many steps are left to what is wanted; why there is no plan, where there is none. */
async function leftOf({ flow, wanted, lists }: ExchangeMailbox, snapshot: Snapshot): Promise<number | string> {
  const source = flow.draft ?? wanted
  if (source === '') return 0
  try {
    const { steps, blockers } = (await readStored(source, lists)).plan(snapshot)
    return blockers[0]?.message ?? steps.length
  } catch (error) {
    if (error instanceof BadInput || error instanceof NotFound) return error.message
    throw error
  }
}

async function admitted(
  deps: ProvisioningDeps,
  connection: ExchangeConnectionRow,
  mailbox: Mailbox,
  row: ExchangeMailbox | undefined,
  snapshot: Snapshot,
): Promise<Read> {
  if (snapshot.mailbox === null) return open('The mailbox comes first.')
  try {
    const app = await mailAppOf(deps, connection, await askedBefore(deps, row))
    const missing = missingPermissions(app)
    if (missing.length > 0)
      return open(
        `No admin has consented to ${missing.join(' and ')} for the app.`,
        'In Entra, under API permissions of the app, add them from Office 365 Exchange Online, and grant consent.',
      )
    const steps = await admissionSteps(deps, mailbox, app.program, snapshot)
    if (steps.length === 0) return done('Exchange lets the app in.')
    return open(`${steps.length} ${steps.length === 1 ? 'command is' : 'commands are'} left to let the app in.`)
  } catch (error) {
    if (error instanceof Invalid) return open('It is not known yet by which app the mail is read.', 'Enter it below.')
    if (error instanceof Refused || error instanceof ExchangeError) return trouble(error.message)
    throw error
  }
}

/** The app that was entered before; that of the connection where none was. */
async function askedBefore({ db, secrets }: ProvisioningDeps, row: ExchangeMailbox | undefined) {
  const { appId = '', objectId = '' } = row?.flow.program ?? {}
  const [watched] = row?.mailboxId ? await db.read.select().from(mailboxes).where(eq(mailboxes.id, row.mailboxId)) : []
  const isIts = watched?.oauthSecret && watched.oauth?.clientId === appId
  return { appId, objectId, displayName: '', clientSecret: isIts ? secrets.decrypt(watched.oauthSecret) : '' }
}

/** Keeps what was seen, so that it stands there before anybody asks Exchange again. */
export async function keepSteps(tx: Tx, id: string, steps: FlowStep[]): Promise<void> {
  const [row] = await tx.select().from(exchangeMailboxes).where(eq(exchangeMailboxes.id, id))
  if (!row) return
  await tx
    .update(exchangeMailboxes)
    .set({ flow: { ...row.flow, steps } })
    .where(eq(exchangeMailboxes.id, id))
}

/**
 * Keeps what somebody wants before it is applied, so that it is there in another browser and tomorrow.
 * @param draft null: what was wanted before counts again
 * @param version that which the change goes on from
 * @returns the version it has now
 * @throws Changed where somebody else changed it in between
 */
export async function keepDraft(
  tx: Tx,
  { id }: Pick<ExchangeMailbox, 'id'>,
  draft: string | null,
  version: number,
  now: number,
): Promise<number> {
  const [row] = await tx.select().from(exchangeMailboxes).where(eq(exchangeMailboxes.id, id))
  if (!row) throw new NotFound('This mailbox is not looked after from here.')
  const { draft: before, ...flow } = row.flow
  if ((flow.version ?? 0) !== version && before !== (draft ?? undefined))
    throw new Changed(
      'Somebody else changed what is wanted here in between. Theirs is shown now; nothing of it was lost.',
    )
  const next = (flow.version ?? 0) + 1
  // What is applied already is no draft.
  const isDraft = draft !== null && draft !== row.wanted
  await tx
    .update(exchangeMailboxes)
    .set({ flow: { ...flow, version: next, ...(isDraft ? { draft } : {}) }, changedAt: now })
    .where(eq(exchangeMailboxes.id, id))
  return next
}
