import type { Access } from './exchange.ts'

// What is wanted of a mailbox, as the page edits it, and as the file that the server plans from.

export type Right = Access['rights'][number]
export const RIGHTS: readonly Right[] = ['FullAccess', 'SendAs', 'SendOnBehalf']
/** To work with a shared mailbox takes both. */
export const USUAL_RIGHTS: readonly Right[] = ['FullAccess', 'SendAs']

/** `autoMapping` left out: as it is. */
export type WantedDelegate = { user: string; rights: Right[]; autoMapping?: boolean; allowGroup?: boolean }
/** What is wanted of the mailbox itself; what is left out stays as it is. */
export type WantedProperties = {
  name?: string
  displayName?: string
  type?: 'shared' | 'user'
  aliases?: string[]
  removeAliases?: string[]
  signInBlocked?: boolean
  hiddenFromAddressLists?: boolean
  copySentAs?: boolean
  copySendOnBehalf?: boolean
}
/** `enforce`: auto-mapping is set as wanted even where nobody knows how it is. */
export type Wish = { mailbox: WantedProperties; delegates: WantedDelegate[]; enforce: boolean }

export const NOTHING: Wish = { mailbox: {}, delegates: [], enforce: false }

/** Somebody in the table of who can use the mailbox. */
export type Row = {
  user: string
  name: string
  kind: Access['kind'] | 'new'
  isGroup: boolean
  /** What they have, and what is wanted. */
  was: readonly Right[]
  rights: readonly Right[]
  denied: boolean
  mapping: Access['autoMapping']
  /** Whether it is to appear by itself; undefined: as it is. */
  autoMapping: boolean | undefined
  isChanged: boolean
}

const UNKNOWN: Access['autoMapping'] = { state: 'unknown', source: 'none', at: null }
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Who is there and who is wanted, one row for each. */
export function rowsOf(access: readonly Access[], wish: Wish): Row[] {
  const there = access.map((one): Row => {
    const wanted = wish.delegates.find(({ user }) => isSame(user, one.user))
    const rights = wanted?.rights ?? one.rights
    const moves = wanted?.autoMapping !== undefined && wanted.autoMapping !== (one.autoMapping.state === 'on')
    return {
      user: one.user,
      name: one.name,
      kind: one.kind,
      isGroup: one.kind === 'group',
      was: one.rights,
      rights,
      denied: one.denied,
      mapping: one.autoMapping,
      autoMapping: wanted?.autoMapping,
      isChanged: !hasSame(rights, one.rights) || moves,
    }
  })
  const added = wish.delegates
    .filter(({ user, rights }) => rights.length > 0 && !access.some((one) => isSame(one.user, user)))
    .map(
      ({ user, rights, autoMapping, allowGroup }): Row => ({
        user,
        name: user,
        kind: 'new',
        isGroup: allowGroup === true,
        was: [],
        rights,
        denied: false,
        mapping: UNKNOWN,
        autoMapping,
        isChanged: true,
      }),
    )
  return [...there, ...added]
}

const hasSame = (a: readonly Right[], b: readonly Right[]) =>
  a.length === b.length && a.every((right) => b.includes(right))

/** The wish with somebody wanted otherwise; who is to have nothing and had nothing is no longer in it. */
export function withDelegate(wish: Wish, row: Row, change: { rights?: readonly Right[]; autoMapping?: boolean }): Wish {
  const rights = RIGHTS.filter((right) => (change.rights ?? row.rights).includes(right))
  const autoMapping = change.autoMapping ?? row.autoMapping
  const before = wish.delegates.find(({ user }) => isSame(user, row.user))
  const others = wish.delegates.filter(({ user }) => !isSame(user, row.user))
  const isAsItWas = hasSame(rights, row.was) && autoMapping === undefined
  if (isAsItWas && row.kind !== 'new') return { ...wish, delegates: others }
  if (rights.length === 0 && row.kind === 'new') return { ...wish, delegates: others }
  const allowGroup = row.kind === 'group' || before?.allowGroup
  const delegate: WantedDelegate = {
    user: row.user,
    rights,
    // Nothing appears by itself for who may not open it.
    ...(autoMapping !== undefined && rights.includes('FullAccess') && { autoMapping }),
    ...(allowGroup && { allowGroup }),
  }
  const index = wish.delegates.findIndex(({ user }) => isSame(user, row.user))
  const isBlind = change.autoMapping !== undefined && row.kind !== 'new' && row.mapping.state === 'unknown'
  return {
    ...wish,
    enforce: wish.enforce || isBlind,
    delegates: index < 0 ? [...others, delegate] : wish.delegates.map((one, i) => (i === index ? delegate : one)),
  }
}

/** The wish with a group that is to have its rights although nothing appears by itself for its members. */
export function withGroup(wish: Wish, user: string): Wish {
  const allowed = ({ autoMapping: _never, ...one }: WantedDelegate) => ({ ...one, allowGroup: true })
  return { ...wish, delegates: wish.delegates.map((one) => (isSame(one.user, user) ? allowed(one) : one)) }
}

/** The wish with further people, who get the usual rights; who is in it already stays as they are. */
export function withPeople(wish: Wish, users: readonly string[], autoMapping: boolean): Wish {
  const fresh = users.filter((user) => !wish.delegates.some((one) => isSame(one.user, user)))
  return {
    ...wish,
    delegates: [...wish.delegates, ...fresh.map((user) => ({ user, rights: [...USUAL_RIGHTS], autoMapping }))],
  }
}

/** The file that the server reads: JSON, which is YAML too. */
export function fileOf(identity: string, { mailbox, delegates, enforce }: Wish): string {
  const policy = enforce ? { autoMappingPolicy: 'enforce' } : {}
  return JSON.stringify({ version: 1, mailbox: { identity, ...mailbox }, delegates, ...policy }, null, 2)
}

/** The wish that a file holds; undefined where somebody wrote it by hand, with more in it than the page can edit. */
export function wishOf(file: string): Wish | undefined {
  if (file === '') return NOTHING
  try {
    // The cast: whatever is no such file lacks the parts, which are asked for one by one.
    const read = JSON.parse(file) as Partial<Record<string, unknown>>
    const { version: _version, mailbox, delegates, autoMappingPolicy, ...more } = read
    if (Object.keys(more).length > 0 || typeof mailbox !== 'object' || !Array.isArray(delegates)) return undefined
    // The casts: as above; fileOf alone writes JSON without further parts.
    const { identity: _identity, ...properties } = mailbox as WantedProperties & { identity: string }
    return {
      mailbox: properties,
      delegates: delegates as WantedDelegate[],
      enforce: autoMappingPolicy === 'enforce',
    }
  } catch {
    return undefined
  }
}

/** Who has something now, as what is wanted. Names that nobody resolved are left alone. */
export function wishAsItIs(access: readonly Access[]): Wish {
  const people = access.filter(({ kind, rights }) => (kind === 'person' || kind === 'group') && rights.length > 0)
  return {
    ...NOTHING,
    delegates: people.map(({ user, rights, kind }) => ({
      user,
      rights,
      ...(kind === 'group' && { allowGroup: true }),
    })),
  }
}

/** Whether there is anything to plan. */
export const isNothing = ({ mailbox, delegates }: Wish) => delegates.length === 0 && Object.keys(mailbox).length === 0
