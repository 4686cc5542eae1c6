import type { ExchangeMailbox } from '../../../db/schema.ts'
import { Refused } from '../../errors.ts'
import type { Step } from '../plan/step.ts'
import { type ClientAccess, otherObjectId, type Program, programSteps } from '../program.ts'
import type { ProvisioningDeps } from './deps.ts'
import { remember } from './ledger.ts'
import { alone } from './lock.ts'
import { connectionOf, lookAt } from './look.ts'

type Mailbox = Pick<ExchangeMailbox, 'connectionId' | 'identity'>

/**
 * What is left to do until the program can read the mailbox and send from it, as seen now.
 * @throws ExchangeError; Refused where there is no such mailbox, or the object id is not the one that Exchange knows
 */
export async function admissionSteps(deps: ProvisioningDeps, mailbox: Mailbox, program: Program): Promise<Step[]> {
  const snapshot = await lookAt(deps, mailbox, [])
  if (snapshot.platform !== 'exo')
    throw new Refused('A program is let in by a service principal in Exchange Online alone.')
  if (!snapshot.mailbox) throw new Refused(`There is no mailbox ${mailbox.identity} in Exchange yet. Make it first.`)
  const other = otherObjectId(snapshot, program)
  if (other)
    throw new Refused(
      `Exchange knows this app by the object id ${other}. Enter that of the enterprise application, not of the app registration.`,
    )
  return programSteps(snapshot, await clientAccess(deps, mailbox), program)
}

/** Lets the program in, step by step; what was done before is not done again. */
export async function admit(deps: ProvisioningDeps, mailbox: Mailbox, program: Program): Promise<Step[]> {
  const done = await alone(deps.db, mailbox.connectionId, mailbox.identity, async () => {
    const { connection } = await connectionOf(deps, mailbox.connectionId)
    const steps = await admissionSteps(deps, mailbox, program)
    for (const step of steps) {
      const { unchanged } = await connection.invoke({ cmdlet: step.cmdlet, params: step.params })
      await deps.db.write((tx) => remember(tx, mailbox, step, unchanged, null, deps.clock.now()))
    }
    return steps
  })
  if (!done) throw new Refused('Somebody is at this mailbox at the moment. Try again when they are done.')
  return done.did
}

async function clientAccess(deps: ProvisioningDeps, { connectionId, identity }: Mailbox): Promise<ClientAccess> {
  const { connection } = await connectionOf(deps, connectionId)
  const { records } = await connection.invoke({ cmdlet: 'Get-CASMailbox', params: { Identity: identity } })
  const said = (name: string) => String(records[0]?.[name] ?? '').toLowerCase()
  const smtp = said('SmtpClientAuthenticationDisabled')
  return { imapEnabled: said('ImapEnabled') !== 'false', smtpAuthDisabled: smtp === '' ? null : smtp === 'true' }
}
