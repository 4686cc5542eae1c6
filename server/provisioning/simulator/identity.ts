import { type Account, primaryOf } from './account.ts'
import { ambiguous, notFound, wasNotFound } from './cmdlet-error.ts'
import type { State, Tenant } from './tenant.ts'

const same = (a: string, b: string) => a !== '' && a.toLowerCase() === b.toLowerCase()

/** Everybody that a name may mean: by what is theirs alone first, then by what others may be called too. */
export function matching(state: State, { netBios }: Pick<Tenant, 'netBios'>, name: string): Account[] {
  const all = [...state.accounts.values()]
  const unique = all.filter(
    (one) =>
      [one.id, one.guid, one.sid, one.dn, one.legacyDn, one.upn, `${netBios}\\${one.sam}`].some((own) =>
        same(own, name),
      ) || one.addresses.some((address) => /^smtp:/i.test(address) && same(address.slice(5), name)),
  )
  if (unique.length > 0) return unique
  return all.filter((one) => [one.name, one.alias, one.displayName, one.sam].some((own) => same(own, name)))
}

/** @throws CmdletFailure where nobody or more than one is called so */
export function one(state: State, tenant: Tenant, name: string, isKind: (account: Account) => boolean): Account {
  const found = matching(state, tenant, name).filter(isKind)
  if (found.length > 1) throw ambiguous(name)
  if (!found[0]) throw notFound(name)
  return found[0]
}

/** A mailbox; a new one is not seen for a while. */
export function mailbox(state: State, tenant: Tenant, name: string): Account & { box: NonNullable<Account['box']> } {
  const found = one(state, tenant, name, ({ box }) => box !== null)
  // Counted where it really is, however old the view is that found it.
  const { box } = tenant.state.accounts.get(found.id) ?? found
  if (box && box.unseen > 0) {
    box.unseen--
    throw notFound(name)
  }
  // The cast: `one` asked for a mailbox.
  return found as Account & { box: NonNullable<Account['box']> }
}

/** Whom a right can be given to. */
export function principal(state: State, tenant: Tenant, name: string): Account {
  const program = state.principals.find(({ appId, objectId, displayName }) =>
    [appId, objectId, displayName].some((own) => same(own, name)),
  )
  if (program) return asAccount(program)
  const found = matching(state, tenant, name).filter(({ type }) => !/Contact$/.test(type))
  if (found.length > 1) throw ambiguous(name)
  if (!found[0]) throw wasNotFound(name)
  return found[0]
}

/** Add-ADPermission and its like know an object by its name or its distinguished name alone. */
export function byNameOrDn(state: State, name: string): Account & { box: NonNullable<Account['box']> } {
  const found = [...state.accounts.values()].filter((one) => one.box && (same(one.dn, name) || same(one.name, name)))
  if (found.length > 1) throw ambiguous(name)
  if (!found[0]) throw wasNotFound(name)
  // The cast: the filter asked for a box.
  return found[0] as Account & { box: NonNullable<Account['box']> }
}

/** Who has an address already. */
export function ownerOf(state: State, address: string): Account | undefined {
  return [...state.accounts.values()].find(
    (one) =>
      one.addresses.some((own) => /^smtp:/i.test(own) && same(own.slice(5), address)) || same(primaryOf(one), address),
  )
}

function asAccount({ appId, objectId, displayName, sid }: State['principals'][number]): Account {
  return {
    id: objectId,
    guid: objectId,
    sid,
    name: displayName || appId,
    alias: '',
    displayName,
    upn: '',
    sam: '',
    addresses: [],
    dn: `CN=${objectId}`,
    legacyDn: '',
    type: 'ServicePrincipal',
    hidden: true,
    disabled: false,
    dirSynced: false,
    hasArchive: false,
    members: [],
    outsideRefused: true,
    box: null,
  }
}
