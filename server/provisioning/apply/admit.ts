import type { ExchangeMailbox } from '../../../db/schema.ts'
import { Refused } from '../../errors.ts'
import { type ExchangeConnection, ExchangeError } from '../connection/connection.ts'
import type { Step } from '../plan/step.ts'
import { type ClientAccess, otherObjectId, type Program, programSteps } from '../program.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ProvisioningDeps } from './deps.ts'
import { remember } from './ledger.ts'
import { alone } from './lock.ts'
import { connectionOf, lookAt } from './look.ts'

type Mailbox = Pick<ExchangeMailbox, 'connectionId' | 'identity'>

/** What Exchange has just made is not known to all of its servers at once. */
const NOT_FOUND_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 16_000]

/**
 * What is left to do until the program can read the mailbox and send from it, as seen now.
 * @throws ExchangeError; Refused where there is no such mailbox, or Exchange knows the app by another object id
 */
export async function admissionSteps(
  deps: ProvisioningDeps,
  mailbox: Mailbox,
  program: Program,
  seen?: Snapshot,
): Promise<Step[]> {
  const snapshot = seen ?? (await lookAt(deps, mailbox, []))
  if (snapshot.platform !== 'exo')
    throw new Refused('A program is let in by a service principal in Exchange Online alone.')
  if (!snapshot.mailbox) throw new Refused(`There is no mailbox ${mailbox.identity} in Exchange yet. Make it first.`)
  const other = otherObjectId(snapshot, program)
  if (other)
    throw new Refused(
      `Exchange knows this app by the object id ${other}, and its enterprise application has ${program.objectId}. An admin takes the wrong one out with Remove-ServicePrincipal -Identity ${other}; then begin again.`,
    )
  return programSteps(snapshot, await clientAccess(deps, mailbox), program)
}

/** Lets the program in, step by step; what was done before is not done again. */
export async function admit(deps: ProvisioningDeps, mailbox: Mailbox, program: Program): Promise<Step[]> {
  const done = await alone(deps.db, mailbox.connectionId, mailbox.identity, async () => {
    const { connection } = await connectionOf(deps, mailbox.connectionId)
    const steps = await admissionSteps(deps, mailbox, program)
    for (const step of steps) {
      const unchanged = await carriedOut(deps, connection, step)
      await deps.db.write((tx) => remember(tx, mailbox, step, unchanged, null, deps.clock.now()))
    }
    return steps
  })
  if (!done) throw new Refused('Somebody is at this mailbox at the moment. Try again when they are done.')
  return done.did
}

async function carriedOut(
  { clock }: ProvisioningDeps,
  connection: ExchangeConnection,
  { cmdlet, params }: Step,
): Promise<boolean> {
  for (let tries = 0; ; tries++) {
    try {
      return (await connection.invoke({ cmdlet, params })).unchanged
    } catch (error) {
      const wait = NOT_FOUND_WAITS_MS[tries]
      if (!(error instanceof ExchangeError) || error.kind !== 'NOT_FOUND' || wait === undefined) throw error
      await clock.sleep(wait)
    }
  }
}

async function clientAccess(deps: ProvisioningDeps, { connectionId, identity }: Mailbox): Promise<ClientAccess> {
  const { connection } = await connectionOf(deps, connectionId)
  // Whoever only plans says nothing of it; where it matters, signing in tells.
  if (connection.kind === 'plan-only') return { imapEnabled: true, smtpAuthDisabled: null }
  const { records } = await connection.invoke({ cmdlet: 'Get-CASMailbox', params: { Identity: identity } })
  const said = (name: string) => String(records[0]?.[name] ?? '').toLowerCase()
  const smtp = said('SmtpClientAuthenticationDisabled')
  return { imapEnabled: said('ImapEnabled') !== 'false', smtpAuthDisabled: smtp === '' ? null : smtp === 'true' }
}
