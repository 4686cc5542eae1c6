import type { Blocker } from '../bad-input.ts'
import { addressesOf, addressOf, bareAddress, type Directory, isSame } from '../directory.ts'
import type { Mailbox, Recipient, Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { PHASES, step } from './step.ts'
import type { Target } from './target.ts'
import type { WantedMailbox } from './wanted.ts'

/** Addresses of the tenant itself: mail between servers goes by them. */
const TENANT_DOMAIN = /\.onmicrosoft\.(com|us|cn)$/i

/** The further addresses of the mailbox. */
export function planAddresses(
  { aliases, exclusiveAliases, removeAliases }: WantedMailbox,
  { platform }: Snapshot,
  mailbox: Mailbox,
  directory: Directory,
  { identity }: Target,
): Part {
  const none: Part = { steps: [], notes: [], blockers: [] }
  if (aliases === undefined && removeAliases === undefined) return none
  const bare = (list: string[] = []) => [...new Set(list.map((alias) => bareAddress(alias).toLowerCase()))]
  const wanted = bare(aliases)
  const unwanted = bare(removeAliases)
  const there = addressesOf(mailbox)
  const [primary] = there
  const add = wanted.filter((alias) => !there.includes(alias))
  const isOver = (one: string) =>
    unwanted.includes(one) ||
    (aliases !== undefined && exclusiveAliases && !wanted.includes(one) && !TENANT_DOMAIN.test(one))
  const contradictions = unwanted.flatMap((alias): Blocker[] => {
    if (wanted.includes(alias))
      return [
        {
          code: 'CONTRADICTION',
          subject: alias,
          message: `${alias} is wanted and to be removed. Take it out of one of both lists.`,
        },
      ]
    if (alias !== primary) return []
    const message = `${alias} is the primary address, which a mailbox can not be without. Make another one primary first.`
    return [{ code: 'PRIMARY_ADDRESS', subject: alias, message }]
  })
  if (contradictions.length > 0) return { ...none, blockers: contradictions }
  const remove = there.filter((one) => one !== primary && isOver(one))
  if (add.length === 0 && remove.length === 0) return none
  if (platform === 'exo' && mailbox.IsDirSynced)
    return { ...none, notes: [{ code: 'MANAGED_ON_PREM', subject: 'EmailAddresses' }] }
  const blockers = add.flatMap((alias): Blocker[] => {
    const owner = ownerOf(alias, directory)
    if (!owner || addressesOf(owner).some((one) => there.includes(one))) return []
    return [
      {
        code: 'ADDRESS_IN_USE',
        subject: alias,
        message: `${alias} is an address of ${addressOf(owner)} already. Take it from there first, or choose another.`,
      },
    ]
  })
  if (blockers.length > 0) return { ...none, blockers }
  const change = {
    ...(add.length > 0 ? { add: add.map((alias) => `smtp:${alias}`) } : {}),
    ...(remove.length > 0 ? { remove: remove.map((alias) => `smtp:${alias}`) } : {}),
  }
  const why = [
    ...(add.length > 0 ? [`Mail to ${add.join(', ')} is to arrive here.`] : []),
    ...(remove.length > 0 ? [`${remove.join(', ')} is not wanted any more.`] : []),
  ]
  const risk = remove.length > 0 ? 'destructive' : 'none'
  return {
    ...none,
    steps: [
      step(
        PHASES.addresses,
        'Set-Mailbox',
        { Identity: identity, EmailAddresses: change, Confirm: false },
        why.join(' '),
        risk,
      ),
    ],
  }
}

/** Whose address it is. */
export function ownerOf(address: string, { recipients }: Directory): Recipient | undefined {
  return recipients.find(
    (one) =>
      addressesOf(one).includes(address.toLowerCase()) ||
      // No address may be somebody else's user name either.
      isSame(one.UserPrincipalName, address) ||
      isSame(one.WindowsLiveID, address),
  )
}
