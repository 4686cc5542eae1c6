import { addressOf } from '../directory.ts'
import { heldBy, type World, wants } from '../holding.ts'
import type { Params } from '../registry.ts'
import { sendAsStep } from '../rights.ts'
import type { Part } from './plan.ts'
import { PHASES, step } from './step.ts'

/** New grants of Send As. */
export function planSendAs(world: World): Partial<Part> {
  const { people, sendAs, snapshot } = world
  const missing = people.filter((person) => wants(person, 'SendAs') && heldBy(sendAs, person).length === 0)
  return {
    steps: missing.map(({ user, address }) =>
      sendAsStep(
        world,
        'Add',
        PHASES.sendAs,
        user,
        `${address} can't send as the mailbox yet. It can take an hour to work.`,
      ),
    ),
    // Send As is kept on each side by itself; nothing carries it over.
    notes: snapshot.hybrid
      ? missing.map(({ address }) => ({ code: 'HYBRID_SEND_AS_BOTH_SIDES', subject: address }))
      : [],
  }
}

/** One change of who may send on behalf. */
export function planSendOnBehalf({ wanted, snapshot, directory, people, target }: World): Partial<Part> {
  const current = (snapshot.mailbox?.GrantSendOnBehalfTo ?? []).map((name) => ({
    name,
    resolved: directory.resolve(name),
  }))
  const has = (key: string) => current.some(({ resolved }) => resolved.is === 'found' && resolved.key === key)
  const add = people.filter((person) => wants(person, 'SendOnBehalf') && !has(person.key))
  const narrowed = people
    .filter((person) => !wants(person, 'SendOnBehalf') && has(person.key))
    .map(({ address }) => address)
  const unlisted = current.flatMap(({ resolved }) =>
    wanted.exclusive && resolved.is === 'found' && !people.some(({ key }) => key === resolved.key)
      ? [addressOf(resolved.recipient)]
      : [],
  )
  const remove = [...new Set([...narrowed, ...unlisted])]
  const notes = wanted.exclusive
    ? current
        .filter(({ resolved }) => resolved.is !== 'found')
        .map(({ name }) => ({ code: 'UNRESOLVED_KEPT', subject: name }))
    : []
  if (add.length === 0 && remove.length === 0) return { notes }
  const change = {
    ...(add.length > 0 ? { add: add.map(({ address }) => address) } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  }
  const why = [
    ...(add.length > 0 ? [`${change.add?.join(', ')} may not send on its behalf yet.`] : []),
    ...(remove.length > 0 ? [`${remove.join(', ')} is not to send on its behalf.`] : []),
  ]
  const params: Params = { Identity: target.identity, GrantSendOnBehalfTo: change, Confirm: false }
  const risk = remove.length > 0 ? 'destructive' : 'none'
  return { steps: [step(PHASES.sendOnBehalf, 'Set-Mailbox', params, why.join(' '), risk)], notes }
}
