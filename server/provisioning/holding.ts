import type { AutoMapping } from './auto-mapping.ts'
import { accountOf, type Directory, type Domain, isSame, isServicePrincipal, userOf } from './directory.ts'
import type { Person } from './people.ts'
import type { Grant } from './permission.ts'
import type { Target } from './plan/target.ts'
import type { Wanted } from './plan/wanted.ts'
import type { Recipient, Snapshot } from './snapshot.ts'

/** A direct grant with whom it belongs to: `key` as the directory has it, else the name that the row shows. */
export type Held = Grant & { key: string; recipient: Recipient | null }

/** What the plan for delegates goes by. */
export type World = {
  wanted: Wanted
  snapshot: Snapshot
  target: Target
  directory: Directory
  people: Person[]
  /** Allowed, direct and not of the system. */
  full: Held[]
  sendAs: Held[]
  denied: Held[]
  sendAsDenied: Held[]
  mapping: (key: string) => AutoMapping
}

/** Whom a grant belongs to. */
export function holder(grant: Grant, directory: Directory): Held {
  const byName = directory.resolve(grant.who)
  const resolved = byName.is === 'found' || !grant.sid ? byName : directory.resolve(grant.sid)
  if (resolved.is === 'found') return { ...grant, key: resolved.key, recipient: resolved.recipient }
  return { ...grant, key: grant.who.toLowerCase(), recipient: null }
}

export const heldBy = (grants: Held[], { key }: Person) => grants.filter((grant) => grant.key === key)
export const wants = ({ rights }: Person, right: Person['rights'][number]) => rights.includes(right)

/** How a step names who holds a grant. */
export function nameOf({ recipient, who }: Held, { snapshot, directory }: World): string {
  if (!recipient) return who
  return snapshot.platform === 'onprem' ? accountOf(recipient, directory.domain) : userOf(recipient)
}

/** A row that nobody can be found for is only taken away where its name can mean one account alone. */
export function isRemovable({ recipient, who }: Held, domain: Domain | null): boolean {
  if (recipient) return !isServicePrincipal(recipient)
  if (/^[^\s@]+@[^\s@]+$/.test(who)) return true
  return domain !== null && isSame(who.split('\\')[0], domain.name) && who.includes('\\')
}

/** The program that watches the mailbox holds a grant too; taking it would lock Downfield out. */
export function isOurProgram({ recipient, who, sid }: Held, { servicePrincipals }: Snapshot): boolean {
  if (recipient && isServicePrincipal(recipient)) return true
  return servicePrincipals.some(
    ({ Identity, AppId, ObjectId, DisplayName, Sid }) =>
      [Identity, AppId, ObjectId, DisplayName].some((name) => isSame(name, who)) || isSame(Sid, sid),
  )
}
