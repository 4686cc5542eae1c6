import { unwritable } from '../bad-input.ts'
import { type Check, checkCommands, groupCheckCommands } from '../checks.ts'
import { CONTROL } from '../one-line.ts'
import type { Snapshot } from '../snapshot.ts'
import { type Plan, planExchange } from './plan.ts'
import { planGroup } from './plan-group.ts'
import { readWanted } from './wanted.ts'
import { readWantedGroup } from './wanted-group.ts'
import { hasKey } from './yaml-file.ts'

/** What a file wants, read and ready to be planned against a snapshot. */
export type WantedFile = {
  identity: string
  /** Everybody and everything that the plan must be able to look up. */
  names: string[]
  plan(snapshot: Snapshot): Plan
  checks(snapshot: Snapshot): Check[]
}

/**
 * Reads a file that says what is wanted: of a mailbox, or of a distribution group.
 * @throws BadInput that names each line it can't read
 */
export async function readWantedFile(
  source: string,
  fileName: string,
  readList: (name: string) => Promise<string>,
): Promise<WantedFile> {
  if (hasKey(source, 'group')) {
    const wanted = await readWantedGroup(source, fileName, readList)
    const { identity } = wanted.group
    return {
      identity,
      names: wanted.members.map(({ user }) => user),
      plan: (snapshot) => sayUnwritable(() => planGroup(wanted, snapshot)),
      checks: () => groupCheckCommands(identity),
    }
  }
  const wanted = await readWanted(source, fileName, readList)
  const { identity, aliases = [], forwarding, name } = wanted.mailbox
  const others = [...aliases, forwarding?.to ?? '', name ?? ''].filter((one) => one !== '')
  return {
    identity,
    names: [...wanted.delegates.map(({ user }) => user), ...others],
    plan: (snapshot) => sayUnwritable(() => planExchange(wanted, snapshot)),
    checks: ({ platform, mailbox }) => {
      const dn = mailbox?.DistinguishedName ?? ''
      // A name that can't stand in a command stops the plan, if it needs it, and is none for a check either.
      return checkCommands(platform, identity, dn === '' || CONTROL.test(dn) ? identity : dn)
    },
  }
}

function sayUnwritable(plan: () => Plan): Plan {
  try {
    return plan()
  } catch (error) {
    return { steps: [], notes: [], blockers: [unwritable(error)] }
  }
}
